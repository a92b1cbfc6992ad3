/// <reference lib="esnext.disposable" />

import type { Answer, Rule, Ruled, Session } from './rules.js';
import type { Watched } from './watch.js';

export type * from './rules.js';
export type * from './watch.js';

/**
 * Starts a local Bedrock in this process, on 127.0.0.1: the runtime operations over HTTP/1.1 and HTTP/2, with AWS's
 * frames, errors and signatures, answered by a small deterministic model. Any AWS SDK can talk to it.
 *
 * It does not keep the process alive by itself, so that a test that forgets to close it still ends; see
 * {@link Simulator.ref}.
 *
 * @example In a test
 * ```js
 * import { bedrockWrapper } from 'bedrock-wrapper';
 * import { simulate } from 'bedrock-wrapper/simulator';
 *
 * const bedrock = await simulate();
 * Object.assign(process.env, bedrock.env);
 * for await (const text of bedrockWrapper({}, request)) process.stdout.write(text);
 * await bedrock.close();
 * ```
 *
 * @example A service that fails twice
 * ```js
 * const bedrock = await simulate({ faults: [{ fault: 'error', code: 'ThrottlingException', times: 2 }] });
 * ```
 *
 * @throws {BedrockWrapperError} `InvalidRequestError` for options it does not know, `ConfigurationError` when the port
 * is taken.
 */
export function simulate(options?: SimulatorOptions): Promise<Simulator>;

/** A local Bedrock that is running. Its own rules meet the requests of all its sessions, after theirs. */
export interface Simulator extends Ruled, Watched {
  /** Base URL, e.g. `http://127.0.0.1:41234`: `awsCreds.endpoint`. */
  readonly url: string;
  /** Base URL of the port with TLS, e.g. `https://127.0.0.1:41235`, where `tls` asked for one. */
  readonly httpsUrl?: string;
  /** The certificate authority that clients of `httpsUrl` must trust, as PEM: the `ca` option of Node's `https`. */
  readonly caPem?: string;
  /**
   * Environment variables that point any AWS SDK here: `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`, `AWS_ENDPOINT_URL_BEDROCK`,
   * `AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME`, `AWS_REGION`, `AWS_DEFAULT_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, when it was set,
   * `AWS_SESSION_TOKEN`. With `tls` they lead to `httpsUrl`, and `AWS_CA_BUNDLE` and `NODE_EXTRA_CA_CERTS` name a file
   * with the authority's certificate. Node reads the latter when it starts: pass them to a child process, or `caPem` to
   * a client in this one.
   *
   * `AWS_PROFILE`, `AWS_BEARER_TOKEN_BEDROCK` and a foreign `AWS_SESSION_TOKEN` mislead SDKs: delete them where they are
   * set. The simulator refuses credentials of others as AWS does.
   */
  readonly env: Record<string, string>;
  /**
   * An account with keys, rules and state of its own, so that tests run side by side against one simulator.
   *
   * @example
   * ```js
   * const session = await bedrock.session();
   * session.on('hello', 'Good day.');
   * // point a client at session.env …
   * await session.close();
   * ```
   */
  session(): Promise<Session>;
  /** Cuts all connections and refuses new ones for so many milliseconds, as a service that is down. */
  goDown(milliseconds: number): Promise<void>;
  /** Stops listening, cuts all connections and resolves when that is done. Further calls give the same promise. */
  close(): Promise<void>;
  /** Keeps the process alive until it is closed. */
  ref(): this;
  /** Takes `ref()` back. */
  unref(): this;
  /** The same as `close()`, for `await using`. Where the runtime has `Symbol.asyncDispose` (Node 20.4). */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How a simulator is set up; what is left out keeps its default. Unknown members are an error. */
export interface SimulatorOptions {
  /** TCP port. Default 0: a free one. */
  port?: number;
  /**
   * Address of this machine to listen on. Default `127.0.0.1`, which only this machine reaches. With `0.0.0.0` everybody
   * who reaches this machine reaches the simulator; with `auth: 'off'` besides, a warning is emitted.
   */
  host?: string;
  /**
   * A second port that speaks TLS, with HTTP/2 and HTTP/1.1, and a certificate for `localhost`, `127.0.0.1`, `::1` and
   * AWS's own names that an authority made for this run has signed. Default false. `port` 0, the default, takes a free
   * one; `caFile` is where the authority's certificate is left (default: a temporary file, removed on `close()`).
   *
   * boto3 sends bearer keys over TLS only.
   */
  tls?: boolean | { port?: number; caFile?: string };
  /** Region that signatures must be scoped to. Default `us-east-1`. */
  region?: string;
  /**
   * - `strict` (the default): as AWS: key, date, region, service, session token and signature must be right.
   * - `lenient`: an `Authorization` header of the right form.
   * - `off`: anything goes.
   */
  auth?: 'strict' | 'lenient' | 'off';
  /**
   * The keys that `strict` accepts. Default: fresh ones, see {@link Simulator.env}. Requests must carry the session token
   * where there is one; after `expiration`, a date such as `2026-12-31T23:59:59Z`, they are refused as expired.
   */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string; expiration?: string };
  /**
   * Bedrock API keys (bearer tokens) that `strict` accepts, each alone or with the date it expires. Default: none.
   * Short-term keys (`bedrock-api-key-…`) need not be listed: they are signed with `credentials`, and are verified.
   */
  bearerKeys?: (string | { key: string; expiration?: string })[];
  /** Seed of request ids, message ids and padding, a whole number. Default: random. */
  seed?: number;
  /** Whether stream frames carry AWS's random padding `p`. Default true. */
  padding?: boolean;
  /** The pace of answers. Default: as fast as it goes. */
  physics?: Physics;
  /** Refuse bare ids of models that AWS offers through inference profiles only, and profiles of another geography. Default false. */
  requireProfiles?: boolean;
  /**
   * The folder that stands for Amazon S3: `s3://bucket/key` is the file `bucket/key` in it. Logs of invocations,
   * asynchronous answers and answers of batches are written there, records of batches are read from there. Default: none.
   */
  s3Directory?: string;
  /** Milliseconds that a job, and anything else of the management API that is not ready at once, takes. Default 2000. */
  jobDuration?: number;
  /** Answer 404 for models that AWS has stopped serving by now. Default false. */
  endOfLife?: boolean;
  /**
   * A cassette to answer from: the path of a folder, or of a `.json`, `.jsonl`, `.yaml` or `.yml` file (VCR's format, as
   * vcrpy writes it). Requests are the same when operation, model and body are, whatever the order of keys, the ids of
   * tool uses and client tokens. The same request is answered in the order of recording, the last answer again and again.
   * `strict`: what is not in the cassette is refused with what comes nearest; by default others answer it. `speed`: 1 as
   * it was recorded, 2 twice as fast; by default at once.
   */
  replay?: string | { path: string; strict?: boolean; speed?: number };
  /**
   * Passes requests that neither rules nor a cassette answer on, and records them with their answers and the times of
   * their frames: a folder, or a file whose name ends in `.jsonl`. Credentials, account numbers and names of users are
   * not written. `upstream`: base URL of who answers; by default Bedrock in `region`. `credentials`: keys for it; by
   * default AWS's own chain for Bedrock, and no signature for another upstream.
   */
  record?:
    | string
    | {
        path: string;
        upstream?: string;
        credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
      };
  /** Rules from the start. Default: none. More can be added with {@link Simulator.on}. */
  rules?: Rule[];
  /**
   * Answers that a request chooses by name, without any state: in the header `x-simulator-script`, in Converse's
   * `requestMetadata.simulator`, or after a `#` at the end of the model id. A list is a conversation: its first answer
   * answers a request without assistant messages, its second one with one of them, and so on; the last also answers all
   * that are longer.
   */
  scripts?: Record<string, Answer | Answer[]>;
  /**
   * What answers in place of the built-in model: the base URL of an OpenAI-compatible service (Ollama, LM Studio,
   * llama.cpp, vLLM …), or an object. `modelMap` is the path of a TOML file that says which of its models stands for
   * which of Bedrock's; see docs/simulator-backend.md. Default: nothing.
   */
  backend?: string | { url?: string; apiKey?: string; modelMap?: string };
  /** Requests and tokens a minute; the first that fits a model applies to it. Default: no limits. */
  quotas?: Quota[];
  /** Faults in force from the start. Default: none. More can be added with {@link Simulator.addFaults}. */
  faults?: Fault[];
}

/** The pace of answers; what is random follows `seed`. */
export interface Physics {
  /** Milliseconds before the first token, or before a whole answer. Default 0. */
  timeToFirstToken?: number;
  /** Tokens a second after the first; a whole answer takes as long as its tokens. Default 0: as fast as it goes. */
  tokensPerSecond?: number;
  /** Each wait is longer or shorter by up to this part of itself, 0 (the default) to 1. */
  jitter?: number;
  /** Tokens in a piece of text, from 1 (the default). */
  tokensPerChunk?: number;
  /** Silences: after how many pieces of text, for how many milliseconds. Default none. */
  stalls?: { after: number; for: number }[];
  /** Bytes of a stream written at once, wherever that cuts a frame. Default 0: whole frames. */
  bytesPerWrite?: number;
}

/** A limit on requests, for each account and model on its own; beyond it AWS's `ThrottlingException`. */
export interface Quota {
  /** Model ids that it limits, `*` standing for any text. Default: all. */
  model?: string;
  /** Default: no limit. */
  requestsPerMinute?: number;
  /** Input and output together; `max_tokens` is set aside until the request is answered. Default: no limit. */
  tokensPerMinute?: number;
}

/** Something that goes wrong, and for which requests. */
export type Fault = FaultAction & {
  /** Model ids that it meets, `*` standing for any text. Default: all. */
  model?: string;
  /** Operation that it meets, e.g. `ConverseStream`. Default: all that can have it. */
  operation?: string;
  /** How many requests it meets; 0: every one. Default 1, or 0 with a probability. */
  times?: number;
  /** The part of the fitting requests that it meets, above 0 to 1; follows `seed`. Default 1. */
  probability?: number;
};

/**
 * What goes wrong. `frame` counts the frames that arrive before it; default 0. `event` names a Converse event
 * (`messageStop`), or a native chunk by its `type` or its first key. `details` are further members of the error.
 */
export type FaultAction =
  /** An error status instead of an answer; `code` decides the status, `retryAfter` is in seconds. */
  | { fault: 'error'; code: string; message?: string; retryAfter?: number; details?: Record<string, unknown> }
  /** The answer, status line and all, comes late by so many milliseconds. */
  | { fault: 'slowHeaders'; for: number }
  /** An exception in the stream, which then ends in good order. */
  | { fault: 'exception'; code: string; message?: string; details?: Record<string, unknown>; frame?: number }
  /** An error frame that the service model does not have. */
  | { fault: 'errorFrame'; code: string; message: string; frame?: number }
  /** Half a frame or half a body, then a closed connection; an end in good order, but too early. */
  | { fault: 'truncate' | 'end'; frame?: number }
  /** A wrong closing checksum, a wrong first checksum, a frame of 4 GiB, an event of a type that no client knows. */
  | { fault: 'badChecksum' | 'badPrelude' | 'oversize' | 'unknownEvent'; frame?: number }
  /** All events of this name are missing, or come twice. */
  | { fault: 'omit' | 'duplicate'; event: string }
  /** Silence on an open connection, for so many milliseconds; default: until the client leaves. */
  | { fault: 'stall'; for?: number; frame?: number }
  /** The connection is reset; `frame: 0` resets before any answer. */
  | { fault: 'reset'; frame?: number };
