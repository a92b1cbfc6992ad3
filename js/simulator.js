'use strict';
// `simulate`: Bedrock on localhost, in this process.

const { NativeSimulator } = require('./addon.js');
const { BedrockWrapperError, invalidRequest } = require('./errors.js');
const { nativeHub, quietNews, started } = require('./hub.js');
const { Lifetime } = require('./lifetime.js');
const { plain, plainObject } = require('./plain.js');
const { RuleHandle, nativeRule, ruleOf } = require('./rules.js');
const { awaited, expected } = require('./watch.js');

/** What a simulator and a session have in common: an account, named by its id, or the main one. */
class Account {
  #line;
  #id;

  constructor(line, id) {
    this.#line = line;
    this.#id = id;
  }

  on(match, answer, more) {
    return this.rule(ruleOf(match, answer, more));
  }

  rule(rule) {
    const { json, respond, timeout } = nativeRule(rule, 'rule');
    return this.#line.addRule(this.#id, json, respond, timeout, 'rule');
  }

  get requests() {
    return this.#line.native.requests(this.#id);
  }

  expectRequest(match) {
    return expected(this.requests, match, undefined, this.expectRequest)[0];
  }

  expectRequests(times, match) {
    return expected(this.requests, match, times, this.expectRequests);
  }

  waitForRequest(match, options) {
    return awaited(() => this.requests, match, options);
  }

  forgetRequests() {
    this.#line.native.forgetRequests(this.#id);
  }

  addFaults(...faults) {
    const refused = this.#line.native.addFaults(this.#id, plain(faults, 'faults'));
    if (refused !== null) throw new BedrockWrapperError(refused);
  }

  clearFaults() {
    this.#line.native.clearFaults(this.#id);
  }
}

class Simulator extends Account {
  #line;
  #lifetime;

  constructor(line, { url, httpsUrl, caPem, env }) {
    super(line, null);
    this.#line = line;
    this.url = url;
    this.httpsUrl = httpsUrl ?? undefined;
    this.caPem = caPem ?? undefined;
    this.env = env;
    this.#lifetime = new Lifetime(this, () => line.close());
  }

  async goDown(milliseconds) {
    this.#line.native.goDown(milliseconds);
  }

  async session() {
    const opened = this.#line.native.openAccount();
    if (this.#lifetime.isClosed || opened === null) throw invalidRequest('session', 'the simulator is closed');
    return new Session(this.#line, opened, this);
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
}

/** An account of its own in a running simulator. */
class Session extends Account {
  #line;

  constructor(line, { account, accessKeyId, secretAccessKey }, { url, httpsUrl, caPem, env }) {
    super(line, account);
    this.#line = line;
    this.account = account;
    this.url = url;
    this.httpsUrl = httpsUrl;
    this.caPem = caPem;
    const { AWS_SESSION_TOKEN: _, ...shared } = env;
    this.env = { ...shared, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  }

  async close() {
    this.#line.native.closeAccount(this.account);
  }
}

/** The line to a simulator's native part: calls to it, and its calls of functions. */
class Line {
  #stream;
  #functions = new Map();
  #nextFunction = 0;
  #closed = false;
  #ended;

  constructor(native, stream) {
    this.native = native;
    this.#stream = stream;
    this.#ended = this.#listen();
  }

  /** Adds a rule; what is wrong with it is told of `root`. */
  addRule(account, json, respond, timeout, root) {
    if (this.#closed) throw invalidRequest('rule', 'the simulator is closed');
    const name = respond === undefined ? null : this.#nextFunction++;
    if (respond !== undefined) this.#functions.set(name, respond);
    const added = this.native.addRule(account, json, name, timeout);
    if (typeof added !== 'number') {
      this.#functions.delete(name);
      const [message, param] = [added.message, added.param].map((text) => text.replace(/^rule/, () => root));
      throw new BedrockWrapperError({ ...added, message, param });
    }
    let last = 0;
    return new RuleHandle({
      calls: () => (last = this.native.ruleCalls(account, added) ?? last),
      remove: () => {
        last = this.native.ruleCalls(account, added) ?? last;
        this.native.removeRule(account, added);
        this.#functions.delete(name);
      },
    });
  }

  close() {
    this.#closed = true;
    this.#stream.close();
    return this.#ended;
  }

  /** Hears calls of functions until the simulator has ended. Does not keep Node alive. */
  async #listen() {
    for (;;) {
      const told = this.#stream.poll();
      if (told === null) await quietNews(this.#stream.id);
      else if (told.length === 0) return;
      else for (const call of [told].flat()) this.#call(JSON.parse(call));
    }
  }

  async #call({ call, function: name, argument }) {
    let said;
    try {
      const respond = this.#functions.get(name);
      const answer = await respond?.(argument);
      said = answer === null || answer === undefined ? {} : { answer: plain(answer, 'answer') };
    } catch (error) {
      said = { error: String(error) };
    }
    this.native.answer(call, said);
  }
}

for (const Closable of [Simulator, Session]) {
  if (!Symbol.asyncDispose) break;
  Closable.prototype[Symbol.asyncDispose] = function dispose() {
    return this.close();
  };
}

async function simulate(options = {}) {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw invalidRequest('options', 'expected an object');
  const { rules = [], ...rest } = options;
  const native = new NativeSimulator();
  const stream = nativeHub().simulator(plainObject(rest, 'options'), native);
  const about = await started(stream);
  about.warnings.forEach((warning) => process.emitWarning(warning));
  const line = new Line(native, stream);
  const simulator = new Simulator(line, about);
  try {
    if (!Array.isArray(rules)) throw invalidRequest('options.rules', 'expected an array');
    rules.forEach((rule, index) => {
      const root = `options.rules[${index}]`;
      const { json, respond, timeout } = nativeRule(rule, root);
      line.addRule(null, json, respond, timeout, root);
    });
  } catch (error) {
    await simulator.close();
    throw error;
  }
  return simulator;
}

exports.simulate = simulate;
