// The models there are.

/** A model. */
export interface Model {
  /** To be given as `model`: a foundation model's id, an inference profile's id, or an ARN. */
  id: string;
  object: 'model';
  /** When it came out, or the profile was made: seconds since 1970. 0 where it is not known. */
  created: number;
  /** Its provider, e.g. `anthropic`. */
  owned_by: string;
  /** The date it reaches its end of life, where that is known. */
  shutdown_date?: string | null;
}

/** All models at once, to iterate: there is one page. */
export interface ModelsPage extends AsyncIterable<Model> {
  object: string;
  data: Array<Model>;
  getPaginatedItems(): Array<Model>;
  /** Always false. */
  hasNextPage(): boolean;
}
