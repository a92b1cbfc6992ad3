'use strict';
// Headers in any of the shapes that fetch takes, as pairs.

/**
 * @param {Headers | Iterable<[string, string]> | Record<string, string | null | undefined> | null | undefined} headers
 * @returns {[string, string][]}
 */
function headerPairs(headers) {
  if (headers === undefined || headers === null) return [];
  const pairs = typeof headers[Symbol.iterator] === 'function' ? [...headers] : Object.entries(headers);
  return pairs.filter(([, value]) => value !== undefined && value !== null).map(([name, value]) => [String(name), String(value)]);
}

module.exports = { headerPairs };
