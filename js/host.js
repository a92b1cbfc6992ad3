'use strict';
// The native part of a configured client, and its calls of the functions among the client's options.

const { BedrockWrapperError, invalidRequest } = require('./errors.js');
const { nativeHub, quietNews } = require('./hub.js');
const { headerPairs } = require('./openai/headers.js');
const { warnOfUnknown } = require('./options.js');
const { Outgoing } = require('./outgoing.js');
const { plain } = require('./plain.js');

/** Failures remembered, so that the one that ends a call is thrown as it was; most belong to attempts that went well in the end. */
const MAX_FAILURES = 1000;

/** Options that may be functions, and what of an answer crosses to the native part. */
const FUNCTIONS = { apiKey: token, tokenProvider: token, credentialProvider: identity };

/** A native client and the functions it may call. Whoever waits for one of its calls holds it. */
class Host {
  #functions;
  #outgoing;
  #failures = new Map();

  constructor(native, functions, fetch) {
    this.native = native;
    this.#functions = functions;
    this.#outgoing = new Outgoing(native, fetch);
  }

  /**
   * The error that `data` stands for: what a function of the caller threw, the same object, or else one that `make` makes.
   * Of what `fetch` threw it is the cause.
   */
  error(data, make = (data, options) => new BedrockWrapperError(data, options)) {
    const failure = this.#failures.get(data.hostCall);
    if (failure === undefined) return make(data);
    return failure.isCause ? make(data, { cause: failure.thrown }) : failure.thrown;
  }

  /** Makes the calls that are asked for. */
  serve() {
    for (let calls = this.native.asked(); calls.length > 0; calls = this.native.asked()) {
      for (const call of calls) this.#serve(JSON.parse(call));
    }
  }

  #serve({ more, cancel, ...asked }) {
    if (more !== undefined) this.#outgoing.more(more);
    else if (cancel !== undefined) this.#outgoing.cancel(cancel);
    else if (asked.function === 'fetch') this.#send(asked);
    else this.#call(asked);
  }

  #send({ call, argument }) {
    return this.#outgoing.send(call, argument, (thrown) => this.#remember(call, { thrown, isCause: true }));
  }

  async #call({ call, function: name }) {
    let said;
    try {
      const { ask, read } = this.#functions.get(name);
      said = { answer: read(await ask()) };
    } catch (thrown) {
      said = { error: this.#remember(call, { thrown }) };
    }
    this.native.answer(call, said);
  }

  #remember(call, failure) {
    if (this.#failures.size >= MAX_FAILURES) this.#failures.delete(this.#failures.keys().next().value);
    this.#failures.set(call, failure);
    return textOf(failure.thrown);
  }
}

/** Node's `fetch` says why it failed in the cause only. */
function textOf(thrown) {
  try {
    const reason = thrown?.cause?.message;
    return (reason ? `${thrown} (${reason})` : String(thrown)).slice(0, 300);
  } catch {
    return 'something without a text was thrown';
  }
}

/**
 * The native client for `options`, which are checked here: what is wrong with them is thrown.
 * @param {Record<string, unknown>} options
 */
function nativeClient(options) {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw invalidRequest('options', 'expected an object');
  warnOfUnknown(options);
  const { fetch, defaultHeaders, ...others } = options;
  checkFetch(fetch);
  const { settings, functions } = split(others);
  if (defaultHeaders) settings.defaultHeaders = headersOf(defaultHeaders);
  const names = [...functions.keys(), ...(fetch ? ['fetch'] : [])];
  const native = nativeHub().client(plain(settings, 'options'), names);
  if (!isClient(native)) throw new BedrockWrapperError(native);
  const host = new Host(native, functions, fetch);
  if (names.length > 0) {
    host.serve();
    listen(new WeakRef(host), native.id);
  }
  return host;
}

/** One value for each name, as in a `Headers`. */
function headersOf(given) {
  if (typeof given !== 'object') throw invalidRequest('options.defaultHeaders', 'expected an object, a Headers or pairs');
  return Object.fromEntries(headerPairs(given));
}

function checkFetch(fetch) {
  if (fetch !== undefined && fetch !== null && typeof fetch !== 'function') {
    throw invalidRequest('options.fetch', 'expected a function like the global fetch');
  }
}

/** What is no client is the data of an error. */
function isClient(native) {
  return typeof native.asked === 'function';
}

/** Settings as plain values, and the functions among them. */
function split(options) {
  const [settings, functions] = [{}, new Map()];
  for (const [name, value] of Object.entries(options)) {
    const read = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (read !== undefined && typeof value === 'function') functions.set(name, { ask: () => value(), read });
    else if (read === identity && isIdentity(value)) functions.set(name, { ask: () => value, read });
    else settings[name] = value;
  }
  return { settings, functions };
}

/** Serves a host for as long as somebody else holds it; Node may end meanwhile. */
async function listen(reference, id) {
  do await quietNews(id); while (serve(reference));
}

function serve(reference) {
  const host = reference.deref();
  host?.serve();
  return host !== undefined;
}

function isIdentity(value) {
  return typeof value === 'object' && value !== null && 'accessKeyId' in value;
}

/** An identity of the AWS SDK for JavaScript: `{accessKeyId, secretAccessKey, sessionToken?, expiration?}`. */
function identity(value) {
  if (typeof value !== 'object' || value === null) return null;
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = value;
  return plainFields({ accessKeyId, secretAccessKey, sessionToken, expiration: instant(expiration) });
}

/** A token, or with its end as the AWS SDK for JavaScript has it: `{token, expiration?}`. */
function token(value) {
  if (typeof value === 'string') return { token: value };
  if (typeof value !== 'object' || value === null) return null;
  return plainFields({ token: value.token, expiration: instant(value.expiration) });
}

/** Milliseconds since 1970; an expiration that cannot be read is told as it is, and refused. */
function instant(expiration) {
  if (expiration === undefined || expiration === null) return undefined;
  const milliseconds = new Date(expiration).getTime();
  return Number.isNaN(milliseconds) ? String(expiration) : milliseconds;
}

/** Strings and numbers as they are; what is neither is told by its type, and refused. */
function plainFields(fields) {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known.map(([name, value]) => [name, isPlain(value) ? value : false]));
}

function isPlain(value) {
  return typeof value === 'string' || typeof value === 'number';
}

module.exports = { nativeClient };
