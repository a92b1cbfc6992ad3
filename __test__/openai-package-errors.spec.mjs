// The `openai` package on `createFetch`: errors, retries and aborts, as its users see them.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { failureOf } from './support/caught.mjs';
import { NOVA, all, bedrockRequestId, judgeBoth } from './support/openai-judges.mjs';

const { default: OpenAI } = await import('openai').catch(() => ({}));

const user = (content) => ({ role: 'user', content });
const hello = { model: NOVA, messages: [user('hello')] };

/** The longest a cancelled request may live on at the service, in milliseconds: a round trip, and a busy machine. */
const ROUND_TRIP = 1000;

function judgeClient(name, run) {
  judgeBoth(name, (given) => run({ ...given, openai: new OpenAI({ fetch: given.fetch, apiKey: 'unused', maxRetries: 0 }) }));
}

/** What Bedrock answers, and which error the client makes of it. */
const FAILURES = [
  { code: 'ValidationException', error: 'BadRequestError', status: 400, type: 'invalid_request_error' },
  { code: 'AccessDeniedException', error: 'PermissionDeniedError', status: 403, apiCode: 'access_denied' },
  { code: 'ResourceNotFoundException', error: 'NotFoundError', status: 404, apiCode: 'model_not_found' },
  { code: 'ThrottlingException', error: 'RateLimitError', status: 429, apiCode: 'rate_limit_exceeded' },
  { code: 'ServiceQuotaExceededException', error: 'RateLimitError', status: 429, apiCode: 'insufficient_quota' },
  { code: 'InternalServerException', error: 'InternalServerError', status: 500, apiCode: 'internal_server_error' },
  { code: 'ModelErrorException', error: 'InternalServerError', status: 502, apiCode: 'model_error' },
  { code: 'ServiceUnavailableException', error: 'InternalServerError', status: 503, apiCode: 'service_unavailable' },
  { code: 'ModelNotReadyException', error: 'InternalServerError', status: 503, apiCode: 'model_not_ready' },
  { code: 'ModelTimeoutException', error: 'InternalServerError', status: 504, apiCode: 'model_timeout' },
];

for (const { code, error: name, status, apiCode, type } of FAILURES) {
  judgeClient(`${code} is a ${name} with ${status}, streamed or not`, async ({ session, openai }) => {
    session.on('hello', { error: { code, message: 'It went wrong.' } });
    for (const stream of [false, true]) {
      const error = await failureOf(openai.chat.completions.create({ ...hello, stream }));
      assert.ok(error instanceof OpenAI[name], `${error.constructor.name}: ${error.message}`);
      assert.equal(error.status, status);
      assert.match(error.message, /It went wrong\./);
      assert.equal(error.requestID, error.headers.get('x-request-id'));
      assert.equal(bedrockRequestId(error), session.requests.at(-1).requestId);
      if (apiCode !== undefined) assert.equal(error.code, apiCode);
      if (type !== undefined) assert.equal(error.type, type);
    }
  });
}

judgeClient('a request that is wrong never leaves, and names what is wrong', async ({ session, openai }) => {
  const cases = [
    [{ messages: hello.messages }, 'missing_required_parameter', 'model'],
    [{ model: NOVA }, 'missing_required_parameter', 'messages'],
    [{ ...hello, messages: [{ role: 'user', content: 7 }] }, 'invalid_type', 'messages[0].content'],
    [{ ...hello, messages: [{ role: 'robot', content: 'x' }] }, 'invalid_value', 'messages[0].role'],
    [{ ...hello, logprobs: true }, 'unsupported_parameter', 'logprobs'],
    [{ ...hello, n: 0 }, 'invalid_value', 'n'],
  ];
  for (const [body, code, param] of cases) {
    const error = await failureOf(openai.chat.completions.create(body));
    assert.ok(error instanceof OpenAI.BadRequestError, error.message);
    assert.deepEqual([error.code, error.param, error.type], [code, param, 'invalid_request_error']);
  }
  session.expectRequests(0);
});

judgeClient('a model that does not exist', async ({ openai, gateway }) => {
  const error = await failureOf(openai.chat.completions.create({ ...hello, model: 'Claude-4-5-Sonet' }));
  assert.ok(error instanceof OpenAI.NotFoundError);
  assert.deepEqual([error.code, error.param], ['model_not_found', 'model']);
  // The gateway leaves it to Bedrock to know models that are newer than the catalog.
  assert.match(error.message, gateway ? /model identifier is invalid/ : /Claude-4-5-Sonnet/);
});

judgeClient('a path that does not exist', async ({ openai }) => {
  const error = await failureOf(openai.files.list());
  assert.ok(error instanceof OpenAI.NotFoundError);
  assert.equal(error.code, 'unknown_url');
  assert.match(error.message, /\/files/);
});

judgeClient('an exception within a stream is thrown there', async ({ session, openai }) => {
  session.on('hello', { text: ['Good', ' day'], error: { code: 'ModelStreamErrorException', message: 'It broke.' } });
  const seen = [];
  const error = await failureOf(
    (async () => {
      for await (const { choices } of await openai.chat.completions.create({ ...hello, stream: true })) seen.push(choices[0].delta.content);
    })(),
  );
  assert.equal(seen.filter((text) => text).join(''), 'Good day');
  assert.ok(error instanceof OpenAI.APIError, error.constructor.name);
  assert.equal(error.code, 'model_stream_error');
  assert.match(error.message, /It broke\./);
});

judgeClient('a stream that is cut is an error, never an end', async ({ session, openai }) => {
  session.on('hello', { text: ['Good', ' day', ' to', ' you'] });
  for (const fault of [{ fault: 'truncate', frame: 3 }, { fault: 'end', frame: 3 }, { fault: 'badChecksum', frame: 3 }, { fault: 'reset', frame: 3 }, { fault: 'omit', event: 'messageStop' }]) {
    session.addFaults(fault);
    const error = await failureOf(openai.chat.completions.stream(hello).finalContent());
    assert.ok(error instanceof OpenAI.APIError || error instanceof OpenAI.OpenAIError, fault.fault);
    const iterated = await openai.chat.completions.create({ ...hello, stream: true }).then(all);
    assert.equal(iterated.at(-1).choices[0].finish_reason, 'stop', 'the fault is over');
  }
});

judgeClient('nobody at the other end', async ({ options }) => {
  const { createFetch } = await import('../index.mjs');
  const fetch = createFetch({ ...options, endpoint: 'http://127.0.0.1:1', maxRetries: 0 });
  const error = await failureOf(new OpenAI({ fetch, apiKey: 'unused', maxRetries: 0 }).chat.completions.create(hello));
  assert.ok(error instanceof OpenAI.APIConnectionError || error.status >= 500, `${error.constructor.name} ${error.status}`);
});

judgeClient('the client retries what may succeed, and only that', async ({ session, fetch }) => {
  const openai = new OpenAI({ fetch, apiKey: 'unused', maxRetries: 2 });
  const throttled = { error: { code: 'ThrottlingException', retryAfter: 0 } };
  session.on('twice', [throttled, throttled, 'At last.']);
  session.on('never', { error: { code: 'AccessDeniedException' } });
  assert.equal((await openai.chat.completions.create({ ...hello, messages: [user('twice')] })).choices[0].message.content, 'At last.');
  session.expectRequests(3, 'twice');
  await failureOf(openai.chat.completions.create({ ...hello, messages: [user('never')] }));
  session.expectRequests(1, 'never');
});

judgeClient('retries on this side are not seen by the client', async ({ session, options }) => {
  const { createFetch } = await import('../index.mjs');
  const openai = new OpenAI({ fetch: createFetch({ ...options, maxRetries: 2 }), apiKey: 'unused', maxRetries: 0 });
  const throttled = { error: { code: 'ThrottlingException', retryAfter: 0 } };
  session.on('hello', [throttled, throttled, 'At last.']);
  assert.equal(await openai.chat.completions.stream(hello).finalContent(), 'At last.');
  session.expectRequests(3);
});

judgeClient('an abort before the call', async ({ session, openai }) => {
  const error = await failureOf(openai.chat.completions.create(hello, { signal: AbortSignal.abort() }));
  assert.ok(error instanceof OpenAI.APIUserAbortError);
  session.expectRequests(0);
});

judgeClient('an abort while the answer is awaited closes the connection', async ({ session, openai }) => {
  session.on('hello', { text: 'Late.', physics: { timeToFirstToken: 60_000 } });
  const controller = new AbortController();
  const call = failureOf(openai.chat.completions.create(hello, { signal: controller.signal }));
  while (session.requests.length === 0) await wait(5);
  const start = performance.now();
  controller.abort();
  assert.ok((await call) instanceof OpenAI.APIUserAbortError);
  await session.waitForRequest({ disconnectedEarly: true });
  assert.ok(performance.now() - start < ROUND_TRIP);
});

for (const [how, leave] of [
  ['controller.abort()', (stream) => stream.controller.abort()],
  ['break', () => 'break'],
]) {
  judgeClient(`${how} within a stream closes the connection`, async ({ session, openai }) => {
    session.on('hello', { text: Array.from({ length: 1000 }, () => 'word '), physics: { tokensPerSecond: 50 } });
    const stream = await openai.chat.completions.create({ ...hello, stream: true });
    let chunks = 0;
    let left;
    for await (const _ of stream) {
      chunks += 1;
      if (chunks < 3) continue;
      left = performance.now();
      if (leave(stream) === 'break') break;
    }
    await session.waitForRequest({ disconnectedEarly: true });
    assert.ok(performance.now() - left < ROUND_TRIP);
    assert.ok(chunks < 50, `${chunks} chunks`);
  });
}

judgeClient('a reader that is slow holds the service back', async ({ session, openai }) => {
  const piece = 'x'.repeat(2000);
  session.on('hello', { text: Array.from({ length: 10_000 }, () => piece) });
  const stream = await openai.chat.completions.create({ ...hello, stream: true });
  const reader = stream[Symbol.asyncIterator]();
  for (let chunk = 0; chunk < 5; chunk++) await reader.next();
  await wait(500);
  // Twenty megabytes do not fit into the buffers of a connection: the answer is still being sent.
  assert.equal(session.requests[0].duration, null);
  await reader.return();
  await session.waitForRequest({ disconnectedEarly: true });
});
