'use strict';
// `bedrockWrapper`: the call, and the object it returns.

const { Chunks } = require('./chunks.js');
const { invalidRequest, shellError } = require('./errors.js');
const { nativeHub } = require('./hub.js');
const { logOutcome, logRequest } = require('./logging.js');
const { plainObject } = require('./plain.js');

class TextAnswer {
  #chunks;
  #isIterated = false;

  constructor(chunks) {
    this.#chunks = chunks;
  }

  next() {
    return this.#chunks.next();
  }

  return(value) {
    return this.#chunks.return(value);
  }

  throw(error) {
    return this.#chunks.throw(error);
  }

  [Symbol.asyncIterator]() {
    const chunks = this.#chunks;
    if (chunks.isOver || (this.#isIterated && chunks.hasStarted)) {
      throw shellError('already_consumed', 'This answer was read already: an answer is read once. Call bedrockWrapper again, or keep its chunks in an array.');
    }
    this.#isIterated = true;
    return chunks;
  }

  get usage() {
    return this.#told((outcome) => outcome.usage ?? undefined);
  }

  get stopReason() {
    return this.#told((outcome) => outcome.stopReason ?? undefined);
  }

  get requestId() {
    return this.#told((outcome) => outcome.requestId ?? undefined);
  }

  get warnings() {
    return this.#told((outcome) => outcome.warnings ?? []);
  }

  #told(read) {
    const told = this.#chunks.outcome.then(read);
    told.catch(() => {});
    return told;
  }
}

if (Symbol.asyncDispose) {
  TextAnswer.prototype[Symbol.asyncDispose] = async function dispose() {
    await this.return();
  };
}

function bedrockWrapper(awsCreds, request, options) {
  const { signal, logging } = options ?? {};
  const open = () => {
    const settings = readOptions(options ?? {});
    const credentials = plainObject(awsCreds ?? {}, 'awsCreds');
    const body = plainObject(request, 'request');
    if (logging) logRequest(body, settings);
    return nativeHub().answer(credentials, body, settings);
  };
  const chunks = new Chunks(open, signal);
  if (logging) logOutcome(chunks.outcome);
  return new TextAnswer(chunks);
}

/** The options that are not the shell's own. */
function readOptions(options) {
  const { signal, logging, ...rest } = options;
  checkSignal(signal);
  return plainObject(typeof options === 'object' ? rest : options, 'options');
}

function checkSignal(signal) {
  if (signal === undefined || signal === null) return;
  const isSignal = typeof signal.aborted === 'boolean' && typeof signal.addEventListener === 'function';
  if (!isSignal) throw invalidRequest('options.signal', 'expected an AbortSignal');
}

module.exports = { bedrockWrapper };
