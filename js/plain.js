'use strict';
// Arguments as plain JSON values, which is all that crosses to the native part. Never changes what it is given.

const { invalidRequest } = require('./errors.js');

/** Limits of the conversion on the native side: JSON may nest 128 levels there, some of them around an argument. */
const MAX_DEPTH = 120;
const MAX_VALUES = 1_000_000;

/** Fields that hold an image or a file, in an OpenAI part or in Anthropic's. Bytes in them become base64. */
const FIELDS_OF_BYTES = new Set(['image_url', 'url', 'data', 'file_data']);

const INSTEAD = {
  Promise: 'a Promise; await it first',
  Blob: 'a Blob; pass new Uint8Array(await blob.arrayBuffer())',
  File: 'a File; pass new Uint8Array(await file.arrayBuffer())',
};

/** A walk through an argument: copies what it is given and knows where that stands. */
class Walk {
  #root;
  #invalid;
  #asJson;
  #path = [];
  #ancestors = [];
  #values = 0;

  /**
   * @param {string} root what an error calls the argument itself; paths inside a request go without it
   * @param {object} [options]
   * @param {(param: string, message: string) => Error} [options.invalid] makes the errors
   * @param {boolean} [options.asJson] whether `toJSON` is called and functions are left out, as `JSON.stringify` does
   */
  constructor(root, { invalid = invalidRequest, asJson = false } = {}) {
    this.#root = root;
    this.#invalid = invalid;
    this.#asJson = asJson;
  }

  /** A copy of `value` made of plain objects, arrays, strings, finite numbers, booleans and null. */
  copy(value) {
    this.count();
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        if (!Number.isFinite(value)) throw this.invalid(`expected a finite number, got ${value}`);
        return value;
      case 'object':
        return value === null ? null : this.#copyObject(value);
      case 'undefined':
        throw this.invalid('expected a value, got undefined');
      default:
        throw this.invalid(`expected a JSON value, got a ${typeof value}`);
    }
  }

  #copyObject(object) {
    const value = this.ownForm(object);
    if (typeof value !== 'object' || value === null) return this.copy(value);
    const bytes = this.bytesOf(value);
    if (bytes !== null) return bytes.toString('base64');
    this.enter(value);
    const copied = Array.isArray(value) ? this.#copyItems(value) : this.#copyFields(value);
    this.leave();
    return copied;
  }

  #copyItems(items) {
    const copied = [];
    for (let index = 0; index < items.length; index++) copied.push(this.#copyAt(index, items[index]));
    return copied;
  }

  #copyFields(object) {
    const copied = {};
    for (const key of this.fieldsOf(object)) {
      const field = this.#copyAt(key, object[key]);
      if (key === '__proto__') Object.defineProperty(copied, key, { value: field, enumerable: true });
      else copied[key] = field;
    }
    return copied;
  }

  #copyAt(key, value) {
    this.step(key);
    const copied = this.copy(value);
    this.back();
    return copied;
  }

  /** What stands for an object: its text for a URL, its JSON form where that is wanted, or itself. */
  ownForm(object) {
    if (!isPlain(object) && typeOf(object) === 'URL') return object.href;
    const hasForm = this.#asJson && typeof object.toJSON === 'function' && !isBytes(object);
    return hasForm ? object.toJSON(this.#path.at(-1) ?? '') : object;
  }

  /** The bytes that `object` is, if it is bytes and may be some here. */
  bytesOf(object) {
    if (!isBytes(object)) return null;
    if (!FIELDS_OF_BYTES.has(this.#path.at(-1))) {
      throw this.invalid('bytes are accepted for an image or a file only, e.g. in image_url.url');
    }
    if (object instanceof Uint8Array) return Buffer.from(object.buffer, object.byteOffset, object.byteLength);
    return Buffer.from(object);
  }

  /** The names of the fields of an object that are part of it as JSON. */
  fieldsOf(object) {
    const type = isPlain(object) ? 'Object' : typeOf(object);
    if (type !== 'Object') throw this.invalid(`expected a JSON value, got ${INSTEAD[type] ?? `a ${type}`}`);
    return Object.keys(object).filter((key) => object[key] !== undefined && !(this.#asJson && isNoData(object[key])));
  }

  /** Goes into an array or object. */
  enter(container) {
    if (this.#ancestors.includes(container)) throw this.invalid('contains itself');
    if (this.#ancestors.length === MAX_DEPTH) throw this.invalid(`nested deeper than ${MAX_DEPTH} levels`);
    this.#ancestors.push(container);
  }

  leave() {
    this.#ancestors.pop();
  }

  /** Goes to the member of this name. */
  step(key) {
    this.#path.push(key);
  }

  back() {
    this.#path.pop();
  }

  count() {
    if (++this.#values > MAX_VALUES) throw this.invalid(`more than ${MAX_VALUES} values`);
  }

  invalid(message) {
    const inner = this.#path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
    const isInRequest = this.#root === 'request' && this.#path.length > 0;
    return this.#invalid(isInRequest ? inner.replace(/^\./, '') : this.#root + inner, message);
  }
}

/** Whether `object` is an array or made by `{}`, as nearly all are: then it is none of JavaScript's other kinds. */
function isPlain(object) {
  const prototype = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === Array.prototype;
}

function typeOf(object) {
  return Object.prototype.toString.call(object).slice(8, -1);
}

function isBytes(object) {
  return !isPlain(object) && (object instanceof Uint8Array || ['Uint8Array', 'ArrayBuffer'].includes(typeOf(object)));
}

function isNoData(value) {
  return typeof value === 'function' || typeof value === 'symbol';
}

/**
 * A copy of `value` made of plain objects, arrays, strings, finite numbers, booleans and null.
 * @param {unknown} value
 * @param {string} root what an error calls the value itself
 */
function plain(value, root) {
  return new Walk(root).copy(value);
}

/** A plain copy of an argument that must be an object. */
function plainObject(value, root) {
  if (!isObject(value)) throw invalidRequest(root, notAnObject(value));
  return plain(value, root);
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notAnObject(value) {
  if (value === null || value === undefined) return `expected an object, got ${value}`;
  return `expected an object, got ${Array.isArray(value) ? 'an array' : `a ${typeof value}`}`;
}

/** JSON without halves of surrogate pairs, which it would escape and no parser takes. */
function json(value) {
  const text = JSON.stringify(value);
  if (!text.includes('\\ud')) return text;
  return JSON.stringify(value, (_, member) => (typeof member === 'string' ? member.toWellFormed() : member));
}

module.exports = { isBytes, isObject, isPlain, json, notAnObject, plain, plainObject, Walk };
