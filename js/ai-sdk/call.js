'use strict';
// One call of a model: what crosses to the native part, what comes back, and its end when the caller wants it no more.

const { watch } = require('../abort.js');
const { callError } = require('./errors.js');

/** A call whose answer has begun. */
class Call {
  /** The answer, or what is known of a stream before its parts. */
  head;
  #source;
  #caller;
  #unwatch;
  #native = null;

  /**
   * Makes a call. What fails before the answer has begun is thrown; so is the reason of the signal.
   * @param {ReturnType<import('./settings.js').providerContext>} context
   * @param {{ operation: string, modelId: string, modelType: string, settings?: object }} what
   * @param {object} given the options of the call, as `ai` gives them
   */
  static async begin(context, what, given) {
    const { abortSignal, headers, includeRawChunks, ...options } = given;
    abortSignal?.throwIfAborted();
    const call = new Call();
    call.#caller = new Caller();
    call.#unwatch = abortSignal ? watch(abortSignal, call.#caller) : () => {};
    try {
      await call.#send(context, what, { headers, includeRawChunks, options });
    } catch (error) {
      call.#unwatch();
      throw error;
    }
    return call;
  }

  /** What a model gives that holds no conversation, with what is known of the answer as `response`. */
  static async whole(context, what, given) {
    const call = await Call.begin(context, what, given);
    call.end();
    return { ...call.head, response: call.response };
  }

  /** What was sent. Its body is read when somebody asks for it. */
  get request() {
    const native = this.#native;
    let body;
    return {
      url: this.head.request?.url,
      get body() {
        body ??= JSON.parse(native.sent() ?? 'null') ?? undefined;
        return body;
      },
    };
  }

  /** What is known of the answer. */
  get response() {
    const { id, timestamp, ...response } = this.head.response ?? {};
    return { id: id ?? undefined, ...response, timestamp: timestamp === undefined ? new Date() : new Date(timestamp) };
  }

  /**
   * What is ready of a stream: one string or an array of several; `null` after the last.
   * @returns {string | string[] | null | Promise<string | string[] | null>} rejects with the reason of the signal
   */
  batch() {
    const batch = this.#source.batch();
    return batch === null || batch instanceof Promise ? this.#orAborted(batch) : batch;
  }

  /** The stream has ended. */
  end() {
    this.#unwatch();
  }

  /** Cancels the call. */
  close() {
    this.#unwatch();
    this.#source.close();
  }

  async #send(context, { operation, modelId, modelType, settings }, { headers, includeRawChunks, options }) {
    // Loads the addon, with all that needs it.
    const { nativeHub } = require('../hub.js');
    const { bodyOf } = require('../openai/body.js');
    const { Source } = require('../source.js');
    const host = context.host();
    const head = JSON.stringify({
      operation,
      modelId,
      settings,
      headers: await context.headers(headers),
      specification: context.specificationVersion,
      generatedId: context.generateId(),
      includeRawChunks,
    });
    const body = bodyOf(options);
    const crossed = body instanceof Promise ? await body : body;
    if (this.#caller.aborted !== null) throw this.#caller.aborted.reason;
    const about = { requestBodyValues: options, modelId, modelType };
    this.#source = new Source(
      () => (this.#native = nativeHub().aiSdk(host.native, head, crossed)),
      (native) => failureOf(native, host, about),
    );
    this.#caller.onAbort = () => this.#source.close();
    this.head = JSON.parse(await this.#orAborted(this.#source.first()));
  }

  async #orAborted(waiting) {
    const batch = await waiting;
    if (batch === null && this.#caller.aborted !== null) throw this.#caller.aborted.reason;
    return batch;
  }
}

/** Who waits for an answer, and may want it no more. */
class Caller {
  /** `{ reason }` once the answer is not wanted any more. */
  aborted = null;
  onAbort = () => {};

  abort(reason) {
    this.aborted = { reason };
    this.onAbort();
  }
}

/** Why a call failed. What a function among the settings threw is thrown as it is, or is the cause. */
function failureOf(native, host, about) {
  const data = native.callError();
  if (data === null) return null;
  const make = (data, { cause } = {}) => {
    const error = callError(data, { ...about, cause });
    Object.defineProperty(error, DATA, { value: data });
    return error;
  };
  return typeof data.hostCall === 'number' ? host.error(data, make) : make(data);
}

/** What an error was made of: those of streams have another class. */
const DATA = Symbol('data');

module.exports = { Call, DATA };
