// The error classes: which error has which, what each tells, and that other copies of the package know them.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as core from '../index.mjs';
import { ask, collect, optionsFor, rejectionOf } from './support/openai.mjs';

const { APIError, Bedrock, BedrockWrapperError, RateLimitError, simulate } = core;

const simulated = await simulate();
after(() => simulated.close());
const bedrock = new Bedrock({ ...optionsFor(simulated), maxRetries: 0 });

async function errorOf(fault, request = ask('Count from 1 to 9.')) {
  simulated.addFaults(fault);
  const error = await rejectionOf(bedrock.chat.completions.create(request).then((answer) => (request.stream ? collect(answer) : answer)));
  simulated.clearFaults();
  return error;
}

/** AWS's exception, and the class and status that it has for a caller of OpenAI's API. */
const EXCEPTIONS = {
  ValidationException: ['BadRequestError', 400],
  AccessDeniedException: ['PermissionDeniedError', 403],
  ResourceNotFoundException: ['NotFoundError', 404],
  ThrottlingException: ['RateLimitError', 429],
  InternalServerException: ['InternalServerError', 500],
  ServiceUnavailableException: ['InternalServerError', 503],
};

for (const [code, [name, status]] of Object.entries(EXCEPTIONS)) {
  test(`${code} is a ${name}`, async () => {
    const error = await errorOf({ fault: 'error', code, message: 'What AWS says.' });
    assert.ok(error instanceof core[name] && error instanceof APIError && error instanceof BedrockWrapperError && error instanceof Error);
    assert.deepEqual([error.name, error.status, error.exception], [name, status, code]);
    assert.equal(error.message, `${status} What AWS says.`);
    assert.deepEqual(error.error, { message: 'What AWS says.', type: error.type, param: error.param, code: error.code });
    assert.ok(error.requestID && error.requestID === error.requestId);
    assert.equal(error.headers.get('x-request-id'), error.requestID);
    assert.equal(error.retryable, status === 429 || status >= 500);
  });
}

test('retryAfter is what the service asks for, in milliseconds', async () => {
  const error = await errorOf({ fault: 'error', code: 'ThrottlingException', retryAfter: 2 });
  assert.equal(error.retryAfter, 2000);
});

test('an exception within a stream has its class too, after the chunks before it', async () => {
  simulated.addFaults({ fault: 'exception', code: 'ThrottlingException', message: 'Slow down.', frame: 3 });
  const stream = await bedrock.chat.completions.create(ask('Count from 1 to 9.', { stream: true }));
  simulated.clearFaults();
  const chunks = [];
  const error = await rejectionOf((async () => { for await (const chunk of stream) chunks.push(chunk); })());
  assert.ok(chunks.length > 0);
  assert.ok(error instanceof RateLimitError);
  assert.deepEqual([error.exception, error.retryable], ['ThrottlingException', true]);
});

test('a broken stream and a refused connection are APIConnectionErrors', async () => {
  const broken = await errorOf({ fault: 'truncate', frame: 3 }, ask('Count from 1 to 9.', { stream: true }));
  const refused = await rejectionOf(bedrock.withOptions({ baseURL: 'http://127.0.0.1:9' }).chat.completions.create(ask('Hi')));
  for (const error of [broken, refused]) {
    assert.ok(error instanceof core.APIConnectionError, String(error));
    assert.deepEqual([error.status, error.headers, error.retryable], [undefined, undefined, true]);
  }
});

test('a timeout is an APIConnectionTimeoutError', async () => {
  simulated.addFaults({ fault: 'slowHeaders', for: 2000 });
  const error = await rejectionOf(bedrock.chat.completions.create(ask('Hi'), { timeout: 100 }));
  simulated.clearFaults();
  assert.ok(error instanceof core.APIConnectionTimeoutError && error instanceof core.APIConnectionError, String(error));
});

test('what is wrong with a request names its path', async () => {
  const tools = [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: 5 } }] }];
  const error = await rejectionOf(bedrock.chat.completions.create({ model: 'Nova-Micro', messages: [{ role: 'user', content: 'Hi' }, ...tools] }));
  assert.ok(error instanceof core.BadRequestError);
  assert.equal(error.param, 'messages[1].tool_calls[0].function.arguments');
  assert.equal(error.exception, undefined);
});

test('the stack leads to the caller', async () => {
  async function theCaller() {
    return await bedrock.chat.completions.create({});
  }
  assert.match((await rejectionOf(theCaller())).stack, /^BadRequestError: 400 [^]*theCaller/);
});

test('isInstance goes by class, upwards only', async () => {
  const error = await errorOf({ fault: 'error', code: 'ThrottlingException' });
  for (const Class of [RateLimitError, APIError, BedrockWrapperError]) assert.ok(Class.isInstance(error), Class.name);
  for (const Class of [core.BadRequestError, core.APIConnectionError]) assert.ok(!Class.isInstance(error), Class.name);
  for (const other of [null, undefined, 'x', new Error('x'), {}]) assert.ok(!APIError.isInstance(other));
});

test('another copy of the package knows the errors of this one', async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const copy = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-copy-'));
  for (const file of ['index.js', 'package.json']) cpSync(join(root, file), join(copy, file));
  cpSync(join(root, 'js'), join(copy, 'js'), { recursive: true, filter: (file) => !file.endsWith('.node') });
  const addon = createRequire(import.meta.url)('node:fs').readdirSync(join(root, 'js')).find((file) => file.endsWith('.node'));
  symlinkSync(join(root, 'js', addon), join(copy, 'js', addon));
  const other = createRequire(import.meta.url)(join(copy, 'index.js'));
  const error = await errorOf({ fault: 'error', code: 'ThrottlingException' });
  assert.ok(!(error instanceof other.RateLimitError));
  for (const name of ['RateLimitError', 'APIError', 'BedrockWrapperError']) assert.ok(other[name].isInstance(error), name);
  assert.ok(!other.BadRequestError.isInstance(error));
  rmSync(copy, { recursive: true });
});

test('secrets are in no error', async () => {
  const { accessKeyId, secretAccessKey } = optionsFor(simulated);
  const error = await errorOf({ fault: 'error', code: 'AccessDeniedException' });
  const seen = [error.message, error.stack, JSON.stringify(error), JSON.stringify([...error.headers])].join();
  assert.ok(!seen.includes(secretAccessKey) && !seen.includes(accessKeyId));
});

test('a rejection that nobody looks at twice is reported once', async () => {
  const promise = bedrock.chat.completions.create({});
  await assert.rejects(promise, core.BadRequestError);
  await assert.rejects(promise.withResponse(), core.BadRequestError);
  await assert.rejects(promise.asResponse(), core.BadRequestError);
});
