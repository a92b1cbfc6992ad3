'use strict';
// The body of a request on its way to the native part: a small one as JSON at once, a large one piece by piece, so that no
// piece holds up the event loop.

const { RequestBody } = require('../addon.js');
const { isBytes, isObject, isPlain, json, notAnObject, Walk } = require('../plain.js');
const { badRequest } = require('./errors.js');

/** Characters up to which a body crosses as one string. */
const SMALL = 262_144;
/** Characters up to which a part of a larger one becomes JSON at once. */
const PART = 65_536;
/** Longer strings of a large body cross beside the JSON, where nobody escapes or parses them. */
const LONG = 512;
/** What a value counts besides its text. */
const A_VALUE = 8;
/** Levels that are looked through; what is nested deeper is refused anyway. */
const DEEPEST = 120;
/** Bytes that cross at once. */
const PIECE = 3 * 32_768;
/** Bytes that a unit of a string can become. */
const MOST_BYTES = 3;
/** Bytes that become base64 at once; divisible by three, so that it can be cut there. */
const PIECE_OF_BASE64 = 3 * 65_536;
/** Milliseconds after which others get their turn. */
const TURN = 1;
/** What stands in the JSON for a long string: this and its index. Strings that begin like it cross as long ones do. */
const MARK = '\0';

/**
 * A request's body as JSON, or a promise of what the native part has collected of it.
 * @param {unknown} value
 * @returns {string | Promise<RequestBody>}
 */
function bodyOf(value) {
  const walk = new Walk('request', { invalid: badRequest, asJson: true });
  if (!isObject(value)) throw walk.invalid(notAnObject(value));
  if (roomAfter(value, SMALL) < 0) return new Writer(walk).all(value);
  return json(isJson(value, 0) ? value : walk.copy(value));
}

/** The same for a body that is JSON already. */
function bodyOfText(text) {
  const json = /\\u[dD]/.test(text) ? withoutHalves(text) : text;
  return json.length <= SMALL ? json : bodyOfPieces(encoded(json));
}

/**
 * JSON in which halves of surrogate pairs, that no parser takes, are U+FFFD. `JSON.stringify` writes them as escapes, as of
 * a text that was cut in an emoji.
 */
function withoutHalves(json) {
  const isHalf = (escape) => escape.length === 6;
  return json.replace(/\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u[dD][89a-fA-F]..|.)/g, (escape) => (isHalf(escape) ? '\\ufffd' : escape));
}

/** The same for a body that comes in pieces, of bytes or of text. */
async function bodyOfPieces(pieces) {
  const body = new RequestBody();
  const turn = new Turn();
  for await (const piece of pieces) {
    for (const bytes of typeof piece === 'string' ? encoded(piece) : partsOf(piece)) {
      body.json(bytes);
      await turn.end();
    }
  }
  return body;
}

/** What is left of `room`, in characters, after all of `value`; negative when that is more. */
function roomAfter(value, room, depth = 0) {
  if (typeof value === 'string') return room - value.length - A_VALUE;
  if (typeof value !== 'object' || value === null || depth === DEEPEST) return room - A_VALUE;
  if (isBytes(value)) return room - 2 * value.byteLength;
  room -= A_VALUE;
  for (const key in value) {
    room = roomAfter(value[key], room - key.length, depth + 1);
    if (room < 0) return room;
  }
  return room;
}

/** Whether `value` is nothing but plain objects, arrays and values of JSON, so that its copy would be the same. */
function isJson(value, depth) {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth === DEEPEST || !isPlain(value) || value.toJSON !== undefined) return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      if (!isJson(value[index], depth + 1)) return false;
    }
    return true;
  }
  for (const key in value) {
    if (value[key] !== undefined && !isJson(value[key], depth + 1)) return false;
  }
  return true;
}

/** Whether a part of a large body is JSON at once: short, and without a string that crosses beside it. */
function isShort(value) {
  return roomAfter(value, PART) >= 0 && !hasLong(value, 0);
}

function hasLong(value, depth) {
  if (typeof value === 'string') return isLong(value);
  if (typeof value !== 'object' || value === null || depth === DEEPEST) return false;
  if (isBytes(value)) return value.byteLength > LONG;
  for (const key in value) {
    if (hasLong(value[key], depth + 1)) return true;
  }
  return false;
}

function isLong(text) {
  return text.length > LONG || text.startsWith(MARK);
}

/** Writes one body, giving others their turn in between. */
class Writer {
  #walk;
  #body = new RequestBody();
  #json = new Collected((bytes) => this.#body.json(bytes));
  #long = new Collected((bytes) => this.#body.long(bytes, Uint32Array.from(this.#ends.splice(0))));
  /** Where long strings end among the bytes that were collected of them. */
  #ends = [];
  #turn = new Turn();
  #longOnes = 0;

  constructor(walk) {
    this.#walk = walk;
  }

  async all(value) {
    await this.#write(value);
    this.#json.handOver();
    this.#long.handOver();
    return this.#body;
  }

  /** Writes `value`; gives a promise only when others had their turn. */
  #write(value) {
    if (typeof value === 'string' && isLong(value)) return this.#string(value);
    if (typeof value !== 'object' || value === null || isShort(value)) return this.#small(value);
    const form = this.#walk.ownForm(value);
    if (form !== value) return this.#write(form);
    const bytes = this.#walk.bytesOf(value);
    return bytes === null ? this.#container(value) : this.#pieces(encodedBase64(bytes));
  }

  #small(value) {
    this.#json.add(json(this.#walk.copy(value)));
    return this.#turn.end();
  }

  async #container(container) {
    const isArray = Array.isArray(container);
    const keys = isArray ? container.keys() : this.#walk.fieldsOf(container);
    this.#walk.count();
    this.#walk.enter(container);
    this.#json.add(isArray ? '[' : '{');
    let separator = '';
    for (const key of keys) {
      this.#json.add(isArray ? separator : `${separator}${json(key)}:`);
      separator = ',';
      this.#walk.step(key);
      const pause = this.#write(container[key]);
      if (pause !== undefined) await pause;
      this.#walk.back();
    }
    this.#json.add(isArray ? ']' : '}');
    this.#walk.leave();
  }

  #string(text) {
    if (text.length > PART) return this.#pieces(encoded(text));
    this.#begin();
    this.#long.add(text);
    this.#end();
    return this.#turn.end();
  }

  async #pieces(pieces) {
    this.#begin();
    for (const piece of pieces) {
      this.#long.addBytes(piece);
      const pause = this.#turn.end();
      if (pause !== undefined) await pause;
    }
    this.#end();
  }

  #begin() {
    this.#walk.count();
    this.#json.add(json(`${MARK}${this.#longOnes++}`));
  }

  #end() {
    this.#ends.push(this.#long.length);
  }
}

/** Text that is collected as bytes, to be handed over in pieces. */
class Collected {
  /** Bytes that were not handed over yet. */
  length = 0;
  #take;
  #bytes = Buffer.allocUnsafeSlow(PIECE);

  constructor(take) {
    this.#take = take;
  }

  add(text) {
    const most = MOST_BYTES * text.length;
    if (most > PIECE - this.length) this.handOver();
    if (most <= PIECE) this.length += this.#bytes.write(text, this.length);
    else for (const piece of encoded(text)) this.addBytes(piece);
  }

  addBytes(bytes) {
    this.handOver();
    this.#take(bytes);
  }

  handOver() {
    const { length } = this;
    this.length = 0;
    if (length > 0) this.#take(this.#bytes.subarray(0, length));
  }
}

/** Text as bytes, in pieces that are good until the next one is asked for. No character is cut. */
function* encoded(text) {
  const bytes = Buffer.allocUnsafeSlow(PIECE);
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + PIECE / MOST_BYTES);
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to -= 1;
    yield bytes.subarray(0, bytes.write(text.slice(from, to)));
    from = to;
  }
}

function isHighSurrogate(unit) {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function* encodedBase64(bytes) {
  for (let from = 0; from < bytes.length; from += PIECE_OF_BASE64) {
    yield Buffer.from(bytes.toString('base64', from, from + PIECE_OF_BASE64), 'latin1');
  }
}

function* partsOf(bytes) {
  for (let from = 0; from < bytes.length; from += PIECE) yield bytes.subarray(from, from + PIECE);
}

/** How long this thread works before others get their turn. */
class Turn {
  #ends = performance.now() + TURN;

  /** Lets others work if the time is up; gives a promise only then. */
  end() {
    if (performance.now() < this.#ends) return undefined;
    return new Promise(setImmediate).then(() => { this.#ends = performance.now() + TURN; });
  }
}

module.exports = { bodyOf, bodyOfPieces, bodyOfText };
