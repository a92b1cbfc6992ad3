// `bedrock-wrapper/ai-sdk/anthropic`: Claude with its own Messages body over InvokeModel, for the AI SDK.

import type { AnthropicProvider } from '@ai-sdk/anthropic' with { 'resolution-mode': 'import' };
import type { AmazonBedrockProviderSettings } from './settings.js';

type Model = ReturnType<AnthropicProvider['languageModel']>;

/** An id of Claude on Bedrock, of an inference profile, or an ARN. */
export type AmazonBedrockAnthropicModelId =
  | 'anthropic.claude-sonnet-5'
  | 'anthropic.claude-opus-4-6-v1'
  | 'anthropic.claude-sonnet-4-6'
  | 'us.anthropic.claude-sonnet-5'
  | 'us.anthropic.claude-opus-4-6-v1'
  | 'us.anthropic.claude-sonnet-4-6'
  | 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'
  | 'us.anthropic.claude-haiku-4-5-20251001-v1:0'
  | (string & {});

/** Where, as whom and how to call. */
export type AmazonBedrockAnthropicProviderSettings = Omit<AmazonBedrockProviderSettings, 'endpoint' | 'specificationVersion'> & {
  /**
   * `runtime`: InvokeModel at bedrock-runtime; `mantle`: Anthropic's API at bedrock-mantle, with its ids of models. A URL: the
   * same as `baseURL`. Default `runtime`.
   */
  endpoint?: 'runtime' | 'mantle' | (string & {}) | null | undefined;
};

/** Makes models of `@ai-sdk/anthropic` that call Bedrock. Their `provider` is `bedrock.anthropic.messages`. */
export interface AmazonBedrockAnthropicProvider {
  (modelId: AmazonBedrockAnthropicModelId): Model;
  /** As that of `@ai-sdk/anthropic`. */
  readonly specificationVersion: AnthropicProvider['specificationVersion'];
  languageModel(modelId: AmazonBedrockAnthropicModelId): Model;
  chat(modelId: AmazonBedrockAnthropicModelId): Model;
  messages(modelId: AmazonBedrockAnthropicModelId): Model;
  /** Throws `NoSuchModelError`: Claude makes no vectors. */
  embeddingModel(modelId: string): never;
  /** @deprecated Throws as `embeddingModel` does. */
  textEmbeddingModel(modelId: string): never;
  /** Throws `NoSuchModelError`: Claude makes no pictures. */
  imageModel(modelId: string): never;
  /** Tools of Anthropic's own. */
  tools: AnthropicProvider['tools'];
}

/** Opens nothing until a model is called. */
export declare function createAmazonBedrockAnthropic(settings?: AmazonBedrockAnthropicProviderSettings): AmazonBedrockAnthropicProvider;

/** A provider with the settings of the environment. */
export declare const amazonBedrockAnthropic: AmazonBedrockAnthropicProvider;

/** @deprecated Use {@link createAmazonBedrockAnthropic}. */
export declare const createBedrockAnthropic: typeof createAmazonBedrockAnthropic;
/** @deprecated Use {@link amazonBedrockAnthropic}. */
export declare const bedrockAnthropic: AmazonBedrockAnthropicProvider;

export type {
  /** @deprecated Use {@link AmazonBedrockAnthropicProvider}. */
  AmazonBedrockAnthropicProvider as BedrockAnthropicProvider,
  /** @deprecated Use {@link AmazonBedrockAnthropicProviderSettings}. */
  AmazonBedrockAnthropicProviderSettings as BedrockAnthropicProviderSettings,
  /** @deprecated Use {@link AmazonBedrockAnthropicModelId}. */
  AmazonBedrockAnthropicModelId as BedrockAnthropicModelId,
};
