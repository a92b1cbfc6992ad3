'use strict';
// OpenAI's error classes, which go by the status of an answer, as subclasses of BedrockWrapperError.

const { BedrockWrapperError } = require('../errors.js');

class APIError extends BedrockWrapperError {
  #headers;

  /**
   * @param {object} data what the native part tells of an error, or what the body of an answer told
   * @param {ErrorOptions} [options]
   */
  constructor(data, options) {
    super({ ...data, message: data.status ? `${data.status} ${data.message}` : data.message }, options);
    this.code = data.code ?? null;
    this.param = data.param ?? null;
    this.type = data.type ?? undefined;
    this.exception = data.exception ?? undefined;
    this.error = data.error ?? errorObject(data);
    this.#headers = data.headers ?? undefined;
  }

  /** Made when asked for: the first `Headers` of a process takes Node a while. */
  get headers() {
    if (this.#headers !== undefined && !(this.#headers instanceof Headers)) this.#headers = new Headers(this.#headers);
    return this.#headers;
  }

  get requestID() {
    return this.requestId;
  }

  static isInstance(error) {
    return typeof error === 'object' && error !== null && error[brand(this)] === true;
  }
}

/** What OpenAI's API would have said, for an error that came in an answer. */
function errorObject({ status, message, type = null, param = null, code = null }) {
  return status ? { message, type, param, code } : undefined;
}

class BadRequestError extends APIError {}
class AuthenticationError extends APIError {}
class PermissionDeniedError extends APIError {}
class NotFoundError extends APIError {}
class ConflictError extends APIError {}
class UnprocessableEntityError extends APIError {}
class RateLimitError extends APIError {}
class InternalServerError extends APIError {}
class APIConnectionError extends APIError {}
class APIConnectionTimeoutError extends APIConnectionError {}
class APIUserAbortError extends APIError {}

const CLASSES = {
  APIError,
  BadRequestError,
  AuthenticationError,
  PermissionDeniedError,
  NotFoundError,
  ConflictError,
  UnprocessableEntityError,
  RateLimitError,
  InternalServerError,
  APIConnectionError,
  APIConnectionTimeoutError,
  APIUserAbortError,
};

/** Class → the symbol by which its instances are known in every copy of this package. */
const BRANDS = new Map(Object.entries(CLASSES).map(([name, Class]) => [Class, Symbol.for(`bedrock-wrapper.error.${name}`)]));
for (const [Class, symbol] of BRANDS) Object.defineProperty(Class.prototype, symbol, { value: true });

/** A class that a program derives from one of these has none. */
function brand(Class) {
  return BRANDS.get(Class);
}

const OF_STATUS = new Map([
  [400, 'BadRequestError'],
  [401, 'AuthenticationError'],
  [403, 'PermissionDeniedError'],
  [404, 'NotFoundError'],
  [409, 'ConflictError'],
  [422, 'UnprocessableEntityError'],
  [429, 'RateLimitError'],
]);

/** Failures without an answer, by the name of their kind; they have no status, whatever a server would say. */
const WITHOUT_ANSWER = new Map([
  ['AbortError', 'APIUserAbortError'],
  ['ConfigurationError', 'APIError'],
  ['ConnectionError', 'APIConnectionError'],
  ['BrokenStreamError', 'APIConnectionError'],
  ['TimeoutError', 'APIConnectionTimeoutError'],
]);

/** The error that the native part reports with `data`. Its stack begins where `above` was called. */
function apiError(data, above, options) {
  const lost = WITHOUT_ANSWER.get(data.name);
  const error = lost === undefined ? make(ofStatus(data.status), data, options) : make(lost, { ...data, status: undefined, headers: undefined }, options);
  Error.captureStackTrace(error, above);
  return error;
}

/** The error that an answer with this status, these headers and this body is. */
function errorOfAnswer(status, headers, body) {
  const { error = body } = body ?? {};
  const message = typeof error?.message === 'string' ? error.message : JSON.stringify(error) ?? 'status code (no body)';
  return make(ofStatus(status), {
    status,
    headers,
    error,
    message,
    code: error?.code,
    param: error?.param,
    type: error?.type,
    requestId: headers['x-request-id'],
    retryable: [408, 409, 429].includes(status) || status >= 500,
    retryAfter: milliseconds(headers),
  });
}

function milliseconds(headers) {
  const wait = Number(headers['retry-after-ms'] ?? headers['retry-after'] * 1000);
  return Number.isFinite(wait) ? wait : undefined;
}

function ofStatus(status) {
  return OF_STATUS.get(status) ?? (status >= 500 ? 'InternalServerError' : 'APIError');
}

/** An error of the class with this name; one without a class of its own keeps the name of its kind. */
function make(name, data, options) {
  return new CLASSES[name]({ ...data, name: name === 'APIError' ? data.name ?? name : name }, options);
}

/** The error of a call that its caller has ended, for `reason`. */
function abortError(reason) {
  const data = { name: 'APIUserAbortError', code: undefined, message: 'Request was aborted.', retryable: false };
  return new APIUserAbortError(data, { cause: reason });
}

/** The error of a request field at `param` that cannot cross to the native part. */
function badRequest(param, text) {
  const error = { message: `${param}: ${text}`, type: 'invalid_request_error', param, code: 'invalid_type' };
  return make('BadRequestError', { ...error, status: 400, retryable: false });
}

module.exports = { ...CLASSES, abortError, apiError, badRequest, errorOfAnswer };
