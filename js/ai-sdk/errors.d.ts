// What errors of this package have besides the members of the AI SDK's classes.

/**
 * Errors are of the AI SDK's classes, which `ai` exports (`APICallError.isInstance(error)`):
 *
 * - `APICallError`: Bedrock refused, or did not answer. The message is Bedrock's own, `data` `{ type, message }` with the name of
 *   its exception, e.g. `ThrottlingException`. Without an answer it has no `statusCode` and no `data`.
 * - `StreamProviderError`, in the `error` part of a stream: the same once the answer had begun. `type` is the exception as the
 *   stream names it, e.g. `throttlingException`.
 * - `LoadSettingError`, `LoadAPIKeyError`: no region, no credentials, or settings that are wrong.
 * - `InvalidArgumentError`, `InvalidPromptError`, `UnsupportedFunctionalityError`: what was asked cannot be sent.
 * - `NoSuchModelError`, `TooManyEmbeddingValuesForCallError`.
 *
 * What a function among the settings throws is thrown as it is, and so is the reason of an `AbortSignal`.
 *
 * @example
 * ```ts
 * if (APICallError.isInstance(error)) console.log((error as APICallError & AmazonBedrockErrorDetails).requestId);
 * ```
 */
export interface AmazonBedrockErrorDetails {
  /** Stable and machine-readable, e.g. `rate_limit_exceeded`; the same as in all of this package. */
  code: string;
  /** HTTP status of the answer. */
  status: number | undefined;
  /** `x-amzn-RequestId` of the answer, which AWS's support asks for. */
  requestId: string | undefined;
  /** Whether the same call may succeed when it is made again. */
  retryable: boolean;
  /** Milliseconds the service asked to wait before that. */
  retryAfter: number | undefined;
  /** Path of the member at fault, in the call's options or the settings. */
  param: string | undefined;
}
