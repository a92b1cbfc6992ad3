'use strict';
// The async iterator over a native stream: takes whole batches, hands out one chunk at a time.

const { watch } = require('./abort.js');
const { BedrockWrapperError } = require('./errors.js');
const { news, outcomeOf, report } = require('./hub.js');

const NO_CHUNKS = [];

class Chunks {
  #open;
  #signal;
  #stream = null;
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
   * @param {() => import('./native.js').NativeStream} open sends the request; called by the first next()
   * @param {AbortSignal | undefined} signal
   */
  constructor(open, signal) {
    this.#open = open;
    this.#signal = signal;
  }

  get hasStarted() {
    return this.#stream !== null;
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
        if (this.#stream === null) this.#start();
        const batch = this.#stream.poll();
        if (batch === null) {
          await news(this.#stream.id);
        } else if (typeof batch === 'string') {
          return { value: batch, done: false };
        } else if (batch.length > 0) {
          this.#batch = batch;
          this.#position = 0;
        } else {
          const error = this.#stream.error();
          if (error !== null) throw new BedrockWrapperError(error);
          this.#end();
        }
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
    const signal = this.#signal;
    if (signal?.aborted) throw signal.reason;
    this.#stream = this.#open();
    this.#open = null;
    if (signal) this.#unwatch = watch(signal, this);
  }

  #end() {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#open = null;
    this.#batch = NO_CHUNKS;
    this.#position = 0;
    this.#unwatch?.();
    if (this.#stream !== null) {
      this.#stream.close();
      report([this.#stream.id]);
    }
    if (this.#outcome !== null) this.#settle();
  }

  #settle() {
    const { resolve, reject } = this.#outcome;
    if (this.#failure !== null) reject(this.#failure.error);
    else if (this.#stream === null) resolve({});
    else resolve(outcomeOf(this.#stream));
  }
}

function deferred() {
  let resolve, reject;
  const promise = new Promise((onValue, onError) => { resolve = onValue; reject = onError; });
  promise.catch(() => {});
  return { promise, resolve, reject };
}

module.exports = { Chunks };
