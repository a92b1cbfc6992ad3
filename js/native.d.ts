
/**
 * Which binding artifact the generated loader actually loaded: `'native'` for
 * a native addon, otherwise the `platformArchABI` of the WASI flavor. Every
 * flavor napi-rs can build is listed, because `NAPI_RS_NATIVE_LIBRARY_PATH`
 * can point the loader at a WASI artifact this package does not build itself.
 */
export declare const __napiBindingTarget: 'native' | 'wasm32-wasi' | 'wasm32-wasip1'

/** Opens streams, and wakes their readers. One per environment (main thread or worker). */
export declare class Hub {
  /**
   * Makes a call that the AI SDK makes of a model. `options` are the call's, JSON, at once or collected.
   *
   * `head` is JSON, `{"operation", "modelId", "settings"?, "headers": [[name, value]], "specification": "v3" | "v4",
   * "generatedId", "includeRawChunks"?}`. The first string is the answer, or a stream's head, as JSON. What follows it is a stream: a
   * text of the open text block as it is, U+0001 and a piece of the open reasoning block, U+0002 and a piece of the open
   * tool input, or U+0000 and the JSON of one part.
   */
  aiSdk(client: NativeClient, head: string, options: string | RequestBody): NativeStream
  /**
   * Sends the request and streams the answer's text; `outcome` is the call's outcome.
   *
   * `call` is JSON, `{"credentials", "request", "options"}`: for a small request much cheaper than objects. A large
   * one (images) comes apart, since its strings would be escaped and parsed at length.
   */
  answer(call: string, request?: any | undefined | null): NativeStream
  /**
   * Carries out a command line. Each string is JSON: `{"out"}` or `{"err"}`, to be printed, where `"reloads"` says that
   * what runs takes the order `"reload"`. `outcome` is the exit code. What runs, runs until it is closed.
   */
  cli(arguments: Array<string>): NativeStream
  /** A client with these `options`, of which those named by `functions` are functions; or what is wrong with them. */
  client(options: any, functions: Array<string>): NativeClient | ErrorData
  /**
   * Starts a gateway with these settings, on a simulator of its own if `simulate` says so. The first string is JSON about
   * it, `{"url", "simulatorUrl", "warnings"}`, given when it accepts connections. The order `{"id", "settings"}` gives it
   * others; what became of it is a further string, `{"id", "warnings"}` or `{"id", "error"}`. The end is reported when
   * all connections are closed.
   */
  gateway(settings: any, simulate: boolean): NativeStream
  /** A hub that reports streams with news to `wake`, many in one call. */
  constructor(wake: (ids: number[]) => void)
  /** Whether the attempts of calls that begin from now on are to be reported. */
  observe(isObserved: boolean): void
  /** The reports since the last time, each JSON; more are told by `wake` with the id 4294967295. */
  reports(): Array<string>
  /**
   * Sends a body in a model's own words and streams its answer. `body` is JSON, at once or collected.
   *
   * `head` is JSON, `{"api": "messages" | "openai", "path", "headers": [[name, value]]}`. The first string is the answer's
   * head, U+0000 and `{"status", "headers"}`; then comes the body: a whole answer in one string, a stream as server-sent
   * events.
   */
  nativeBody(client: NativeClient, head: string, body?: string | RequestBody | undefined | null): NativeStream
  /**
   * Sends a request of OpenAI's REST API and streams its answer. `body` is JSON, at once or collected.
   *
   * `head` is JSON, `{"method", "path", "headers": [[name, value]], "form": "items" | "sse", "options": {"timeout"?,
   * "maxRetries"?}}`. The first string is the answer's head, U+0000 and `{"status", "headers"}`; then comes the body: a
   * whole answer in one string, a stream in the form that was asked for.
   */
  openai(client: NativeClient, head: string, body?: string | RequestBody | undefined | null): NativeStream
  /**
   * Starts a simulator, of which `simulator` becomes the object to ask. The first string is JSON about it, given when
   * it accepts connections; each further one is a call of a function, `{"call","function","argument"}`. The end is
   * reported when all connections are closed.
   */
  simulator(options: any, simulator: NativeSimulator): NativeStream
}

/** What a `Bedrock` object holds. Collected, it gives up what it is asked for at that moment. */
export declare class NativeClient {
  /** The id by which the hub reports that functions are to be called. */
  get id(): number
  /** What of the settings a program may see: `{"region", "baseURL"}`. */
  about(): any
  /**
   * The calls to make, each JSON, `{"call","function","argument"}`; of a `fetch` also `{"more"}` and `{"cancel"}` with the
   * number of its call. None: the hub will report more.
   */
  asked(): Array<string>
  /** What a function said: `{"answer"}`, or `{"error"}` with a text. */
  answer(call: number, answer: any): void
  /** The body of a request that is to be sent; `null` when it was cancelled meanwhile. */
  fetchBody(call: number): Buffer | null
  /** The head of its answer, names and values of headers in turn; whether the rest is wanted. */
  fetchHead(call: number, status: number, headers: Array<string>): boolean
  /** The next piece of it. Whether more are wanted now, or, if not, once `{"more"}` is told; `null` when none ever are. */
  fetchPiece(call: number, piece: Uint8Array): boolean | null
  /** Its end, and why it failed, if it did. */
  fetchEnd(call: number, failure?: string | undefined | null): void
}

/** A simulator to ask, without waiting. Accounts are named by their ids, 12 digits; no id is the main account. */
export declare class NativeSimulator {
  /** One that is not running yet. */
  constructor()
  /** Opens an account with keys of its own: `{"account","accessKeyId","secretAccessKey"}`. */
  openAccount(): any | null
  /** Closes an account that was opened. */
  closeAccount(account: string): void
  /**
   * Adds a rule: its number, or what is wrong with it. With `callback` the rule's answer is what that function says
   * within `timeout` milliseconds.
   */
  addRule(account: string | undefined | null, rule: any, callback?: number | undefined | null, timeout?: number | undefined | null): number | ErrorData
  /** Removes a rule. */
  removeRule(account: string | undefined | null, id: number): void
  /** How many requests a rule has answered; `null` when it was removed. */
  ruleCalls(account: string | undefined | null, id: number): number | null
  /** The requests of an account, or of all, with frames; none when the simulator is not running. */
  requests(account?: string | undefined | null): any
  /** Forgets the requests of an account, or all. */
  forgetRequests(account?: string | undefined | null): void
  /** Adds a list of faults; or says what is wrong with it. */
  addFaults(account: string | undefined | null, faults: any): ErrorData | null
  /** Removes all faults of an account. */
  clearFaults(account?: string | undefined | null): void
  /** Refuses connections for a time. */
  goDown(milliseconds: number): void
  /** What a function said: `{"answer"}`, or `{"error"}` with a text. */
  answer(call: number, answer: any): void
}

/** A task on the runtime and the strings it produces. */
export declare class NativeStream {
  /** The id by which the hub reports this stream. */
  get id(): number
  /**
   * What is ready: one string, which is the rule with a model at its own pace, or an array of several. `null`: none
   * yet, the hub will report this stream. An empty array: it has ended, see `error`.
   */
  poll(): string | Array<string> | null
  /** Why the task failed; `null` while it runs and when it did not fail. */
  error(): ErrorData | null
  /** The same for callers of OpenAI's API. */
  apiError(): ApiErrorData | null
  /**
   * The same for callers of the AI SDK: the members of `ErrorData`, `apiCode`, and where the request went and what came
   * back (`url`, `responseHeaders`, `responseBody`).
   */
  callError(): any | null
  /** The request body that was sent, as far as the task tells it. */
  sent(): string | null
  /** What the task tells besides its strings; `null` while it runs. */
  outcome(): any | null
  /** Wants something of the task, where it takes orders. */
  order(order: any): void
  /** Cancels the task and drops what it has produced. Its end is still reported. */
  close(): void
}

/** A body that is being collected. */
export declare class RequestBody {
  /** An empty body. */
  constructor()
  /** Adds JSON. In it the string of U+0000 and a number stands for a long string, the first of which is number 0. */
  json(bytes: Uint8Array): void
  /**
   * Adds to the long strings. `ends` are the places in `bytes` where one ends and the next begins; what comes after the
   * last of them is the beginning of one that is whole with the next end, or with the body.
   */
  long(bytes: Uint8Array, ends: Uint32Array): void
}

/** The fields of an `APIError`: what an error is to a caller of OpenAI's API. */
export interface ApiErrorData {
  /** AWS's exception name, or the name of the kind. */
  name: string
  /** AWS's exception name, where it was AWS that refused. */
  exception?: string
  /** HTTP status that OpenAI's API would answer with. */
  status: number
  /** Headers of that answer. */
  headers: Record<string, string>
  /** `error.message` of that answer. */
  message: string
  /** `error.type` */
  type: string
  /** `error.param` */
  param?: string
  /** `error.code` */
  code: string
  /** `x-amzn-RequestId`, where there is one. */
  requestId?: string
  /** Whether the same call may succeed when it is made again. */
  retryable: boolean
  /** Milliseconds to wait before the next try, where that is known. */
  retryAfter?: number
  /** The number of the call of a JavaScript function whose failure this is: `js/host.js` has what it threw. */
  hostCall?: number
}

/** The fields of a `BedrockWrapperError`. */
export interface ErrorData {
  /** AWS's exception name, or the name of the kind. */
  name: string
  /** Stable machine-readable code. */
  code: string
  /** What happened and what to do next. */
  message: string
  /** HTTP status, where there is one. */
  status?: number
  /** `x-amzn-RequestId`, where there is one. */
  requestId?: string
  /** Whether the same call may succeed when it is made again. */
  retryable: boolean
  /** Milliseconds the service asked to wait before the next try. */
  retryAfter?: number
  /** Path of the request field at fault. */
  param?: string
  /** The number of the call of a JavaScript function whose failure this is: `js/host.js` has what it threw. */
  hostCall?: number
}

/** One line of the table of error kinds. */
export interface ErrorKind {
  /** `name` of the JavaScript error. */
  name: string
  /** Stable machine-readable code. */
  code: string
  /** HTTP status when no answer gave one. */
  status?: number
  /** Whether the same call may succeed when it is made again. */
  retryable: boolean
}

/** The table of error kinds, for the errors that the shell itself raises. */
export declare function errorKinds(): Array<ErrorKind>

/** Every model of the catalog as a JSON string `{"modelName","modelId"}`. */
export declare function supportedModels(): Array<string>
