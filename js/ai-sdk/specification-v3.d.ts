// Version 3 of the specification, which `ai` 6 calls: what in it differs from version 4.

import type {
  EmbeddingModelV4,
  EmbeddingModelV4CallOptions,
  EmbeddingModelV4Result,
  ImageModelV4,
  ImageModelV4CallOptions,
  ImageModelV4Result,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4File,
  LanguageModelV4FilePart,
  LanguageModelV4GenerateResult,
  LanguageModelV4ReasoningPart,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  LanguageModelV4Text,
  LanguageModelV4TextPart,
  LanguageModelV4ToolApprovalResponsePart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4ToolResultPart,
  RerankingModelV4,
  RerankingModelV4CallOptions,
  RerankingModelV4Result,
  SharedV4ProviderOptions,
  SharedV4Warning,
} from './specification.js';

export type SharedV3Warning = Exclude<SharedV4Warning, { type: 'deprecated' }>;

export type LanguageModelV3 = {
  readonly specificationVersion: 'v3';
  readonly provider: string;
  readonly modelId: string;
  /** By media type: URLs that the model reads itself. `ai` downloads all others. */
  supportedUrls: PromiseLike<Record<string, RegExp[]>> | Record<string, RegExp[]>;
  doGenerate(options: LanguageModelV3CallOptions): PromiseLike<LanguageModelV3GenerateResult>;
  doStream(options: LanguageModelV3CallOptions): PromiseLike<LanguageModelV3StreamResult>;
};

export type LanguageModelV3CallOptions = Omit<LanguageModelV4CallOptions, 'prompt' | 'reasoning'> & { prompt: LanguageModelV3Message[] };

export type LanguageModelV3Message = (
  | { role: 'system'; content: string }
  | { role: 'user'; content: Array<LanguageModelV4TextPart | LanguageModelV3FilePart> }
  | {
      role: 'assistant';
      content: Array<
        LanguageModelV4TextPart | LanguageModelV3FilePart | LanguageModelV4ReasoningPart | LanguageModelV4ToolCallPart | LanguageModelV3ToolResultPart
      >;
    }
  | { role: 'tool'; content: Array<LanguageModelV3ToolResultPart | LanguageModelV4ToolApprovalResponsePart> }
) & { providerOptions?: SharedV4ProviderOptions };

/** A file as bytes, base64 or URL. */
export interface LanguageModelV3FilePart extends Omit<LanguageModelV4FilePart, 'data'> {
  data: Uint8Array | string | URL;
}

export interface LanguageModelV3ToolResultPart extends Omit<LanguageModelV4ToolResultPart, 'output'> {
  output: LanguageModelV3ToolResultOutput;
}

export type LanguageModelV3ToolResultOutput =
  | Exclude<LanguageModelV4ToolResultOutput, { type: 'content' }>
  | {
      type: 'content';
      value: Array<
        (
          | { type: 'text'; text: string }
          | { type: 'file-data'; data: string; mediaType: string; filename?: string }
          | { type: 'file-url'; url: string; mediaType?: string }
          | { type: 'file-id'; fileId: string | Record<string, string> }
          | { type: 'image-data'; data: string; mediaType: string }
          | { type: 'image-url'; url: string }
          | { type: 'image-file-id'; fileId: string | Record<string, string> }
          | { type: 'custom' }
        ) & { providerOptions?: SharedV4ProviderOptions }
      >;
    };

export type LanguageModelV3GenerateResult = Omit<LanguageModelV4GenerateResult, 'content' | 'request' | 'warnings'> & {
  content: LanguageModelV3Content[];
  request?: { body?: unknown };
  warnings: SharedV3Warning[];
};

export type LanguageModelV3StreamResult = Omit<LanguageModelV4StreamResult, 'stream' | 'request'> & {
  stream: ReadableStream<LanguageModelV3StreamPart>;
  request?: { body?: unknown };
};

export type LanguageModelV3Content =
  | Exclude<LanguageModelV4Content, LanguageModelV4Text | LanguageModelV4File>
  | Omit<LanguageModelV4Text, 'citations'>
  | LanguageModelV3File;

export type LanguageModelV3File = Omit<LanguageModelV4File, 'data'> & { data: string | Uint8Array };

export type LanguageModelV3StreamPart =
  | Exclude<LanguageModelV4StreamPart, LanguageModelV4File | { type: 'stream-start' } | { type: 'text-end' }>
  | { type: 'stream-start'; warnings: SharedV3Warning[] }
  | Omit<Extract<LanguageModelV4StreamPart, { type: 'text-end' }>, 'citations'>
  | LanguageModelV3File;

export type EmbeddingModelV3 = Omit<EmbeddingModelV4, 'specificationVersion' | 'doEmbed'> & {
  readonly specificationVersion: 'v3';
  doEmbed(options: Omit<EmbeddingModelV4CallOptions, 'dimensions'>): PromiseLike<InV3<EmbeddingModelV4Result>>;
};

export type ImageModelV3 = Omit<ImageModelV4, 'specificationVersion' | 'supportsFileInputs' | 'supportsMaskInputs' | 'doGenerate'> & {
  readonly specificationVersion: 'v3';
  doGenerate(options: ImageModelV4CallOptions): PromiseLike<Omit<InV3<ImageModelV4Result>, 'isRetryable'>>;
};

export type RerankingModelV3 = Omit<RerankingModelV4, 'specificationVersion' | 'doRerank'> & {
  readonly specificationVersion: 'v3';
  doRerank(options: RerankingModelV4CallOptions): PromiseLike<Omit<RerankingModelV4Result, 'warnings'> & { warnings?: SharedV3Warning[] }>;
};

type InV3<Result> = Omit<Result, 'warnings'> & { warnings: SharedV3Warning[] };
