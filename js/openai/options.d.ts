// Where, as whom and how to call.

/**
 * Where, as whom and how to call. All of it may be left out: then the environment and AWS's default chain decide.
 *
 * Credentials come in one of these modes; two at once are an error:
 *
 * 1. `apiKey` or `tokenProvider`: a Bedrock API key.
 * 2. `accessKeyId` and `secretAccessKey`, with `sessionToken` for temporary ones.
 * 3. `profile`
 * 4. `credentialProvider`
 * 5. none of them: `AWS_BEARER_TOKEN_BEDROCK`, unless `apiKey` is `null`; else AWS's default chain.
 */
export interface BedrockOptions {
  /**
   * AWS region, e.g. `us-west-2`. Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's. An ARN as model is called in
   * its own region.
   */
  region?: string | null;
  /**
   * - a URL: the same as `baseURL`.
   * - `mantle`: `https://bedrock-mantle.{region}.api.aws`, which takes OpenAI's requests as they are.
   * - `runtime`: the same at `https://bedrock-runtime.{region}.amazonaws.com/openai/v1`.
   *
   * Default: Converse at `https://bedrock-runtime.{region}.amazonaws.com`, which serves every model.
   */
  endpoint?: 'mantle' | 'runtime' | (string & {}) | null;
  /** Base URL instead of AWS's own. Default: `AWS_BEDROCK_BASE_URL`, unless `null`. */
  baseURL?: string | null;
  /** FIPS endpoints. Default: `AWS_USE_FIPS_ENDPOINT`, else false. */
  useFipsEndpoint?: boolean | null;
  /** Endpoints with IPv6. Default: `AWS_USE_DUALSTACK_ENDPOINT`, else false. */
  useDualstackEndpoint?: boolean | null;

  /** Bedrock API key, or a function that gives one; `null`: none, not even from the environment. */
  apiKey?: string | (() => string | Promise<string>) | null;
  /** The same as a function as `apiKey`. Called before an attempt when what it gave has expired. */
  tokenProvider?: () => string | Promise<string>;
  /** AWS access key id. */
  accessKeyId?: string | null;
  /** AWS secret access key. Never logged, never in an error. */
  secretAccessKey?: string | null;
  /** Session token of temporary credentials (STS, SSO, roles). */
  sessionToken?: string | null;
  /** A profile of `~/.aws`: keys, SSO, a role to assume, a process, a web identity. */
  profile?: string | null;
  /**
   * Gives credentials. Called before an attempt when what it gave has expired, never twice at once; when it rejects, that is
   * the error of the call.
   */
  credentialProvider?: () => AwsCredentialIdentity | Promise<AwsCredentialIdentity>;

  /** Requests leave through this `fetch`. Default: this package's own HTTP client, which is faster. */
  fetch?: typeof globalThis.fetch;
  /** Headers of every request to AWS. */
  defaultHeaders?: HeadersLike;
  /** Milliseconds until a connection is there. Default 3,000. */
  connectTimeout?: number | null;
  /** Milliseconds until an answer begins. Default 3,600,000. */
  firstByteTimeout?: number | null;
  /** Milliseconds of silence within an answer. Default 300,000. */
  idleTimeout?: number | null;
  /** Milliseconds for the whole call, retries and stream included. Default: no limit. */
  timeout?: number | null;
  /** How often a request is made again after it failed, 0 or more. Nothing is, once a chunk was delivered. Default 2. */
  maxRetries?: number | null;
  /** `adaptive` also slows down requests while AWS throttles. Default `standard`. */
  retryMode?: 'standard' | 'adaptive' | null;
}

/** Keys of AWS, as the AWS SDK's credential providers give them. */
export interface AwsCredentialIdentity {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
  /** When they expire. Without it they are asked for again before each request. */
  expiration?: Date | undefined;
}

/** How to make one request; what is left out is as in {@link BedrockOptions}. */
export interface RequestOptions {
  /** Aborts the request, or the stream: {@link APIUserAbortError}. */
  signal?: AbortSignal | null | undefined;
  /** Milliseconds for the whole call. */
  timeout?: number;
  /** How often it is made again after it failed. */
  maxRetries?: number;
  /** Headers to send besides. */
  headers?: HeadersLike;
}

export type HeadersLike = Headers | Array<[string, string]> | Record<string, string | null | undefined>;
