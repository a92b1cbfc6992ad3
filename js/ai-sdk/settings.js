'use strict';
// The settings of a provider: where, as whom and how its models call, as options of a native client.

const { warnOfUnknown } = require('../options.js');
const { callError } = require('./errors.js');

/** Settings that mean what the option of `new Bedrock` with the same name means, see openai/options.d.ts. */
const SAME = [
  'region', 'useFipsEndpoint', 'useDualstackEndpoint',
  'tokenProvider', 'accessKeyId', 'secretAccessKey', 'sessionToken', 'profile', 'credentialProvider', 'roleArn', 'externalId', 'roleSessionName',
  'fetch', 'connectTimeout', 'firstByteTimeout', 'idleTimeout', 'timeout', 'maxRetries', 'retryMode', 'crossRegionInference',
];

const NAMES = new Set([...SAME, 'apiKey', 'baseURL', 'endpoint', 'headers', 'generateId', 'specificationVersion']);

/** A base URL of bedrock-runtime's. */
const RUNTIME = /^https:\/\/bedrock-runtime[-.]/i;

/** What `endpoint` can be besides a URL. */
const SERVICES = ['runtime', 'mantle'];

const VERSIONS = ['v3', 'v4'];

/** The ways to say as whom to call, each with its settings. A provider has one of them, or none and then the environment's. */
const MODES = [['apiKey'], ['tokenProvider'], ['accessKeyId', 'secretAccessKey', 'sessionToken'], ['profile'], ['credentialProvider']];

/** Codes of errors that say that the options of a native client are wrong. */
const WRONG_OPTIONS = ['invalid_configuration', 'invalid_request'];

/**
 * What the models of one provider share. The native client is made by the first of their calls, so that a program that makes
 * none does not load it; only settings that contradict each other are errors before.
 * @param {import('./index.js').AmazonBedrockProviderSettings} [settings]
 * @param {{ onMantle?: boolean }} [models] whether bedrock-mantle has what the models are called with
 */
function providerContext(settings, { onMantle = false } = {}) {
  const given = { ...settings };
  warnOfUnknown(given, NAMES);
  check(given, onMantle);
  const ownHeaders = resolvable(given.headers);
  const options = clientOptions(given, onMantle);
  let host;
  return {
    specificationVersion: given.specificationVersion ?? 'v4',
    generateId: given.generateId ?? randomId,

    /** The native client, and the functions among the settings. */
    host() {
      host ??= openHost(options);
      return host;
    },

    /** Headers of a request, of the settings and of the call, which wins: names in lower case, and values. */
    async headers(ofCall) {
      const merged = new Map();
      for (const headers of [await ownHeaders(), ofCall]) {
        for (const [name, value] of entries(headers)) merged.set(name.toLowerCase(), value);
      }
      return [...merged].filter(([, value]) => isGiven(value)).map(([name, value]) => [name, String(value)]);
    },
  };
}

function check(settings, onMantle) {
  const modes = MODES.map((names) => names.find((name) => isGiven(settings[name]))).filter(isGiven);
  if (modes.length > 1) {
    throw contradiction(modes[1], `The settings \`${modes[0]}\` and \`${modes[1]}\` exclude each other: both say as whom to call. Give one of them.`);
  }
  if (settings.endpoint === 'mantle' && !onMantle) {
    throw contradiction('endpoint', 'The setting `endpoint` cannot be `mantle` here: models are called over bedrock-runtime\'s own operations, which bedrock-mantle does not have. Import `bedrock-wrapper/ai-sdk/mantle`.');
  }
  if (isGiven(settings.baseURL) && isGiven(settings.endpoint) && !SERVICES.includes(settings.endpoint)) {
    throw contradiction('endpoint', 'The settings `baseURL` and `endpoint` exclude each other: both say where to call. Give one of them.');
  }
  const { specificationVersion } = settings;
  if (isGiven(specificationVersion) && !VERSIONS.includes(specificationVersion)) {
    throw contradiction('specificationVersion', `The setting \`specificationVersion\` must be one of ${VERSIONS.join(', ')}.`);
  }
}

function contradiction(param, message) {
  return callError({ code: 'invalid_request', param, message, retryable: false });
}

/**
 * The options of the native client. It makes no request again unless it is told to, since `ai` does; and the variable
 * AWS_BEDROCK_BASE_URL is not for it, which leads OpenAI's clients to bedrock-mantle.
 */
function clientOptions({ apiKey, baseURL = null, endpoint, ...settings }, onMantle) {
  const options = { maxRetries: 0, apiKey: apiKeyOption(apiKey), baseURL };
  if (onMantle) options.endpoint = endpoint ?? (RUNTIME.test(baseURL) ? 'runtime' : undefined);
  else if (endpoint !== 'runtime') options.endpoint = endpoint;
  for (const name of SAME) {
    if (isGiven(settings[name])) options[name] = settings[name];
  }
  return options;
}

/** A promise becomes a function. Blanks around a key do not count, e.g. the end of the line in a file. */
function apiKeyOption(apiKey) {
  if (!isPromise(apiKey)) return trimmed(apiKey);
  const resolve = resolvable(apiKey);
  return async () => trimmed(await resolve());
}

function trimmed(key) {
  return typeof key === 'string' ? key.trim() : key;
}

function openHost(options) {
  // Loads the addon.
  const { nativeClient } = require('../host.js');
  try {
    return nativeClient(options);
  } catch (error) {
    throw WRONG_OPTIONS.includes(error.code) ? callError({ ...error, message: error.message, code: 'invalid_configuration' }) : error;
  }
}

/** A function that gives what `value` is, what it resolves with, or what it gives when it is called. */
function resolvable(value) {
  if (typeof value === 'function') return async () => value();
  // Who asks for it is told; nobody may ever do.
  if (isPromise(value)) value.then(undefined, () => {});
  return async () => value;
}

/** Names and values of headers, which may be a `Headers`, pairs or an object. */
function entries(headers) {
  if (!isGiven(headers)) return [];
  return typeof headers[Symbol.iterator] === 'function' ? headers : Object.entries(headers);
}

function isPromise(value) {
  return typeof value?.then === 'function';
}

function isGiven(value) {
  return value !== undefined && value !== null;
}

/** Bedrock takes ids of up to 64 letters, digits, `-` and `_`. */
function randomId() {
  return crypto.randomUUID().replaceAll('-', '');
}

module.exports = { providerContext };
