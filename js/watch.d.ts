// What a simulator was asked, and what is to go wrong. Part of `bedrock-wrapper/simulator`.

import type { Fault } from './simulator.js';

/** What a simulator and a session have in common: a journal and faults. */
export interface Watched {
  /**
   * The latest 1,000 requests, oldest first, with their answers and the frames of streams: of a simulator all requests,
   * of a session its own. Each look makes a new list.
   */
  readonly requests: RecordedRequest[];
  /**
   * A request that was made. The first one that fits is returned.
   *
   * @example
   * ```js
   * const { body } = bedrock.expectRequest({ operation: 'Converse', model: '*nova*', text: 'weather' });
   * assert.equal(body.inferenceConfig.maxTokens, 50);
   * ```
   * @throws {AssertionError} when there was none; its message shows what there was.
   */
  expectRequest(match?: RequestMatch): RecordedRequest;
  /**
   * Exactly so many requests that fit; they are returned.
   *
   * @example The client asked three times: twice it was throttled
   * ```js
   * bedrock.expectRequests(2, { status: 429 });
   * bedrock.expectRequests(3);
   * ```
   * @throws {AssertionError} when there were more or fewer.
   */
  expectRequests(times: number, match?: RequestMatch): RecordedRequest[];
  /**
   * Resolves with the first request that fits, when it has been answered or its client has left.
   * @throws {AssertionError} after `timeout` milliseconds, default 5,000.
   */
  waitForRequest(match?: RequestMatch, options?: { timeout?: number }): Promise<RecordedRequest>;
  /** Forgets all requests, of a session only its own. */
  forgetRequests(): void;
  /**
   * Adds faults; they meet requests from now on, those of a session only its own requests.
   *
   * @example
   * ```js
   * bedrock.addFaults({ fault: 'exception', code: 'ModelStreamErrorException', frame: 3 });
   * ```
   * @throws {BedrockWrapperError} `InvalidRequestError` for a fault that is none.
   */
  addFaults(...faults: Fault[]): void;
  /** Removes all faults that were added here. */
  clearFaults(): void;
}

/**
 * A text or a RegExp for what the user said last, members that must all be so, or a function that decides. A member that
 * is an object needs to be held only in part, a RegExp must fit a text; in `model`, `*` stands for any text.
 */
export type RequestMatch = string | RegExp | RequestMembers | ((request: RecordedRequest) => boolean);

/** What a request must be like: members of {@link RecordedRequest}, and `text` for what the user said last. */
export interface RequestMembers {
  text?: string | RegExp;
  model?: string | RegExp;
  operation?: string | RegExp;
  method?: string;
  path?: string | RegExp;
  httpVersion?: string;
  headers?: Record<string, string | RegExp>;
  body?: unknown;
  status?: number;
  account?: string;
  fault?: string;
  answeredBy?: string | RegExp;
  disconnectedEarly?: boolean;
  response?: unknown;
  requestId?: string | RegExp;
  id?: number;
}

/** A request, and what came of it. Strings of more than 2,000 bytes are cut; headers with credentials are left out. */
export interface RecordedRequest {
  /** Counts up from 0. */
  id: number;
  /** ISO 8601, in UTC. */
  time: string;
  /** 12 digits; `null` where the request was refused before it was known whose it is. */
  account: string | null;
  method: string;
  /** With the query. */
  path: string;
  /** `HTTP/1.1` or `HTTP/2`. */
  httpVersion: string;
  headers: Record<string, string>;
  /** API name, e.g. `ConverseStream`; `null` for a path that belongs to none. */
  operation: string | null;
  /** Model id or ARN as sent. */
  model: string | null;
  /** JSON, or text that is none; `null` for nothing. */
  body: any;
  /** `null` while it is not answered. */
  status: number | null;
  requestId: string | null;
  /** The fault that it met. */
  fault: string | null;
  /** The rule, script or other source that answered; `null` for the built-in model. */
  answeredBy: string | null;
  /** Milliseconds to the end of the answer; `null` while it goes on. */
  duration: number | null;
  /** Whether the client left before the end of the answer. */
  disconnectedEarly: boolean;
  /** The body of an answer that is no stream. */
  response?: any;
  /** The frames of a stream. */
  frames?: RecordedFrame[];
  /** Bytes of the stream beyond the first MiB, which are not kept. */
  bytesNotKept?: number;
  /** Bodies and frames were dropped, because all together took more than 16 MiB. */
  forgotten?: true;
}

/** A frame that was handed over. */
export interface RecordedFrame {
  /** Milliseconds after the request. */
  at: number;
  /** Of an event: its type. */
  event?: string;
  /** Of an exception: its type. */
  exception?: string;
  /** Of an error frame: its code. */
  error?: string;
  /** JSON; of a `chunk`, `bytes` is the model's own JSON. */
  payload?: any;
  /** Why what follows cannot be read: a fault broke it. */
  broken?: string;
}
