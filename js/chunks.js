'use strict';
// The async iterator over an answer: takes whole batches, hands out one chunk at a time.

const { watch } = require('./abort.js');

const NO_CHUNKS = [];

class Chunks {
  #source;
  #signal;
  #decode;
  #onEnd;
  #hasStarted = false;
  #batch = NO_CHUNKS;
  #position = 0;
  /** next() calls that have not settled, and the last of them: the next one queues behind it. */
  #reading = 0;
  #last = null;
  #isOver = false;
  /** `{ error }` once the answer has failed. */
  #failure = null;
  #isFailureTold = false;
  #unwatch = null;
  #outcome = null;

  /**
   * @param {import('./source.js').Source} source
   * @param {object} [options]
   * @param {AbortSignal} [options.signal] whose reason next() throws
   * @param {(batch: string[]) => unknown[]} [options.decode] makes chunks of strings; default: the strings are the chunks
   * @param {(isWhole: boolean) => void} [options.onEnd] called once; `isWhole`: everything was read
   */
  constructor(source, { signal, decode, onEnd } = {}) {
    this.#source = source;
    this.#signal = signal;
    this.#decode = decode;
    this.#onEnd = onEnd;
  }

  get hasStarted() {
    return this.#hasStarted;
  }

  get isOver() {
    return this.#isOver;
  }

  next() {
    if (this.#reading === 0 && this.#position < this.#batch.length) {
      return Promise.resolve({ value: this.#batch[this.#position++], done: false });
    }
    const read = () => this.#read();
    const isFirst = this.#reading++ === 0;
    this.#last = isFirst ? this.#read() : this.#last.then(read, read);
    return this.#last;
  }

  async return(value) {
    this.#end();
    return { value: await value, done: true };
  }

  async throw(error) {
    this.#end();
    throw error;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** Ends the answer with `reason`, which the pending or else the next next() throws. */
  abort(reason) {
    if (this.#isOver) return;
    this.#failure = { error: reason };
    this.#end();
  }

  /** What the call told besides its text, once it has ended. Rejects with the error of the answer; need not be handled. */
  get outcome() {
    if (this.#outcome === null) {
      this.#outcome = deferred();
      if (this.#isOver) this.#settle();
    }
    return this.#outcome.promise;
  }

  async #read() {
    try {
      for (;;) {
        if (this.#failure !== null && !this.#isFailureTold) throw this.#failure.error;
        if (this.#isOver) return { value: undefined, done: true };
        if (this.#position < this.#batch.length) return { value: this.#batch[this.#position++], done: false };
        const ready = this.#hasStarted ? this.#source.batch() : this.#start();
        const batch = ready instanceof Promise ? await ready : ready;
        if (batch === null) this.#end(this.#failure === null);
        else if (!this.#isOver) this.#take(batch);
      }
    } catch (error) {
      this.#failure = { error };
      this.#isFailureTold = true;
      this.#end();
      throw error;
    } finally {
      this.#reading--;
    }
  }

  #start() {
    this.#hasStarted = true;
    const signal = this.#signal;
    if (signal?.aborted) throw signal.reason;
    const ready = this.#source.batch();
    if (signal) this.#unwatch = watch(signal, this);
    return ready;
  }

  #take(batch) {
    const strings = typeof batch === 'string' ? [batch] : batch;
    this.#batch = this.#decode === undefined ? strings : this.#decode(strings);
    this.#position = 0;
  }

  #end(isWhole = false) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#batch = NO_CHUNKS;
    this.#position = 0;
    this.#unwatch?.();
    this.#source.close();
    this.#onEnd?.(isWhole);
    if (this.#outcome !== null) this.#settle();
  }

  #settle() {
    const { resolve, reject } = this.#outcome;
    if (this.#failure !== null) reject(this.#failure.error);
    else resolve(this.#source.outcome());
  }
}

function deferred() {
  let resolve, reject;
  const promise = new Promise((onValue, onError) => { resolve = onValue; reject = onError; });
  promise.catch(() => {});
  return { promise, resolve, reject };
}

module.exports = { Chunks };
