// What goes wrong, in the classes of OpenAI's client.

import { BedrockWrapperError } from '../../index.js';

/**
 * An answer that is an error, or a call that could not be made. Its class follows from `status`.
 *
 * @example
 * ```js
 * try {
 *   await bedrock.chat.completions.create(request);
 * } catch (error) {
 *   if (RateLimitError.isInstance(error)) await later(error.retryAfter);
 *   else if (APIError.isInstance(error)) console.error(error.status, error.code, error.param, error.message);
 *   else throw error;
 * }
 * ```
 */
export class APIError<
  Status extends number | undefined = number | undefined,
  AnswerHeaders extends Headers | undefined = Headers | undefined,
> extends BedrockWrapperError {
  /** Whether `error` is of this class, also when it comes from another copy of this package. */
  static isInstance<Class extends APIError>(this: { readonly prototype: Class }, error: unknown): error is Class;
  /** HTTP status as OpenAI would answer, within a stream too; `undefined` where there was no answer. */
  readonly status: Status;
  /** Headers of the answer. */
  readonly headers: AnswerHeaders;
  /** `error` of the answer's body: `{ message, type, param, code }`. */
  readonly error: object | undefined;
  /** OpenAI's type, e.g. `invalid_request_error`. */
  readonly type: string | undefined;
  /** AWS's exception name, e.g. `ThrottlingException`; `undefined` where AWS did not answer. */
  readonly exception: string | undefined;
  /** The same as `requestId`, as OpenAI's client has it. */
  readonly requestID: string | null | undefined;
}

/** 400: the request cannot be carried out as it is. */
export class BadRequestError extends APIError<400, Headers> {}
/** 401: Bedrock refuses the credentials. */
export class AuthenticationError extends APIError<401, Headers> {}
/** 403: not permitted, or no access to the model. */
export class PermissionDeniedError extends APIError<403, Headers> {}
/** 404: no such model, or no such path. */
export class NotFoundError extends APIError<404, Headers> {}
/** 409 */
export class ConflictError extends APIError<409, Headers> {}
/** 422 */
export class UnprocessableEntityError extends APIError<422, Headers> {}
/** 429: throttled, or a quota is used up. `retryAfter` tells when to try again, where AWS does. */
export class RateLimitError extends APIError<429, Headers> {}
/** 500 and above: the service or the model failed. */
export class InternalServerError extends APIError<number, Headers> {}
/** No connection, or one that broke. */
export class APIConnectionError extends APIError<undefined, undefined> {}
/** A limit in time was reached. */
export class APIConnectionTimeoutError extends APIConnectionError {}
/** The call was aborted; `cause` is the signal's reason. */
export class APIUserAbortError extends APIError<undefined, undefined> {}
