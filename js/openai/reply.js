'use strict';
// Sends what a method of the client is called with, and reads what comes back: an object, a stream, or an error.

const { watch } = require('../abort.js');
const { Chunks } = require('../chunks.js');
const { bodyOf } = require('./body.js');
const { chunkDecoder } = require('./chunk.js');
const { abortError, badRequest, errorOfAnswer } = require('./errors.js');
const { eventBytes } = require('./events.js');
const { Exchange } = require('./exchange.js');
const { headerPairs } = require('./headers.js');
const { Stream } = require('./stream.js');

/** An answer that is no error. */
class Reply {
  #exchange;

  /**
   * @param {Exchange} exchange
   * @param {{ text?: string, stream?: Stream }} body one of them
   */
  constructor(exchange, { text, stream }) {
    this.#exchange = exchange;
    this.text = text;
    this.stream = stream;
  }

  get requestId() {
    return this.#exchange.headers['x-request-id'] ?? null;
  }

  /** What could not be carried out as asked. */
  get warnings() {
    return JSON.parse(this.#exchange.headers['x-bedrock-warnings'] ?? '[]');
  }

  /** The body as an object, with the request id beside its fields. */
  json() {
    return Object.defineProperty(JSON.parse(this.text), '_request_id', { value: this.requestId });
  }

  /** The answer as it would have come over HTTP. A stream's body and its chunks are the same thing: one of them is read. */
  response() {
    const { status, headers } = this.#exchange;
    return new Response(this.stream === undefined ? this.text : eventBytes(this.stream), { status, headers });
  }
}

/**
 * Sends a request and waits for its answer, or for the beginning of a stream.
 * @param {import('../host.js').Host} host
 * @param {{ method: string, path: string, body?: unknown }} request
 * @param {{ signal?: AbortSignal, timeout?: number, maxRetries?: number, headers?: unknown }} [options]
 * @returns {Promise<Reply>}
 */
async function send(host, { method, path, body }, options) {
  const { signal, timeout, maxRetries, headers } = options ?? {};
  checkSignal(signal);
  checkHeaders(headers);
  if (signal?.aborted) throw abortError(signal.reason);
  const head = { method, path, headers: headerPairs(headers), form: 'items', options: { timeout, maxRetries } };
  const caller = new Caller();
  const unwatch = signal ? watch(signal, caller) : () => {};
  try {
    const text = method === 'GET' ? null : bodyOf(body);
    const exchange = new Exchange(host, head, text instanceof Promise ? await text : text);
    return await replyTo(exchange, caller, unwatch);
  } catch (error) {
    unwatch();
    throw error;
  }
}

function checkSignal(signal) {
  if (signal === undefined || signal === null) return;
  const isSignal = typeof signal.aborted === 'boolean' && typeof signal.addEventListener === 'function';
  if (!isSignal) throw badRequest('options.signal', 'expected an AbortSignal');
}

function checkHeaders(headers) {
  if (headers === undefined || headers === null || typeof headers === 'object') return;
  throw badRequest('options.headers', 'expected an object, a Headers or pairs');
}

/** Who waits for a reply, and may want it no more. Cheaper than an AbortController, which only streams need. */
class Caller {
  /** `{ reason }` once the reply is not wanted any more. */
  aborted = null;
  /** @type {(reason: unknown) => void} */
  onAbort = () => {};

  abort(reason) {
    this.aborted = { reason };
    this.onAbort(reason);
  }
}

async function replyTo(exchange, caller, unwatch) {
  caller.onAbort = () => exchange.close();
  if (caller.aborted === null) await exchange.head();
  if (caller.aborted !== null) throw abortError(caller.aborted.reason);
  if (exchange.isStream) return new Reply(exchange, { stream: chunkStream(exchange, caller, unwatch) });
  const text = await exchange.text();
  if (caller.aborted !== null) throw abortError(caller.aborted.reason);
  unwatch();
  if (exchange.status >= 400) throw errorOfAnswer(exchange.status, exchange.headers, parsed(text));
  return new Reply(exchange, { text });
}

function chunkStream(exchange, caller, unwatch) {
  const controller = new AbortController();
  caller.onAbort = (reason) => controller.abort(reason);
  const onEnd = (isWhole) => {
    caller.onAbort = () => {}; // which also keeps the caller, whom its signal holds weakly, as long as the stream
    unwatch();
    if (!isWhole) controller.abort();
  };
  const chunks = new Chunks(exchange, { decode: chunkDecoder(), onEnd });
  controller.signal.addEventListener('abort', () => chunks.return(), { once: true });
  return new Stream(() => chunks, controller);
}

/** A body that should be JSON; a text that is none is told as it is. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}

module.exports = { send };
