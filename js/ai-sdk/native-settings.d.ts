// Settings of the providers that write a model's own bodies.

import type { BedrockOptions, HeadersLike, TokenProvider } from '../openai/options.js';

/** What means the same as the option of `new Bedrock` with its name. */
type Shared =
  | 'region' | 'baseURL' | 'endpoint' | 'useFipsEndpoint' | 'useDualstackEndpoint'
  | 'tokenProvider' | 'accessKeyId' | 'secretAccessKey' | 'sessionToken' | 'profile' | 'credentialProvider'
  | 'roleArn' | 'externalId' | 'roleSessionName'
  | 'fetch' | 'connectTimeout' | 'firstByteTimeout' | 'idleTimeout' | 'timeout' | 'retryMode' | 'crossRegionInference';

/**
 * Where, as whom and how to call. All of it may be left out: then the environment and AWS's default chain decide. Credentials
 * come in one mode, and an explicit one wins over the environment, see {@link BedrockOptions}.
 */
export interface NativeProviderSettings extends Pick<BedrockOptions, Shared> {
  /** Bedrock API key, a promise of one, or a function that gives one; `null`: none, not even from the environment. */
  apiKey?: string | PromiseLike<string> | TokenProvider | null;
  /** Headers of every request, signed with it. A function is called for each. Those of a call win. */
  headers?: HeadersLike | PromiseLike<HeadersLike> | (() => HeadersLike | PromiseLike<HeadersLike>) | null;
  /** How often a request that failed is made again, 0 to 100. Default 0, since `ai` makes its own. */
  maxRetries?: number | null;
}
