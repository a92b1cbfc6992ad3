'use strict';
// `simulate`: Bedrock on localhost, in this process.

const { BedrockWrapperError } = require('./errors.js');
const { nativeHub, news, outcomeOf } = require('./hub.js');
const { plainObject } = require('./plain.js');

const LONGEST_DELAY = 2 ** 31 - 1;

/** Those that are open: a program may keep nothing but the URL, and its simulator must not be collected. */
const running = new Set();

class Simulator {
  #stream;
  #keepAlive = null;
  #closed = null;

  constructor(stream, { url, httpsUrl, caPem, env }) {
    this.#stream = stream;
    this.url = url;
    this.httpsUrl = httpsUrl ?? undefined;
    this.caPem = caPem ?? undefined;
    this.env = env;
    running.add(this);
  }

  close() {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  ref() {
    if (this.#closed === null) this.#keepAlive ??= setInterval(() => {}, LONGEST_DELAY);
    return this;
  }

  unref() {
    clearInterval(this.#keepAlive);
    this.#keepAlive = null;
    return this;
  }

  async #close() {
    this.unref();
    this.#stream.close();
    await outcomeOf(this.#stream);
    running.delete(this);
  }
}

if (Symbol.asyncDispose) {
  Simulator.prototype[Symbol.asyncDispose] = function dispose() {
    return this.close();
  };
}

async function simulate(options = {}) {
  const stream = nativeHub().simulator(plainObject(options, 'options'));
  let started = stream.poll();
  while (started === null) {
    await news(stream.id);
    started = stream.poll();
  }
  if (typeof started !== 'string') throw new BedrockWrapperError(stream.error());
  const about = JSON.parse(started);
  about.warnings.forEach((warning) => process.emitWarning(warning));
  return new Simulator(stream, about);
}

exports.simulate = simulate;
