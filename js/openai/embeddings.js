'use strict';
// Vectors that came as base64 of 32-bit floats in little-endian order, as numbers.

function decodeEmbeddings(response) {
  for (const item of response.data) {
    if (typeof item.embedding === 'string') item.embedding = numbers(item.embedding);
  }
  return response;
}

function numbers(base64) {
  const { buffer, byteOffset, byteLength } = Buffer.from(base64, 'base64');
  const view = new DataView(buffer, byteOffset, byteLength);
  return Array.from({ length: byteLength / 4 }, (_, index) => view.getFloat32(4 * index, true));
}

module.exports = { decodeEmbeddings };
