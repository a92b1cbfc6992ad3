/// <reference lib="esnext.disposable" />

/**
 * Asks a model on Amazon Bedrock and gives its answer as text, piece by piece.
 *
 * Returns at once and throws nothing: the request is read and sent by the first `next()`, and whatever is wrong with
 * it, with the network or with the answer is thrown there, as a {@link BedrockWrapperError}. With `stream: true` a
 * piece comes as soon as the model has said it; without, the whole answer comes as one piece.
 *
 * An answer is read once. Leaving the loop (`break`, `return`, an exception) cancels the HTTP request at once, and so
 * does the garbage collector when nobody holds the answer any more.
 *
 * @example Streamed
 * ```js
 * import { bedrockWrapper } from 'bedrock-wrapper';
 *
 * const awsCreds = { region: 'us-west-2', accessKeyId, secretAccessKey };
 * const request = {
 *   model: 'Claude-4-5-Sonnet',
 *   messages: [{ role: 'user', content: 'Name three rivers.' }],
 *   max_tokens: 500,
 *   stream: true,
 * };
 * for await (const text of bedrockWrapper(awsCreds, request)) process.stdout.write(text);
 * ```
 *
 * @example What it cost
 * ```js
 * const answer = bedrockWrapper(awsCreds, request);
 * for await (const text of answer) process.stdout.write(text);
 * const { inputTokens, outputTokens } = await answer.usage;
 * for (const { message } of await answer.warnings) console.warn(message);
 * ```
 *
 * @example Cancelled from outside
 * ```js
 * const signal = AbortSignal.timeout(10_000);
 * for await (const text of bedrockWrapper(awsCreds, request, { signal })) process.stdout.write(text);
 * ```
 *
 * @param awsCreds Where and as whom to call. What is left out comes from the environment and AWS's default chain.
 * @param request What to ask, in the words of OpenAI's chat API. Read at the first `next()`, never changed.
 * @param options How to ask.
 */
export function bedrockWrapper(awsCreds: AwsCreds | null | undefined, request: Request, options?: Options | null): Answer;

/**
 * Every model name that {@link Request.model} takes, each as a JSON string `{"modelName","modelId"}`. Ids, ARNs and geo
 * prefixes are taken besides.
 *
 * @example
 * ```js
 * const models = (await listBedrockWrapperSupportedModels()).map((model) => JSON.parse(model));
 * ```
 */
export function listBedrockWrapperSupportedModels(): Promise<string[]>;

export * from './js/openai/index.js';
export { simulate } from './js/simulator.js';

/** An answer: text to iterate, and what the call told besides. */
export interface Answer extends AsyncIterableIterator<string> {
  /** The next piece of text; sends the request when it is the first. Calls may overlap: they are answered in order. */
  next(): Promise<IteratorResult<string, undefined>>;
  /** Ends the answer and cancels the request. Settles at once; a `next()` that waits is done. */
  return(value?: any): Promise<IteratorResult<string, any>>;
  /** Ends the answer, cancels the request and rejects with `error`. */
  throw(error?: any): Promise<never>;
  /**
   * The iteration, which `for await` asks for.
   * @throws {BedrockWrapperError} `AlreadyConsumedError` when the answer was iterated before, or is over.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<string>;
  /** The same as `return()`, for `await using`. Where the runtime has `Symbol.asyncDispose` (Node 20.4). */
  [Symbol.asyncDispose](): Promise<void>;

  // The following settle when the answer has ended. After `break` or `return()` they tell what is known by then. When
  // the answer fails they reject with its error; that need not be handled. Before the first `next()` they wait.

  /** Tokens as the service counted them; `undefined` when it did not say, as after `break`. */
  readonly usage: Promise<Usage | undefined>;
  /**
   * Why the model stopped, in Converse's words on every path: `end_turn`, `max_tokens`, `stop_sequence`,
   * `content_filtered`, `guardrail_intervened`, …; `undefined` when it did not say.
   */
  readonly stopReason: Promise<string | undefined>;
  /** `x-amzn-RequestId` of the answer, which AWS support asks for; `undefined` when there was no answer. */
  readonly requestId: Promise<string | undefined>;
  /** What could not be carried out as asked, and what was done instead. Empty when nothing was lost. */
  readonly warnings: Promise<Warning[]>;
}

/** Where and as whom to call. Empty strings count as left out. Unknown members are reported in `warnings`. */
export interface AwsCreds {
  /**
   * AWS region, e.g. `us-west-2`. Default: `AWS_REGION`, then `AWS_DEFAULT_REGION`, then the profile. An ARN as
   * {@link Request.model} is called in its own region.
   */
  region?: string;
  /**
   * AWS access key id. Default: AWS's chain: environment, profile (`~/.aws`), SSO, web identity, container, instance.
   */
  accessKeyId?: string;
  /** AWS secret access key. Must be given when `accessKeyId` is, and only then. Never logged, never in an error. */
  secretAccessKey?: string;
  /** Session token of temporary credentials (STS, SSO, roles). */
  sessionToken?: string;
  /**
   * Base URL (`http://` or `https://`) instead of `https://bedrock-runtime.{region}.amazonaws.com`: a VPC endpoint, a
   * proxy, a local Bedrock. Default: `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`, then `AWS_ENDPOINT_URL`.
   */
  endpoint?: string;
  /** The same as `endpoint`, which wins. */
  baseURL?: string;
}

/**
 * What to ask. `null` counts as left out everywhere. Fields of OpenAI's chat API that are not here are never dropped
 * unseen: where the answer could not be what was asked (`tools`, `n` above 1, `response_format`, …) they are an
 * `InvalidRequestError`, elsewhere (`seed`, `user`, …) a warning.
 */
export interface Request {
  /**
   * A name from {@link listBedrockWrapperSupportedModels}, a Bedrock model id with or without a geo prefix (`us.`,
   * `eu.`, `apac.`, `global.`, …), or an ARN of any kind of model. An id that is not known is asked through Converse.
   * @throws {BedrockWrapperError} `model_not_found` with the nearest names, before anything is sent.
   */
  model: string;
  /** The conversation, oldest first: at least one `user` message. Empty messages are left out. */
  messages: Message[];
  /** `true`: text as the model says it. `false` (the default): one piece with the whole answer. */
  stream?: boolean | null;
  /** The most tokens to answer with, a whole number from 1; more than the model can is lowered to what it can. */
  max_tokens?: number | null;
  /** The same as `max_tokens`, over which it wins. */
  max_completion_tokens?: number | null;
  /** From 0 to 1. Values up to 2, which OpenAI takes, are sent as 1, with a warning. Default: the model's own. */
  temperature?: number | null;
  /** From 0 to 1. Left out, with a warning, for models that do not take it together with `temperature`. */
  top_p?: number | null;
  /** Texts at which the answer ends; they are not part of it. How many a model takes differs; see `warnings`. */
  stop?: string | string[] | null;
  /** The same as `stop`, over which it wins unless it is empty. */
  stop_sequences?: string | string[] | null;
  /** Whether the text begins with the model's thinking, in `<think>…</think>` (`<reasoning>` for gpt-oss). Default false. */
  include_thinking_data?: boolean | null;
  /** Any other field of OpenAI's chat API: a warning or an error, see above. */
  [field: string]: unknown;
}

/** One turn, or instructions (`system` and `developer`, wherever they stand). */
export interface Message {
  role: 'system' | 'developer' | 'user' | 'assistant';
  /** Text, or parts. A last message by `assistant` is what the answer goes on from, where the model can. */
  content: string | Part[] | null;
  /** Other members are left out with a warning; tool calls are an error. */
  [member: string]: unknown;
}

/** A piece of a message. Parts of other types are left out with a warning. */
export type Part = TextPart | ImagePart | AnthropicImagePart;

/** Text. */
export interface TextPart {
  type: 'text';
  text: string;
}

/**
 * An image, in OpenAI's shape. PNG, JPEG, GIF and WebP pass as they are up to 2048 pixels a side and 3.75 MiB; larger
 * ones are scaled to fit and other formats (BMP, TIFF, ICO) converted, with a warning. What it is, the bytes decide, not
 * a label.
 * @throws {BedrockWrapperError} `InvalidImageError`; `InvalidRequestError` for a model that sees no images.
 */
export interface ImagePart {
  type: 'image_url';
  image_url: ImageReference | { url: ImageReference; detail?: string | null };
}

/** An image, in Anthropic's shape. Works with every model that sees images. */
export interface AnthropicImagePart {
  type: 'image';
  source: { type: 'base64'; media_type?: string; data: string | Uint8Array | ArrayBuffer } | { type: 'url'; url: string | URL };
}

/** A data URL, bare base64, an http(s) URL (fetched: at most 5 redirects, 20 MB, 30 s), or the bytes. */
export type ImageReference = string | URL | Uint8Array | ArrayBuffer;

/** How to ask. */
export interface Options {
  /** `true`: through Converse. `false` (the default): through InvokeModel, with the model's native body. */
  useConverseAPI?: boolean | null;
  /**
   * Cancels: `next()` and the promises reject with `signal.reason`. Any number of answers may share a signal: they put
   * one listener on it.
   */
  signal?: AbortSignal | null;
  /**
   * The longest silence of the service, in milliseconds from 1. Default 3 600 000 before the answer (a whole answer may be
   * long in the writing; AWS advises an hour for extended thinking) and 300 000 between its pieces; a number given here
   * is the limit for both. Then `TimeoutError`.
   */
  idleTimeout?: number | null;
  /** The longest silence before the answer, in milliseconds from 1, for each attempt. Default as of `idleTimeout`. */
  firstByteTimeout?: number | null;
  /** The longest that connecting may take (name, proxy, TLS), in milliseconds from 1, for each attempt. Default 10 000. */
  connectTimeout?: number | null;
  /** The longest that the whole call may take, retries and the end of a stream included, in milliseconds from 1. Default: no limit. */
  timeout?: number | null;
  /**
   * How many attempts follow a first one that failed, 0 to 100. Default 2. Tried again are broken connections, elapsed
   * limits, throttling, and the statuses 408, 409, 429 and 5xx; never an answer that has begun.
   */
  maxRetries?: number | null;
  /** `'adaptive'` also holds attempts back while the service throttles. Default `'standard'`. */
  retryMode?: 'standard' | 'adaptive' | null;
  /** Whether to print the request (long texts cut) and how the answer ended with `console.log`. Never credentials. */
  logging?: boolean | null;
}

/** Tokens as the service counted them; what it did not tell is missing. */
export interface Usage {
  /** Of the request, cached ones not counted. */
  inputTokens?: number;
  /** Of the answer, thinking included. */
  outputTokens?: number;
  /** All of the call. */
  totalTokens?: number;
  /** Read from the prompt cache. */
  cacheReadInputTokens?: number;
  /** Written to the prompt cache. */
  cacheWriteInputTokens?: number;
}

/** Something that could not be carried out as asked. */
export interface Warning {
  /**
   * - `unsupported_field`: the field has no counterpart and was left out.
   * - `value_adjusted`: the value was moved into what the model takes.
   * - `content_omitted`: a part of a message was left out.
   * - `emulated`: the model lacks it; it was done on this side, e.g. stop sequences.
   * - `fallback`: the call went through another API or operation than asked.
   * - `image_converted`: an image lost more than its size or format: frames, quality, its turn.
   * - `reasoning_omitted`: the model thought, and the text does not show it.
   * - `end_of_life`: the model has reached its end of life.
   */
  code: WarningCode;
  /** What was done, in a sentence. */
  message: string;
  /** Path of the field, e.g. `messages[2].content[0]`, where there is one. */
  param?: string;
}

export type WarningCode =
  | 'unsupported_field'
  | 'value_adjusted'
  | 'content_omitted'
  | 'emulated'
  | 'fallback'
  | 'image_converted'
  | 'reasoning_omitted'
  | 'end_of_life';

/**
 * Whatever goes wrong, except for an aborted signal, whose own reason is thrown.
 *
 * @example
 * ```js
 * try {
 *   for await (const text of bedrockWrapper(awsCreds, request)) process.stdout.write(text);
 * } catch (error) {
 *   if (!BedrockWrapperError.isInstance(error)) throw error;
 *   if (error.retryable) await tryAgainLater(error.retryAfter);
 *   else console.error(error.code, error.message, error.requestId);
 * }
 * ```
 */
export class BedrockWrapperError extends Error {
  /** Whether `error` is of this class, also when it comes from another copy of this package. */
  static isInstance(error: unknown): error is BedrockWrapperError;
  protected constructor();
  /**
   * AWS's exception name (`ThrottlingException`, `ValidationException`, …), or one of this package's own:
   * `InvalidRequestError`, `ConfigurationError`, `InvalidImageError`, `AlreadyConsumedError`, `ConnectionError`,
   * `TimeoutError`, `BrokenStreamError`, `UnknownUrlError`, `MethodNotAllowedError`, `ServiceError`, `InternalError`,
   * `AddonNotFoundError`; for a model that is not known `Error`, as in bedrock-wrapper 2.
   */
  readonly name: string;
  /**
   * What it is, for programs. Names of AWS that are not known here share `service_error`. `null` only for an
   * {@link APIError} whose answer told none.
   */
  readonly code: ErrorCode;
  /** HTTP status; where no answer gave one, the status that stands for the error, if any. */
  readonly status?: number | undefined;
  /** `x-amzn-RequestId` of the answer, if there was one. */
  readonly requestId?: string;
  /** Whether the same call may succeed when it is made again. The AWS SDK's own retries have been made by then. */
  readonly retryable: boolean;
  /** Milliseconds the service asked to wait before the next try. */
  readonly retryAfter?: number;
  /** Path of the argument at fault, e.g. `messages[2].content[0].image_url.url` or `awsCreds.region`. */
  readonly param?: string | null | undefined;
  /** The same facts where the AWS SDK for JavaScript has them. */
  readonly $metadata: { httpStatusCode?: number; requestId?: string };
}

export type ErrorCode =
  | 'invalid_request'
  | 'model_not_found'
  | 'invalid_configuration'
  | 'invalid_image'
  | 'already_consumed'
  | 'aborted'
  | 'connection_error'
  | 'timeout'
  | 'broken_stream'
  | 'unknown_url'
  | 'method_not_supported'
  | 'access_denied'
  | 'conflict'
  | 'internal_server_error'
  | 'model_error'
  | 'model_not_ready'
  | 'model_stream_error'
  | 'model_timeout'
  | 'not_found'
  | 'insufficient_quota'
  | 'service_unavailable'
  | 'rate_limit_exceeded'
  | 'validation_error'
  | 'authentication_error'
  | 'service_error'
  | 'internal_error'
  | 'addon_not_found'
  // Of an APIError: OpenAI's codes, and whatever a service that is reached through has told.
  | 'missing_required_parameter'
  | 'invalid_type'
  | 'invalid_value'
  | 'unsupported_parameter'
  | 'unsupported_value'
  | 'string_above_max_length'
  | 'content_policy_violation'
  | 'context_length_exceeded'
  | (string & {})
  | null;
