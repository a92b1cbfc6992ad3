// PNG images of a wanted weight: noise, stored without compression, so that a side of 590 pixels makes 1 MB.

import { deflateSync } from 'node:zlib';
import { crc32 } from './crc32.mjs';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** A square RGB image, the same for the same `seed`. */
export function noisePng(side, seed) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(noise(side, seed), { level: 0 });
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

/** Rows of random bytes, each after its filter byte 0 (none). */
function noise(side, seed) {
  const row = 1 + 3 * side;
  const bytes = Buffer.alloc(side * row);
  let state = seed;
  for (let i = 0; i < bytes.length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = i % row === 0 ? 0 : state >>> 24;
  }
  return bytes;
}

function chunk(type, data) {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes, 4, 8 + data.length), 8 + data.length);
  return bytes;
}
