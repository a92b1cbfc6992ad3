// What calls of `ai` may hold under `providerOptions.amazonBedrock` (or `bedrock`), and the second arguments of a provider's methods.

import type { JSONObject } from './specification.js';

/** Second argument of `bedrock(modelId, settings)`. */
export type AmazonBedrockChatModelSettings = {
  /** Whose model it is, where the id does not tell: an ARN of an application inference profile. */
  modelFamily?: 'anthropic' | undefined;
};

/** Second argument of `bedrock.embeddingModel(modelId, settings)`. */
export type AmazonBedrockEmbeddingModelSettings = {
  /** Whose model it is, where the id does not tell: an ARN of an application inference profile. */
  modelFamily?: 'titan' | 'cohere' | 'nova' | undefined;
};

/**
 * Of `generateText`, `streamText` and the like. Members that are not named here go into the Converse request as they are. Those
 * from `guardrailConfig` on are Converse's own:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export type AmazonBedrockLanguageModelChatOptions = {
  /**
   * How a JSON answer is asked for. `outputFormat`: by the model's own parameter for it; `jsonTool`: by a tool named `json`;
   * `auto`: by the first where the model has it. Default `auto`.
   */
  structuredOutputMode?: 'outputFormat' | 'jsonTool' | 'auto' | undefined;
  /** Parameters of the model that Converse has no member for. What is derived from other options is merged in. */
  additionalModelRequestFields?: Record<string, any> | undefined;
  /** How the model thinks before it answers. It wins over `reasoning` of the call. */
  reasoningConfig?: {
    /** `enabled`: with `budgetTokens`; `adaptive`: as the model sees fit. */
    type?: 'enabled' | 'disabled' | 'adaptive' | undefined;
    /** Tokens, 1024 or more; added to `maxOutputTokens`. Claude only. */
    budgetTokens?: number | undefined;
    maxReasoningEffort?: 'low' | 'medium' | 'high' | 'xhigh' | 'max' | undefined;
    /** Whether the answer shows what was thought. Claude with `adaptive` only. */
    display?: 'omitted' | 'summarized' | undefined;
  } | undefined;
  /** Beta features of Claude, as in Anthropic's header `anthropic-beta`. */
  anthropicBeta?: string[] | undefined;
  /** https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html */
  serviceTier?: 'reserved' | 'priority' | 'default' | 'flex' | undefined;
  /** With `trace`, what the guardrail did is in `providerMetadata`. */
  guardrailConfig?: {
    guardrailIdentifier: string;
    guardrailVersion: string;
    trace?: 'enabled' | 'disabled' | 'enabled_full' | undefined;
    /** Of streams only. `sync`: text is held back until it was checked. */
    streamProcessingMode?: 'sync' | 'async' | undefined;
  } | undefined;
  performanceConfig?: { latency?: 'standard' | 'optimized' | undefined } | undefined;
  /** For the logs of invocations; up to 16 pairs of up to 256 characters. */
  requestMetadata?: Record<string, string> | undefined;
  /** Of a prompt of Prompt management, whose ARN is the model. */
  promptVariables?: Record<string, { text: string }>;
  /** JSON Pointers to members of the model's own answer, up to 10. */
  additionalModelResponseFieldPaths?: string[] | undefined;
  outputConfig?: JSONObject | undefined;
};

/** Of a message, a part of one, or a tool: what comes before is kept in the cache for requests that begin like it. */
export type AmazonBedrockCachePointOptions = {
  cachePoint?: {
    type: 'default';
    /** How long; default `5m`. */
    ttl?: '5m' | '1h' | undefined;
  } | undefined;
};

/** Of a part of a message with text. */
export type AmazonBedrockTextPartProviderOptions = AmazonBedrockCachePointOptions & {
  /** Whether a guardrail looks at it; with any, it looks at nothing else. */
  guardContent?: boolean | undefined;
  guardContentQualifiers?: Array<'grounding_source' | 'query' | 'guard_content'> | undefined;
};

/** Of a part of a message with an image. */
export type AmazonBedrockImagePartProviderOptions = AmazonBedrockCachePointOptions & {
  /** Whether a guardrail looks at it; with any, it looks at nothing else. */
  guardContent?: boolean | undefined;
};

/** Of a part of a message, or of a tool's result, with a document. */
export type AmazonBedrockFilePartProviderOptions = AmazonBedrockCachePointOptions & {
  /** Whether the answer says what in the document it rests on. */
  citations?: { enabled: boolean } | undefined;
};

/** Of `embed` and `embedMany`. */
export type AmazonBedrockEmbeddingModelOptions = {
  /** Titan Text Embeddings V2: length of the vectors. Default 1024. */
  dimensions?: 256 | 512 | 1024 | undefined;
  /** Titan Text Embeddings V2: whether vectors have the length 1. Default true. */
  normalize?: boolean | undefined;
  /** Nova: length of the vectors. Default 1024. */
  embeddingDimension?: 256 | 384 | 1024 | 3072 | undefined;
  /** Nova: what the vectors are for. Default `GENERIC_INDEX`. */
  embeddingPurpose?:
    | 'GENERIC_INDEX'
    | 'TEXT_RETRIEVAL'
    | 'IMAGE_RETRIEVAL'
    | 'VIDEO_RETRIEVAL'
    | 'DOCUMENT_RETRIEVAL'
    | 'AUDIO_RETRIEVAL'
    | 'GENERIC_RETRIEVAL'
    | 'CLASSIFICATION'
    | 'CLUSTERING' | undefined;
  /** Cohere: what the vectors are for. Default `search_query`. */
  inputType?: 'search_document' | 'search_query' | 'classification' | 'clustering' | undefined;
  /** Cohere and Nova: which end of a value that is too long is cut. Default of Nova `END`. */
  truncate?: 'NONE' | 'START' | 'END' | undefined;
  /** Cohere Embed v4: length of the vectors. Default 1536. */
  outputDimension?: 256 | 512 | 1024 | 1536 | undefined;
};

/** Of `generateImage`. */
export type AmazonBedrockImageModelOptions = {
  /** Default `standard`. */
  quality?: 'standard' | 'premium' | undefined;
  /** What the image must not show. */
  negativeText?: string | undefined;
  /** How closely the prompt is followed, 1.1 to 10. Default 6.5. */
  cfgScale?: number | undefined;
  style?:
    | '3D_ANIMATED_FAMILY_FILM'
    | 'DESIGN_SKETCH'
    | 'FLAT_VECTOR_ILLUSTRATION'
    | 'GRAPHIC_NOVEL_ILLUSTRATION'
    | 'MAXIMALISM'
    | 'MIDCENTURY_RETRO'
    | 'PHOTOREALISM'
    | 'SOFT_DIGITAL_PAINTING' | undefined;
  /** Default: what the files and the mask of the call suggest. */
  taskType?: 'TEXT_IMAGE' | 'IMAGE_VARIATION' | 'INPAINTING' | 'OUTPAINTING' | 'BACKGROUND_REMOVAL' | undefined;
  /** The part of the image to change or to keep, in words instead of a mask. */
  maskPrompt?: string | undefined;
  /** How hard the edge of the mask is. Default `DEFAULT`. */
  outPaintingMode?: 'DEFAULT' | 'PRECISE' | undefined;
  /** How like the given images a variation is, 0.2 to 1. Default 0.7. */
  similarityStrength?: number | undefined;
  /** What a picture given with `TEXT_IMAGE` tells of: its edges or its parts. Default `CANNY_EDGE`. */
  controlMode?: 'CANNY_EDGE' | 'SEGMENTATION' | undefined;
  /** How closely that picture is followed, 0 to 1. Default 0.7. */
  controlStrength?: number | undefined;
};

/** Of `rerank`. */
export type AmazonBedrockRerankingModelOptions = {
  /** Where an earlier answer ended. */
  nextToken?: string | undefined;
  /** Parameters of the model. */
  additionalModelRequestFields?: Record<string, unknown> | undefined;
};

type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max';
type BlockBinding = { prefixMismatchBehavior: 'error' | 'drop_block' };
type Amount<Unit extends string> = { type: Unit; value: number };

/** What `@ai-sdk/anthropic` reads under `providerOptions.anthropic`, e.g. of models of `bedrock-wrapper/ai-sdk/anthropic`. */
export type AnthropicProviderOptions = {
  sendReasoning?: boolean | undefined;
  structuredOutputMode?: 'outputFormat' | 'jsonTool' | 'auto' | undefined;
  thinking?:
    | { type: 'adaptive'; display?: 'omitted' | 'summarized' | 'updates' | undefined; blockBinding?: BlockBinding | undefined }
    | { type: 'enabled'; budgetTokens?: number | undefined }
    | { type: 'disabled' }
    | { type: 'between_tools' }
    | { type?: undefined; blockBinding: BlockBinding } | undefined;
  disableParallelToolUse?: boolean | undefined;
  cacheControl?: { type: 'ephemeral'; ttl?: '5m' | '1h' | undefined } | undefined;
  metadata?: { userId?: string | undefined } | undefined;
  mcpServers?: Array<{
    type: 'url';
    name: string;
    url: string;
    authorizationToken?: string | null | undefined;
    toolConfiguration?: { enabled?: boolean | null | undefined; allowedTools?: string[] | null | undefined } | null | undefined;
  }> | undefined;
  container?: {
    id?: string | undefined;
    skills?: Array<
      { type: 'anthropic'; skillId: string; version?: string | undefined } | { type: 'custom'; providerReference: Record<string, string>; version?: string | undefined }
    > | undefined;
  } | undefined;
  toolStreaming?: boolean | undefined;
  effort?: Effort | undefined;
  taskBudget?: { type: 'tokens'; total: number; remaining?: number | undefined } | undefined;
  speed?: 'fast' | 'standard' | undefined;
  serviceTier?: 'auto' | 'standard_only' | 'standard' | 'priority' | undefined;
  inferenceGeo?: 'us' | 'global' | undefined;
  fallbacks?:
    | 'default'
    | Array<{ model: string; max_tokens?: number | undefined; thinking?: Record<string, unknown> | undefined; output_config?: Record<string, unknown> | undefined; speed?: 'fast' | 'standard' | undefined }> | undefined;
  anthropicBeta?: string[] | undefined;
  safeguards?: Array<{ type: 'dangerous_tool_use'; classifierContext?: Record<string, unknown> | undefined }> | undefined;
  compaction?: { type: 'summarize'; instructions?: string | undefined } | undefined;
  contextManagement?: {
    edits: Array<
      | {
          type: 'clear_tool_uses_20250919';
          trigger?: Amount<'input_tokens'> | Amount<'tool_uses'> | undefined;
          keep?: Amount<'tool_uses'> | undefined;
          clearAtLeast?: Amount<'input_tokens'> | undefined;
          clearToolInputs?: boolean | undefined;
          excludeTools?: string[] | undefined;
        }
      | { type: 'clear_thinking_20251015'; keep?: 'all' | Amount<'thinking_turns'> | undefined }
      | { type: 'compact_20260112'; trigger?: Amount<'input_tokens'> | undefined; pauseAfterCompaction?: boolean | undefined; instructions?: string | undefined }
    >;
  } | undefined;
};
