// `bedrock-wrapper/ai-sdk/mantle`: OpenAI's Chat Completions and Responses over bedrock-mantle or bedrock-runtime, for the AI SDK.

import type { OpenAIProvider } from '@ai-sdk/openai' with { 'resolution-mode': 'import' };
import type { NativeProviderSettings } from './native-settings.js';

type Model = ReturnType<OpenAIProvider['chat']>;

export type BedrockMantleChatModelId =
  | 'openai.gpt-oss-20b'
  | 'openai.gpt-oss-120b'
  | 'openai.gpt-oss-safeguard-20b'
  | 'openai.gpt-oss-safeguard-120b'
  | (string & {});

export type BedrockMantleResponsesModelId = 'openai.gpt-oss-20b' | 'openai.gpt-oss-120b' | (string & {});

export type BedrockMantleModelId = BedrockMantleChatModelId | BedrockMantleResponsesModelId;

/**
 * Where, as whom and how to call. `endpoint` is `mantle`, `runtime` or a URL; without it inference profiles (`us.openai.…`) go
 * to bedrock-runtime and all other ids to bedrock-mantle. A `baseURL` that ends in `/v1` or `/openai/v1` is taken as it is, to
 * any other the one of both is added that the model is served under.
 */
export interface BedrockMantleProviderSettings extends NativeProviderSettings {}

/** Makes models of `@ai-sdk/openai` that call Bedrock. */
export interface BedrockMantleProvider {
  /** Chat Completions. */
  (modelId: BedrockMantleChatModelId): Model;
  /** As that of `@ai-sdk/openai`. */
  readonly specificationVersion: OpenAIProvider['specificationVersion'];
  /** Chat Completions. */
  languageModel(modelId: BedrockMantleChatModelId): Model;
  /** Chat Completions; `provider` is `bedrock-mantle.chat`. */
  chat(modelId: BedrockMantleChatModelId): Model;
  /** Responses, which not all models have; `provider` is `bedrock-mantle.responses`. */
  responses(modelId: BedrockMantleResponsesModelId): Model;
  /** Throws `NoSuchModelError`: bedrock-mantle has no such models. */
  embeddingModel(modelId: string): never;
  /** @deprecated Throws as `embeddingModel` does. */
  textEmbeddingModel(modelId: string): never;
  /** Throws `NoSuchModelError`: bedrock-mantle has no such models. */
  imageModel(modelId: string): never;
}

/** Opens nothing until a model is called. */
export declare function createBedrockMantle(settings?: BedrockMantleProviderSettings): BedrockMantleProvider;

/** A provider with the settings of the environment. */
export declare const bedrockMantle: BedrockMantleProvider;
