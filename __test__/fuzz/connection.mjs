// One keep-alive connection that sends many requests at once and judges each answer.

import { connect } from 'node:net';

/** Milliseconds in which a batch must have been answered. */
const PATIENCE = 30_000;

export class Connection {
  #socket;
  #pending = Buffer.alloc(0);
  #wake = () => {};
  #closed = false;

  constructor(port) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (bytes) => {
      this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
      this.#wake();
    });
    for (const end of ['close', 'error']) {
      this.#socket.on(end, () => {
        this.#closed = true;
        this.#wake();
      });
    }
  }

  /** Sends all and waits for one answer to each; calls `judge(answer, request)`. */
  async batch(requests, judge) {
    this.#socket.cork();
    for (const request of requests) this.#socket.write(request);
    this.#socket.uncork();
    for (const request of requests) judge(await this.#answer(request), request);
  }

  /** Sends bytes that may be anything, closes this side, and gives all that comes back. */
  async throwAt(bytes) {
    this.#socket.end(bytes);
    while (!this.#closed) await this.#more('noise');
    return this.#pending.toString('latin1');
  }

  close() {
    this.#socket.destroy();
  }

  async #answer(request) {
    let end = this.#pending.indexOf('\r\n\r\n');
    while (end < 0) {
      await this.#open(request);
      end = this.#pending.indexOf('\r\n\r\n');
    }
    const head = this.#pending.latin1Slice(0, end);
    this.#pending = this.#pending.subarray(end + 4);
    const length = /\r\ncontent-length: (\d+)/i.exec(head);
    const body = length ? await this.#take(Number(length[1]), request) : await this.#chunks(request);
    return { status: Number(head.slice(9, 12)), head, body };
  }

  async #take(length, request) {
    while (this.#pending.length < length) await this.#open(request);
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return taken;
  }

  async #chunks(request) {
    const pieces = [];
    for (;;) {
      let end = this.#pending.indexOf('\r\n');
      while (end < 0) {
        await this.#open(request);
        end = this.#pending.indexOf('\r\n');
      }
      const size = parseInt(this.#pending.latin1Slice(0, end), 16);
      const piece = await this.#take(end + 2 + size + 2, request);
      if (size === 0) return Buffer.concat(pieces);
      pieces.push(piece.subarray(end + 2, -2));
    }
  }

  async #open(request) {
    if (this.#closed) throw new Error(`the connection was closed instead of an answer to ${shown(request)}`);
    await this.#more(request);
  }

  async #more(request) {
    let timer;
    await new Promise((resolve, reject) => {
      this.#wake = resolve;
      timer = setTimeout(() => reject(new Error(`no answer to ${shown(request)}`)), PATIENCE);
    });
    clearTimeout(timer);
  }
}

export function shown(request) {
  return JSON.stringify(request.toString('latin1').slice(0, 600));
}
