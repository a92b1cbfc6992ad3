// The client, shaped like OpenAI's.

import type { Warning } from '../../index.js';
import type { ChatCompletion, ChatCompletionChunk } from './completion.js';
import type {
  ChatCompletionCreateParamsBase,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming,
} from './chat.js';
import type { Base64EmbeddingResponse, BedrockEmbeddingInput, CreateEmbeddingResponse, EmbeddingCreateParams } from './embeddings.js';
import type { ImageGenerateParams, ImagesResponse } from './images.js';
import type { BedrockMessageParam } from './messages.js';
import type { Model, ModelsPage } from './models.js';
import type { ModerationCreateParams, ModerationCreateResponse } from './moderations.js';
import type { BedrockOptions, RequestOptions } from './options.js';
import type { RerankCreateParams, RerankResponse } from './rerank.js';

/**
 * OpenAI's client, on Amazon Bedrock, in this process: no server, no socket but Bedrock's.
 *
 * Nothing is to be closed. Clients with the same options share connections and credentials.
 *
 * @example
 * ```js
 * import { Bedrock } from 'bedrock-wrapper';
 *
 * const bedrock = new Bedrock({ region: 'us-west-2' });
 * const messages = [{ role: 'user', content: 'Name three rivers.' }];
 * const completion = await bedrock.chat.completions.create({ model: 'Claude-4-5-Sonnet', messages });
 * console.log(completion.choices[0].message.content);
 * ```
 *
 * @example Streamed
 * ```js
 * const stream = await bedrock.chat.completions.create({ model, messages, stream: true });
 * for await (const { choices } of stream) process.stdout.write(choices[0]?.delta.content ?? '');
 * ```
 */
export class Bedrock {
  /** @throws {BedrockWrapperError} `ConfigurationError` for options that contradict each other. */
  constructor(options?: BedrockOptions);
  readonly chat: Chat;
  readonly embeddings: Embeddings;
  readonly images: Images;
  readonly models: Models;
  readonly moderations: Moderations;
  readonly rerank: Rerank;
  /** A client with these options instead of its own. Credentials among them replace all that it had. */
  withOptions(options: BedrockOptions): this;
}

/**
 * A `fetch` that answers the requests of OpenAI's client and of everything made for OpenAI's API, on Amazon Bedrock, in
 * this process. The host of the URL does not matter, the path does: `…/chat/completions`, `…/embeddings`, `…/models`,
 * `…/models/{id}`, `…/images/generations`, `…/moderations` and `…/rerank`; others are a 404.
 *
 * What goes wrong is an answer with OpenAI's status and body; only an abort rejects. Warnings are in the header
 * `x-bedrock-warnings`, as a JSON list.
 *
 * @example
 * ```js
 * import OpenAI from 'openai';
 * import { createFetch } from 'bedrock-wrapper';
 *
 * const openai = new OpenAI({ fetch: createFetch({ region: 'us-west-2' }), apiKey: 'unused' });
 * const messages = [{ role: 'user', content: 'Name three rivers.' }];
 * const completion = await openai.chat.completions.create({ model: 'Claude-4-5-Sonnet', messages });
 * ```
 */
export function createFetch(options?: BedrockOptions): typeof globalThis.fetch;

export interface Chat {
  readonly completions: Completions;
}

export interface Completions {
  /**
   * Asks a model. With `stream: true` the promise settles when the answer begins, so that what goes wrong before is an
   * error with its status; what goes wrong later is thrown by the iteration.
   *
   * @throws {APIError}
   */
  create(body: ChatCompletionCreateParamsNonStreaming<BedrockMessageParam>, options?: RequestOptions): APIPromise<ChatCompletion>;
  create(
    body: ChatCompletionCreateParamsStreaming<BedrockMessageParam>,
    options?: RequestOptions,
  ): APIPromise<Stream<ChatCompletionChunk>>;
  create(
    body: ChatCompletionCreateParamsBase<BedrockMessageParam>,
    options?: RequestOptions,
  ): APIPromise<Stream<ChatCompletionChunk> | ChatCompletion>;
}

export interface Embeddings {
  /**
   * Turns texts into vectors, in order. When one cannot be, the call fails, with its place in `param`.
   * @throws {APIError}
   */
  create(
    body: EmbeddingCreateParams<BedrockEmbeddingInput> & { encoding_format: 'base64' },
    options?: RequestOptions,
  ): APIPromise<Base64EmbeddingResponse>;
  create(body: EmbeddingCreateParams<BedrockEmbeddingInput>, options?: RequestOptions): APIPromise<CreateEmbeddingResponse>;
}

export interface Images {
  /**
   * Draws images from text.
   * @throws {APIError}
   */
  generate(body: ImageGenerateParams, options?: RequestOptions): APIPromise<ImagesResponse>;
}

export interface Models {
  /**
   * The models there are: those of the catalog, with what ListFoundationModels and ListInferenceProfiles tell where the
   * credentials allow it; kept for a while.
   *
   * @throws {APIError}
   */
  list(options?: RequestOptions): PagePromise<ModelsPage, Model>;
  /** One of them, by name, id or ARN. */
  retrieve(model: string, options?: RequestOptions): APIPromise<Model>;
}

export interface Moderations {
  /**
   * Lets a guardrail judge texts and pictures.
   * @throws {APIError}
   */
  create(body: ModerationCreateParams, options?: RequestOptions): APIPromise<ModerationCreateResponse>;
}

export interface Rerank {
  /** Puts documents in order of relevance. */
  create(body: RerankCreateParams, options?: RequestOptions): APIPromise<RerankResponse>;
}

/** An answer, with Bedrock's request id beside its members; not enumerable. */
export type WithRequestID<T> = T extends AsyncIterable<unknown> ? T : T & { _request_id?: string | null };

/** A promise of an answer that also tells about the HTTP answer. */
export interface APIPromise<T> extends Promise<WithRequestID<T>> {
  /** The HTTP answer itself, its body not read. */
  asResponse(): Promise<Response>;
  /** The answer with the HTTP answer, the request id, and what could not be carried out as asked. */
  withResponse(): Promise<{ data: T; response: Response; request_id: string | null; warnings: Warning[] }>;
}

/** A promise of a list, whose items can be iterated without waiting for it. */
export interface PagePromise<Page, Item> extends APIPromise<Page>, AsyncIterable<Item> {}

/**
 * An answer in chunks, to be read once. Leaving the loop cancels the request at once, and so does the garbage collector
 * when nobody holds the stream any more.
 */
export class Stream<Item> implements AsyncIterable<Item> {
  private constructor();
  /** The stream whose {@link Stream.toReadableStream} gave these bytes, perhaps in another process. */
  static fromReadableStream<Item>(readable: ReadableStream, controller?: AbortController): Stream<Item>;
  /** `controller.abort()` cancels the request; the iteration ends without an error, as after `options.signal`. */
  readonly controller: AbortController;
  /** @throws {BedrockWrapperError} `AlreadyConsumedError` the second time. */
  [Symbol.asyncIterator](): AsyncIterator<Item>;
  /** Two streams with all chunks, to be read at different speeds. What one has not read yet is kept. */
  tee(): [Stream<Item>, Stream<Item>];
  /** The chunks as lines of JSON, in bytes. */
  toReadableStream(): ReadableStream<Uint8Array>;
}
