// What the service refuses: every modelled exception as an HTTP answer and as a frame in mid-stream, in the service's
// own name and words, with what a caller needs to decide what to do.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkError, caught, creds, read } from './support/caught.mjs';
import { REQUEST_ID, ScriptedBedrock } from './golden/server.mjs';

const request = { model: 'Nova-Micro', messages: [{ role: 'user', content: 'Hi' }] };
const WAYS = [true, false].flatMap((useConverseAPI) => [true, false].map((stream) => ({ useConverseAPI, stream })));

/** Exception (service model of bedrock-runtime 2023-09-30, then AWS's authentication), status, code, retryable. */
const EXCEPTIONS = [
  ['AccessDeniedException', 403, 'access_denied', false],
  ['ConflictException', 400, 'conflict', false],
  ['InternalServerException', 500, 'internal_server_error', true],
  ['ModelErrorException', 424, 'model_error', false],
  ['ModelNotReadyException', 429, 'model_not_ready', true],
  ['ModelStreamErrorException', 424, 'model_stream_error', true],
  ['ModelTimeoutException', 408, 'model_timeout', true],
  ['ResourceNotFoundException', 404, 'not_found', false],
  ['ServiceQuotaExceededException', 400, 'insufficient_quota', false],
  ['ServiceUnavailableException', 503, 'service_unavailable', true],
  ['ThrottlingException', 429, 'rate_limit_exceeded', true],
  ['ValidationException', 400, 'validation_error', false],
  ['ExpiredTokenException', 403, 'authentication_error', false],
  ['InvalidSignatureException', 403, 'authentication_error', false],
  ['UnrecognizedClientException', 403, 'authentication_error', false],
  ['BrandNewException', 400, 'service_error', false],
  ['BrandNewException', 500, 'service_error', true],
];

async function answering(response, use) {
  const bedrock = await new ScriptedBedrock().start();
  bedrock.script = () => response;
  try {
    return await use(bedrock);
  } finally {
    bedrock.close();
  }
}

const call = (bedrock, { stream, useConverseAPI }) => [creds(bedrock.url), { ...request, stream }, { useConverseAPI }];

describe('as HTTP answers', { concurrency: true }, () => {
  for (const [name, status, code, retryable] of EXCEPTIONS) {
    test(`${name} with ${status}`, async () => {
      const message = `The service says what ${name} is about.`;
      const response = { status, headers: { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/` }, body: { message } };
      for (const way of WAYS) {
        const error = await answering(response, (bedrock) => caught(...call(bedrock, way)));
        assert.deepEqual([error.name, error.code, error.status, error.retryable, error.message], [name, code, status, retryable, message]);
        assert.equal(error.requestId, REQUEST_ID);
      }
    });
  }

  test('a page of a proxy, which is no JSON', async () => {
    const response = { status: 502, headers: { 'content-type': 'text/html' }, raw_body: '<html>\n<h1>Bad   Gateway</h1></html>' };
    const error = await answering(response, (bedrock) => caught(...call(bedrock, WAYS[0])));
    assert.deepEqual([error.name, error.status, error.retryable], ['ServiceError', 502, true]);
    assert.match(error.message, /HTTP status 502: <html> <h1>Bad Gateway/);
  });

  test('an error without a body', async () => {
    const error = await answering({ status: 503, raw_body: '' }, (bedrock) => caught(...call(bedrock, WAYS[0])));
    assert.deepEqual([error.status, error.retryable], [503, true]);
    assert.match(error.message, /503/);
  });

  test('Retry-After is told', async () => {
    const response = { status: 400, headers: { 'x-amzn-errortype': 'ServiceQuotaExceededException', 'retry-after': '7' }, body: { message: 'Too many tokens' } };
    const error = await answering(response, (bedrock) => caught(...call(bedrock, WAYS[0])));
    assert.equal(error.retryAfter, 7000, 'milliseconds');
  });

  test('what may succeed is tried three times, what cannot is tried once', async () => {
    const tries = (status, name) => answering({ status, headers: { 'x-amzn-errortype': name }, body: { message: 'no' } }, async (bedrock) => {
      await caught(...call(bedrock, WAYS[0]));
      return bedrock.requests.length;
    });
    const counts = await Promise.all([tries(429, 'ThrottlingException'), tries(503, 'ServiceUnavailableException'), tries(400, 'ValidationException'), tries(403, 'AccessDeniedException')]);
    assert.deepEqual(counts, [3, 3, 1, 1]);
  });
});

const delta = (text) => ({ contentBlockDelta: { contentBlockIndex: 0, delta: { text } } });
const BEGINNING = {
  true: [{ messageStart: { role: 'assistant' } }, delta('one '), delta('two ')],
  false: [{ chunk: { messageStart: { role: 'assistant' } } }, { chunk: delta('one ') }, { chunk: delta('two ') }],
};

describe('in mid-stream', { concurrency: true }, () => {
  for (const [name, , code, retryable] of EXCEPTIONS.slice(0, -1)) {
    test(name, async () => {
      for (const useConverseAPI of [true, false]) {
        const type = name[0].toLowerCase() + name.slice(1);
        const message = 'It broke half-way.';
        const events = [...BEGINNING[useConverseAPI], { exception: { type, body: { message } } }];
        const { chunks, error } = await answering({ events }, (bedrock) => read(...call(bedrock, { stream: true, useConverseAPI })));
        checkError(error);
        assert.equal(chunks.join(''), 'one two ', 'what came before is delivered');
        assert.deepEqual([error.name, error.code, error.retryable, error.message, error.requestId], [name, code, retryable, message, REQUEST_ID]);
      }
    });
  }

  test('an error frame', async () => {
    const events = [...BEGINNING.true, { error: { code: 'InternalFailure', message: 'The stream failed' } }];
    const { chunks, error } = await answering({ events }, (bedrock) => read(...call(bedrock, WAYS[0])));
    checkError(error);
    assert.deepEqual([chunks.join(''), error.name, error.message], ['one two ', 'InternalFailure', 'The stream failed']);
  });

  test('an exception as the first frame', async () => {
    const events = [{ exception: { type: 'throttlingException', body: { message: 'Slow down' } } }];
    const { chunks, error } = await answering({ events }, (bedrock) => read(...call(bedrock, WAYS[0])));
    checkError(error);
    assert.deepEqual([chunks.length, error.name, error.message], [0, 'ThrottlingException', 'Slow down']);
  });
});
