'use strict';
// The names of the options of `Bedrock` and `createFetch`. What has a name that is not known has no effect, and that is told.

/** The members of `BedrockOptions` in openai/options.d.ts. */
const NAMES = new Set([
  'region', 'endpoint', 'baseURL', 'useFipsEndpoint', 'useDualstackEndpoint',
  'apiKey', 'tokenProvider', 'accessKeyId', 'secretAccessKey', 'sessionToken', 'profile', 'credentialProvider', 'roleArn', 'externalId', 'roleSessionName',
  'fetch', 'defaultHeaders', 'connectTimeout', 'firstByteTimeout', 'idleTimeout', 'timeout', 'maxRetries', 'retryMode',
  'strictParams', 'reasoningFormat', 'bedrockMetadata', 'crossRegionInference', 'promptCaching',
]);

/** Programs make clients again and again: each name is told once. */
const told = new Set();

/** Warns of options that nobody reads, such as misspelt ones. */
function warnOfUnknown(options, names = NAMES) {
  for (const name of Object.keys(options)) {
    if (names.has(name) || told.has(name) || options[name] === undefined || options[name] === null) continue;
    told.add(name);
    process.emitWarning(`The option ${JSON.stringify(name)} is not known to bedrock-wrapper and has no effect.`);
  }
}

module.exports = { NAMES, warnOfUnknown };
