// Documents in order of relevance, in Cohere's shape, since OpenAI has none.

export interface RerankCreateParams {
  /** Name, id or ARN of a rerank model: Cohere Rerank 3.5 or Amazon Rerank. */
  model: string;
  /** What is looked for. */
  query: string;
  /** 1 to 1,000 texts, or objects: the model reads their `text`, or all their members where they have others. */
  documents: Array<string | Record<string, unknown>>;
  /** How many of the best to give. Default: all. */
  top_n?: number | null;
  /** Whether the results repeat the documents. Default false. */
  return_documents?: boolean | null;
  /** How many tokens of each document are read (Cohere; else a warning). Default: the model's own. */
  max_tokens_per_doc?: number | null;
  /** Put into the model's own body as it is. */
  additionalModelRequestFields?: Record<string, unknown> | null;
}

/** The best first. */
export interface RerankResponse {
  id?: string;
  model: string;
  results: Array<RerankResponse.Result>;
}

export declare namespace RerankResponse {
  interface Result {
    /** Place of the document in the request. */
    index: number;
    /** 0 to 1. */
    relevance_score: number;
    /** With `return_documents`: the object that was given, `{ text }` for a text. */
    document?: { text: string } & Record<string, unknown>;
  }
}
