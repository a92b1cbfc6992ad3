// Functions that give credentials, and credentials that are renewed while a client lives.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Bedrock } from '../index.mjs';
import { secretOf, verifyingServer } from './support/verifying-server.mjs';

const CONVERSED = { output: { message: { role: 'assistant', content: [{ text: '2' }] } }, stopReason: 'end_turn', usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } };
const REQUEST = { model: 'amazon.nova-micro-v1:0', messages: [{ role: 'user', content: 'What is 1+1?' }] };
const EXPIRED = { status: 403, headers: { 'x-amzn-errortype': 'ExpiredTokenException' }, body: { message: 'The security token included in the request is expired' } };

const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-providers-'));
const servers = [];
after(() => {
  servers.forEach((server) => server.close());
  rmSync(folder, { recursive: true, force: true });
});

async function listen(answer = () => ({ body: CONVERSED })) {
  const server = await verifyingServer(answer);
  servers.push(server);
  return server;
}

const keys = (id, more) => ({ accessKeyId: id, secretAccessKey: secretOf(id), ...more });
const identities = ({ seen }) => seen.map(({ as }) => as);

function client({ url }, options) {
  return new Bedrock({ region: 'us-east-1', baseURL: url, maxRetries: 0, ...options });
}

const ask = (bedrock, options) => bedrock.chat.completions.create(REQUEST, options);

test('a provider is called again when what it gave has expired', async () => {
  const server = await listen();
  let calls = 0;
  const credentialProvider = async () => keys(`AKID${++calls}`, { expiration: new Date(Date.now() + 200) });
  const bedrock = client(server, { credentialProvider });
  await ask(bedrock);
  await ask(bedrock);
  await sleep(250);
  await ask(bedrock);
  assert.deepEqual(identities(server), ['AKID1', 'AKID1', 'AKID2']);
});

test('an expiration may be an ISO 8601 text, and keys without one are kept', async () => {
  for (const [expiration, expected] of [['2001-01-01T00:00:00Z', 2], ['2099-01-01T00:00:00Z', 1], [undefined, 1]]) {
    let calls = 0;
    const bedrock = client(await listen(), { credentialProvider: () => keys(`AKID${++calls}`, { expiration }) });
    await ask(bedrock);
    await ask(bedrock);
    assert.equal(calls, expected, expiration);
  }
});

test('a key is asked for before each attempt', async () => {
  const server = await listen((_, count) => (count === 1 ? { status: 503, body: {} } : { body: CONVERSED }));
  let calls = 0;
  const bedrock = client(server, { tokenProvider: () => `key-${++calls}`, maxRetries: 1 });
  await ask(bedrock);
  await ask(bedrock);
  assert.deepEqual(identities(server), ['key-1', 'key-2', 'key-3']);
});

test('a provider never runs twice at once for one client', async () => {
  const server = await listen();
  let [running, most, calls] = [0, 0, 0];
  const tokenProvider = async () => {
    most = Math.max(most, ++running);
    await sleep(20);
    running--;
    return `key-${++calls}`;
  };
  const bedrock = client(server, { tokenProvider });
  await Promise.all(Array.from({ length: 30 }, () => ask(bedrock)));
  assert.equal(most, 1);
  assert.equal(server.seen.length, 30);
});

test('what a provider throws is the error of the call, the same object', async () => {
  const server = await listen();
  for (const option of ['credentialProvider', 'tokenProvider', 'apiKey']) {
    for (const thrown of [new TypeError('sealed'), 'a text', { code: 7 }]) {
      const bedrock = client(server, { [option]: async () => { throw thrown; } });
      const caught = await ask(bedrock).then(() => assert.fail('no error'), (error) => ({ error }));
      assert.equal(caught.error, thrown, option);
    }
  }
  assert.deepEqual(server.seen, []);
});

test('all calls that waited for a provider get its error', async () => {
  const thrown = new Error('sealed');
  const bedrock = client(await listen(), { credentialProvider: () => sleep(10).then(() => { throw thrown; }) });
  const settled = await Promise.allSettled(Array.from({ length: 10 }, () => ask(bedrock)));
  assert.ok(settled.every(({ reason }) => reason === thrown));
});

test('after a failure the provider is asked again', async () => {
  const server = await listen();
  let calls = 0;
  const credentialProvider = () => {
    if (++calls === 1) throw new Error('not yet');
    return keys('AKIDLATER');
  };
  const bedrock = client(server, { credentialProvider });
  await assert.rejects(ask(bedrock), { message: 'not yet' });
  await ask(bedrock);
  assert.deepEqual(identities(server), ['AKIDLATER']);
});

test('an abort ends the waiting for a provider', async () => {
  const server = await listen();
  const asked = Promise.withResolvers?.() ?? deferred();
  let calls = 0;
  const bedrock = client(server, { credentialProvider: () => (++calls, asked.promise) });
  const controller = new AbortController();
  const call = ask(bedrock, { signal: controller.signal });
  while (calls === 0) await setImmediate();
  controller.abort();
  await assert.rejects(call, (error) => error.constructor.name === 'APIUserAbortError');
  const next = ask(bedrock);
  await sleep(10);
  asked.resolve(keys('AKIDLATER'));
  await next;
  assert.equal(calls, 1, 'the function still ran, so it was not called a second time');
  assert.deepEqual(identities(server), ['AKIDLATER']);
});

function deferred() {
  let resolve;
  const promise = new Promise((onValue) => { resolve = onValue; });
  return { promise, resolve };
}

test('expired credentials are got anew once', async () => {
  const server = await listen(({ as }) => (as === 'AKID1' ? EXPIRED : { body: CONVERSED }));
  let calls = 0;
  await ask(client(server, { credentialProvider: () => keys(`AKID${++calls}`) }));
  assert.deepEqual(identities(server), ['AKID1', 'AKID2']);

  const always = await listen(() => EXPIRED);
  await assert.rejects(ask(client(always, { credentialProvider: () => keys('AKIDOLD') })), { exception: 'ExpiredTokenException' });
  assert.equal(always.seen.length, 2);

  const given = await listen(() => EXPIRED);
  await assert.rejects(ask(client(given, keys('AKIDOLD'))), { exception: 'ExpiredTokenException' });
  assert.equal(given.seen.length, 1, 'keys that were given stay what they are');
});

test('neither credentials nor requests follow a redirect', async () => {
  const elsewhere = await listen();
  const server = await listen(() => ({ status: 307, headers: { location: elsewhere.url }, body: '' }));
  for (const credentials of [keys('AKIDX'), { apiKey: 'key' }]) {
    for (const endpoint of [undefined, 'mantle', 'runtime']) {
      await assert.rejects(ask(client(server, { ...credentials, endpoint })), /HTTP status 307/);
    }
  }
  assert.deepEqual(elsewhere.seen, []);
});

/** What a program of its own prints, which has `client` and `ask` and an AWS profile in the file `credentials`. */
async function run(program, server, env = {}) {
  const file = join(folder, `credentials-${servers.length}`);
  const source = `
    import { writeFileSync } from 'node:fs';
    import { Bedrock } from ${JSON.stringify(new URL('../index.mjs', import.meta.url).href)};
    const bedrock = new Bedrock({ region: 'us-east-1', baseURL: ${JSON.stringify(server.url)}, maxRetries: 0 });
    const ask = () => bedrock.chat.completions.create(${JSON.stringify(REQUEST)}).then(() => 'answered', ({ message }) => message.split('.')[0]);
    const write = (id) => writeFileSync(${JSON.stringify(file)}, '[default]\\naws_access_key_id=' + id + '\\naws_secret_access_key=secret-of-' + id);
    ${program}
  `;
  const base = { AWS_CONFIG_FILE: join(folder, 'none'), AWS_SHARED_CREDENTIALS_FILE: file, AWS_EC2_METADATA_DISABLED: 'true' };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source], { env: { ...base, ...env } });
  assert.equal(stderr, '');
  return stdout.trim().split('\n');
}

test('keys that were renewed on disk are read again', async () => {
  const server = await listen(({ as }) => (as === 'AKIDOLD' ? EXPIRED : { body: CONVERSED }));
  const printed = await run("write('AKIDOLD'); console.log(await ask()); write('AKIDNEW'); console.log(await ask());", server);
  assert.deepEqual(printed, ['401 The security token included in the request is expired', 'answered']);
  assert.deepEqual(identities(server), ['AKIDOLD', 'AKIDOLD', 'AKIDOLD', 'AKIDNEW']);
});

test('that there were no credentials is not remembered', async () => {
  const server = await listen();
  const printed = await run("console.log(await ask()); write('AKIDNEW'); console.log(await ask());", server);
  assert.deepEqual(printed, ['Could not find credentials for Bedrock', 'answered']);
});

test('the API key of the environment is read before each call', async () => {
  const server = await listen();
  const program = "console.log(await ask()); process.env.AWS_BEARER_TOKEN_BEDROCK = 'key-2'; console.log(await ask()); delete process.env.AWS_BEARER_TOKEN_BEDROCK; console.log(await ask());";
  const printed = await run(program, server, { AWS_BEARER_TOKEN_BEDROCK: 'key-1' });
  assert.deepEqual(printed, ['answered', 'answered', 'Failed to resolve a bearer credential for Bedrock']);
  assert.deepEqual(identities(server), ['key-1', 'key-2']);
});

test('models are listed with the same credentials, by the control plane', async () => {
  const server = await listen(() => ({ body: {} }));
  for (const credentials of [keys('AKIDX'), { tokenProvider: () => 'key' }]) await client(server, credentials).models.list();
  assert.ok(server.seen.some(({ path }) => path.startsWith('/foundation-models')));
  assert.ok(server.seen.some(({ path }) => path.startsWith('/inference-profiles')));
  for (const { auth, service = 'bedrock' } of server.seen) assert.equal(`${auth} ${service}`, auth === 'bearer' ? 'bearer bedrock' : 'sigv4 bedrock');
});

test('a client is collected, also when its provider knows it', { skip: globalThis.gc === undefined && 'needs --expose-gc' }, async () => {
  const server = await listen();
  let collected = 0;
  const registry = new FinalizationRegistry(() => collected++);
  for (let count = 0; count < 20; count++) {
    const known = {};
    known.bedrock = client(server, { credentialProvider: () => known.bedrock && keys('AKIDX') });
    await ask(known.bedrock);
    registry.register(known.bedrock);
  }
  for (let round = 0; round < 50 && collected < 19; round++) {
    globalThis.gc();
    await sleep(10);
  }
  assert.ok(collected >= 19, `${collected} of 20`);
});

test('no secret is shown by inspect or in an error', async () => {
  const { inspect } = await import('node:util');
  const bedrock = client(await listen(() => ({ status: 403, body: { message: 'no' } })), keys('AKIDX', { sessionToken: 'session-secret' }));
  const error = await ask(bedrock).catch((caught) => caught);
  const shown = inspect(bedrock, { depth: 9, showHidden: true }) + inspect(error, { depth: 9 });
  assert.doesNotMatch(shown, /secret-of|session-secret/);
});
