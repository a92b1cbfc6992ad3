'use strict';
// The body of a request on its way to the native part: a small one as JSON at once, a large one piece by piece, so that no
// piece holds up the event loop.

const { RequestBody } = require('../addon.js');
const { isObject, json, notAnObject, Walk } = require('../plain.js');
const { badRequest } = require('./errors.js');

/** Characters up to which a body crosses as one string. */
const SMALL = 262_144;
/** Longer strings cross beside the JSON, where nobody escapes or parses them. */
const LONG = 65_536;
/** What a value counts besides its text. */
const A_VALUE = 8;
/** Levels that are looked through; what is nested deeper is refused anyway. */
const DEEPEST = 128;
/** Bytes that cross at once. */
const PIECE = 3 * 65_536;
/** Bytes that a unit of a string can become. */
const MOST_BYTES = 3;
/** Bytes that become base64 at once; divisible by three, so that it can be cut there. */
const PIECE_OF_BASE64 = 3 * 65_536;
/** Milliseconds after which others get their turn. */
const TURN = 2;
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
  return isWithin(value, SMALL) ? json(walk.copy(value)) : new Writer(walk).all(value);
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

/** Whether `value` has no long string and not more than `room` characters in all. */
function isWithin(value, room) {
  return roomAfter(value, room, 0) >= 0;
}

function roomAfter(value, room, depth) {
  if (typeof value === 'string') return isLong(value) ? -1 : room - value.length - A_VALUE;
  if (typeof value !== 'object' || value === null || depth === DEEPEST) return room - A_VALUE;
  if (value.byteLength !== undefined) return value.byteLength > LONG ? -1 : room - 2 * value.byteLength;
  room -= A_VALUE;
  for (const key in value) {
    room = roomAfter(value[key], room - key.length, depth + 1);
    if (room < 0) return room;
  }
  return room;
}

function isLong(text) {
  return text.length > LONG || text.startsWith(MARK);
}

/** Writes one body, giving others their turn in between. */
class Writer {
  #walk;
  #body = new RequestBody();
  #json = new Collected((bytes) => this.#body.json(bytes));
  #turn = new Turn();
  #longOnes = 0;

  constructor(walk) {
    this.#walk = walk;
  }

  async all(value) {
    await this.#write(value);
    this.#json.handOver();
    return this.#body;
  }

  /** Writes `value`; gives a promise only when others had their turn. */
  #write(value) {
    if (typeof value === 'string' && isLong(value)) return this.#long(encoded(value));
    if (typeof value !== 'object' || value === null || isWithin(value, LONG)) return this.#small(value);
    const form = this.#walk.ownForm(value);
    if (form !== value) return this.#write(form);
    const bytes = this.#walk.bytesOf(value);
    return bytes === null ? this.#container(value) : this.#long(encodedBase64(bytes));
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

  async #long(pieces) {
    this.#walk.count();
    this.#json.add(json(`${MARK}${this.#longOnes++}`));
    this.#body.long();
    for (const piece of pieces) {
      this.#body.more(piece);
      const pause = this.#turn.end();
      if (pause !== undefined) await pause;
    }
  }
}

/** Text that is collected as bytes, to be handed over in pieces. */
class Collected {
  #take;
  #bytes = Buffer.allocUnsafeSlow(PIECE);
  #length = 0;

  constructor(take) {
    this.#take = take;
  }

  add(text) {
    const most = MOST_BYTES * text.length;
    if (most > PIECE - this.#length) this.handOver();
    if (most <= PIECE) this.#length += this.#bytes.write(text, this.#length);
    else for (const piece of encoded(text)) this.#take(piece);
  }

  handOver() {
    if (this.#length > 0) this.#take(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
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
