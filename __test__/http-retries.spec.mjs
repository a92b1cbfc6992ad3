// Which failed attempts are followed by another, how many, and after how long.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { read } from './support/caught.mjs';
import { flakyBedrock, reset, throttled } from './support/flaky-bedrock.mjs';
import { scriptedBedrock } from './support/scripted-bedrock.mjs';

const request = { model: 'Nova-Micro', messages: [{ role: 'user', content: 'Is it so?' }] };

async function call(answers, options) {
  const bedrock = await flakyBedrock(...answers);
  const { chunks, error } = await read(bedrock.creds, request, { useConverseAPI: true, ...options });
  bedrock.close();
  const pauses = bedrock.times.slice(1).map((time, index) => time - bedrock.times[index]);
  return { text: chunks.join(''), error, attempts: bedrock.times.length, pauses };
}

const answer = (status, headers, body) => ({ status, headers, body });
const ok = {};

describe('retries', { concurrency: true }, () => {
  for (const [what, failure] of Object.entries({
    throttling: throttled,
    'a model that is being loaded': answer(429, { 'x-amzn-errortype': 'ModelNotReadyException' }, { message: 'loading' }),
    'a reset connection': reset,
    'the status 408': answer(408),
    'the status 409': answer(409),
    'the status 500': answer(500),
    'the status 529': answer(529),
    'OpenAI\'s error body with 429': answer(429, {}, { error: { message: 'slow down', type: 'rate_limit_error', param: null, code: null } }),
    'OpenAI\'s error body with 503': answer(503, {}, { error: { message: 'later', type: 'server_error', param: null, code: null } }),
    'x-should-retry: true': answer(400, { 'x-should-retry': 'true' }),
  })) {
    test(`${what} is tried again`, async () => {
      const { text, attempts } = await call([failure, failure, ok]);
      assert.deepEqual([text, attempts], ['Yes.', 3]);
    });
  }

  for (const [what, failure] of Object.entries({
    'a refused request': answer(400, { 'x-amzn-errortype': 'ValidationException' }, { message: 'no' }),
    'a refused key': answer(403, { 'x-amzn-errortype': 'AccessDeniedException' }, { message: 'no' }),
    'a failed model': answer(424, { 'x-amzn-errortype': 'ModelErrorException' }, { message: 'no' }),
    'x-should-retry: false': answer(503, { 'x-should-retry': 'false' }),
  })) {
    test(`${what} is not tried again`, async () => {
      const { error, attempts } = await call([failure, ok]);
      assert.deepEqual([error.status, attempts], [failure.status, 1]);
    });
  }

  for (const [maxRetries, attempts] of [[0, 1], [1, 2], [undefined, 3], [4, 5]]) {
    test(`maxRetries: ${maxRetries} makes ${attempts} attempts`, async () => {
      const outcome = await call([{ ...throttled, headers: { ...throttled.headers, 'retry-after-ms': '1' } }], { maxRetries });
      assert.deepEqual([outcome.attempts, outcome.error.name], [attempts, 'ThrottlingException']);
    });
  }

  for (const [headers, least] of [[{ 'retry-after-ms': '700' }, 700], [{ 'retry-after': '1' }, 1000], [{ 'retry-after': new Date(Date.now() + 3000).toUTCString() }, 900]]) {
    test(`${Object.entries(headers).join()} is waited for`, async () => {
      const { pauses, attempts } = await call([answer(503, headers), ok]);
      assert.equal(attempts, 2);
      assert.ok(pauses[0] >= least - 5 && pauses[0] < least + 2600, `${pauses}`);
    });
  }

  test('a wish beyond a minute is not waited for, but told', async () => {
    const failure = answer(503, { 'retry-after': '3600', 'x-amzn-errortype': 'ServiceUnavailableException' });
    const { error, attempts, pauses } = await call([failure]);
    assert.equal(attempts, 3);
    assert.ok(pauses.every((pause) => pause < 2000), `${pauses}`);
    assert.equal(error.retryAfter, 3_600_000);
  });

  test('nothing is tried again after the first piece was delivered', async (t) => {
    const bedrock = await scriptedBedrock({ chunks: 1, fail: { code: 'throttlingException', message: 'Too many requests' } });
    t.after(bedrock.close);
    const { chunks, error } = await read(bedrock.creds, { ...request, stream: true }, { useConverseAPI: true });
    assert.deepEqual([chunks, error.name, bedrock.requests.length], [['1 '], 'ThrottlingException', 1]);
  });

  test('adaptive holds further calls back once the service throttles', async (t) => {
    const options = { useConverseAPI: true, retryMode: 'adaptive', maxRetries: 0 };
    const bedrock = await flakyBedrock(throttled);
    t.after(bedrock.close);
    for (let n = 0; n < 3; n++) await read(bedrock.creds, request, options);
    assert.equal(bedrock.times.length, 3);
    const took = bedrock.times.at(-1) - bedrock.times[0];
    assert.ok(took > 500, `held back: ${took} ms`);
  });

  test('settings of a call open no second connection', async (t) => {
    let sockets = 0;
    const seen = new WeakSet();
    const bedrock = await flakyBedrock((incoming, response) => {
      if (!seen.has(incoming.socket)) sockets++;
      seen.add(incoming.socket);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"output":{"message":{"role":"assistant","content":[{"text":"Yes."}]}},"stopReason":"end_turn"}');
    });
    t.after(bedrock.close);
    for (const options of [{ maxRetries: 0 }, { maxRetries: 5 }, { retryMode: 'adaptive' }, { connectTimeout: 500 }, { timeout: 5000 }]) {
      const { chunks } = await read(bedrock.creds, request, { useConverseAPI: true, ...options });
      assert.deepEqual(chunks, ['Yes.']);
    }
    assert.equal(sockets, 1);
  });
});
