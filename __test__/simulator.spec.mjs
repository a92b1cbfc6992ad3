// `simulate()`: starts, says where it is, answers bedrockWrapper with nothing but its environment, closes.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { bedrockWrapper, simulate as fromRoot } from '../index.mjs';
import { simulate } from 'bedrock-wrapper/simulator';

const REQUEST = { model: 'Nova-Micro', stream: true, messages: [{ role: 'user', content: 'Count from 1 to 5.' }] };
const SUBPATH = new URL('../js/simulator.js', import.meta.url).href;

function credsOf({ url, env }) {
  return { endpoint: url, region: env.AWS_REGION, accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY };
}

async function collect(answer) {
  let text = '';
  for await (const chunk of answer) text += chunk;
  return text;
}

test('it answers with and without streaming, through both APIs', async () => {
  assert.equal(simulate, fromRoot);
  const bedrock = await simulate();
  assert.match(bedrock.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  for (const stream of [true, false]) {
    for (const useConverseAPI of [true, false]) {
      const answer = bedrockWrapper(credsOf(bedrock), { ...REQUEST, stream }, { useConverseAPI });
      assert.match(await collect(answer), /1.*2.*3.*4.*5/s);
      assert.equal(await answer.stopReason, 'end_turn');
      assert.ok((await answer.usage).outputTokens > 0);
    }
  }
  await bedrock.close();
});

test('its environment is all a program needs', async () => {
  const bedrock = await simulate({ region: 'eu-central-1' });
  const program = `
    import { bedrockWrapper } from ${JSON.stringify(new URL('../index.mjs', import.meta.url))};
    for await (const text of bedrockWrapper({}, ${JSON.stringify(REQUEST)})) process.stdout.write(text);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { env: { ...process.env, ...bedrock.env }, stdio: ['ignore', 'pipe', 'inherit'] });
  assert.match(await text(child.stdout), /1.*2.*3.*4.*5/s);
  await bedrock.close();
});

test('close() closes, also twice and in the middle of an answer', async () => {
  const bedrock = await simulate({ physics: { tokensPerSecond: 50 } });
  const answer = bedrockWrapper(credsOf(bedrock), REQUEST);
  await answer.next();
  await Promise.all([bedrock.close(), bedrock.close()]);
  await assert.rejects(collect(answer), { name: /BrokenStreamError|ConnectionError/ });
  const socket = connect(new URL(bedrock.url).port, '127.0.0.1');
  const [error] = await once(socket, 'error');
  assert.equal(error.code, 'ECONNREFUSED');
});

test('a fault meets the call', async () => {
  const fault = { fault: 'exception', code: 'ModelStreamErrorException', message: 'It broke', frame: 2 };
  const bedrock = await simulate({ faults: [fault] });
  await assert.rejects(collect(bedrockWrapper(credsOf(bedrock), REQUEST)), { name: 'ModelStreamErrorException', message: /It broke/ });
  await bedrock.close();
});

test('what it does not know and a port that is taken are refused', async () => {
  await assert.rejects(simulate({ prot: 1 }), { name: 'InvalidRequestError', message: /options\.prot: unknown field `prot`/ });
  await assert.rejects(simulate({ faults: [{ fault: 'error', code: 'NoSuchException' }] }), { name: 'InvalidRequestError', message: /NoSuchException/ });
  await assert.rejects(simulate({ port: () => 1 }), { name: 'InvalidRequestError', param: 'options.port' });
  const bedrock = await simulate();
  const port = Number(new URL(bedrock.url).port);
  await assert.rejects(simulate({ port }), { name: 'ConfigurationError', message: /cannot listen/ });
  await bedrock.close();
});

test('it does not keep Node alive, unless ref() asks for it', async () => {
  const program = (more) => `import { simulate } from ${JSON.stringify(SUBPATH)}; const bedrock = await simulate(); ${more}`;
  const run = (more) => spawnSync(process.execPath, ['--input-type=module', '--eval', program(more)], { encoding: 'utf8', timeout: 10_000 });
  assert.equal(run('').status, 0);
  assert.equal(run('bedrock.ref().unref();').status, 0);
  const held = run('bedrock.ref(); setTimeout(() => { console.log("held"); bedrock.close(); }, 200).unref();');
  assert.deepEqual([held.stdout, held.status], ['held\n', 0]);
});
