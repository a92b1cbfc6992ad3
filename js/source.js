'use strict';
// The strings of a native stream, batch by batch: what every reader of one has in common.

const { news, publishReports, report } = require('./hub.js');

class Source {
  #open;
  #failureOf;
  #stream = null;
  #isClosed = false;
  /** Strings that came with the first one. */
  #early = null;

  /**
   * @param {() => import('./native.js').NativeStream} open sends the request; called by the first batch()
   * @param {(stream: import('./native.js').NativeStream) => unknown} failureOf why an ended stream failed, or `null`
   */
  constructor(open, failureOf) {
    this.#open = open;
    this.#failureOf = failureOf;
  }

  /**
   * What is ready: one string or an array of several; `null` after the last and after close(). When nothing is ready, a
   * promise of it.
   * @returns {string | string[] | null | Promise<string | string[] | null>}
   */
  batch() {
    if (this.#isClosed) return null;
    if (this.#early !== null) {
      const early = this.#early;
      this.#early = null;
      return early;
    }
    if (this.#stream === null) {
      this.#stream = this.#open();
      this.#open = null;
    }
    const batch = this.#stream.poll();
    return batch === null ? this.#later() : this.#orEnd(batch);
  }

  /** The first string by itself; `null` after close(). What came with it is the next batch. */
  async first() {
    const batch = await this.batch();
    if (batch === null || typeof batch === 'string') return batch;
    const [first, ...early] = batch;
    if (early.length > 0) this.#early = early;
    return first;
  }

  /** Cancels the request, unless it has ended. A batch() that waits is `null`. */
  close() {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#open = null;
    if (this.#stream === null) return;
    this.#stream.close();
    report([this.#stream.id]);
  }

  /** What the call told besides its strings, once it has ended; `{}` when it was never sent. */
  async outcome() {
    if (this.#stream === null) return {};
    while (this.#stream.poll() === null) await news(this.#stream.id);
    return this.#stream.outcome() ?? {};
  }

  async #later() {
    let batch = null;
    while (batch === null && !this.#isClosed) {
      await news(this.#stream.id);
      batch = this.#isClosed ? null : this.#stream.poll();
    }
    return batch === null ? null : this.#orEnd(batch);
  }

  #orEnd(batch) {
    if (typeof batch === 'string' || batch.length > 0) return batch;
    publishReports(); // a call is over when all is told of it
    const failure = this.#failureOf(this.#stream);
    if (failure !== null) throw failure;
    return null;
  }
}

module.exports = { Source };
