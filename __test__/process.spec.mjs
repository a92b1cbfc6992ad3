// How the package behaves in a process: silent on import, silent unless logging, never holding Node longer than a read,
// and safe to end at any moment.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { options, request, scriptedBedrock } from './support/scripted-bedrock.mjs';

const three = await scriptedBedrock();
const endless = await scriptedBedrock({ chunks: Infinity, pause: 2 });
const silent = await scriptedBedrock({ chunks: 1, pause: 3600_000 });
after(() => [three, endless, silent].forEach((bedrock) => bedrock.close()));

const MODULE = new URL('../index.mjs', import.meta.url).href;

/** Source of a program: `call(more)` calls `bedrock`. */
const program = (bedrock, body) => `
  const { bedrockWrapper, listBedrockWrapperSupportedModels } = await import(${JSON.stringify(MODULE)});
  const call = (more) => bedrockWrapper(${JSON.stringify(bedrock.creds)}, ${JSON.stringify(request)}, { ...${JSON.stringify(options)}, ...more });
  ${body}
`;

async function run(bedrock, body) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program(bedrock, body)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [status, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, status, signal };
}

const quiet = { stdout: '', stderr: '', status: 0, signal: null };

test('import and a call print nothing', async () => {
  assert.deepEqual(await run(three, 'for await (const chunk of call()); await listBedrockWrapperSupportedModels();'), quiet);
});

test('logging prints the prompt and how the answer ended, never a key', async () => {
  const { stdout, stderr } = await run(three, 'for await (const chunk of call({ logging: true }));');
  assert.match(stdout, /"content": "Count\."/);
  assert.match(stdout, /"stopReason": "end_turn"/);
  assert.ok(!stdout.includes(three.creds.secretAccessKey) && !stdout.includes(three.creds.accessKeyId));
  assert.equal(stderr, '');
});

test('an answer that nobody reads on does not keep Node alive', async () => {
  assert.deepEqual(await run(endless, 'globalThis.kept = call(); await kept.next();'), quiet);
});

test('a waiting next() keeps Node alive', async () => {
  const { stdout } = await run(three, 'call().next().then(({ value }) => console.log(value));');
  assert.equal(stdout, '1 \n');
});

test('process.exit with open answers', async () => {
  for (let time = 0; time < 5; time++) {
    const body = 'for (let n = 0; n < 20; n++) { const a = call(); a.next().then(() => a.next()); } setTimeout(() => process.exit(7), 150);';
    assert.deepEqual(await run(endless, body), { ...quiet, status: 7 });
  }
});

test('worker.terminate() while next() waits and while chunks arrive', async () => {
  const body = `
    const { parentPort } = await import('node:worker_threads');
    for (let n = 0; n < 8; n++) (async () => { for await (const chunk of call()) parentPort.postMessage(chunk); })();
  `;
  const terminated = async (bedrock) => {
    const worker = new Worker(`(async () => { ${program(bedrock, body)} parentPort.postMessage('ready'); })()`, { eval: true });
    await once(worker, 'message');
    await worker.terminate();
  };
  for (let time = 0; time < 4; time++) {
    await Promise.all([terminated(endless), terminated(silent), terminated(endless), terminated(silent)]);
  }
});

test('a worker that ends leaves the addon usable for the next', async () => {
  const inWorkers = `
    const { Worker } = await import('node:worker_threads');
    const { once } = await import('node:events');
    const source = ${JSON.stringify(`(async () => { ${program(three, 'let text = ""; for await (const chunk of call()) text += chunk; console.log(text);')} })()`)};
    for (let n = 0; n < 3; n++) await once(new Worker(source, { eval: true }), 'exit');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', inWorkers], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.equal(await text(child.stdout), '1 2 3 \n'.repeat(3));
});
