// Scripted events as bytes of `application/vnd.amazon.eventstream`.

import { crc32 } from '../bench/crc32.mjs';

const PADDING = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/**
 * An event is `{chunk: nativeJson}`, `{raw_chunk_text: text}`, `{<name of a Converse event>: {…}}`,
 * `{exception: {type, body}}` or `{error: {code, message}}`.
 */
export function encode(event) {
  const [[name, value]] = Object.entries(event);
  switch (name) {
    case 'exception': return frame({ ':exception-type': value.type, ':content-type': 'application/json', ':message-type': 'exception' }, value.body);
    case 'error': return frame({ ':error-code': value.code, ':error-message': value.message, ':message-type': 'error' });
    case 'raw_chunk_text': return chunk(value);
    case 'chunk': return chunk(JSON.stringify(value));
    default: return message(name, { ...value, p: padding(name.length * 7) });
  }
}

function chunk(text) {
  return message('chunk', { bytes: Buffer.from(text).toString('base64'), p: padding(text.length) });
}

function message(type, payload) {
  return frame({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }, payload);
}

function padding(seed) {
  return PADDING.slice(0, 1 + (seed % 40));
}

/** Prelude, headers, payload; each guarded by a checksum. */
function frame(headers, payload) {
  const head = Buffer.concat(Object.entries(headers).map(header));
  const body = Buffer.from(payload === undefined ? '' : JSON.stringify(payload));
  const bytes = Buffer.alloc(16 + head.length + body.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(head.length, 4);
  bytes.writeUInt32BE(crc32(bytes, 0, 8), 8);
  head.copy(bytes, 12);
  body.copy(bytes, 12 + head.length);
  bytes.writeUInt32BE(crc32(bytes, 0, bytes.length - 4), bytes.length - 4);
  return bytes;
}

function header([name, value]) {
  const text = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([Buffer.of(name.length), Buffer.from(name), Buffer.of(7), length, text]);
}
