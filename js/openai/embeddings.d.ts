// Texts as vectors.

/** What is to be embedded, in OpenAI's shape. */
export interface EmbeddingCreateParams<Input = EmbeddingInput> {
  /** Name, id or ARN of an embedding model: Titan, Cohere Embed or Nova Multimodal Embeddings. */
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

  /** Bedrock: what the vectors are for (Cohere). Default `search_document`. */
  input_type?: 'search_document' | 'search_query' | 'classification' | 'clustering' | null;
  /** Bedrock: which end of a text that is too long is cut (Cohere). Default: none, such a text is an error. */
  truncate?: 'NONE' | 'START' | 'END' | 'LEFT' | 'RIGHT' | null;
  /** Bedrock: whether vectors have length 1 (Titan v2). Default true. */
  normalize?: boolean | null;
}

/** A text, texts, tokens, or lists of tokens. */
export type EmbeddingInput = string | Array<string> | Array<number> | Array<Array<number>>;

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
