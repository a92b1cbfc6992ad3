// The specification of models that `ai` 7 calls: version 4, as `@ai-sdk/provider` 4.0.38 has it. Written here since that package
// need not be where TypeScript looks for it; of what models give, only what those of Bedrock do. So they fit the types of all
// versions of `ai` 7, which add to the specification now and then. `__test__/types/ai-sdk.mts` holds each type to the original.

export type JSONValue = null | string | number | boolean | Readonly<JSONObject> | readonly JSONValue[];
export type JSONObject = { [key: string]: JSONValue | undefined };

/** JSON as models give it, which is the caller's to change. */
type Json = null | string | number | boolean | JsonObject | Json[];
type JsonObject = { [key: string]: Json | undefined };

/** By provider: `{ bedrock: {…}, amazonBedrock: {…}, anthropic: {…} }`. */
export type SharedV4ProviderOptions = Record<string, JSONObject>;
/** By provider, as options are. */
export type SharedV4ProviderMetadata = Record<string, JsonObject>;
export type SharedV4Headers = Record<string, string>;

/** What a call asked for and did not get, or not as it asked. */
export type SharedV4Warning =
  | { type: 'unsupported'; feature: string; details?: string }
  | { type: 'compatibility'; feature: string; details?: string }
  | { type: 'deprecated'; setting: string; message: string }
  | { type: 'other'; message: string };

/** Bytes, as they are or as base64. */
export interface SharedV4FileDataData {
  type: 'data';
  data: Uint8Array | string;
}

export interface SharedV4FileDataUrl {
  type: 'url';
  url: URL;
  originalUrl?: string;
}

export interface SharedV4FileDataReference {
  type: 'reference';
  reference: Record<string, string> & { type?: never };
}

export interface SharedV4FileDataText {
  type: 'text';
  text: string;
}

export type SharedV4FileData = SharedV4FileDataData | SharedV4FileDataUrl | SharedV4FileDataReference | SharedV4FileDataText;

export type LanguageModelV4 = {
  readonly specificationVersion: 'v4';
  readonly provider: string;
  readonly modelId: string;
  /** By media type: URLs that the model reads itself. `ai` downloads all others. */
  supportedUrls: PromiseLike<Record<string, RegExp[]>> | Record<string, RegExp[]>;
  doGenerate(options: LanguageModelV4CallOptions): PromiseLike<LanguageModelV4GenerateResult>;
  doStream(options: LanguageModelV4CallOptions): PromiseLike<LanguageModelV4StreamResult>;
};

export type LanguageModelV4CallOptions = {
  prompt: LanguageModelV4Message[];
  maxOutputTokens?: number;
  temperature?: number;
  stopSequences?: string[];
  topP?: number;
  topK?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  responseFormat?: { type: 'text' } | { type: 'json'; schema?: any; name?: string; description?: string };
  seed?: number;
  tools?: Array<LanguageModelV4FunctionTool | LanguageModelV4ProviderTool>;
  toolChoice?: { type: 'auto' } | { type: 'none' } | { type: 'required' } | { type: 'tool'; toolName: string };
  includeRawChunks?: boolean;
  abortSignal?: AbortSignal;
  headers?: Record<string, string | undefined>;
  reasoning?: 'provider-default' | 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';
  providerOptions?: SharedV4ProviderOptions;
};

export type LanguageModelV4FunctionTool = {
  type: 'function';
  name: string;
  description?: string;
  /** JSON Schema, draft 7. */
  inputSchema: any;
  inputExamples?: Array<{ input: JSONObject }>;
  strict?: boolean;
  providerOptions?: SharedV4ProviderOptions;
};

export type LanguageModelV4ProviderTool = {
  type: 'provider';
  id: `${string}.${string}`;
  name: string;
  args: Record<string, unknown>;
};

export type LanguageModelV4Message = (
  | { role: 'system'; content: string }
  | { role: 'user'; content: Array<LanguageModelV4TextPart | LanguageModelV4FilePart> }
  | {
      role: 'assistant';
      content: Array<
        | LanguageModelV4TextPart
        | LanguageModelV4FilePart
        | LanguageModelV4CustomPart
        | LanguageModelV4ReasoningPart
        | LanguageModelV4ReasoningFilePart
        | LanguageModelV4ToolCallPart
        | LanguageModelV4ToolResultPart
      >;
    }
  | { role: 'tool'; content: Array<LanguageModelV4ToolResultPart | LanguageModelV4ToolApprovalResponsePart> }
) & { providerOptions?: SharedV4ProviderOptions };

export interface LanguageModelV4TextPart {
  type: 'text';
  text: string;
  providerOptions?: SharedV4ProviderOptions;
}

export interface LanguageModelV4FilePart {
  type: 'file';
  filename?: string;
  data: SharedV4FileData;
  /** Whole, e.g. `image/png`, or its first half. */
  mediaType: string;
  providerOptions?: SharedV4ProviderOptions;
}

export interface LanguageModelV4CustomPart {
  type: 'custom';
  kind: `${string}.${string}`;
  providerOptions?: SharedV4ProviderOptions;
}

export interface LanguageModelV4ReasoningPart {
  type: 'reasoning';
  text: string;
  providerOptions?: SharedV4ProviderOptions;
}

export interface LanguageModelV4ReasoningFilePart {
  type: 'reasoning-file';
  data: SharedV4FileDataData | SharedV4FileDataUrl;
  mediaType: string;
  providerOptions?: SharedV4ProviderOptions;
}

export interface LanguageModelV4ToolCallPart {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  input: unknown;
  providerExecuted?: boolean;
  providerOptions?: SharedV4ProviderOptions;
}

export interface LanguageModelV4ToolResultPart {
  type: 'tool-result';
  toolCallId: string;
  toolName: string;
  output: LanguageModelV4ToolResultOutput;
  providerOptions?: SharedV4ProviderOptions;
}

export interface LanguageModelV4ToolApprovalResponsePart {
  type: 'tool-approval-response';
  approvalId: string;
  approved: boolean;
  reason?: string;
  providerOptions?: SharedV4ProviderOptions;
}

export type LanguageModelV4ToolResultOutput =
  | { type: 'text'; value: string; providerOptions?: SharedV4ProviderOptions }
  | { type: 'json'; value: JSONValue; providerOptions?: SharedV4ProviderOptions }
  | { type: 'execution-denied'; reason?: string; providerOptions?: SharedV4ProviderOptions }
  | { type: 'error-text'; value: string; providerOptions?: SharedV4ProviderOptions }
  | { type: 'error-json'; value: JSONValue; providerOptions?: SharedV4ProviderOptions }
  | {
      type: 'content';
      value: Array<
        | { type: 'text'; text: string; providerOptions?: SharedV4ProviderOptions }
        | { type: 'file'; data: SharedV4FileData; mediaType: string; filename?: string; providerOptions?: SharedV4ProviderOptions }
        | { type: 'custom'; providerOptions?: SharedV4ProviderOptions }
      >;
    };

export type LanguageModelV4GenerateResult = {
  content: LanguageModelV4Content[];
  finishReason: LanguageModelV4FinishReason;
  usage: LanguageModelV4Usage;
  providerMetadata?: SharedV4ProviderMetadata;
  request?: { url?: string; body?: unknown };
  response?: LanguageModelV4ResponseMetadata & { headers?: SharedV4Headers; body?: unknown };
  warnings: SharedV4Warning[];
};

export type LanguageModelV4StreamResult = {
  stream: ReadableStream<LanguageModelV4StreamPart>;
  request?: { url?: string; body?: unknown };
  response?: { headers?: SharedV4Headers };
};

export interface LanguageModelV4ResponseMetadata {
  id?: string;
  timestamp?: Date;
  modelId?: string;
}

export type LanguageModelV4FinishReason = {
  /** Also `interrupted`, which is not said here since earlier versions of `ai` 7 have no such type. */
  unified: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'other';
  /** Bedrock's own, e.g. `end_turn`. */
  raw: string | undefined;
};

/** Tokens. */
export type LanguageModelV4Usage = {
  inputTokens: { total: number | undefined; noCache: number | undefined; cacheRead: number | undefined; cacheWrite: number | undefined };
  outputTokens: { total: number | undefined; text: number | undefined; reasoning: number | undefined };
  /** As Bedrock counts them. */
  raw?: JsonObject;
};

export type LanguageModelV4Content =
  | LanguageModelV4Text
  | LanguageModelV4Reasoning
  | LanguageModelV4File
  | LanguageModelV4Source
  | LanguageModelV4ToolCall
  | LanguageModelV4ToolResult;

export type LanguageModelV4Text = {
  type: 'text';
  text: string;
  citations?: LanguageModelV4Citation[];
  providerMetadata?: SharedV4ProviderMetadata;
};

export type LanguageModelV4Citation = {
  source: LanguageModelV4Source;
  startIndex?: number;
  endIndex?: number;
  citedText?: string;
};

export type LanguageModelV4Reasoning = { type: 'reasoning'; text: string; providerMetadata?: SharedV4ProviderMetadata };

export type LanguageModelV4File = {
  type: 'file';
  mediaType: string;
  data: SharedV4FileDataData | SharedV4FileDataUrl;
  providerMetadata?: SharedV4ProviderMetadata;
};

export type LanguageModelV4Source =
  | { type: 'source'; sourceType: 'url'; id: string; url: string; title?: string; providerMetadata?: SharedV4ProviderMetadata }
  | {
      type: 'source';
      sourceType: 'document';
      id: string;
      mediaType: string;
      title: string;
      filename?: string;
      providerMetadata?: SharedV4ProviderMetadata;
    };

export type LanguageModelV4ToolCall = {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  /** JSON. */
  input: string;
  providerExecuted?: boolean;
  dynamic?: boolean;
  providerMetadata?: SharedV4ProviderMetadata;
};

export type LanguageModelV4ToolResult = {
  type: 'tool-result';
  toolCallId: string;
  toolName: string;
  result: NonNullable<Json>;
  isError?: boolean;
  preliminary?: boolean;
  dynamic?: boolean;
  providerMetadata?: SharedV4ProviderMetadata;
};

export type LanguageModelV4StreamPart =
  | { type: 'stream-start'; warnings: SharedV4Warning[] }
  | ({ type: 'response-metadata' } & LanguageModelV4ResponseMetadata)
  | { type: 'text-start'; id: string; providerMetadata?: SharedV4ProviderMetadata }
  | { type: 'text-delta'; id: string; delta: string; providerMetadata?: SharedV4ProviderMetadata }
  | { type: 'text-end'; id: string; citations?: LanguageModelV4Citation[]; providerMetadata?: SharedV4ProviderMetadata }
  | { type: 'reasoning-start'; id: string; providerMetadata?: SharedV4ProviderMetadata }
  | { type: 'reasoning-delta'; id: string; delta: string; providerMetadata?: SharedV4ProviderMetadata }
  | { type: 'reasoning-end'; id: string; providerMetadata?: SharedV4ProviderMetadata }
  | {
      type: 'tool-input-start';
      id: string;
      toolName: string;
      providerExecuted?: boolean;
      dynamic?: boolean;
      title?: string;
      providerMetadata?: SharedV4ProviderMetadata;
    }
  | { type: 'tool-input-delta'; id: string; delta: string; providerMetadata?: SharedV4ProviderMetadata }
  | { type: 'tool-input-end'; id: string; providerMetadata?: SharedV4ProviderMetadata }
  | LanguageModelV4ToolCall
  | LanguageModelV4ToolResult
  | LanguageModelV4File
  | LanguageModelV4Source
  | { type: 'raw'; rawValue: unknown }
  | { type: 'error'; error: unknown }
  | { type: 'finish'; usage: LanguageModelV4Usage; finishReason: LanguageModelV4FinishReason; providerMetadata?: SharedV4ProviderMetadata };

export type EmbeddingModelV4 = {
  readonly specificationVersion: 'v4';
  readonly provider: string;
  readonly modelId: string;
  readonly maxEmbeddingsPerCall: PromiseLike<number | undefined> | number | undefined;
  readonly supportsParallelCalls: PromiseLike<boolean> | boolean;
  doEmbed(options: EmbeddingModelV4CallOptions): PromiseLike<EmbeddingModelV4Result>;
};

export type EmbeddingModelV4CallOptions = {
  values: string[];
  dimensions?: number;
  abortSignal?: AbortSignal;
  providerOptions?: SharedV4ProviderOptions;
  headers?: SharedV4Headers;
};

export type EmbeddingModelV4Result = {
  embeddings: number[][];
  usage?: { tokens: number };
  providerMetadata?: SharedV4ProviderMetadata;
  response?: { headers?: SharedV4Headers; body?: unknown };
  warnings: SharedV4Warning[];
};

export type ImageModelV4 = {
  readonly specificationVersion: 'v4';
  readonly provider: string;
  readonly modelId: string;
  readonly maxImagesPerCall: number | undefined | ((options: { modelId: string }) => PromiseLike<number | undefined> | number | undefined);
  readonly supportsFileInputs?: PromiseLike<boolean | undefined> | boolean;
  readonly supportsMaskInputs?: PromiseLike<boolean | undefined> | boolean;
  doGenerate(options: ImageModelV4CallOptions): PromiseLike<ImageModelV4Result>;
};

export type ImageModelV4CallOptions = {
  prompt: string | undefined;
  n: number;
  size: `${number}x${number}` | undefined;
  aspectRatio: `${number}:${number}` | undefined;
  seed: number | undefined;
  files: ImageModelV4File[] | undefined;
  mask: ImageModelV4File | undefined;
  providerOptions: SharedV4ProviderOptions;
  abortSignal?: AbortSignal;
  headers?: Record<string, string | undefined>;
};

export type ImageModelV4File =
  | { type: 'file'; mediaType: string; data: string | Uint8Array; providerOptions?: SharedV4ProviderOptions }
  | { type: 'url'; url: string; providerOptions?: SharedV4ProviderOptions };

export type ImageModelV4Result = {
  /** Base64 or bytes. */
  images: string[] | Uint8Array[];
  isRetryable?: boolean;
  warnings: SharedV4Warning[];
  providerMetadata?: Record<string, { images: Json[] } & JsonObject>;
  response: { timestamp: Date; modelId: string; headers: Record<string, string> | undefined };
  usage?: { inputTokens: number | undefined; outputTokens: number | undefined; totalTokens: number | undefined };
};

export type RerankingModelV4 = {
  readonly specificationVersion: 'v4';
  readonly provider: string;
  readonly modelId: string;
  doRerank(options: RerankingModelV4CallOptions): PromiseLike<RerankingModelV4Result>;
};

export type RerankingModelV4CallOptions = {
  documents: { type: 'text'; values: string[] } | { type: 'object'; values: JSONObject[] };
  query: string;
  topN?: number;
  abortSignal?: AbortSignal;
  providerOptions?: SharedV4ProviderOptions;
  headers?: SharedV4Headers;
};

export type RerankingModelV4Result = {
  /** Best first; `index` is the place in `documents`. */
  ranking: Array<{ index: number; relevanceScore: number }>;
  providerMetadata?: SharedV4ProviderMetadata;
  warnings?: SharedV4Warning[];
  response?: LanguageModelV4ResponseMetadata & { headers?: SharedV4Headers; body?: unknown };
};
