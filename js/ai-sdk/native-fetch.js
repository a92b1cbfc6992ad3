'use strict';
// A `fetch` for packages of the AI SDK that write a model's own bodies: what they send goes to Bedrock.

const { callError } = require('./errors.js');

/** What the packages call; nothing is sent there. */
const BASE_URL = 'https://bedrock.invalid/v1';

/**
 * @param {ReturnType<import('./settings.js').providerContext>} context
 * @param {'messages' | 'openai'} api whose bodies they are
 * @returns {typeof fetch}
 */
function nativeFetch(context, api) {
  let fetch;
  return async (input, init) => {
    fetch ??= opened(context, api);
    return fetch(input, init);
  };
}

function opened(context, api) {
  // Loads the addon, with all that needs it.
  const { Exchange } = require('../openai/exchange.js');
  const { fetchOver } = require('../openai/fetch.js');
  const how = { operation: 'nativeBody', failureOf };
  return fetchOver(async ({ path, headers }, body) => {
    const head = { api, path, headers: [...await context.headers(), ...headers] };
    return new Exchange(context.host(), head, body, how);
  });
}

/** Why there is no answer. What a function among the settings threw is thrown as it is, or is the cause. */
function failureOf(stream, host) {
  const data = stream.error();
  if (data === null) return null;
  const make = (data, { cause } = {}) => callError(data, { cause });
  return typeof data.hostCall === 'number' ? host.error(data, make) : make(data);
}

module.exports = { BASE_URL, nativeFetch };
