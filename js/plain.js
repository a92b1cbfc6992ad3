'use strict';
// Arguments as plain JSON values, which is all that crosses to the native part. Never changes what it is given.

const { invalidRequest } = require('./errors.js');

/** Limits of the conversion on the native side: JSON may nest 128 levels there, some of them around an argument. */
const MAX_DEPTH = 120;
const MAX_VALUES = 1_000_000;

/** Fields that hold an image, in an OpenAI part or in Anthropic's. Bytes in them become base64. */
const IMAGE_FIELDS = new Set(['image_url', 'url', 'data']);

const INSTEAD = {
  Promise: 'a Promise; await it first',
  Blob: 'a Blob; pass new Uint8Array(await blob.arrayBuffer())',
  File: 'a File; pass new Uint8Array(await file.arrayBuffer())',
};

/**
 * A copy of `value` made of plain objects, arrays, strings, finite numbers, booleans and null.
 * @param {unknown} value
 * @param {string} root what an error calls the value itself; paths inside a request go without it
 */
function plain(value, root) {
  const walk = { root, path: [], ancestors: [], values: 0 };
  return copy(value, walk);
}

function copy(value, walk) {
  if (++walk.values > MAX_VALUES) throw invalid(walk, `more than ${MAX_VALUES} values`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw invalid(walk, `expected a finite number, got ${value}`);
      return value;
    case 'object':
      return value === null ? null : copyObject(value, walk);
    case 'undefined':
      throw invalid(walk, 'expected a value, got undefined');
    default:
      throw invalid(walk, `expected a JSON value, got a ${typeof value}`);
  }
}

function copyObject(value, walk) {
  if (walk.ancestors.includes(value)) throw invalid(walk, 'contains itself');
  if (walk.ancestors.length === MAX_DEPTH) throw invalid(walk, `nested deeper than ${MAX_DEPTH} levels`);
  walk.ancestors.push(value);
  const copied = Array.isArray(value) ? copyItems(value, walk) : copyOther(value, walk);
  walk.ancestors.pop();
  return copied;
}

function copyItems(items, walk) {
  const copied = [];
  for (let index = 0; index < items.length; index++) copied.push(copyAt(index, items[index], walk));
  return copied;
}

function copyOther(value, walk) {
  const type = Object.prototype.toString.call(value).slice(8, -1);
  if (type === 'Object') return copyFields(value, walk);
  if (type === 'URL') return value.href;
  if (type === 'Uint8Array' || type === 'ArrayBuffer') return base64(value, walk);
  throw invalid(walk, `expected a JSON value, got ${INSTEAD[type] ?? `a ${type}`}`);
}

function copyFields(object, walk) {
  // Without a prototype a field named `__proto__` is a field.
  const copied = Object.create(null);
  for (const [key, field] of Object.entries(object)) {
    if (field !== undefined) copied[key] = copyAt(key, field, walk);
  }
  return copied;
}

function copyAt(key, value, walk) {
  walk.path.push(key);
  const copied = copy(value, walk);
  walk.path.pop();
  return copied;
}

function base64(bytes, walk) {
  const field = walk.path.at(-1);
  if (!IMAGE_FIELDS.has(field)) throw invalid(walk, 'bytes are accepted for an image only, e.g. in image_url.url');
  if (bytes instanceof Uint8Array) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return Buffer.from(bytes).toString('base64');
}

function invalid({ root, path }, message) {
  const inner = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  if (root === 'request' && path.length > 0) return invalidRequest(inner.replace(/^\./, ''), message);
  return invalidRequest(root + inner, message);
}

/** A plain copy of an argument that must be an object. */
function plainObject(value, root) {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject) throw invalidRequest(root, `expected an object, got ${describe(value)}`);
  return plain(value, root);
}

function describe(value) {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

module.exports = { plain, plainObject };
