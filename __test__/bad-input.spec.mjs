// Requests that cannot be carried out: refused before anything is sent, with the path of what is wrong.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { caught, creds } from './support/caught.mjs';
import { ScriptedBedrock } from './golden/server.mjs';

const images = new URL('fixtures/images/', import.meta.url);
const bedrock = await new ScriptedBedrock(images.pathname).start();
after(() => bedrock.close());

const base64 = (file) => readFileSync(new URL(file, images)).toString('base64');
const PNG = `data:image/png;base64,${base64('rgb-64x48.png')}`;
const user = (content) => [{ role: 'user', content }];
const part = (value) => user([{ type: 'text', text: 'Hi' }, value]);
const image = (image_url) => part({ type: 'image_url', image_url });

async function refused(request, options = {}) {
  const error = await caught(creds(bedrock.url), { model: 'Nova-Lite', messages: user('Hi'), ...request }, options);
  assert.equal(bedrock.requests.length, 0, 'something was sent');
  return error;
}

/** Fields of a request, the path that the error names, and what it says to do. */
const WRONG_TYPES = [
  [{ model: undefined }, 'model', /missing/],
  [{ model: null }, 'model', /missing/],
  [{ model: 7 }, 'model', /must be a string/],
  [{ model: ['Nova-Lite'] }, 'model', /must be a string, not an array/],
  [{ messages: undefined }, 'messages', /missing/],
  [{ messages: null }, 'messages', /missing/],
  [{ messages: 'Hi' }, 'messages', /must be an array of messages, not a string/],
  [{ messages: { role: 'user' } }, 'messages', /must be an array of messages, not an object/],
  [{ messages: ['Hi'] }, 'messages[0]', /must be an object with role and content/],
  [{ messages: [null] }, 'messages[0]', /must be an object with role and content/],
  [{ messages: [{ content: 'Hi' }] }, 'messages[0].role', /missing/],
  [{ messages: [{ role: 1, content: 'Hi' }] }, 'messages[0].role', /must be a string/],
  [{ messages: [{ role: 'robot', content: 'Hi' }] }, 'messages[0].role', /must be system, developer, user or assistant/],
  [{ messages: [...user('Hi'), { role: 'tool', content: 'x', tool_call_id: 'y' }] }, 'messages[1].role', /no tools/],
  [{ messages: user(7) }, 'messages[0].content', /must be a string or an array of parts/],
  [{ messages: user({ type: 'text', text: 'Hi' }) }, 'messages[0].content', /must be a string or an array of parts, not an object/],
  [{ messages: user(['Hi']) }, 'messages[0].content[0]', /must be an object with a type/],
  [{ messages: part({ text: 'Hi' }) }, 'messages[0].content[1].type', /missing/],
  [{ messages: part({ type: 1 }) }, 'messages[0].content[1].type', /must be a string/],
  [{ messages: part({ type: 'text' }) }, 'messages[0].content[1].text', /missing/],
  [{ messages: part({ type: 'text', text: 1 }) }, 'messages[0].content[1].text', /must be a string/],
  [{ messages: image(undefined) }, 'messages[0].content[1].image_url', /missing/],
  [{ messages: image(7) }, 'messages[0].content[1].image_url', /must be/],
  [{ messages: image({}) }, 'messages[0].content[1].image_url.url', /missing/],
  [{ messages: image({ url: 7 }) }, 'messages[0].content[1].image_url.url', /must be a URL or base64 string, not this number/],
  [{ messages: image({ url: '' }) }, 'messages[0].content[1].image_url.url', /missing/],
  [{ messages: [...user('A'), { role: 'assistant', content: 'B' }, ...image({ url: false })] }, 'messages[2].content[1].image_url.url', /not a boolean/],
  [{ messages: part({ type: 'image', source: 'x' }) }, 'messages[0].content[1].source', /must be an object/],
  [{ messages: part({ type: 'image', source: { type: 'base64', data: 1 } }) }, 'messages[0].content[1].source.data', /must be/],
  [{ messages: [{ ...user('Hi')[0], name: 1 }] }, 'messages[0].name', /must be a string/],
  [{ messages: [...user('Hi'), { role: 'assistant', content: null, tool_calls: [{}] }] }, 'messages[1].tool_calls', /no tools/],
  [{ stream: 'yes' }, 'stream', /true or false/],
  [{ stream: 1 }, 'stream', /true or false/],
  [{ max_tokens: '100' }, 'max_tokens', /whole number/],
  [{ max_tokens: 0 }, 'max_tokens', /1 or more/],
  [{ max_tokens: -1 }, 'max_tokens', /1 or more/],
  [{ max_tokens: 1.5 }, 'max_tokens', /whole number/],
  [{ max_completion_tokens: true }, 'max_completion_tokens', /whole number/],
  [{ temperature: '0.5' }, 'temperature', /must be a number, not a string/],
  [{ temperature: 2.1 }, 'temperature', /between 0 and/],
  [{ temperature: -0.1 }, 'temperature', /between 0 and/],
  [{ top_p: 1.1 }, 'top_p', /between 0 and 1/],
  [{ top_p: [] }, 'top_p', /must be a number, not an array/],
  [{ stop: 7 }, 'stop', /must be a string or an array of strings/],
  [{ stop: ['a', 7] }, 'stop[1]', /must be a string/],
  [{ stop_sequences: { a: 1 } }, 'stop_sequences', /must be a string or an array of strings/],
  [{ include_thinking_data: 'yes' }, 'include_thinking_data', /must be true or false/],
  [{ n: 2 }, 'n', /one answer/],
  [{ tools: [{}] }, 'tools', /cannot call tools/],
  [{ response_format: { type: 'json_object' } }, 'response_format', /free text/],
  [{ logprobs: true }, 'logprobs', /no log probabilities/],
];

for (const [fields, path, says] of WRONG_TYPES) {
  test(`${JSON.stringify(fields)} is refused at ${path}`, async () => {
    for (const useConverseAPI of [false, true]) {
      const error = await refused(fields, { useConverseAPI });
      assert.deepEqual([error.name, error.code, error.param], ['InvalidRequestError', 'invalid_request', path]);
      assert.deepEqual([error.status, error.retryable], [400, false]);
      assert.ok(error.message.startsWith(`${path}: `), error.message);
      assert.match(error.message, says);
    }
  });
}

const WRONG_OPTIONS = [
  [{ useConverseAPI: 'yes' }, 'options.useConverseAPI', /true or false/],
  [{ idleTimeout: 0 }, 'options.idleTimeout', /milliseconds/],
  [{ idleTimeout: '5s' }, 'options.idleTimeout', /milliseconds/],
];

for (const [options, path, says] of WRONG_OPTIONS) {
  test(`${JSON.stringify(options)} is refused at ${path}`, async () => {
    const error = await refused({}, options);
    assert.deepEqual([error.name, error.param], ['InvalidRequestError', path]);
    assert.match(error.message, says);
  });
}

const NOTHING_ASKED = {
  'no messages': [],
  'only an empty text': user(''),
  'only an empty array': user([]),
  'only null': user(null),
  'only an assistant': [{ role: 'assistant', content: 'Hello' }],
};

for (const [what, messages] of Object.entries(NOTHING_ASKED)) {
  test(`${what} is refused`, async () => {
    const error = await refused({ messages });
    assert.deepEqual([error.name, error.param], ['InvalidRequestError', 'messages']);
    assert.match(error.message, /at least one user message/);
  });
}

const UNKNOWN_MODELS = [
  ['Claude-4-5-Sonet', /Claude-4-5-Sonnet/],
  ['claude-4-5-sonnet', /Claude-4-5-Sonnet/],
  ['gpt-4o', /listBedrockWrapperSupportedModels/],
  ['', /listBedrockWrapperSupportedModels/],
  ['us.amazon.nova-lite-v1:0/../../other', /listBedrockWrapperSupportedModels/],
];

for (const [model, says] of UNKNOWN_MODELS) {
  test(`the model ${JSON.stringify(model)} is refused with the nearest names`, async () => {
    const error = await refused({ model });
    assert.deepEqual([error.code, error.param, error.status, error.retryable], ['model_not_found', 'model', 404, false]);
    assert.ok(error.message.startsWith(`Model configuration not found for model: ${model}`), error.message);
    assert.match(error.message, says);
  });
}

test('a model that does not answer with text is refused', async () => {
  const error = await refused({ model: 'amazon.titan-embed-text-v2:0' });
  assert.deepEqual([error.name, error.param], ['InvalidRequestError', 'model']);
  assert.match(error.message, /embeddings.*Choose a text model/);
});

const URL_PATH = 'messages[0].content[1].image_url.url';
const BAD_IMAGES = {
  'broken base64': ['data:image/png;base64,iVBOR!!!w0KGgo=', /base64/],
  'text that is no image': ['this is not an image', /image/],
  'bytes that are no image': [`data:image/png;base64,${base64('not-an-image.bin')}`, /image/],
  'a data URL without data': ['data:image/png;base64,', /empty|missing|image/],
  'a cut image': [`data:image/png;base64,${base64('large-3000x1500.png').slice(0, 400)}`, /image/],
  'another scheme': ['ftp://example.com/a.png', /http/],
  'a URL without a host': ['http://', /URL|http/],
  'a URL that answers 404': [() => `${bedrock.url}/fixtures/no-such.png`, /404/],
  'an image that comes with 404': [() => `${bedrock.url}/status404-with-image/rgb-64x48.png`, /404/],
  'a host that is not there': ['http://127.0.0.1:9/a.png', /127\.0\.0\.1:9|connect|reach/],
  'a page that is no image': [() => `${bedrock.url}/fixtures/not-an-image.bin`, /image/],
};

for (const [what, [url, says]] of Object.entries(BAD_IMAGES)) {
  test(`${what} is refused`, async () => {
    const error = await refused({ messages: image({ url: typeof url === 'function' ? url() : url }) });
    assert.deepEqual([error.name, error.code, error.param], ['InvalidImageError', 'invalid_image', URL_PATH]);
    assert.match(error.message, says);
    assert.ok(error.message.startsWith(`${URL_PATH}: `), error.message);
  });
}

test('an image for a model of text only is refused by its path', async () => {
  const error = await refused({ model: 'Nova-Micro', messages: image({ url: PNG }) });
  assert.deepEqual([error.name, error.param], ['InvalidRequestError', URL_PATH]);
  assert.match(error.message, /text only.*choose a model with vision/);
});

/** A call in a process with no AWS settings but `env`; what its error says. */
function alone(env, awsCreds) {
  const program = `
    import { bedrockWrapper } from ${JSON.stringify(new URL('../index.mjs', import.meta.url))};
    const answer = bedrockWrapper(${JSON.stringify(awsCreds)}, { model: 'Nova-Micro', messages: [{ role: 'user', content: 'Hi' }] });
    await answer.next().catch(({ name, code, param, retryable, message }) => console.log(JSON.stringify({ name, code, param, retryable, message })));
  `;
  const nowhere = { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { env: { PATH: process.env.PATH, ...nowhere, ...env }, encoding: 'utf8' });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

const KEYS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'never-shown' };
const MISSING = [
  ['no region', {}, KEYS, 'awsCreds.region', /AWS_REGION/],
  ['no credentials', { AWS_REGION: 'us-east-1' }, {}, 'awsCreds', /AWS_ACCESS_KEY_ID/],
  ['no secret', { AWS_REGION: 'us-east-1' }, { accessKeyId: 'AKIAEXAMPLE' }, 'awsCreds.secretAccessKey', /missing/],
  ['no key id', { AWS_REGION: 'us-east-1' }, { secretAccessKey: 'never-shown' }, 'awsCreds.accessKeyId', /missing/],
  ['a number as key', { AWS_REGION: 'us-east-1' }, { ...KEYS, secretAccessKey: 7 }, 'awsCreds.secretAccessKey', /must be a string/],
  ['an endpoint that is no URL', { AWS_REGION: 'us-east-1' }, { ...KEYS, endpoint: 'localhost:8080' }, 'awsCreds.endpoint', /http:\/\//],
];

for (const [what, env, awsCreds, param, says] of MISSING) {
  test(`${what}: the error says what to set`, () => {
    const { message, ...error } = alone(env, awsCreds);
    assert.deepEqual(error, { name: 'ConfigurationError', code: 'invalid_configuration', param, retryable: false });
    assert.match(message, says);
    assert.ok(!message.includes('never-shown'), message);
  });
}

test('a region in the environment is enough', () => {
  const { code, message } = alone({ AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, KEYS);
  assert.equal(code, 'connection_error', message);
});
