// `bedrock-wrapper serve` as a user types it: settings from file, environment and flags, signals, exit codes.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { simulate } from '../js/simulator.js';

const CLI = fileURLToPath(new URL('../js/cli.js', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../examples/gateway/gateway.toml', import.meta.url));
const NO_SIGNALS = process.platform === 'win32' && 'Windows has no signals';
const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-gateway-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Nothing of whoever runs the tests. */
function environment(more) {
  return { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', ...more };
}

function run(args, env) {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, 'serve', ...args], { env: environment(env) }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });
}

/** A gateway in a process of its own; `lines` are those of its standard error, as they come. */
async function started(t, args, env) {
  const child = spawn(process.execPath, [CLI, 'serve', '--json', '--port', '0', '--access-log', 'off', ...args], { env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface(child.stderr)[Symbol.asyncIterator]();
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, lines, ...JSON.parse(line) };
}

async function nextLine(lines) {
  const { value } = await lines.next();
  return value;
}

/** The status of a request, over a connection that is kept. */
function status(agent, url, key) {
  return new Promise((resolve, reject) => {
    const request = get(`${url}/v1/models`, { agent, headers: { authorization: `Bearer ${key}` } }, (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode, port: request.socket?.localPort ?? port }));
    });
    let port;
    request.on('socket', (socket) => (port = socket.localPort ?? port));
    request.on('error', reject);
  });
}

test('--print-config tells every setting with where it comes from, and starts nothing', async () => {
  const file = join(folder, 'printed.toml');
  writeFileSync(file, 'ping_seconds = 1.5\nregion = "eu-west-1"\n[[keys]]\nid = "ann"\nkey = "sk-in-the-file"\n');
  const env = { BEDROCK_GATEWAY_REGION: 'eu-west-2', BEDROCK_GATEWAY_CONFIG: file, API_KEY: 'sk-of-access-gateway', API_ROUTE_PREFIX: '/llm' };
  const { code, stdout, stderr } = await run(['--print-config', '--max-retries', '7', '--strict-params'], env);
  assert.deepEqual([code, stderr], [0, '']);
  const lines = stdout.split('\n');
  for (const line of [
    'port = 8080  # default',
    `ping_seconds = 1.5  # ${file}`,
    'region = "eu-west-2"  # environment: BEDROCK_GATEWAY_REGION',
    'max_retries = 7  # flag',
    'strict_params = true  # flag',
    'api_keys = ["(hidden)"]  # environment: API_KEY',
    'path_prefixes = ["/v1", "/api/v1", "/llm"]  # environment: API_ROUTE_PREFIX',
    '# profile is not set',
    `[[keys]]  # ${file}`,
  ]) assert.ok(lines.includes(line), `${line}\n${stdout}`);
  assert.ok(!stdout.includes('sk-'), stdout);
});

test('the settings of the example are right', async () => {
  const { code, stderr } = await run(['--config', EXAMPLE, '--print-config']);
  assert.deepEqual([code, stderr], [0, '']);
});

test('a variable of the Access Gateway that means something else is left aside with a warning', async () => {
  const { code, stderr } = await run(['--print-config'], { ENABLE_PROMPT_CACHING: 'express:*' });
  assert.equal(code, 0);
  assert.match(stderr, /^bedrock-wrapper: The variable ENABLE_PROMPT_CACHING is left aside/);
});

test('mistakes exit with 2 and a way out, what cannot run with 1', async () => {
  const file = join(folder, 'misspelt.toml');
  writeFileSync(file, '[[keys]]\nid = "ann"\nkey = "k"\nmodel = []\n');
  for (const [args, told] of [
    [['--prot', '1'], 'There is no flag --prot; did you mean --port?'],
    [['--ping-seconds', 'soon'], '--ping-seconds: must be a number.'],
    [['--config', file], `${file}: keys[0].model: there is no such setting; did you mean models?\n`],
    [['--config', join(folder, 'none.toml')], `Cannot read the file ${join(folder, 'none.toml')}: `],
  ]) {
    const { code, stdout, stderr } = await run(args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.ok(stderr.startsWith(`bedrock-wrapper: ${told}`), stderr);
  }
  assert.equal((await run([], { BEDROCK_GATEWAY_PORT: 'high' })).stderr, 'bedrock-wrapper: BEDROCK_GATEWAY_PORT: must be a number.\n');
  const open = await run(['--host', '0.0.0.0', '--port', '0']);
  assert.equal(open.code, 1);
  assert.match(open.stderr, /ask for no key/);
});

test('SIGHUP reads the file again: connections stay, keys count at once, mistakes change nothing', { skip: NO_SIGNALS }, async (t) => {
  const file = join(folder, 'reloaded.toml');
  const write = (text) => writeFileSync(file, text);
  write('api_keys = ["sk-old"]\n');
  const bedrock = await simulate({ physics: { stalls: [{ after: 3, for: 1000 }] } });
  t.after(() => bedrock.close());
  const { child, lines, url } = await started(t, ['--config', file, '--base-url', bedrock.url], bedrock.env);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const first = await status(agent, url, 'sk-old');
  assert.equal(first.status, 200);

  const streamed = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-old', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'amazon.nova-micro-v1:0', stream: true, messages: [{ role: 'user', content: 'Count from 1 to 9.' }] }),
  });
  write('api_keys = ["sk-new"]\nport = 1\n');
  child.kill('SIGHUP');
  assert.equal(await nextLine(lines), 'bedrock-wrapper: The settings were read again and hold from now on.');
  const [refused, served] = [await status(agent, url, 'sk-old'), await status(agent, url, 'sk-new')];
  assert.deepEqual([refused.status, served.status], [401, 200]);
  assert.equal(served.port, first.port, 'the connection is the same');
  assert.match(await streamed.text(), /data: \[DONE\]\n\n$/);

  write('api_key = ["sk-newer"]\n');
  child.kill('SIGHUP');
  assert.equal(
    await nextLine(lines),
    `bedrock-wrapper: The settings stay as they were: ${file}: api_key: there is no such setting; did you mean api_keys?`,
  );
  assert.equal((await status(agent, url, 'sk-new')).status, 200);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal} lets a stream end`, { skip: NO_SIGNALS }, async (t) => {
    const bedrock = await simulate({ physics: { stalls: [{ after: 3, for: 500 }] } });
    t.after(() => bedrock.close());
    const { child, url, pid } = await started(t, ['--base-url', bedrock.url], bedrock.env);
    assert.equal(pid, child.pid);
    const streamed = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'amazon.nova-micro-v1:0', stream: true, messages: [{ role: 'user', content: 'Count from 1 to 9.' }] }),
    });
    const exited = once(child, 'exit');
    child.kill(signal);
    assert.match(await streamed.text(), /data: \[DONE\]\n\n$/);
    assert.deepEqual(await exited, [0, null]);
  });
}

test('a second signal ends it at once', { skip: NO_SIGNALS }, async (t) => {
  const bedrock = await simulate({ faults: [{ fault: 'stall', frame: 1 }] });
  t.after(() => bedrock.close());
  const { child, url } = await started(t, ['--base-url', bedrock.url, '--shutdown-seconds', '600'], bedrock.env);
  const asked = fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'amazon.nova-micro-v1:0', stream: true, messages: [{ role: 'user', content: 'Count from 1 to 9.' }] }),
  }).then((response) => response.text().then(() => 'answered'), () => 'cut');
  while (bedrock.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGTERM');
  // It has heard the first when it accepts no more.
  for (;;) {
    const refused = await fetch(`${url}/health`).then(() => false, () => true);
    if (refused) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [null, 'SIGTERM']);
  assert.equal(await asked, 'cut');
});
