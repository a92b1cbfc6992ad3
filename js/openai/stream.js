'use strict';
// An answer in pieces, as OpenAI's client gives it: an async iterable that is read once.

const { shellError } = require('../errors.js');

class Stream {
  #iterate;
  #isConsumed = false;

  /**
   * @param {() => AsyncIterator<unknown>} iterate begins the only iteration
   * @param {AbortController} controller whose abort() ends the stream
   */
  constructor(iterate, controller) {
    this.#iterate = iterate;
    this.controller = controller;
  }

  [Symbol.asyncIterator]() {
    if (this.#isConsumed) {
      throw shellError('already_consumed', 'Cannot iterate over a consumed stream, use `.tee()` to split the stream.');
    }
    this.#isConsumed = true;
    return this.#iterate();
  }

  /** Two streams with everything of this one, each read at its own speed; what one has not read yet is kept. */
  tee() {
    const source = this[Symbol.asyncIterator]();
    const [left, right] = [new Branch(source), new Branch(source)];
    left.sibling = right;
    right.sibling = left;
    return [left, right].map((branch) => new Stream(() => branch, this.controller));
  }

  /** Each item as a line of JSON, in bytes. */
  toReadableStream() {
    const encoder = new TextEncoder();
    let items = null;
    return new ReadableStream({
      pull: async (controller) => {
        items ??= this[Symbol.asyncIterator]();
        const { value, done } = await items.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      },
      cancel: async () => {
        this.controller.abort();
        await items?.return?.();
      },
    }, { highWaterMark: 0 });
  }

  /** The stream whose toReadableStream() gave these bytes, perhaps in another process. */
  static fromReadableStream(readable, controller = new AbortController()) {
    return new Stream(() => parsedLines(readable, controller), controller);
  }
}

/** One of two readers of an iterator. */
class Branch {
  sibling = null;
  #source;
  /** What the sibling has read before this one did; the first of them to be read next. */
  #ahead = [];
  #first = 0;
  #isOver = false;

  constructor(source) {
    this.#source = source;
  }

  next() {
    if (this.#isOver) return Promise.resolve({ value: undefined, done: true });
    if (this.#first < this.#ahead.length) return this.#kept();
    const item = this.#source.next();
    this.sibling.#keep(item);
    return item;
  }

  async return(value) {
    this.#isOver = true;
    this.#ahead = [];
    if (this.sibling.#isOver) await this.#source.return?.();
    return { value, done: true };
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  #keep(item) {
    if (!this.#isOver) this.#ahead.push(item);
  }

  #kept() {
    const item = this.#ahead[this.#first];
    this.#ahead[this.#first++] = undefined;
    if (this.#first === this.#ahead.length) {
      this.#ahead = [];
      this.#first = 0;
    }
    return item;
  }
}

async function* parsedLines(readable, controller) {
  // Loaded here since few need them and they take longer to load than the rest of this package's JavaScript.
  const { createInterface } = require('node:readline');
  const { Readable } = require('node:stream');
  const input = Readable.fromWeb(readable, { signal: controller.signal });
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line !== '') yield JSON.parse(line);
    }
  } catch (error) {
    if (!controller.signal.aborted) throw error;
  } finally {
    input.destroy();
  }
}

module.exports = { Stream };
