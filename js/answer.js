'use strict';
// `bedrockWrapper`: the call, and the object it returns.

const { Chunks } = require('./chunks.js');
const { BedrockWrapperError, invalidRequest, shellError } = require('./errors.js');
const { nativeHub } = require('./hub.js');
const { logOutcome, logRequest } = require('./logging.js');
const { json, plainObject } = require('./plain.js');
const { Source } = require('./source.js');

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
    return send(credentials, body, settings);
  };
  const chunks = new Chunks(new Source(open, failureOf), { signal });
  if (logging) logOutcome(chunks.outcome);
  return new TextAnswer(chunks);
}

function failureOf(stream) {
  const data = stream.error();
  return data === null ? null : new BedrockWrapperError(data);
}

/** Strings up to this length in all, in characters, are cheaper to hand over as JSON; images are not. */
const SMALL = 32_768;

function send(credentials, request, options) {
  if (roomAfter(request, SMALL) < 0) return nativeHub().answer(json({ credentials, options }), request);
  return nativeHub().answer(json({ credentials, options, request }), null);
}

/** What is left of `room` after all strings in `value`; negative when they are longer. */
function roomAfter(value, room) {
  if (typeof value === 'string') return room - value.length;
  if (typeof value !== 'object' || value === null) return room;
  for (const key in value) {
    room = roomAfter(value[key], room);
    if (room < 0) return room;
  }
  return room;
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
