// The settings of a provider: where, as whom and how its models call.

import type { AwsCredentialIdentity, TokenProvider } from '../openai/options.js';

/**
 * All of it may be left out: then the environment and AWS's default chain decide. Settings that contradict each other are an
 * error at once (`InvalidArgumentError`), all that is otherwise wrong with them one of the first call (`LoadSettingError`,
 * `LoadAPIKeyError`). Other members have no effect; a warning of the process names each, once.
 *
 * Credentials come in one of these modes; two at once are an error:
 *
 * 1. `apiKey` or `tokenProvider`: a Bedrock API key.
 * 2. `accessKeyId` and `secretAccessKey`, with `sessionToken` for temporary ones.
 * 3. `profile`
 * 4. `credentialProvider`
 * 5. none of them: `AWS_BEARER_TOKEN_BEDROCK`, unless `apiKey` is `null`; else AWS's default chain.
 */
export interface AmazonBedrockProviderSettings {
  /**
   * AWS region, e.g. `us-west-2`. Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's. An ARN as model is called in
   * its own region.
   */
  region?: string | null | undefined;
  /**
   * Base URL of bedrock-runtime, and of bedrock-agent-runtime, which reranks. Default: `AWS_ENDPOINT_URL_BEDROCK_RUNTIME` (of
   * the other `AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME`), `AWS_ENDPOINT_URL`, the profile's `endpoint_url`, else AWS's own for
   * the region.
   */
  baseURL?: string | null | undefined;
  /** A URL: the same as `baseURL`. `runtime`: the default. */
  endpoint?: 'runtime' | (string & {}) | null | undefined;
  /** FIPS endpoints. Default: `AWS_USE_FIPS_ENDPOINT`, else false. */
  useFipsEndpoint?: boolean | null | undefined;
  /** Endpoints with IPv6. Default: `AWS_USE_DUALSTACK_ENDPOINT`, else false. */
  useDualstackEndpoint?: boolean | null | undefined;

  /**
   * Bedrock API key, a promise of one, or a function that gives one; blanks around it do not count, an empty one is an error.
   * `null`: none, not even from the environment.
   */
  apiKey?: string | PromiseLike<string> | TokenProvider | null | undefined;
  /** The same as a function as `apiKey`. */
  tokenProvider?: TokenProvider | null | undefined;
  /** AWS access key id. */
  accessKeyId?: string | null | undefined;
  /** AWS secret access key. Never logged, never in an error. */
  secretAccessKey?: string | null | undefined;
  /** Session token of temporary credentials (STS, SSO, roles). */
  sessionToken?: string | null | undefined;
  /** A profile of `~/.aws`: keys, SSO, a role to assume, a process, a web identity. */
  profile?: string | null | undefined;
  /**
   * Gives credentials. Called before an attempt when what it gave has expired, never twice at once; when it rejects, that is
   * the error of the call.
   */
  credentialProvider?: AwsCredentialIdentity | (() => AwsCredentialIdentity | PromiseLike<AwsCredentialIdentity>) | null | undefined;
  /** ARN of an IAM role that is taken on with the AWS credentials (STS AssumeRole). Default: none. */
  roleArn?: string | null | undefined;
  /** `ExternalId` that the role's account asks for, 2 to 1224 characters. Only with `roleArn`. */
  externalId?: string | null | undefined;
  /** What the role's account calls the session in its log, 2 to 64 characters. Only with `roleArn`. Default `bedrock-wrapper`. */
  roleSessionName?: string | null | undefined;

  /** Headers of every request besides its own, or a promise of them, or a function that is called for each. Those of a call win. */
  headers?: ProviderHeaders | PromiseLike<ProviderHeaders> | (() => ProviderHeaders | PromiseLike<ProviderHeaders>) | null | undefined;
  /**
   * Requests leave through this `fetch`, signed; what it rejects with is the `cause` of an `APICallError`. Default: this
   * package's own HTTP client, which is faster and uses the proxies of the environment.
   */
  fetch?: typeof globalThis.fetch | null | undefined;
  /** Gives ids of what Bedrock gives none, such as sources. Default: 32 random hexadecimal digits. */
  generateId?: (() => string) | null | undefined;
  /** What `ai` 7 calls (`v4`), or `ai` 6 (`v3`). Default `v4`, of `bedrock-wrapper/ai-sdk/v3` `v3`. */
  specificationVersion?: 'v3' | 'v4' | null | undefined;

  /** Milliseconds until there is a connection. Default 10,000. */
  connectTimeout?: number | null | undefined;
  /** Milliseconds until an answer begins. Default `idleTimeout` where that is given, else 3,600,000. */
  firstByteTimeout?: number | null | undefined;
  /** Milliseconds of silence within an answer. Default 300,000. */
  idleTimeout?: number | null | undefined;
  /** Milliseconds for a whole call, its stream included. Default: no limit. */
  timeout?: number | null | undefined;
  /** How often a request that failed is made again, 0 to 100, before `ai` learns of it, which counts its own. Default 0. */
  maxRetries?: number | null | undefined;
  /** `adaptive` also slows down requests while AWS throttles. Default `standard`. */
  retryMode?: 'standard' | 'adaptive' | null | undefined;
  /**
   * Whether a model that its id alone does not reach is called through an inference profile of the region's geography.
   * Default true.
   */
  crossRegionInference?: boolean | null | undefined;
}

export type ProviderHeaders = Headers | Array<[string, string]> | Record<string, string | null | undefined>;
