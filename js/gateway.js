'use strict';
// `serve`: OpenAI's API on Bedrock over HTTP, on native threads of this process.

const { BedrockWrapperError, invalidRequest } = require('./errors.js');
const { nativeHub, quietNews, started } = require('./hub.js');
const { Lifetime } = require('./lifetime.js');
const { plainObject } = require('./plain.js');

class Gateway {
  #stream;
  #lifetime;
  #orders = new Map();
  #nextOrder = 0;
  #ended;

  constructor(stream, { url, simulatorUrl }) {
    this.#stream = stream;
    this.url = url;
    this.simulatorUrl = simulatorUrl ?? undefined;
    this.#ended = this.#listen();
    this.#lifetime = new Lifetime(this, () => this.#end());
    this.ref();
  }

  get baseURL() {
    return `${this.url}/v1`;
  }

  async reload(options = {}) {
    const { settings, simulate } = settingsOf(options);
    if (simulate !== undefined && simulate !== (this.simulatorUrl !== undefined)) {
      throw invalidRequest('options.simulate', 'cannot change while the gateway runs');
    }
    if (this.#lifetime.isClosed) throw closed();
    const id = this.#nextOrder++;
    const { warnings, error } = await new Promise((resolve, reject) => {
      this.#orders.set(id, { resolve, reject });
      this.#stream.order({ id, settings });
    });
    if (error !== undefined) throw new BedrockWrapperError(error);
    warn(warnings);
  }

  close() {
    return this.#lifetime.close();
  }

  ref() {
    this.#lifetime.ref();
    return this;
  }

  unref() {
    this.#lifetime.unref();
    return this;
  }

  #end() {
    this.#stream.close();
    return this.#ended;
  }

  /** Hears what became of orders until the gateway has ended. Does not keep Node alive. */
  async #listen() {
    for (;;) {
      const told = this.#stream.poll();
      if (told === null) await quietNews(this.#stream.id);
      else if (told.length === 0) break;
      else for (const answer of [told].flat()) this.#hear(JSON.parse(answer));
    }
    for (const { reject } of this.#orders.values()) reject(closed());
  }

  #hear({ id, ...answer }) {
    const order = this.#orders.get(id);
    this.#orders.delete(id);
    order?.resolve(answer);
  }
}

if (Symbol.asyncDispose) {
  Gateway.prototype[Symbol.asyncDispose] = function dispose() {
    return this.close();
  };
}

async function serve(options = {}) {
  const { settings, simulate = false } = settingsOf(options);
  const stream = nativeHub().gateway(settings, simulate);
  const about = await started(stream);
  warn(about.warnings);
  return new Gateway(stream, about);
}

function settingsOf(options) {
  const { simulate, ...settings } = plainObject(options, 'options');
  if (simulate !== undefined && typeof simulate !== 'boolean') throw invalidRequest('options.simulate', 'expected true or false');
  return { settings, simulate };
}

function warn(warnings) {
  warnings.forEach((warning) => process.emitWarning(warning, 'BedrockGatewayWarning'));
}

function closed() {
  return invalidRequest('gateway', 'it is closed');
}

exports.serve = serve;
