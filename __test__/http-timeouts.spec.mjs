// Each time limit ends what it is for, and its error says which it was.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { checkError, read } from './support/caught.mjs';
import { flakyBedrock, silent, throttled } from './support/flaky-bedrock.mjs';
import { options as converse, request as streamed, scriptedBedrock } from './support/scripted-bedrock.mjs';

const request = { model: 'Nova-Micro', messages: [{ role: 'user', content: 'Is it so?' }] };

async function call(bedrock, asked, options) {
  const started = performance.now();
  const { chunks, error } = await read(bedrock.creds, asked, { ...converse, ...options });
  const took = performance.now() - started;
  bedrock.close();
  return { chunks, error, took };
}

function checkTimeout(error, option) {
  checkError(error);
  assert.deepEqual([error.name, error.code, error.retryable], ['TimeoutError', 'timeout', true]);
  assert.ok(error.message.includes(`options.${option}`), error.message);
}

describe('time limits', { concurrency: true }, () => {
  test('connectTimeout: a host that takes the connection and no TLS', async () => {
    const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const creds = { region: 'us-east-1', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x', endpoint: `https://127.0.0.1:${server.address().port}` };
    const { error, took } = await call({ creds, close: () => server.close() }, request, { connectTimeout: 200, maxRetries: 0 });
    checkTimeout(error, 'connectTimeout');
    assert.match(error.message, /0\.2 s/);
    assert.ok(took >= 200 && took < 2000, `${took} ms`);
  });

  test('connectTimeout does not count the wait for an answer', async () => {
    const bedrock = await flakyBedrock((_, response) => setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"output":{"message":{"role":"assistant","content":[{"text":"Yes."}]}},"stopReason":"end_turn"}');
    }, 400));
    const { chunks } = await call(bedrock, request, { connectTimeout: 200 });
    assert.deepEqual(chunks, ['Yes.']);
  });

  test('firstByteTimeout: a server that says nothing, with each attempt', async () => {
    const bedrock = await flakyBedrock(silent);
    const { error, took } = await call(bedrock, request, { firstByteTimeout: 150, maxRetries: 1 });
    checkTimeout(error, 'firstByteTimeout');
    assert.equal(bedrock.times.length, 2);
    assert.ok(took >= 300 && took < 2500, `${took} ms`);
  });

  test('firstByteTimeout: a refusal that stops in the middle', async () => {
    const bedrock = await flakyBedrock((_, response) => {
      response.writeHead(503, { 'content-type': 'application/json' });
      response.write('{"message":');
    });
    const { error } = await call(bedrock, request, { firstByteTimeout: 150, maxRetries: 0 });
    checkTimeout(error, 'firstByteTimeout');
  });

  test('an attempt that follows a silent one may succeed', async () => {
    const bedrock = await flakyBedrock(silent, {});
    const { chunks } = await call(bedrock, request, { firstByteTimeout: 150 });
    assert.deepEqual(chunks, ['Yes.']);
  });

  test('idleTimeout: silence in mid-stream', async () => {
    const { chunks, error } = await call(await scriptedBedrock({ chunks: 3, pause: 600 }), streamed, { idleTimeout: 200, firstByteTimeout: 2000 });
    assert.deepEqual(chunks, []);
    checkTimeout(error, 'idleTimeout');
  });

  test('timeout: a stream that never pauses, and never ends', async () => {
    const { chunks, error, took } = await call(await scriptedBedrock({ chunks: Infinity, pause: 20 }), streamed, { timeout: 400 });
    assert.ok(chunks.length > 3, `${chunks.length}`);
    checkTimeout(error, 'timeout');
    assert.match(error.message, /0\.4 s/);
    assert.ok(took >= 400 && took < 2000, `${took} ms`);
  });

  test('timeout counts all attempts and the pauses between them', async () => {
    const bedrock = await flakyBedrock({ ...throttled, headers: { ...throttled.headers, 'retry-after': '5' } });
    const { error, took } = await call(bedrock, request, { timeout: 400 });
    checkTimeout(error, 'timeout');
    assert.equal(bedrock.times.length, 1);
    assert.ok(took >= 400 && took < 2000, `${took} ms`);
  });

  test('a call within its limits is not touched', async () => {
    const limits = { timeout: 5000, connectTimeout: 1000, firstByteTimeout: 2000, idleTimeout: 2000 };
    const { chunks } = await call(await scriptedBedrock({ chunks: 2, pause: 30 }), streamed, limits);
    assert.deepEqual(chunks, ['1 ', '2 ']);
  });
});
