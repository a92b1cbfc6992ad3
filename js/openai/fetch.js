'use strict';
// `createFetch`: OpenAI's REST API behind the signature of fetch.

const { watch } = require('../abort.js');
const { nativeClient } = require('../host.js');
const { bodyOfPieces, bodyOfText } = require('./body.js');
const { Exchange } = require('./exchange.js');
const { headerPairs } = require('./headers.js');

/** Where clients put a key for OpenAI: no business of Bedrock's. */
const KEYS = new Set(['authorization', 'api-key', 'x-api-key', 'cookie']);

/**
 * @param {Record<string, unknown>} [options] as for `new Bedrock`
 * @returns {typeof fetch}
 */
function createFetch(options) {
  // Whoever calls fetch makes its own retries, as OpenAI's client does: together they would multiply.
  const host = nativeClient({ ...options, maxRetries: options?.maxRetries ?? 0 });
  return fetchOver(({ method, path, headers }, body) => new Exchange(host, { method, path, headers, form: 'sse', options: {} }, body));
}

/**
 * A `fetch` whose requests `exchangeOf` carries out.
 * @param {(request: ReturnType<typeof read>, body: unknown) => Exchange | Promise<Exchange>} exchangeOf
 * @returns {typeof fetch}
 */
function fetchOver(exchangeOf) {
  return async function fetch(input, init) {
    const request = read(input, init ?? {});
    request.signal?.throwIfAborted();
    const exchange = await exchangeOf(request, await bodyOf(request.body));
    request.signal?.throwIfAborted();
    return new Incoming(exchange, request.signal).response(request.url);
  };
}

/** What is asked for, be it in a Request or in the two arguments. */
function read(input, init) {
  const isRequest = typeof input === 'object' && input !== null && 'url' in input;
  const url = new URL(isRequest ? input.url : input);
  const given = (name) => init[name] ?? (isRequest ? input[name] : undefined);
  return {
    url: url.href,
    path: url.pathname + url.search,
    method: given('method') ?? 'GET',
    headers: headerPairs(given('headers')).filter(([name]) => !KEYS.has(name.toLowerCase())),
    body: given('body') ?? null,
    signal: given('signal') ?? null,
  };
}

/** @returns what the native part takes, or a promise of it */
function bodyOf(body) {
  if (body === null) return null;
  if (typeof body === 'string') return bodyOfText(body);
  if (body instanceof ArrayBuffer) return bodyOfPieces([new Uint8Array(body)]);
  if (ArrayBuffer.isView(body)) return bodyOfPieces([new Uint8Array(body.buffer, body.byteOffset, body.byteLength)]);
  if (body instanceof Blob) return bodyOfPieces(body.stream());
  if (typeof body[Symbol.asyncIterator] === 'function') return bodyOfPieces(body);
  throw new TypeError(`OpenAI's API takes JSON: a string, bytes, a Blob or a stream as body, not ${Object.prototype.toString.call(body).slice(8, -1)}`);
}

/** An answer on its way to the caller, who may abort it until it has been read. */
class Incoming {
  #exchange;
  #unwatch;
  /** `{ reason }` once the caller has aborted. */
  #aborted = null;
  #controller = null;

  constructor(exchange, signal) {
    this.#exchange = exchange;
    this.#unwatch = signal === null ? () => {} : watch(signal, this);
  }

  abort(reason) {
    this.#aborted = { reason };
    this.#end();
    this.#controller?.error(reason);
  }

  /** Settles when the head is there, and for a whole answer when all of it is. */
  async response(url) {
    try {
      const response = await this.#answer();
      return Object.defineProperty(response, 'url', { value: url });
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  async #answer() {
    await this.#exchange.head();
    this.#throwIfAborted();
    const { status, headers } = this.#exchange;
    if (this.#exchange.isStream) return new Response(this.#bytes(), { status, headers });
    const text = await this.#exchange.text();
    this.#throwIfAborted();
    this.#end();
    return new Response(text, { status, headers });
  }

  /** The body as a stream of bytes, which asks the native part only when somebody reads. */
  #bytes() {
    const encoder = new TextEncoder();
    return new ReadableStream({
      type: 'bytes',
      start: (controller) => { this.#controller = controller; },
      pull: async (controller) => {
        const batch = await this.#exchange.batch();
        if (this.#aborted !== null) return;
        if (batch !== null) return controller.enqueue(encoder.encode(typeof batch === 'string' ? batch : batch.join('')));
        this.#end();
        controller.close();
        controller.byobRequest?.respond(0);
      },
      cancel: () => this.#end(),
    });
  }

  #end() {
    this.#unwatch();
    this.#exchange.close();
  }

  #throwIfAborted() {
    if (this.#aborted !== null) throw this.#aborted.reason;
  }
}

module.exports = { createFetch, fetchOver };
