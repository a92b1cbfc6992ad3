// `bedrock-wrapper/ai-sdk/mantle`: OpenAI's Chat Completions and Responses over bedrock-mantle or bedrock-runtime, for the AI SDK.

import type { OpenAIProvider } from '@ai-sdk/openai' with { 'resolution-mode': 'import' };
import type { AmazonBedrockProviderSettings } from './settings.js';

type Model = ReturnType<OpenAIProvider['chat']>;

export type BedrockMantleChatModelId =
  | 'openai.gpt-oss-20b'
  | 'openai.gpt-oss-120b'
  | 'openai.gpt-oss-safeguard-20b'
  | 'openai.gpt-oss-safeguard-120b'
  | (string & {});

export type BedrockMantleResponsesModelId = 'openai.gpt-oss-20b' | 'openai.gpt-oss-120b' | (string & {});

export type BedrockMantleModelId = BedrockMantleChatModelId | BedrockMantleResponsesModelId;

/** Where, as whom and how to call. */
export type BedrockMantleProviderSettings = Omit<AmazonBedrockProviderSettings, 'baseURL' | 'endpoint' | 'generateId' | 'specificationVersion'> & {
  /**
   * `mantle`, `runtime`, or a URL: the same as `baseURL`. Default: inference profiles (`us.openai.…`) are called at
   * bedrock-runtime, all other ids at bedrock-mantle.
   */
  endpoint?: 'mantle' | 'runtime' | (string & {}) | null | undefined;
  /**
   * Base URL. One that ends in `/v1` or `/openai/v1` is taken as it is; to any other the one of both is added that the model
   * is served under. Default: AWS's own for the region.
   */
  baseURL?: string | null | undefined;
};

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
