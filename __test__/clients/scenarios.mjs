// What each client is put through. A scenario is a verb (what the client is asked to do), the state of the simulator, and
// what must come of it: `answers`, a text; or `says`, words that the error's message must hold. The class of the error is
// the client's own affair: expectations.mjs.

import { readFileSync } from 'node:fs';

const BASE_MODEL = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const MODEL = `us.${BASE_MODEL}`;
const EMBEDDER = 'amazon.titan-embed-text-v2:0';
/** Verbs whose answer carries no tokens told. */
const WITHOUT_USAGE = new Set(['embed', 'count', 'draw', 'guardrail', 'listed', 'models']);
const PRODUCT = { text: 'What is 6 times 7?', answers: '6 * 7 = 42' };
const COUNT = { text: 'Count from 1 to 9.', answers: '1, 2, 3, 4, 5, 6, 7, 8, 9' };
const WEATHER = { text: 'What is the weather in Paris over the next 3 days?', answers: 'It is 21 degrees in Paris.', calls: { city: 'Paris', days: 3 } };
const TOOL = {
  name: 'get_weather',
  description: 'The weather of a city.',
  schema: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } }, required: ['city'] },
};
const WEATHER_RULES = [
  { match: { toolResult: { name: TOOL.name, text: '21' } }, answer: WEATHER.answers },
  { match: { tools: [TOOL.name] }, answer: { toolUse: { name: TOOL.name, input: WEATHER.calls } } },
];
const GUARDRAIL = {
  name: 'fruit',
  blockedInputMessaging: 'Not that fruit.',
  blockedOutputsMessaging: 'Nothing to say.',
  wordPolicyConfig: { wordsConfig: [{ text: 'banana' }] },
};
const IMAGE = readFileSync(new URL('../../examples/picture.png', import.meta.url)).toString('base64');
const TOKEN = 'IQoJb3JpZ2luX2VjEXAMPLE';
const TEMPORARY = { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY', sessionToken: TOKEN };

export const API_KEY = 'bedrock-api-key-EXAMPLE';

const INVALID_KEY = 'The security token included in the request is invalid.';
const WRONG_API_KEY = 'Authentication failed: Please make sure your API Key is valid.';
const WRONG_SIGNATURE = 'The request signature we calculated does not match the signature you provided.';

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} verb
 * @property {string} [answers] the whole text that the client must give
 * @property {object} [calls] the input of the tool call that must come before the answer
 * @property {string} [says] what the client's error must tell
 * @property {boolean} usage whether the client must tell tokens
 * @property {object} [simulator] options of `simulate()`
 * @property {boolean} [secure] speaks to the simulator with TLS, which outlives the scenario
 * @property {object} [job] members of the job that differ from the usual
 * @property {number} [requests] how many requests the client must make, retries included
 */

/** @type {Scenario[]} */
export const SCENARIOS = [
  { name: 'text', verb: 'text', ...PRODUCT },
  { name: 'stream', verb: 'stream', ...COUNT },
  { name: 'image', verb: 'image', text: 'What is in this image?', answers: 'The image is a png of 64 by 48 pixels.' },
  { name: 'tools', verb: 'tools', simulator: { rules: WEATHER_RULES }, ...WEATHER },
  { name: 'tools, without a rule', verb: 'tools', text: WEATHER.text, calls: { city: 'Paris' }, answers: 'The weather in Paris: 21 degrees.' },
  { name: 'tools, stream', verb: 'toolsStream', simulator: { rules: WEATHER_RULES }, ...WEATHER },
  { name: 'invoke', verb: 'invoke', ...PRODUCT },
  { name: 'invoke stream', verb: 'invokeStream', ...COUNT },

  { name: 'embedding', verb: 'embed', text: 'A sentence.', job: { model: EMBEDDER }, answers: '1024 numbers of length 1.000' },
  { name: 'structured output', verb: 'structured', text: 'The capital of France.', simulator: { rules: [{ match: 'France', answer: { text: '{"name":"France","capital":"Paris"}' } }] }, answers: 'France: Paris' },
  { name: 'structured output by a model without', verb: 'structured', text: 'The capital of France.', job: { model: 'us.amazon.nova-lite-v1:0' }, simulator: { rules: [{ match: 'France', answer: { toolUse: { name: 'json_output', input: { name: 'France', capital: 'Paris' } } } }] }, answers: 'France: Paris' },
  { name: 'picture', verb: 'draw', text: 'A tree.', job: { model: 'amazon.nova-canvas-v1:0' }, answers: '512 x 512' },
  { name: "OpenAI's list of models", verb: 'listed', answers: MODEL },
  { name: 'count tokens', verb: 'count', job: { model: BASE_MODEL }, answers: '9 tokens' },
  { name: 'list models', verb: 'models', job: { model: BASE_MODEL }, answers: `arn:aws:bedrock:us-east-1::foundation-model/${BASE_MODEL}` },
  { name: 'guardrail', verb: 'guardrail', text: 'Say exactly: banana', answers: 'Not that fruit.' },
  { name: 'stream, byte by byte', verb: 'stream', simulator: { physics: { bytesPerWrite: 1 } }, ...COUNT },
  { name: 'invoke stream, byte by byte', verb: 'invokeStream', simulator: { physics: { bytesPerWrite: 1 } }, ...COUNT },
  { name: 'text with TLS', verb: 'text', secure: true, ...PRODUCT },
  { name: 'stream with TLS', verb: 'stream', secure: true, ...COUNT },
  { name: 'invoke stream with TLS', verb: 'invokeStream', secure: true, ...COUNT },
  { name: 'API key', verb: 'text', secure: true, job: { apiKey: API_KEY }, ...PRODUCT },
  { name: 'API key, stream', verb: 'stream', secure: true, job: { apiKey: API_KEY }, ...COUNT },

  { name: 'unknown model', verb: 'text', job: { model: 'us.anthropic.claude-nonsense-v1:0' }, says: 'The provided model identifier is invalid.' },
  { name: 'unknown model, stream', verb: 'stream', job: { model: 'us.anthropic.claude-nonsense-v1:0' }, says: 'The provided model identifier is invalid.' },
  { name: 'too many tokens', verb: 'text', job: { maxTokens: 1_000_000 }, says: '64000' },

  ...['text', 'stream', 'invoke', 'invokeStream'].map(throttledTwice),
  ...[
    ['ThrottlingException', 'Too many requests, please wait before trying again.'],
    ['AccessDeniedException', "You don't have access to the model with the specified model ID."],
    ['ResourceNotFoundException', 'This model version has reached the end of its life.'],
    ['ServiceQuotaExceededException', 'Your request exceeds the service quota for your account.'],
    ['ModelTimeoutException', 'Model has timed out in processing the request.'],
    ['ModelErrorException', 'The model failed.'],
    ['ModelNotReadyException', 'Model is not ready for inference.'],
    ['InternalServerException', 'The system encountered an unexpected error during processing.'],
    ['ServiceUnavailableException', 'Service capacity limit has been reached.'],
    ['ExpiredTokenException', 'The security token included in the request is expired'],
  ].map(([code, message]) => ({ name: code, verb: 'text', simulator: fault({ fault: 'error', code, message }), says: message })),

  ...['ModelStreamErrorException', 'ThrottlingException', 'InternalServerException', 'ServiceUnavailableException', 'ValidationException'].map((code) => broken(`${code} in the stream`, 'stream', { fault: 'exception', code, message: 'It broke.' }, 'It broke.')),
  broken('ModelTimeoutException in the invoke stream', 'invokeStream', { fault: 'exception', code: 'ModelTimeoutException', message: 'It broke.' }, 'It broke.'),
  broken('error frame', 'stream', { fault: 'errorFrame', code: 'InternalFailure', message: 'It broke.' }),
  broken('truncated stream', 'stream', { fault: 'truncate' }),
  broken('truncated invoke stream', 'invokeStream', { fault: 'truncate' }),
  broken('stream that ends too early', 'stream', { fault: 'end' }),
  broken('bad checksum', 'stream', { fault: 'badChecksum' }),
  broken('bad first checksum', 'stream', { fault: 'badPrelude' }),
  broken('oversize frame', 'stream', { fault: 'oversize' }),
  broken('stalled stream', 'stream', { fault: 'stall' }, '', { timeout: 2 }),
  broken('reset stream', 'stream', { fault: 'reset' }),
  { name: 'no stop', verb: 'stream', text: COUNT.text, simulator: eachEvent('omit', 'messageStop', 'message_stop'), says: '' },
  { name: 'no usage', verb: 'stream', text: COUNT.text, simulator: eachEvent('omit', 'metadata', 'message_delta'), says: '' },
  { name: 'two stops', verb: 'stream', simulator: eachEvent('duplicate', 'messageStop', 'message_stop'), ...COUNT },
  { name: 'unknown event', verb: 'stream', simulator: fault({ fault: 'unknownEvent', frame: 3 }), ...COUNT },
  { name: 'reset before the answer', verb: 'text', simulator: fault({ fault: 'reset' }), says: '' },
  { name: 'truncated answer', verb: 'text', simulator: fault({ fault: 'truncate' }), says: '' },
  { name: 'no answer', verb: 'text', simulator: fault({ fault: 'stall' }), job: { timeout: 2 }, says: '' },

  { name: 'unknown access key', verb: 'text', job: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }, says: INVALID_KEY },
  { name: 'wrong secret', verb: 'text', job: { secretAccessKey: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY' }, says: WRONG_SIGNATURE },
  { name: 'wrong secret, stream', verb: 'stream', job: { secretAccessKey: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY' }, says: WRONG_SIGNATURE },
  { name: 'wrong API key', verb: 'text', secure: true, job: { apiKey: `${API_KEY}2` }, says: WRONG_API_KEY },
  { name: 'session token', verb: 'text', simulator: { credentials: TEMPORARY }, job: { sessionToken: TOKEN }, ...PRODUCT },
  { name: 'session token, stream', verb: 'stream', simulator: { credentials: TEMPORARY }, job: { sessionToken: TOKEN }, ...COUNT },
  { name: 'no session token', verb: 'text', simulator: { credentials: TEMPORARY }, says: INVALID_KEY },
  { name: 'wrong session token', verb: 'text', simulator: { credentials: TEMPORARY }, job: { sessionToken: `${TOKEN}2` }, says: INVALID_KEY },
].map((scenario) => ({ text: PRODUCT.text, usage: !WITHOUT_USAGE.has(scenario.verb), ...scenario }));

/** Whether a client can be put through a scenario. TLS and Bedrock's own keys are between a gateway and Bedrock. */
export function isFor({ verb, secure = false }, client) {
  return client.verbs.includes(verb) && !(secure && client.gateway);
}

/** The job that a driver is given: what to ask, and the simulator's address and keys. */
export function jobOf({ verb, text, secure, job }, { url, httpsUrl, env }) {
  return {
    verb,
    text,
    model: MODEL,
    tool: TOOL,
    guardrail: GUARDRAIL,
    image: verb === 'image' ? IMAGE : null,
    maxTokens: 100,
    endpoint: secure ? httpsUrl : url,
    region: env.AWS_REGION,
    accessKeyId: env.AWS_ACCESS_KEY_ID,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
    sessionToken: null,
    apiKey: null,
    attempts: 1,
    timeout: 10,
    ...job,
  };
}

function fault(fault) {
  return { faults: [{ times: 0, ...fault }] };
}

function throttledTwice(verb) {
  const simulator = fault({ fault: 'error', code: 'ThrottlingException', times: 2 });
  return { name: `throttled twice, ${verb}`, verb, simulator, job: { attempts: 3 }, requests: 3, ...PRODUCT };
}

/** A fault of one event, as Converse and as Claude call it. */
function eachEvent(fault, converse, claude) {
  return {
    faults: [
      { fault, event: converse, operation: 'ConverseStream', times: 0 },
      { fault, event: claude, operation: 'InvokeModelWithResponseStream', times: 0 },
    ],
  };
}

/** A stream that breaks after three frames. */
function broken(name, verb, action, says = '', job = {}) {
  return { name, verb, text: COUNT.text, simulator: fault({ frame: 3, ...action }), job, says };
}
