'use strict';
// How long something native runs that a program has started: until it is closed.

const LONGEST_DELAY = 2 ** 31 - 1;

/** Those that are open: a program may keep nothing but a URL, and what serves it must not be collected. */
const running = new Set();

class Lifetime {
  #owner;
  #end;
  #keepAlive = null;
  #closed = null;

  /**
   * @param {object} owner what the program holds of it
   * @param {() => Promise<void>} end ends it, and resolves when it has ended
   */
  constructor(owner, end) {
    this.#owner = owner;
    this.#end = end;
    running.add(owner);
  }

  get isClosed() {
    return this.#closed !== null;
  }

  /** Keeps Node alive until it is closed. */
  ref() {
    if (!this.isClosed) this.#keepAlive ??= setInterval(() => {}, LONGEST_DELAY);
  }

  unref() {
    clearInterval(this.#keepAlive);
    this.#keepAlive = null;
  }

  /** Each call gives the same promise. */
  close() {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close() {
    const keepAlive = setInterval(() => {}, LONGEST_DELAY);
    this.unref();
    await this.#end();
    running.delete(this.#owner);
    clearInterval(keepAlive);
  }
}

module.exports = { Lifetime };
