/// <reference lib="esnext.disposable" />

/**
 * Starts an OpenAI-compatible HTTP server in front of Amazon Bedrock, on native threads of this process: no JavaScript
 * runs for a request. It takes OpenAI's Chat Completions, embeddings, images, rerank and models.
 *
 * It keeps the process alive until it is closed; see {@link Gateway.unref}.
 *
 * Settings come from `options` alone, AWS's credentials and region from AWS's own chain where the options leave them out.
 * Files and the `BEDROCK_GATEWAY_…` variables are the command line's (`npx bedrock-wrapper serve`).
 *
 * @example On the built-in simulator: no AWS account, no cost
 * ```js
 * import OpenAI from 'openai';
 * import { serve } from 'bedrock-wrapper/gateway';
 *
 * const gateway = await serve({ port: 0, simulate: true });
 * const openai = new OpenAI({ baseURL: gateway.baseURL, apiKey: 'unused' });
 * const messages = [{ role: 'user', content: 'Hello' }];
 * const answer = await openai.chat.completions.create({ model: 'amazon.nova-micro-v1:0', messages });
 * console.log(answer.choices[0].message.content);
 * await gateway.close();
 * ```
 *
 * @throws {BedrockWrapperError} `ConfigurationError` for options that it does not know or that do not fit (`param` names
 * the option), for a port that is taken, and for a host that others can reach where no key is asked for;
 * `InvalidRequestError` where `options` is no object.
 */
export function serve(options?: GatewayOptions): Promise<Gateway>;

/** A gateway that is running. */
export interface Gateway {
  /** Base URL, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** What OpenAI's clients take as `baseURL`: `url` with `/v1`. */
  readonly baseURL: string;
  /** Base URL of the simulator that it stands on, where `simulate` asked for one. */
  readonly simulatorUrl?: string;
  /**
   * Takes other settings: all of them, as {@link serve} does. They hold for requests that begin from now on; connections
   * and running answers stay. What cannot change while it runs (`host`, `port`, `workers` …) stays as it was, which a
   * process warning tells.
   *
   * @throws {BedrockWrapperError} As {@link serve}; the settings then stay as they were.
   */
  reload(options?: GatewayOptions): Promise<void>;
  /**
   * Stops listening, lets running requests end within `drainSeconds` and `shutdownSeconds`, and resolves when that is
   * done. Further calls give the same promise.
   */
  close(): Promise<void>;
  /** Keeps the process alive until it is closed, as it does from the start. */
  ref(): this;
  /** Lets the process end while it runs. */
  unref(): this;
  /** The same as `close()`, for `await using`. Where the runtime has `Symbol.asyncDispose` (Node 20.4). */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Settings, and what is asked beside them. Unknown members are an error that names the nearest one. */
export interface GatewayOptions extends GatewaySettings {
  /**
   * Stand on a simulator started for this gateway: nothing reaches AWS, and no key is needed on any host. Default false.
   * Cannot change on {@link Gateway.reload}.
   */
  simulate?: boolean;
  /** Keys with what each of them may do. Default none. */
  keys?: GatewayKey[] | null;
  /** Where requests may go: regions, accounts, endpoints. Default: where the settings of Bedrock say. */
  targets?: GatewayTarget[] | null;
  /**
   * What callers may call models: a model, models to be tried in order, or an object that says how to choose. Default
   * none.
   */
  aliases?: Record<string, GatewayChoice | GatewayChoice[] | GatewayAlias> | null;
  /**
   * What a million tokens cost by model, in US dollars, for budgets in dollars; `*` in a name stands for anything. Default
   * none.
   */
  prices?: Record<string, GatewayPrice> | null;
}

/**
 * Settings under the names that they have everywhere: `pingSeconds` here is `--ping-seconds`,
 * `BEDROCK_GATEWAY_PING_SECONDS` and `ping_seconds` in TOML. Seconds are numbers from 0 to 604,800, fractions allowed.
 * `null` counts as left out.
 */
export interface GatewaySettings {
  // <!-- generated: settings -->

  /** Address to listen on. Default 127.0.0.1: this machine only. */
  host?: string | null;
  /** Port; 0 takes a free one. Default 8080. */
  port?: number | null;
  /** Threads that serve; 0, the default: one for each processor. A gateway started by JavaScript has one. */
  workers?: number | null;
  /** What stands before OpenAI's paths. Default /v1 and /api/v1. */
  pathPrefixes?: string[] | null;
  /**
   * PEM file with the certificate and those between it and its root; with tls_key it is served over TLS. Default
   * none.
   */
  tlsCert?: string | null;
  /** PEM file with the private key of the certificate. Default none. */
  tlsKey?: string | null;
  /** Origins whose web pages may call (CORS), such as https://example.com, or *. Default none. */
  allowedOrigins?: string[] | null;
  /**
   * How long everything is still answered when the gateway is told to stop, while /ready says no: time for load
   * balancers to see it. Default 0.
   */
  drainSeconds?: number | null;
  /** How long running requests may then take to end. Streams that run longer end with an error event. Default 30. */
  shutdownSeconds?: number | null;
  /** AWS region. Default: AWS_REGION, then the profile's. */
  region?: string | null;
  /** Profile of AWS's configuration files. Default: AWS's own chain of credentials. */
  profile?: string | null;
  /** Base URL of bedrock-runtime. Default: AWS's for the region. */
  baseUrl?: string | null;
  /** Id of an AWS access key. Default: AWS's own chain of credentials. */
  accessKeyId?: string | null;
  /** The secret of the access key. Default none. */
  secretAccessKey?: string | null;
  /** The session token of temporary keys. Default none. */
  sessionToken?: string | null;
  /** ARN of an IAM role that is taken on with these credentials (STS AssumeRole). Default none. */
  roleArn?: string | null;
  /** External id that the role's account asks for. Default none. */
  externalId?: string | null;
  /** What the role's account calls the gateway in its log. Default bedrock-wrapper. */
  roleSessionName?: string | null;
  /** How long a call of Bedrock may take, retries and stream included; 0: any time. Default 0. */
  upstreamTimeoutSeconds?: number | null;
  /** How long connecting to Bedrock may take. Default 10. */
  upstreamConnectSeconds?: number | null;
  /** How long Bedrock may take for the head of an answer, and so for all of one that is no stream. Default 3600. */
  upstreamFirstByteSeconds?: number | null;
  /** How long Bedrock may be silent within an answer. Default 300. */
  upstreamIdleSeconds?: number | null;
  /** How often a call of Bedrock that failed is made again before there is content, 0 to 100. Default 2. */
  maxRetries?: number | null;
  /**
   * The model that answers OpenAI's names in chats: gpt-*, chatgpt-*, o1*, o3*, o4*. Default
   * anthropic.claude-sonnet-4-6.
   */
  defaultModel?: string | null;
  /** The model that answers text-embedding-*. Default cohere.embed-multilingual-v3. */
  defaultEmbeddingModel?: string | null;
  /**
   * Whether models are called through inference profiles, which answer in several regions of a geography, where
   * their ids alone will not do, and whether those are listed. Default true.
   */
  crossRegionInference?: boolean | null;
  /** Whether the account's own inference profiles are listed. Default true. */
  applicationInferenceProfiles?: boolean | null;
  /** How one of several targets is chosen: priority, weighted, least_latency or sticky. Default priority. */
  strategy?: string | null;
  /** Most targets that are asked for one request. Default 3. */
  maxAttempts?: number | null;
  /** Keys that callers may show, without any limits. Default: none is asked for. */
  apiKeys?: string[] | null;
  /** A secret of AWS Secrets Manager with more of them: {"api_key": "…"}, a list, or one a line. Default none. */
  apiKeySecretArn?: string | null;
  /** The same as a parameter of AWS Systems Manager, such as a SecureString. Default none. */
  apiKeyParamName?: string | null;
  /** How often these two are read again; 0: only at the start and on reload. Default 300. */
  apiKeyRefreshSeconds?: number | null;
  /** A TOML file with [[keys]], read again on reload. Default none. */
  keysFile?: string | null;
  /** Callers may bring AWS credentials of their own, which their requests are then signed with. Default: no. */
  passThroughCredentials?: boolean | null;
  /**
   * Whether whoever reaches a gateway without keys may use it. Default false: it then listens on this machine only.
   */
  allowAnonymous?: boolean | null;
  /**
   * Guardrail of chats and moderations whose requests name none: id or ARN, with :version behind it unless it is the
   * draft. Default none.
   */
  guardrail?: string | null;
  /**
   * Which URLs of images, documents and videos in requests are fetched: none, https only, or http too. Default
   * https.
   */
  remoteImages?: string | null;
  /** Hosts that such URLs and their redirects may name, each with the names below it. Default: all. */
  remoteImageHosts?: string[] | null;
  /** Hosts that such URLs and their redirects may not name, each with the names below it. Default none. */
  remoteImageDeniedHosts?: string[] | null;
  /**
   * Whether such URLs may lead to addresses that are not on the public internet, this machine's among them. Default
   * false.
   */
  remoteImagesPrivate?: boolean | null;
  /** Redis or Valkey, in which replicas share what they count of [[keys]]. Default none: each counts for itself. */
  redisUrl?: string | null;
  /** How long Redis may take to answer before a replica counts for itself. Default 0.1. */
  redisSeconds?: number | null;
  /** The largest body of a request in bytes. Default 33554432 (32 MiB). */
  maxBodyBytes?: number | null;
  /** Requests that are answered at the same time. Default 10000. */
  maxInFlight?: number | null;
  /** Connections at the same time; more have to wait. Default 50000. */
  maxConnections?: number | null;
  /** How long a client may take for the head of a request; 0: any time. Default 10. */
  headerSeconds?: number | null;
  /**
   * How long a client may take for the body of a request, and one second more for each KiB; 0: any time. Default 30.
   */
  bodySeconds?: number | null;
  /**
   * How long a connection is kept open between two requests; longer than load balancers in front do; 0: for ever.
   * Default 75.
   */
  idleSeconds?: number | null;
  /** How long a client may take nothing of its answer before it is let go; 0: never. Default 60. */
  writeSeconds?: number | null;
  /** How long a stream may be silent before a comment says that it lives; 0: never. Default 15. */
  pingSeconds?: number | null;
  /** Whether what would be left out of a request with a warning is an error. Default false. */
  strictParams?: boolean | null;
  /**
   * Where answers have the model's reasoning: reasoning_content, reasoning, think (in the content) or hidden; a
   * request's header x-reasoning-format wins. Default reasoning_content.
   */
  reasoningFormat?: string | null;
  /** Whether answers have the member bedrock, with what Bedrock told besides. Default false. */
  bedrockMetadata?: boolean | null;
  /**
   * Whether chat requests that do not speak of caching get cache points, where the model keeps any. Default false.
   */
  promptCaching?: boolean | null;
  /**
   * Answers of so many bytes or more are compressed with gzip for clients that take it; 0: none. Streams never are.
   * Default 65536.
   */
  compressBytes?: number | null;
  /**
   * Where a line of JSON about each request goes: off, stdout, stderr or the path of a file. Default: stderr where a
   * program serves, off in JavaScript.
   */
  accessLog?: string | null;
  /** Whether prompts and answers are logged and traced too, cut at 16 KiB. Default: they are not. */
  logContent?: boolean | null;
  /** Where OpenTelemetry traces and metrics go over HTTP. Default: OTEL_EXPORTER_OTLP_ENDPOINT, else nowhere. */
  otlpEndpoint?: string | null;
  /** A port of its own for /metrics. Default: the gateway's own port. */
  metricsPort?: number | null;
  /** Whether there is a page for people at /. Default true. */
  page?: boolean | null;

  // <!-- /generated -->
}

/** One key. What is left out is not limited. */
export interface GatewayKey {
  /** What it is called in logs and metrics: up to 64 letters, digits, `-`, `_`, `.`, `@`, `:`. */
  id: string;
  /** SHA-256 of the key: `sha256:` and 64 hexadecimal digits; either this or `key`. */
  hash?: string;
  /** The key itself. */
  key?: string;
  /** Models it may ask: names, ids or aliases, where `*` stands for anything. Default: all. */
  models?: string[];
  /** Requests a minute, 1 or more. */
  requestsPerMinute?: number;
  /** Tokens a minute, of requests and answers together, 1 or more. */
  tokensPerMinute?: number;
  /** Requests that are answered at the same time, 1 or more. */
  concurrency?: number;
  /** Tokens in a period. */
  budgetTokens?: number;
  /** US dollars in a period, by `prices`; 0 to 1,000,000. */
  budgetUsd?: number;
  /** After which time budgets begin anew, in UTC. Default `month`. */
  budgetPeriod?: 'day' | 'month' | 'total';
  /** When it ends, e.g. `2027-01-31T00:00:00Z`. */
  expires?: string;
}

/** One target. What it leaves out is as the plain settings (`region`, `profile`, `baseUrl` …) say. */
export interface GatewayTarget {
  /** What it is called in answers, logs and metrics: up to 64 letters, digits, `-`, `_`, `.`. */
  name: string;
  /** AWS region. */
  region?: string;
  /** Profile of AWS's configuration. */
  profile?: string;
  /** Id of an AWS access key. */
  accessKeyId?: string;
  /** Its secret. */
  secretAccessKey?: string;
  /** Token of temporary keys. */
  sessionToken?: string;
  /** A Bedrock API key. */
  apiKey?: string;
  /** ARN of a role that is taken on with these credentials. */
  roleArn?: string;
  /** What the role's account asks for besides. */
  externalId?: string;
  /** What its log calls the gateway. */
  roleSessionName?: string;
  /** Base URL, if not AWS's own. */
  baseUrl?: string;
  /** Where chats pass as they are. */
  endpoint?: 'runtime' | 'mantle';
  /** Its share under `weighted` and `sticky`, compared with the others'. Default 1; 0: only when no other is left. */
  weight?: number;
  /** Which is asked first: the lowest. Default 0. */
  priority?: number;
  /** Models that it is asked for: names or ids, where `*` stands for anything. Default: all. */
  models?: string[];
  /** Requests that it answers at the same time. Default: no limit. */
  concurrency?: number;
}

/** Several models behind one name. */
export interface GatewayAlias {
  /** At least one. */
  models: GatewayChoice[];
  /** How to choose among them. Default: in order, or by weight where one of them has a weight. */
  strategy?: 'priority' | 'weighted' | 'least_latency' | 'sticky';
}

/** One of them: its name, id or ARN, or that with its share and the only target that is asked for it. */
export type GatewayChoice = string | { model: string; weight?: number; target?: string };

/** US dollars for a million tokens. */
export interface GatewayPrice {
  /** Of requests. */
  input: number;
  /** Of answers, reasoning included. Default 0. */
  output?: number;
  /** Read from the prompt cache. Default: as `input`. */
  cacheRead?: number;
  /** Written to the prompt cache. Default: as `input`. */
  cacheWrite?: number;
}
