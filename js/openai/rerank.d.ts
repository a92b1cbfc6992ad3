// Documents in order of relevance, in Cohere's shape, since OpenAI has none.

export interface RerankCreateParams {
  /** Name, id or ARN of a rerank model: Cohere Rerank 3.5 or Amazon Rerank. */
  model: string;
  /** What is looked for. */
  query: string;
  /** 1 to 1,000 texts. */
  documents: Array<string>;
  /** How many of the best to give. Default: all. */
  top_n?: number | null;
  /** Whether the results repeat the documents. Default false. */
  return_documents?: boolean | null;
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
    /** With `return_documents`. */
    document?: { text: string };
  }
}
