'use strict';
// Requests that leave through the `fetch` of the caller: made when the native part asks, answered piece by piece.

const { stayAlive } = require('./hub.js');

/** The requests of one client that are under way. */
class Outgoing {
  #native;
  #fetch;
  #open = new Map();

  /**
   * @param {import('./native.js').NativeClient} native
   * @param {typeof fetch} fetch
   */
  constructor(native, fetch) {
    this.#native = native;
    this.#fetch = fetch;
  }

  /**
   * Sends request number `call` and passes on what comes back.
   * @param {(thrown: unknown) => string} describe tells what was thrown, and remembers it
   */
  async send(call, { method, url, headers }, describe) {
    const body = this.#native.fetchBody(call);
    if (body === null) return;
    const request = new Request(this.#native, call);
    this.#open.set(call, request);
    try {
      const send = this.#fetch;
      const { signal } = request;
      const init = { method, headers: Object.fromEntries(headers), body: body.length > 0 ? body : undefined, signal, redirect: 'manual' };
      await request.pass(await send(url, init));
      this.#native.fetchEnd(call, null);
    } catch (thrown) {
      // One that was cancelled fails as it should, and nobody is told.
      if (request.signal.aborted) this.#native.fetchEnd(call, null);
      else this.#native.fetchEnd(call, describe(thrown));
    } finally {
      this.#open.delete(call);
      request.end();
    }
  }

  /** There is room for more of an answer. */
  more(call) {
    this.#open.get(call)?.go();
  }

  cancel(call) {
    this.#open.get(call)?.cancel();
  }
}

class Request {
  #native;
  #call;
  #controller = new AbortController();
  /** Goes on with an answer that is held back. */
  #go = null;
  /** Stops the body that is being read, also one that knows nothing of the signal. */
  #stop = null;
  /** A cancelled request that never settles must not keep Node alive, one that is to be cancelled must. */
  #release = stayAlive();

  constructor(native, call) {
    this.#native = native;
    this.#call = call;
  }

  get signal() {
    return this.#controller.signal;
  }

  async pass(response) {
    if (typeof response?.status !== 'number') throw new TypeError('fetch gave no Response');
    const { status, headers, body } = response;
    const pieces = piecesOf(body);
    this.#stop = pieces.stop;
    if (this.signal.aborted || !this.#native.fetchHead(this.#call, status, [...headers].flat().map(String))) return this.cancel();
    for (let piece = await pieces.next(); piece !== null; piece = await pieces.next()) {
      const wantsMore = this.#native.fetchPiece(this.#call, piece);
      if (wantsMore === null || this.signal.aborted) return this.cancel();
      if (!wantsMore) await new Promise((resolve) => { this.#go = resolve; });
    }
  }

  go() {
    this.#go?.();
    this.#go = null;
  }

  cancel() {
    this.#controller.abort();
    this.#stop?.();
    this.go();
    this.end();
  }

  end() {
    this.#release?.();
    this.#release = null;
  }
}

const NOTHING = { next: async () => null, stop() {} };

/** The pieces of a body: of a web stream, or of anything that can be iterated, such as Node's streams. */
function piecesOf(body) {
  if (body === null || body === undefined) return NOTHING;
  if (typeof body.getReader === 'function') {
    const reader = body.getReader();
    return { next: async () => bytesOf(await reader.read()), stop: () => reader.cancel().catch(() => {}) };
  }
  const iterator = body[Symbol.asyncIterator]();
  return { next: async () => bytesOf(await iterator.next()), stop: () => body.destroy?.() };
}

function bytesOf({ done, value }) {
  if (done) return null;
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return Buffer.from(value);
  throw new TypeError('the body of the Response has pieces that are no bytes');
}

module.exports = { Outgoing };
