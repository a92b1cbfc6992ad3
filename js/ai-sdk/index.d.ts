// `bedrock-wrapper/ai-sdk`: a provider for the AI SDK, with the names of `@ai-sdk/amazon-bedrock`.

import type { AmazonBedrockChatModelSettings, AmazonBedrockEmbeddingModelSettings } from './options.js';
import type { AmazonBedrockProviderSettings } from './settings.js';
import type { EmbeddingModelV3, ImageModelV3, LanguageModelV3, RerankingModelV3 } from './specification-v3.js';
import type { EmbeddingModelV4, ImageModelV4, LanguageModelV4, RerankingModelV4 } from './specification.js';
import type { AnthropicTools } from './tools.js';

export type * from './errors.js';
export type * from './options.js';
export type * from './settings.js';
export type * from './specification.js';
export type * from './specification-v3.js';
export type { AnthropicTools } from './tools.js';
export type {
  /** @deprecated Use `AmazonBedrockLanguageModelChatOptions` instead. */
  AmazonBedrockLanguageModelChatOptions as AmazonBedrockLanguageModelOptions,
  /** @deprecated Use `AmazonBedrockLanguageModelChatOptions` instead. */
  AmazonBedrockLanguageModelChatOptions as BedrockProviderOptions,
  /** @deprecated Use `AmazonBedrockRerankingModelOptions` instead. */
  AmazonBedrockRerankingModelOptions as BedrockRerankingOptions,
} from './options.js';

/** Of this package. */
export declare const VERSION: string;

/** A provider with the settings of the environment. */
export declare const amazonBedrock: AmazonBedrockProvider;
/** The same as `amazonBedrock`. */
export declare const bedrock: AmazonBedrockProvider;

/**
 * A provider. The native part is loaded by the first call of one of its models; until then nothing is read, sent or checked but
 * whether settings contradict each other.
 */
export declare function createAmazonBedrock(settings: AmazonBedrockProviderSettings & { specificationVersion: 'v3' }): AmazonBedrockProviderV3;
export declare function createAmazonBedrock(settings?: AmazonBedrockProviderSettings & { specificationVersion?: 'v4' | null | undefined }): AmazonBedrockProvider;
/** The same as `createAmazonBedrock`. */
export declare const createBedrock: typeof createAmazonBedrock;

/** Id, ARN or alias of a model. */
export type ModelId = string & {};

/** A provider of models for `ai` 7. */
export interface AmazonBedrockProvider extends Models<LanguageModelV4, EmbeddingModelV4, ImageModelV4, RerankingModelV4> {
  readonly specificationVersion: 'v4';
}

/** A provider of models for `ai` 6. */
export interface AmazonBedrockProviderV3 extends Models<LanguageModelV3, EmbeddingModelV3, ImageModelV3, RerankingModelV3> {
  readonly specificationVersion: 'v3';
}

/** The function and methods of a provider. */
export interface Models<Language, Embedding, Image, Reranking> {
  /** A model that is called over Converse: the same as `languageModel`. */
  (modelId: ModelId, settings?: AmazonBedrockChatModelSettings): Language;
  /** A model that is called over Converse. */
  languageModel(modelId: ModelId, settings?: AmazonBedrockChatModelSettings): Language;

  /** A model of Titan, Cohere or Nova that embeds text. */
  embedding(modelId: ModelId, settings?: AmazonBedrockEmbeddingModelSettings): Embedding;
  /** The same as `embedding`. */
  embeddingModel(modelId: ModelId, settings?: AmazonBedrockEmbeddingModelSettings): Embedding;
  /** @deprecated Use `embedding` instead. */
  textEmbedding(modelId: ModelId, settings?: AmazonBedrockEmbeddingModelSettings): Embedding;
  /** @deprecated Use `embeddingModel` instead. */
  textEmbeddingModel(modelId: ModelId, settings?: AmazonBedrockEmbeddingModelSettings): Embedding;

  /** A model of Nova Canvas, Titan or Stability that makes images. */
  image(modelId: ModelId): Image;
  /** The same as `image`. */
  imageModel(modelId: ModelId): Image;

  /** A model that sorts documents by how well they answer a question. */
  reranking(modelId: ModelId): Reranking;
  /** The same as `reranking`. */
  rerankingModel(modelId: ModelId): Reranking;

  /** Anthropic's own tools, for Claude. */
  tools: AnthropicTools;
}
