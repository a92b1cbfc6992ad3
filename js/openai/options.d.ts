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
 *
 * Other members have no effect; a warning of the process (`process.on('warning')`) names each, once.
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
  apiKey?: string | TokenProvider | null;
  /** The same as a function as `apiKey`. */
  tokenProvider?: TokenProvider;
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
  credentialProvider?: AwsCredentialIdentity | (() => AwsCredentialIdentity | Promise<AwsCredentialIdentity>);
  /** ARN of an IAM role that is taken on with the AWS credentials (STS AssumeRole). Default: none. */
  roleArn?: string | null;
  /** `ExternalId` that the role's account asks for, 2 to 1224 characters. Only with `roleArn`. */
  externalId?: string | null;
  /** What the role's account calls the session in its log, 2 to 64 characters. Only with `roleArn`. Default `bedrock-wrapper`. */
  roleSessionName?: string | null;

  /**
   * Requests to Bedrock leave through this `fetch`, signed; what it rejects with is the `cause` of an
   * {@link APIConnectionError}. Default: this package's own HTTP client, which is faster and uses the proxies of the
   * environment.
   */
  fetch?: typeof globalThis.fetch;
  /** Headers of every request to Bedrock besides its own, signed with them. */
  defaultHeaders?: HeadersLike | null;
  /** Milliseconds until there is a connection, for each attempt. Default 10,000. */
  connectTimeout?: number | null;
  /**
   * Milliseconds until an answer begins, for each attempt; a whole answer begins when it is written. Default `idleTimeout`
   * where that is given, else 3,600,000, as AWS advises for extended thinking.
   */
  firstByteTimeout?: number | null;
  /** Milliseconds of silence within an answer. Default 300,000. */
  idleTimeout?: number | null;
  /** Milliseconds for the whole call, retries and stream included. Default: no limit. */
  timeout?: number | null;
  /**
   * How often a request that failed is made again, 0 to 100. Never once a chunk was delivered. Default 2; of
   * {@link createFetch} 0, since its callers make their own.
   */
  maxRetries?: number | null;
  /** `adaptive` also slows down requests while AWS throttles. Default `standard`. */
  retryMode?: 'standard' | 'adaptive' | null;
  /** `true`: whatever would be left out with a warning is an error. Default false. */
  strictParams?: boolean | null;
  /**
   * Where answers have the model's reasoning: in `reasoning_content` (the default) or `reasoning`, both with
   * `thinking_blocks` beside; in the content as `<think>…</think>`; or nowhere. A request's header `x-reasoning-format` wins.
   */
  reasoningFormat?: 'reasoning_content' | 'reasoning' | 'think' | 'hidden' | null;
  /** `true`: answers have the member `bedrock`, see {@link BedrockDetails}. Default false. */
  bedrockMetadata?: boolean | null;
  /**
   * Whether a model that its id alone does not reach is called through an inference profile of the region's geography, which
   * may answer in another region of it. `false`: the service's refusal is the error. Default true.
   */
  crossRegionInference?: boolean | null;
  /**
   * `true`: chat requests that do not speak of caching (`prompt_cache_options`, `cache_control`, `prompt_caching`) get cache
   * points after the tools, the instructions and the last two user turns, where the model keeps any and they are long enough.
   * What is written to the cache costs more than plain input, what is read a tenth. Default false.
   */
  promptCaching?: boolean | null;
}

/**
 * Gives a Bedrock API key, as text or with the time when it expires. Called before an attempt when what it gave has expired,
 * text before each; never twice at once. When it rejects, that is the error of the call.
 */
export type TokenProvider = () => BearerToken | Promise<BearerToken>;

export type BearerToken = string | { token: string; expiration?: Date | number | string | undefined };

/** Keys of AWS, as the AWS SDK's credential providers give them. */
export interface AwsCredentialIdentity {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
  /** When they expire. Without it they are asked for again before each request. */
  expiration?: Date | number | string | undefined;
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
