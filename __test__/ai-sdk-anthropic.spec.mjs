// `bedrock-wrapper/ai-sdk/anthropic`, judged by `ai` and `@ai-sdk/anthropic`: Claude's own body over InvokeModel.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { CLAUDE, all, judge, optionsFor } from './support/openai-judges.mjs';

const ai = await import('ai').catch(() => ({}));
const { createAnthropic } = await import('@ai-sdk/anthropic').catch(() => ({}));
const entry = await import('bedrock-wrapper/ai-sdk/anthropic').catch(() => ({}));

const require = createRequire(import.meta.url);
const { peer } = require('../js/ai-sdk/peer.js');

/** AWS's exceptions, with what they are in Anthropic's API, and to programs that call it. */
const EXCEPTIONS = [
  ['ThrottlingException', 'rate_limit_error', 429, true],
  ['InternalServerException', 'api_error', 500, true],
  ['ModelStreamErrorException', 'api_error', 424, true],
  ['ModelTimeoutException', 'timeout_error', 408, true],
  ['ServiceUnavailableException', 'overloaded_error', 503, true],
  ['ValidationException', 'invalid_request_error', 400, false],
  ['AccessDeniedException', 'permission_error', 403, false],
];

/** A test with a provider that leads to an account of its own. */
function judgeClaude(name, run) {
  judge(name, ({ session }) => {
    const settings = settingsFor(session);
    return run({ session, settings, bedrock: entry.createAmazonBedrockAnthropic(settings) });
  });
}

function settingsFor(session) {
  const { endpoint, maxRetries, ...settings } = optionsFor(session);
  return { ...settings, baseURL: endpoint };
}

test('a package that is not installed is named', () => {
  const missing = () => peer('@ai-sdk/nowhere', 'anthropic', () => require('@ai-sdk/nowhere'));
  assert.throws(missing, { message: 'bedrock-wrapper/ai-sdk/anthropic needs the package @ai-sdk/nowhere, which is not installed. Run: npm install @ai-sdk/nowhere' });
  const broken = Object.assign(new Error("Cannot find module './other.js'"), { code: 'MODULE_NOT_FOUND' });
  assert.throws(() => peer('@ai-sdk/anthropic', 'anthropic', () => { throw broken; }), broken);
  const old = Object.assign(new Error('require() of ES Module'), { code: 'ERR_REQUIRE_ESM' });
  assert.throws(() => peer('@ai-sdk/anthropic', 'anthropic', () => { throw old; }), /needs Node 20\.19, 22\.12 or newer/);
});

const weather = () => ai.tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `Rain in ${city}` });

judgeClaude('the provider has the members and names that it replaces', async ({ bedrock }) => {
  assert.deepEqual(Object.keys(entry).sort(), ['amazonBedrockAnthropic', 'bedrockAnthropic', 'createAmazonBedrockAnthropic', 'createBedrockAnthropic']);
  assert.equal(entry.bedrockAnthropic, entry.amazonBedrockAnthropic);
  assert.equal(entry.createBedrockAnthropic, entry.createAmazonBedrockAnthropic);
  assert.equal(bedrock.specificationVersion, 'v4');
  for (const make of [bedrock, bedrock.languageModel, bedrock.chat, bedrock.messages]) {
    const { provider, modelId, specificationVersion, supportedUrls } = make(CLAUDE);
    assert.deepEqual([provider, modelId, specificationVersion, supportedUrls], ['bedrock.anthropic.messages', CLAUDE, 'v4', {}]);
  }
  for (const [method, modelType] of [['embeddingModel', 'embeddingModel'], ['textEmbeddingModel', 'embeddingModel'], ['imageModel', 'imageModel']]) {
    assert.throws(() => bedrock[method]('x'), (error) => ai.NoSuchModelError.isInstance(error) && error.modelType === modelType && error.modelId === 'x');
  }
  assert.throws(() => new bedrock(CLAUDE), { message: 'The Bedrock Anthropic model function cannot be called with the new keyword.' });
  assert.deepEqual(Object.keys(bedrock.tools).sort(), Object.keys(createAnthropic({ apiKey: 'x' }).tools).sort());
});

judgeClaude('generateText', async ({ session, bedrock }) => {
  session.on('hello', { text: 'Good day.', usage: { inputTokens: 7, outputTokens: 3 } });
  const { text, usage, finishReason, response } = await ai.generateText({ model: bedrock(CLAUDE), instructions: 'Be brief.', prompt: 'hello', maxOutputTokens: 50 });
  assert.deepEqual([text, finishReason, usage.inputTokens, usage.outputTokens], ['Good day.', 'stop', 7, 3]);
  assert.match(response.headers['x-amzn-requestid'], /^[0-9a-f-]{36}$/);
  assert.equal(response.headers['x-amzn-bedrock-output-token-count'], '3');
  const [{ operation, body }] = session.requests;
  assert.equal(operation, 'InvokeModel');
  assert.deepEqual(body, {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 50,
    system: [{ type: 'text', text: 'Be brief.' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
  });
});

judgeClaude('streamText, with thinking, and raw chunks as Anthropic has them', async ({ session, bedrock }) => {
  session.on('hello', { reasoning: ['I should', ' greet.'], text: ['Good', ' day', '. 😀'], usage: { inputTokens: 7, outputTokens: 3 } });
  const providerOptions = { anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } } };
  const result = ai.streamText({ model: bedrock(CLAUDE), prompt: 'hello', providerOptions, includeRawChunks: true });
  const parts = await all(result.fullStream);
  const deltas = (type) => parts.filter((part) => part.type === type).map(({ text }) => text).filter((text) => text !== '');
  assert.equal(deltas('text-delta').join('|'), 'Good| day|. 😀');
  assert.equal(deltas('reasoning-delta').join('|'), 'I should| greet.');
  const signature = (await result.reasoning)[0].providerMetadata.anthropic.signature;
  assert.ok(signature.length > 0);
  const raw = parts.filter((part) => part.type === 'raw').map(({ rawValue }) => rawValue.type);
  assert.deepEqual([raw[0], raw.at(-1)], ['message_start', 'message_stop']);
  assert.equal(await result.finishReason, 'stop');
  assert.deepEqual([(await result.usage).inputTokens, (await result.usage).outputTokens], [7, 3]);
  assert.equal(session.requests[0].operation, 'InvokeModelWithResponseStream');
  assert.deepEqual(session.requests[0].body.thinking, { type: 'enabled', budget_tokens: 1024 });
});

for (const how of ['generateText', 'streamText']) {
  judgeClaude(`tools over several steps with ${how}`, async ({ session, bedrock }) => {
    session.on({ turn: 1, text: 'Oslo' }, { toolUse: [{ name: 'weather', input: { city: 'Oslo' } }, { name: 'weather', input: { city: 'Rome' } }] });
    session.on({ toolResult: true }, ({ toolResults }) => toolResults.map(({ text }) => text).join('; '));
    const result = await ai[how]({ model: bedrock(CLAUDE), prompt: 'How are Oslo and Rome?', tools: { weather: weather() }, stopWhen: ai.stepCountIs(3) });
    assert.equal(await result.text, 'Rain in Oslo; Rain in Rome');
    assert.equal((await result.steps).length, 2);
  });
}

judgeClaude('a tool is streamed as it is written, and one call at a time is kept', async ({ session, bedrock }) => {
  session.on('Oslo', { toolUse: { name: 'weather', input: { city: 'Oslo' } } });
  const providerOptions = { anthropic: { disableParallelToolUse: true } };
  const result = ai.streamText({ model: bedrock(CLAUDE), prompt: 'Oslo?', tools: { weather: weather() }, toolChoice: 'required', providerOptions });
  await result.consumeStream();
  const [{ body }] = session.requests;
  assert.deepEqual(body.tool_choice, { type: 'any', disable_parallel_tool_use: true });
  assert.ok(!('eager_input_streaming' in body.tools[0]));
  assert.ok(body.anthropic_beta.includes('fine-grained-tool-streaming-2025-05-14'), String(body.anthropic_beta));
});

judgeClaude("Anthropic's own tools become the versions that Bedrock has", async ({ session, bedrock }) => {
  session.on('run', 'Done.');
  const tools = { bash: bedrock.tools.bash_20241022({}), computer: bedrock.tools.computer_20241022({ displayWidthPx: 100, displayHeightPx: 80 }) };
  await ai.generateText({ model: bedrock(CLAUDE), prompt: 'run', tools });
  const [{ body }] = session.requests;
  assert.deepEqual(body.tools, [
    { name: 'bash', type: 'bash_20250124' },
    { name: 'computer', type: 'computer_20250124', display_width_px: 100, display_height_px: 80 },
  ]);
  assert.ok(body.anthropic_beta.includes('computer-use-2025-01-24'));
});

for (const how of ['generateText', 'streamText']) {
  judgeClaude(`a tool keeps the name that the program knows with ${how}`, async ({ session, bedrock }) => {
    session.on({ turn: 1, text: 'edit' }, { toolUse: { name: 'str_replace_based_edit_tool', input: { command: 'view', path: '/a' } } });
    session.on({ toolResult: true }, ({ toolResults }) => toolResults[0].text);
    const edit = bedrock.tools.textEditor_20241022({ execute: async ({ command, path }) => `${command} ${path}` });
    const result = await ai[how]({ model: bedrock(CLAUDE), prompt: 'edit', tools: { str_replace_editor: edit }, stopWhen: ai.stepCountIs(2) });
    assert.equal(await result.text, 'view /a');
    const [{ body }, { body: second }] = session.requests;
    assert.deepEqual(body.tools, [{ name: 'str_replace_based_edit_tool', type: 'text_editor_20250728' }]);
    assert.equal(second.messages[1].content[0].name, 'str_replace_based_edit_tool');
  });
}

judgeClaude('betas of the settings, of a call and of its options go into the body', async ({ session, settings }) => {
  session.on('hello', 'Good day.');
  const bedrock = entry.createAmazonBedrockAnthropic({ ...settings, headers: async () => ({ 'anthropic-beta': 'of-settings', 'x-team': 'a', 'x-late': 'settings' }) });
  const providerOptions = { anthropic: { anthropicBeta: ['of-options'] } };
  await ai.generateText({ model: bedrock(CLAUDE), prompt: 'hello', providerOptions, headers: { 'anthropic-beta': 'of-call', 'x-late': 'call' } });
  const [{ body, headers }] = session.requests;
  assert.deepEqual([...body.anthropic_beta].sort(), ['of-call', 'of-options', 'of-settings']);
  assert.deepEqual([headers['x-team'], headers['x-late']], ['a', 'call']);
  for (const name of ['x-api-key', 'anthropic-version', 'anthropic-beta']) assert.ok(!(name in headers), name);
});

for (const mode of ['auto', 'jsonTool', 'outputFormat']) {
  judgeClaude(`structured output, ${mode}`, async ({ session, bedrock }) => {
    const trip = { city: 'Oslo', days: 3 };
    session.on('trip', ({ tools }) => (tools.length > 0 ? { toolUse: { name: tools[0], input: trip } } : JSON.stringify(trip)));
    const schema = z.object({ city: z.string(), days: z.number() });
    const providerOptions = { anthropic: { structuredOutputMode: mode } };
    const { output } = await ai.generateText({ model: bedrock(CLAUDE), prompt: 'A trip', output: ai.Output.object({ schema }), providerOptions });
    assert.deepEqual(output, trip);
    const streamed = ai.streamText({ model: bedrock(CLAUDE), prompt: 'A trip', output: ai.Output.object({ schema }), providerOptions });
    assert.deepEqual((await all(streamed.partialOutputStream)).at(-1), trip);
    assert.deepEqual(session.requests.map(({ body }) => 'output_config' in body), Array(2).fill(mode !== 'jsonTool'));
  });
}

judgeClaude('what a model does not hold to is asked for in another way, and remembered', async ({ session, bedrock }) => {
  const trip = { city: 'Oslo', days: 3 };
  const refusal = (message) => ({ raw: { status: 400, headers: { 'x-amzn-errortype': 'ValidationException' }, body: { message } } });
  session.on(({ body }) => body.output_config !== undefined, refusal('output_config.format: Extra inputs are not permitted'));
  session.on(({ body }) => body.tools?.some(({ strict }) => strict !== undefined), refusal('tools.0.custom.strict: Extra inputs are not permitted'));
  session.on('trip', ({ tools }) => ({ toolUse: { name: tools.at(-1), input: trip } }));
  const schema = z.object({ city: z.string(), days: z.number() });
  const asked = { model: bedrock(CLAUDE), prompt: 'A trip', output: ai.Output.object({ schema }), maxRetries: 0 };
  assert.deepEqual((await ai.generateText(asked)).output, trip);
  assert.deepEqual(await ai.streamText(asked).output, trip);
  assert.equal(session.requests.length, 3, 'a refusal, and two answers');
  const strict = { ...asked, model: bedrock(CLAUDE), output: undefined, tools: { note: ai.tool({ inputSchema: schema, strict: true }) } };
  const { warnings, toolCalls } = await ai.generateText(strict);
  assert.deepEqual([warnings.map(({ feature }) => feature), toolCalls[0].input], [['strict'], trip]);
  const streamed = ai.streamText(strict);
  await streamed.consumeStream();
  assert.deepEqual((await streamed.warnings).map(({ feature }) => feature), ['strict']);
  const named = { ...asked, providerOptions: { anthropic: { structuredOutputMode: 'outputFormat' } } };
  await assert.rejects(ai.generateText(named), { statusCode: 400 }, 'what was asked for by name is not changed');
});

judgeClaude('pictures by URL are fetched, since Bedrock does not', async ({ session, bedrock }) => {
  session.on('picture', 'A dot.');
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const content = [{ type: 'text', text: 'picture' }, { type: 'file', data: new URL('https://pictures.example/dot.png'), mediaType: 'image/png' }];
  const experimental_download = async (files) => files.map(() => ({ data: png, mediaType: 'image/png' }));
  await ai.generateText({ model: bedrock(CLAUDE), messages: [{ role: 'user', content }], experimental_download });
  assert.deepEqual(session.requests[0].body.messages[0].content[1].source, { type: 'base64', media_type: 'image/png', data: png.toString('base64') });
});

judgeClaude('a large request crosses whole', async ({ session, bedrock }) => {
  const text = `${'x'.repeat(400_000)} é😀`;
  session.on({ operation: 'InvokeModel' }, ({ body }) => String(body.messages[0].content[0].text.length));
  const { text: length } = await ai.generateText({ model: bedrock(CLAUDE), prompt: text, maxRetries: 0 });
  assert.equal(length, String(text.length));
});

for (const [exception, type, statusCode, isRetryable] of EXCEPTIONS) {
  judgeClaude(`${exception} in a stream is an error part`, async ({ session, settings, bedrock }) => {
    session.on('hello', { text: ['Good', ' day'] });
    session.addFaults({ fault: 'exception', code: exception, message: 'Late.', frame: 3 });
    const parts = await all(ai.streamText({ model: bedrock(CLAUDE), prompt: 'hello', maxRetries: 0, onError() {} }).fullStream);
    const { error } = parts.find((part) => part.type === 'error');
    assert.equal(error.message, 'Late.');
    assert.equal(error.type, type);
    assert.deepEqual([error.statusCode, error.isRetryable], [statusCode, isRetryable]);
    assert.ok(parts.some((part) => part.type === 'text-delta'), 'what came before it counts');
  });
}

judgeClaude('an exception that nobody knows yet is an error part as well', async ({ session, bedrock }) => {
  const headers = { ':message-type': 'exception', ':exception-type': 'someFutureException', ':content-type': 'application/json' };
  const start = { type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content: [], usage: { input_tokens: 1, output_tokens: 1 } } };
  session.on('hello', { frames: [{ chunk: start }, { headers, payload: { message: 'Late.' } }] });
  const parts = await all(ai.streamText({ model: bedrock(CLAUDE), prompt: 'hello', maxRetries: 0, onError() {} }).fullStream);
  const { error } = parts.find((part) => part.type === 'error');
  assert.deepEqual([error.message, error.type, error.data.code ?? error.code], ['Late.', 'api_error', 'SomeFutureException']);
});

for (const [name, fault] of Object.entries({
  'a cut stream': { fault: 'end', frame: 3 },
  'a frame that was cut': { fault: 'truncate', frame: 3 },
  'a stream without its last event': { fault: 'omit', event: 'message_stop' },
  'a damaged frame': { fault: 'badChecksum', frame: 3 },
  'a connection that breaks': { fault: 'reset', frame: 3 },
  'an error frame': { fault: 'errorFrame', code: 'InternalError', message: 'Broken.', frame: 3 },
})) {
  judgeClaude(`${name} is an error part`, async ({ session, bedrock }) => {
    session.on('hello', { text: ['Good', ' day'] });
    session.addFaults(fault);
    const parts = await all(ai.streamText({ model: bedrock(CLAUDE), prompt: 'hello', maxRetries: 0, onError() {} }).fullStream);
    const { error } = parts.find((part) => part.type === 'error');
    assert.equal(error.type, 'api_error');
  });
}

judgeClaude('a refusal is an APICallError with what AWS said', async ({ session, bedrock }) => {
  session.addFaults({ fault: 'error', code: 'ThrottlingException', message: 'Slow down.', retryAfter: 1 });
  const throttled = await ai.generateText({ model: bedrock(CLAUDE), prompt: 'hello', maxRetries: 0 }).catch((error) => error);
  assert.ok(ai.APICallError.isInstance(throttled));
  assert.deepEqual([throttled.statusCode, throttled.isRetryable, throttled.message], [429, true, 'Slow down.']);
  assert.match(throttled.responseHeaders['x-amzn-errortype'], /^ThrottlingException/);
  assert.equal(throttled.responseHeaders['retry-after'], '1');
  assert.equal(throttled.data.error.type, 'rate_limit_error');
  const unknown = await ai.generateText({ model: bedrock('anthropic.claude-nobody'), prompt: 'hello' }).catch((error) => error);
  assert.deepEqual([unknown.statusCode, unknown.isRetryable, unknown.data.error.type], [400, false, 'invalid_request_error']);
  assert.equal(JSON.parse(unknown.responseBody).request_id, unknown.responseHeaders['x-amzn-requestid']);
});

judgeClaude('the AI SDK makes a throttled request again, and nobody else', async ({ session, bedrock }) => {
  session.on('hello', 'Good day.');
  session.addFaults({ fault: 'error', code: 'ThrottlingException', message: 'Slow down.' });
  const { text } = await ai.generateText({ model: bedrock(CLAUDE), prompt: 'hello', maxRetries: 1 });
  assert.equal(text, 'Good day.');
  assert.equal(session.requests.length, 2);
});

judgeClaude('a service that cannot be reached is an APICallError that may be tried again', async () => {
  const bedrock = entry.createAmazonBedrockAnthropic({ region: 'us-east-1', apiKey: 'key', baseURL: 'http://127.0.0.1:1' });
  const error = await ai.generateText({ model: bedrock(CLAUDE), prompt: 'hello', maxRetries: 0 }).catch((error) => error);
  assert.ok(ai.APICallError.isInstance(error) && error.isRetryable, String(error));
  assert.match(error.message, /^Cannot connect to API/);
});

judgeClaude('what a function among the settings throws is the error of the call', async ({ settings }) => {
  const sealed = new Error('The vault is sealed.');
  const { region, baseURL } = settings;
  const bedrock = entry.createAmazonBedrockAnthropic({ region, baseURL, apiKey: async () => { throw sealed; } });
  const error = await ai.generateText({ model: bedrock(CLAUDE), prompt: 'hello', maxRetries: 0 }).catch((error) => error);
  assert.equal(error, sealed);
});

judgeClaude('settings that contradict each other are refused at once', async () => {
  assert.throws(() => entry.createAmazonBedrockAnthropic({ apiKey: 'key', profile: 'work' }), { name: 'AI_InvalidArgumentError' });
  assert.throws(() => entry.createAmazonBedrockAnthropic({ endpoint: 'https://a.example', baseURL: 'https://b.example' }), { name: 'AI_InvalidArgumentError' });
});

for (const frame of [0, 3]) {
  judgeClaude(`abort gives its reason and ends the request, with ${frame} frames of the answer there`, async ({ session, bedrock }) => {
    session.on('hello', { text: ['Good', ' day'] });
    session.addFaults({ fault: 'stall', frame });
    const controller = new AbortController();
    const reason = new DOMException('Enough.', 'TimeoutError');
    const prompt = [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }];
    const streaming = bedrock(CLAUDE).doStream({ prompt, abortSignal: controller.signal });
    const failure = streaming.then(({ stream }) => all(stream)).catch((error) => error);
    while (session.requests.length === 0) await setImmediate();
    if (frame > 0) await streaming;
    controller.abort(reason);
    assert.equal(await failure, reason);
    await session.waitForRequest({ disconnectedEarly: true });
  });
}

judgeClaude('a fetch of the caller carries the signed request', async ({ session, settings }) => {
  session.on('hello', { text: ['Good', ' day', '.'] });
  const seen = [];
  const fetch = (url, init) => {
    seen.push([String(url), new Headers(init?.headers ?? url.headers).get('authorization')]);
    return globalThis.fetch(url, init);
  };
  const bedrock = entry.createAmazonBedrockAnthropic({ ...settings, fetch });
  assert.equal(await ai.streamText({ model: bedrock(CLAUDE), prompt: 'hello' }).text, 'Good day.');
  assert.equal(seen.length, 1);
  assert.match(seen[0][0], /\/model\/[^/]+\/invoke-with-response-stream$/);
  assert.match(seen[0][1], /^AWS4-HMAC-SHA256 /);
});

judgeClaude('at bedrock-mantle bodies, answers and events pass as they are', async ({ settings }) => {
  const message = { type: 'message', id: 'msg_1', role: 'assistant', model: 'claude', content: [{ type: 'text', text: 'Good day.' }], stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: 7, output_tokens: 3 } };
  const events = [
    { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Good day.' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 3 } },
    { type: 'message_stop' },
  ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  const answers = [JSON.stringify(message), events.join(''), events.slice(0, 3).join('')];
  const seen = [];
  const server = createServer(({ url, headers }, response) => {
    seen.push({ url, headers });
    response.writeHead(200, { 'content-type': answers.length === 3 ? 'application/json' : 'text/event-stream' });
    response.end(answers.shift());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bedrock = entry.createAmazonBedrockAnthropic({ ...settings, endpoint: 'mantle', baseURL: `http://127.0.0.1:${server.address().port}` });
  const asked = { model: bedrock('anthropic.claude-sonnet-5'), prompt: 'hello', maxRetries: 0, providerOptions: { anthropic: { anthropicBeta: ['of-options'] } } };
  assert.equal((await ai.generateText(asked)).text, 'Good day.');
  assert.equal(await ai.streamText(asked).text, 'Good day.');
  const cut = await all(ai.streamText({ ...asked, onError() {} }).fullStream);
  assert.equal(cut.find((part) => part.type === 'error').error.type, 'api_error');
  server.close();
  for (const { url, headers } of seen) {
    assert.equal(url, '/anthropic/v1/messages');
    assert.match(headers.authorization, /\/us-east-1\/bedrock-mantle\/aws4_request/);
    assert.equal(headers['anthropic-version'], '2023-06-01');
    assert.match(headers['anthropic-beta'], /of-options/);
  }
});

judgeClaude('a redirect is not followed', async () => {
  const server = createServer((request, response) => response.writeHead(307, { location: 'https://elsewhere.example/' }).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bedrock = entry.createAmazonBedrockAnthropic({ region: 'us-east-1', apiKey: 'key', baseURL: `http://127.0.0.1:${server.address().port}` });
  const error = await ai.generateText({ model: bedrock(CLAUDE), prompt: 'hello', maxRetries: 0 }).catch((error) => error);
  server.close();
  assert.equal(error.statusCode, 307, String(error));
});
