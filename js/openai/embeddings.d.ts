// Texts as vectors.

/** What is to be embedded, in OpenAI's shape. */
export interface EmbeddingCreateParams<Input = EmbeddingInput> {
  /** Id or ARN of an embedding model: Titan, Cohere Embed, Nova Multimodal Embeddings or Marengo. */
  model: string;
  /**
   * A text, or up to 2,048 of them; they are sent in as few calls as the model allows, several at once. Tokens (of
   * `cl100k_base`) are turned into text. Empty text is an error.
   */
  input: Input;
  /** Length of the vectors; what the model does not have is an error. Default: the model's own. */
  dimensions?: number;
  /** `base64`: little-endian 32 bit floats. Default `float`. */
  encoding_format?: 'float' | 'base64';
  /** Not sent, with a warning. */
  user?: string;

  /** Bedrock: what the vectors are for (Cohere, Nova; else a warning). Default `search_document`. */
  input_type?: 'search_document' | 'search_query' | 'classification' | 'clustering' | (string & {}) | null;
  /** Bedrock: which end of a text that is too long is cut (Cohere, Nova). Default: none, such a text is an error. */
  truncate?: 'NONE' | 'START' | 'END' | 'LEFT' | 'RIGHT' | null;
  /** Bedrock: whether vectors have length 1 (Titan v2). Default true. */
  normalize?: boolean | null;
  /** Bedrock: put into the model's own body as it is. */
  additionalModelRequestFields?: Record<string, unknown> | null;
}

/** A text, texts, tokens, or lists of tokens. */
export type EmbeddingInput = string | Array<string> | Array<number> | Array<Array<number>>;

/** Bedrock: a text, a picture, or both together, as one vector. */
export interface EmbeddingContent {
  type?: 'text' | 'image_url';
  text?: string;
  /** A data URL or an http(s) URL. */
  image_url?: string | { url: string };
}

/** What Bedrock's multimodal models take beside {@link EmbeddingInput}. */
export type BedrockEmbeddingInput = EmbeddingInput | EmbeddingContent | Array<string | Array<number> | EmbeddingContent>;

/** Texts and images as vectors, in order of the input. */
export interface CreateEmbeddingResponse {
  object: 'list';
  data: Array<Embedding>;
  /** As it was asked for. */
  model: string;
  usage: CreateEmbeddingResponse.Usage;
}

export declare namespace CreateEmbeddingResponse {
  /** Tokens as Bedrock counted them, of all calls together. */
  interface Usage {
    prompt_tokens: number;
    total_tokens: number;
  }
}

/** One vector. */
export interface Embedding {
  object: 'embedding';
  /** Place of the text in the input. */
  index: number;
  embedding: Array<number>;
}

/** The answer to `encoding_format: 'base64'`. */
export interface Base64EmbeddingResponse extends Omit<CreateEmbeddingResponse, 'data'> {
  data: Array<Omit<Embedding, 'embedding'> & { embedding: string }>;
}
