// Rules, the answers they give, and sessions. Part of `bedrock-wrapper/simulator`.

import type { Physics } from './simulator.js';

/** What a simulator and a session have in common: rules of their own. */
export interface Ruled {
  /**
   * Adds a rule: these requests are answered with this. A string or a RegExp looks at what the user said last, a
   * function decides for itself. A list of answers is given one after another; the last one again and again. The rule
   * that was added first and fits is the one that answers; see {@link RuleOptions.priority}.
   *
   * @example
   * ```js
   * bedrock.on('weather', { toolUse: { name: 'weather', input: { city: 'Oslo' } } }, { times: 1 });
   * bedrock.on({ toolResult: { name: 'weather' } }, ['It is sunny.', 'It still is.']);
   * bedrock.on(/^sum (\d+) (\d+)$/, ({ text }) => text.split(' ').slice(1).reduce((a, b) => +a + +b, 0).toString());
   * ```
   * @throws {BedrockWrapperError} `InvalidRequestError` for a match or an answer that is none.
   */
  on(match: Match | undefined, answer: RuleAnswer | Answer[], options?: RuleOptions): RuleHandle;
  /** The same with everything in one object. */
  rule(rule: Rule): RuleHandle;
}

/** A rule that was added. */
export interface RuleHandle {
  /** How many requests it has answered. */
  readonly calls: number;
  /** Takes the rule away. */
  remove(): void;
}

/** What is answered to which requests: either `answer` or `sequence`. */
export interface Rule extends RuleOptions {
  /** The requests that it fits. Default: all. */
  match?: Match;
  answer?: RuleAnswer;
  /** Answers that are given one after another; the last one again and again. */
  sequence?: Answer[];
}

export interface RuleOptions {
  /** What the journal calls it. Default: its number. */
  name?: string;
  /** How many requests it answers before it is used up. Default: any number. */
  times?: number;
  /** Rules of a higher priority are asked first, then those that were added earlier. A whole number, default 0. */
  priority?: number;
  /** Milliseconds that its functions have for an answer, default 30,000. After that the request is answered with a 500. */
  timeout?: number;
}

/** An answer, or a function that gives one; nothing leaves the request to the next rule. What it throws becomes a 500. */
export type RuleAnswer = Answer | ((request: Inquiry) => Answer | null | undefined | Promise<Answer | null | undefined>);

/** Text, a regular expression for it, members that must all be so, or a function that decides. */
export type Match = string | RegExp | MatchMembers | ((request: Inquiry) => boolean | Promise<boolean>);

/**
 * A text stands somewhere in what is looked at. A regular expression fits somewhere in it; it is the native part's, which
 * has no look-around and no back references. Only the first MiB of a text is looked at.
 */
export type Pattern = string | RegExp | { regex: string };

/** What a request must be like. Everything that is given must be so. */
export interface MatchMembers {
  /** Model id, as sent or without its region prefix or ARN; `*` stands for any text. */
  model?: string;
  /** API name of the operation, e.g. `ConverseStream`; `*` stands for any text. */
  operation?: string;
  /** What the user said last, without documents and tool results. */
  text?: Pattern;
  /** The system text. */
  system?: Pattern;
  /** How many user messages there are: 1 for the first question of a conversation. */
  turn?: number;
  /** A tool result in the last user message: any (`true`), or of this tool use, tool, text. */
  toolResult?: true | { id?: string; name?: string; text?: Pattern };
  /** Names of tools that are all on offer. */
  tools?: string[];
  /** HTTP headers, by name in any case. */
  header?: Record<string, Pattern>;
  /** Values of the request body by JSON pointer (RFC 6901): equal; missing, for `null`; or fitted by an expression. */
  body?: Record<string, unknown>;
  /** The account's id, 12 digits. */
  account?: string;
  /** Decides when all else fits. */
  predicate?: (request: Inquiry) => boolean | Promise<boolean>;
}

/** A request as functions get it. */
export interface Inquiry {
  /** API name of the operation. */
  operation: string;
  /** Model id or ARN as sent. */
  model: string;
  /** The account's id, 12 digits. */
  account: string;
  /** What the user said last, without documents and tool results. */
  text: string;
  /** The system text. */
  system: string;
  /** How many user messages there are. */
  turn: number;
  /** Names of the tools on offer. */
  tools: string[];
  /** What tools said in the last user message; `id` and `name` are empty where the model's family does not have them. */
  toolResults: { id: string; name: string; text: string }[];
  /** HTTP headers but for credentials, names in lower case. */
  headers: Record<string, string>;
  /** The body as sent. */
  body: any;
}

/**
 * An answer in nobody's format: the simulator renders it as the operation and the model's family do, streamed or not. A
 * string is its text. It is told as it stands: neither `maxTokens` nor stop sequences cut it.
 */
export type Answer = string | ToldAnswer | RawAnswer | RawFrames;

/** Text; a list gives the pieces in which a stream brings it. */
export type Words = string | string[];

/** What the model says: `content`, then `reasoning`, `text`, `image` and `toolUse`, as far as they are given. */
export interface ToldAnswer {
  /** Blocks in any order. */
  content?: AnswerBlock[];
  reasoning?: Words;
  text?: Words;
  /** Converse's `Citation` objects, on `text`. */
  citations?: object[];
  image?: AnswerImage;
  toolUse?: AnswerToolUse | AnswerToolUse[];
  /** Converse's word for it. Default: `tool_use` where a tool is called, else `end_turn`. */
  stopReason?: string;
  /** The stop sequence that was met; the stop reason is then `stop_sequence`. */
  stopSequence?: string;
  /** Tokens. What is left out, the simulator counts. */
  usage?: {
    inputTokens?: number;
    outputTokens?: number;
    cacheReadInputTokens?: number;
    cacheWriteInputTokens?: number;
  };
  /** How it fails: with nothing told, as an HTTP status; else as an exception at the end of the stream. */
  error?: AnswerError;
  /** Its pace. Default: the simulator's. */
  physics?: Physics;
}

export type AnswerBlock =
  | { text: Words; citations?: object[] }
  /** `signature`: made by the simulator where the family signs. */
  | { reasoning: Words; signature?: string }
  /** Encrypted reasoning, base64. */
  | { redactedReasoning: string }
  | { toolUse: AnswerToolUse }
  /** Converse's `toolResult` object, of a tool that the service ran itself. */
  | { toolResult: object }
  | { image: AnswerImage };

export interface AnswerToolUse {
  name: string;
  /** An object (default `{}`); or its JSON text, whole or in the pieces of a stream, which then need not be JSON. */
  input?: unknown;
  /** Default: made by the simulator, as the family does. */
  id?: string;
  /** Converse's `type`, e.g. `server_tool_use`. */
  type?: string;
}

export interface AnswerImage {
  /** The bytes of its file. */
  base64: string;
  /** `png`, `jpeg`, `gif` or `webp`. Default: what the bytes look like. */
  format?: string;
}

/** An exception. */
export interface AnswerError {
  /** AWS's name of it, e.g. `ThrottlingException`. */
  code: string;
  /** Default: AWS's own text for the code. */
  message?: string;
  /** HTTP status. Default: AWS's own for the code; 400 for a code that it does not have. */
  status?: number;
  /** Seconds in a `Retry-After` header. */
  retryAfter?: number;
  /** Member of `ModelErrorException` and `ModelStreamErrorException`. */
  originalStatusCode?: number;
  /** Member of `ModelStreamErrorException`. */
  originalMessage?: string;
  /** Member of `ModelErrorException`. */
  resourceName?: string;
}

/** Any HTTP answer. */
export interface RawAnswer {
  raw: {
    /** 200 (the default) to 599. */
    status?: number;
    /** Default: `content-type: application/json`. */
    headers?: Record<string, string>;
    /** JSON, sent compactly with its keys in this order; a string is sent as it is. */
    body?: unknown;
    /** Bytes, instead of `body`. */
    base64?: string;
  };
}

/** An event stream, frame by frame. */
export interface RawFrames {
  /** At most 100,000. */
  frames: RawFrame[];
  /** 200 (the default) to 599. */
  status?: number;
  /** Default: `content-type: application/vnd.amazon.eventstream`. */
  headers?: Record<string, string>;
}

/** A frame. `delay`: milliseconds before it, at most an hour. */
export type RawFrame = { delay?: number } & (
  /** An event; `payload` is JSON, sent compactly, or a string that is sent as it is. */
  | { event: string; payload?: unknown }
  /** A `chunk` of InvokeModelWithResponseStream: the model's own JSON, and AWS's padding. */
  | { chunk: unknown; p?: string }
  /** A modelled exception by its member of the union, e.g. `throttlingException`. */
  | { exception: string; payload?: unknown }
  /** An error frame that the service model does not have. */
  | { error: string; message?: string }
  /** Any headers, all of them texts. */
  | { headers: Record<string, string>; payload?: unknown }
  /** Text or bytes that need be no frame. */
  | { text: string }
  | { base64: string }
);

/** An account of its own in a running simulator, for a test that runs beside others. */
export interface Session extends Ruled {
  /** The account's id, 12 digits. */
  readonly account: string;
  readonly url: string;
  readonly httpsUrl?: string;
  readonly caPem?: string;
  /** As the simulator's, with keys of its own. */
  readonly env: Record<string, string>;
  /** Closes the account: its keys are refused from now on. */
  close(): Promise<void>;
  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
