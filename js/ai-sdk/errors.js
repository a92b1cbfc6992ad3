'use strict';
// Errors as the AI SDK makes them. It knows its classes by symbols of the global registry, so these need none of its packages.
// Names, fields and messages: `@ai-sdk/provider` 4.0.38, src/errors; `StreamProviderError`: `ai` 7.0.173.

class AISDKError extends Error {
  constructor({ name, message, cause }) {
    super(message);
    this.name = name;
    this.cause = cause;
  }
}

/** A request that Bedrock refused, or did not answer. `ai` makes those again that are `isRetryable`. */
class APICallError extends AISDKError {
  constructor({ message, url, requestBodyValues, statusCode, responseHeaders, responseBody, cause, isRetryable = isTransient(statusCode), data }) {
    super({ name: 'AI_APICallError', message, cause });
    this.url = url;
    this.requestBodyValues = requestBodyValues;
    this.statusCode = statusCode;
    this.responseHeaders = responseHeaders;
    this.responseBody = responseBody;
    this.isRetryable = isRetryable;
    this.data = data;
  }
}

function isTransient(status) {
  return [408, 409, 429].includes(status) || status >= 500;
}

class InvalidArgumentError extends AISDKError {
  constructor({ argument, message, cause }) {
    super({ name: 'AI_InvalidArgumentError', message, cause });
    this.argument = argument;
  }
}

class InvalidPromptError extends AISDKError {
  constructor({ prompt, message, cause }) {
    super({ name: 'AI_InvalidPromptError', message: `Invalid prompt: ${message}`, cause });
    this.prompt = prompt;
  }
}

class LoadAPIKeyError extends AISDKError {
  constructor({ message, cause }) {
    super({ name: 'AI_LoadAPIKeyError', message, cause });
  }
}

class LoadSettingError extends AISDKError {
  constructor({ message, cause }) {
    super({ name: 'AI_LoadSettingError', message, cause });
  }
}

class NoSuchModelError extends AISDKError {
  constructor({ modelId, modelType, message = `No such ${modelType}: ${modelId}` }) {
    super({ name: 'AI_NoSuchModelError', message });
    this.modelId = modelId;
    this.modelType = modelType;
  }
}

/** What went wrong after a stream had begun. */
class StreamProviderError extends AISDKError {
  constructor({ message, type, code, statusCode, isRetryable = isTransient(statusCode), data, cause }) {
    super({ name: 'AI_StreamProviderError', message, cause });
    this.type = type;
    this.code = code;
    this.statusCode = statusCode;
    this.isRetryable = isRetryable;
    this.data = data;
  }
}

class TooManyEmbeddingValuesForCallError extends AISDKError {
  constructor({ provider, modelId, maxEmbeddingsPerCall, values }) {
    const message = 'Too many values for a single embedding call. '
      + `The ${provider} model "${modelId}" can only embed up to ${maxEmbeddingsPerCall} values per call, but ${values.length} values were provided.`;
    super({ name: 'AI_TooManyEmbeddingValuesForCallError', message });
    Object.assign(this, { provider, modelId, maxEmbeddingsPerCall, values });
  }
}

class UnsupportedFunctionalityError extends AISDKError {
  constructor({ functionality, message = `'${functionality}' functionality not supported.` }) {
    super({ name: 'AI_UnsupportedFunctionalityError', message });
    this.functionality = functionality;
  }
}

const CLASSES = {
  APICallError,
  InvalidArgumentError,
  InvalidPromptError,
  LoadAPIKeyError,
  LoadSettingError,
  NoSuchModelError,
  StreamProviderError,
  TooManyEmbeddingValuesForCallError,
  UnsupportedFunctionalityError,
};

mark(AISDKError, 'vercel.ai.error');
mark(StreamProviderError, 'vercel.ai.providerStreamError');
for (const [name, Class] of Object.entries(CLASSES)) mark(Class, `vercel.ai.error.AI_${name}`);

function mark(Class, symbol) {
  Object.defineProperty(Class.prototype, Symbol.for(symbol), { value: true });
}

/** Codes of failures of which the service has said nothing. */
const WITHOUT_ANSWER = new Set(['connection_error', 'timeout', 'broken_stream', 'internal_error']);

/** Codes of failures before anything was sent; what has another code is a call that failed. */
const BEFORE_THE_CALL = {
  invalid_configuration: settingError,
  invalid_image: promptError,
  invalid_request: requestError,
  model_not_found: modelError,
};

/**
 * What the native part tells of an error, see `src/node/error.rs`; of an answer also what it was.
 * @typedef {Partial<import('../native.js').ErrorData> & { code: string, message: string, apiCode?: string | null, url?: string | null,
 *   responseHeaders?: Record<string, string> | null, responseBody?: string | null }} Failure
 */

/**
 * The error that a call ends with.
 * @param {Failure} data
 * @param {{ url?: string, requestBodyValues?: unknown, cause?: unknown, modelId?: string, modelType?: string }} [call]
 *   what was called, as far as it is known here
 */
function callError(data, call = {}) {
  const make = Object.hasOwn(BEFORE_THE_CALL, data.code) ? BEFORE_THE_CALL[data.code] : refusal;
  return withOwnFields(make(data, call), data);
}

/**
 * The error of a stream's `error` part. `type` is the exception as its frame is called, e.g. `throttlingException`.
 * @param {Failure} data
 * @param {{ cause?: unknown }} [options]
 */
function streamError(data, { cause } = {}) {
  const answer = answerOf(data);
  const type = answer && answer.type.charAt(0).toLowerCase() + answer.type.slice(1);
  const error = new StreamProviderError({
    message: data.message,
    type,
    statusCode: data.status ?? undefined,
    isRetryable: data.retryable,
    data: answer ?? { message: data.message },
    cause,
  });
  return withOwnFields(error, data);
}

/** The members that errors of this package have besides the AI SDK's. */
function withOwnFields(error, { code, status, requestId, retryable, retryAfter, param }) {
  return Object.assign(error, {
    code,
    status: status ?? undefined,
    requestId: requestId ?? undefined,
    retryable,
    retryAfter: retryAfter ?? undefined,
    param: param ?? undefined,
  });
}

function refusal(data, { url = data.url ?? '', requestBodyValues, cause }) {
  const answer = answerOf(data);
  // The AI SDK's words for it, which programs look for.
  const message = data.code === 'connection_error' ? `Cannot connect to API: ${data.message}` : data.message;
  return new APICallError({
    message: message || data.name,
    url,
    requestBodyValues,
    statusCode: data.status ?? undefined,
    responseHeaders: data.responseHeaders ?? undefined,
    responseBody: data.responseBody ?? undefined,
    cause,
    isRetryable: data.retryable,
    data: answer,
  });
}

/** The service's own words, with the name of its exception. */
function answerOf({ code, name, message }) {
  return WITHOUT_ANSWER.has(code) ? undefined : { type: name, message };
}

/** Settings are told in the words of `new Bedrock`. */
function settingError({ message, param }, { cause }) {
  const isKey = ['options.apiKey', 'options.tokenProvider'].includes(param);
  const Class = isKey ? LoadAPIKeyError : LoadSettingError;
  return new Class({ message: message.replace('`new Bedrock(...)`', '`createAmazonBedrock(...)`'), cause });
}

function promptError({ message }, { requestBodyValues, cause }) {
  return new InvalidPromptError({ prompt: requestBodyValues?.prompt, message, cause });
}

function requestError(data, call) {
  const { message, param, apiCode } = data;
  if (apiCode?.startsWith('unsupported')) return new UnsupportedFunctionalityError({ functionality: param ?? message, message });
  if (/^prompt\b/.test(param ?? '')) return promptError(data, call);
  return new InvalidArgumentError({ argument: param ?? '', message, cause: call.cause });
}

function modelError({ message }, { modelId = '', modelType = 'languageModel' }) {
  return new NoSuchModelError({ modelId, modelType, message });
}

module.exports = { ...CLASSES, callError, streamError };
