// The errors of the provider, as the AI SDK's own packages know them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as spec from '@ai-sdk/provider';
import { isProviderStreamError } from '@ai-sdk/provider-utils';
import * as ai6 from 'ai6';
import ours from '../js/ai-sdk/errors.js';

const ai = await import('ai').catch(() => undefined);

const ARGUMENTS = {
  APICallError: { message: 'm', url: 'https://x.example', requestBodyValues: { a: 1 }, statusCode: 503, responseHeaders: { h: '1' }, responseBody: '{}', data: { type: 'T' } },
  InvalidArgumentError: { argument: 'a', message: 'm', cause: new Error('c') },
  InvalidPromptError: { prompt: [], message: 'm' },
  LoadAPIKeyError: { message: 'm' },
  LoadSettingError: { message: 'm' },
  NoSuchModelError: { modelId: 'id', modelType: 'imageModel' },
  TooManyEmbeddingValuesForCallError: { provider: 'amazon-bedrock', modelId: 'id', maxEmbeddingsPerCall: 1, values: ['a', 'b'] },
  UnsupportedFunctionalityError: { functionality: 'f' },
};

/** The symbols by which the AI SDK knows its classes are tested by its own functions. */
function fieldsOf(error) {
  return { ...Object.fromEntries(Object.entries(error)), name: error.name, message: error.message, cause: error.cause };
}

for (const [name, given] of Object.entries(ARGUMENTS)) {
  test(`${name} is the AI SDK's in each of its packages`, () => {
    const error = new ours[name](given);
    assert.deepEqual(fieldsOf(error), fieldsOf(new spec[name](given)));
    assert.ok(error instanceof Error);
    for (const [Class, other] of [['AISDKError', true], [name, true], ['JSONParseError', false]]) {
      assert.equal(spec[Class].isInstance(error), other, `@ai-sdk/provider ${Class}`);
      for (const sdk of [ai, ai6]) {
        if (sdk?.[Class] !== undefined) assert.equal(sdk[Class].isInstance(error), other, Class);
      }
    }
  });
}

test('every class is checked', () => {
  const classes = Object.keys(ours).filter((name) => /^[A-Z]/.test(name) && name !== 'StreamProviderError');
  assert.deepEqual(classes.sort(), Object.keys(ARGUMENTS).sort());
});

test('whether a call is made again goes by the status where nobody says otherwise', () => {
  for (const [status, expected] of [[400, false], [403, false], [408, true], [409, true], [429, true], [500, true], [503, true], [undefined, false]]) {
    const given = { message: 'm', url: '', requestBodyValues: {}, statusCode: status };
    assert.equal(new ours.APICallError(given).isRetryable, expected, String(status));
    assert.equal(new spec.APICallError(given).isRetryable, expected, String(status));
  }
});

const THROTTLED = { name: 'ThrottlingException', code: 'rate_limit_exceeded', message: 'Too many tokens, please wait.', status: 429, requestId: 'r-1', retryable: true, retryAfter: 2000 };

test('a refusal tells what the service said, and its exception', () => {
  const cause = new Error('c');
  const failure = { ...THROTTLED, url: 'https://b.example/model/m/converse', responseHeaders: { 'retry-after': '2' }, responseBody: '{"message":"x"}' };
  const error = ours.callError(failure, { requestBodyValues: { messages: [] }, cause });
  assert.ok(spec.APICallError.isInstance(error));
  assert.deepEqual(fieldsOf(error), {
    name: 'AI_APICallError',
    message: 'Too many tokens, please wait.',
    url: 'https://b.example/model/m/converse',
    requestBodyValues: { messages: [] },
    statusCode: 429,
    responseHeaders: { 'retry-after': '2' },
    responseBody: '{"message":"x"}',
    data: { type: 'ThrottlingException', message: 'Too many tokens, please wait.' },
    isRetryable: true,
    cause,
    code: 'rate_limit_exceeded',
    status: 429,
    requestId: 'r-1',
    retryable: true,
    retryAfter: 2000,
    param: undefined,
  });
});

test('the native part decides what is worth another try, not the status alone', () => {
  const late = ours.callError({ name: 'ModelStreamErrorException', code: 'model_stream_error', message: 'm', status: 424, retryable: true });
  const never = ours.callError({ name: 'SomeException', code: 'service_error', message: 'm', status: 501, retryable: false });
  assert.deepEqual([late.isRetryable, never.isRetryable], [true, false]);
});

test('an answer without words is told by its exception', () => {
  const error = ours.callError({ name: 'AccessDeniedException', code: 'access_denied', message: '', status: 403, retryable: false });
  assert.equal(error.message, 'AccessDeniedException');
});

test('a failure without an answer has neither status nor data', () => {
  const lost = ours.callError({ name: 'ConnectionError', code: 'connection_error', message: 'b.example could not be reached.', status: null, retryable: true });
  assert.ok(spec.APICallError.isInstance(lost));
  assert.deepEqual([lost.message, lost.statusCode, lost.data, lost.isRetryable], ['Cannot connect to API: b.example could not be reached.', undefined, undefined, true]);
});

test('what was wrong before the call is told by the class for it', () => {
  const cases = [
    ['LoadSettingError', { code: 'invalid_configuration', param: 'options.region', message: 'Pass `region` to `new Bedrock(...)`.' }, 'Pass `region` to `createAmazonBedrock(...)`.'],
    ['LoadAPIKeyError', { code: 'invalid_configuration', param: 'options.apiKey', message: 'Empty.' }, 'Empty.'],
    ['InvalidPromptError', { code: 'invalid_image', param: 'prompt[0].content[1]', message: 'No image.' }, 'Invalid prompt: No image.'],
    ['InvalidPromptError', { code: 'invalid_request', param: 'prompt[0]', message: 'No.' }, 'Invalid prompt: No.'],
    ['InvalidArgumentError', { code: 'invalid_request', param: 'providerOptions.bedrock.serviceTier', message: 'No.' }, 'No.'],
    ['InvalidArgumentError', { code: 'invalid_request', param: 'promptings', message: 'No.' }, 'No.'],
    ['UnsupportedFunctionalityError', { code: 'invalid_request', apiCode: 'unsupported_value', param: 'prompt[0].content[0]', message: 'No.' }, 'No.'],
    ['NoSuchModelError', { code: 'model_not_found', message: 'No model x.' }, 'No model x.'],
  ];
  for (const [name, data, message] of cases) {
    const error = ours.callError({ name: 'Error', retryable: false, ...data }, { requestBodyValues: { prompt: ['p'] }, modelId: 'x' });
    assert.ok(spec[name].isInstance(error), name);
    assert.deepEqual([error.name, error.message, error.code], [`AI_${name}`, message, data.code]);
  }
});

test('an error of a stream is ai 7\'s, and an Error for every other', { skip: ai === undefined }, () => {
  const error = ours.streamError({ ...THROTTLED, param: null });
  assert.ok(ai.StreamProviderError.isInstance(error));
  assert.ok(isProviderStreamError(error) && error instanceof Error);
  const { code, status, requestId, retryable, retryAfter, param, ...theirs } = fieldsOf(error);
  const { code: _, ...expected } = fieldsOf(new ai.StreamProviderError({
    message: THROTTLED.message,
    type: 'throttlingException',
    statusCode: 429,
    isRetryable: true,
    data: { type: 'ThrottlingException', message: THROTTLED.message },
  }));
  assert.deepEqual(theirs, expected);
  assert.deepEqual({ code, status, requestId, retryable, retryAfter, param }, { code: 'rate_limit_exceeded', status: 429, requestId: 'r-1', retryable: true, retryAfter: 2000, param: undefined });
});

test('a stream that broke off has no exception', () => {
  const error = ours.streamError({ name: 'BrokenStreamError', code: 'broken_stream', message: 'Cut.', status: null, retryable: true });
  assert.deepEqual([error.type, error.statusCode, error.isRetryable, error.data], [undefined, undefined, true, { message: 'Cut.' }]);
});
