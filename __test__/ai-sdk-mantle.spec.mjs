// `bedrock-wrapper/ai-sdk/mantle`, judged by `ai` and `@ai-sdk/openai`: OpenAI's bodies over bedrock-mantle and bedrock-runtime.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { all, judge, optionsFor } from './support/openai-judges.mjs';

const ai = await import('ai').catch(() => ({}));
const entry = await import('bedrock-wrapper/ai-sdk/mantle').catch(() => ({}));

const GPT = 'openai.gpt-oss-20b';

/** A test with a provider that leads to an account of its own. */
function judgeMantle(name, run) {
  judge(name, ({ session }) => {
    const settings = settingsFor(session);
    return run({ session, settings, mantle: entry.createBedrockMantle(settings) });
  });
}

/** The same for both APIs. */
function judgeBothApis(name, run) {
  for (const api of ['chat', 'responses']) judgeMantle(`${name}, ${api}`, (given) => run({ ...given, api, model: given.mantle[api](GPT) }));
}

function settingsFor(session) {
  const { endpoint, maxRetries, ...settings } = optionsFor(session);
  return { ...settings, baseURL: endpoint };
}

judgeMantle('the provider has the members and names that it replaces', async ({ mantle }) => {
  assert.deepEqual(Object.keys(entry).sort(), ['bedrockMantle', 'createBedrockMantle']);
  assert.equal(mantle.specificationVersion, 'v4');
  for (const make of [mantle, mantle.languageModel, mantle.chat, mantle.responses]) {
    const { provider, modelId, specificationVersion } = make(GPT);
    assert.deepEqual([provider, modelId, specificationVersion], [`bedrock-mantle.${make === mantle.responses ? 'responses' : 'chat'}`, GPT, 'v4']);
  }
  for (const [method, modelType] of [['embeddingModel', 'embeddingModel'], ['textEmbeddingModel', 'embeddingModel'], ['imageModel', 'imageModel']]) {
    assert.throws(() => mantle[method]('x'), (error) => ai.NoSuchModelError.isInstance(error) && error.modelType === modelType && error.modelId === 'x');
  }
  assert.throws(() => new mantle(GPT), { message: 'The Bedrock Mantle model function cannot be called with the new keyword.' });
});

judgeBothApis('generateText', async ({ session, model, api }) => {
  session.on('hello', { text: 'Good day.', usage: { inputTokens: 7, outputTokens: 3 } });
  const { text, usage, finishReason, response } = await ai.generateText({ model, instructions: 'Be brief.', prompt: 'hello', maxOutputTokens: 50 });
  assert.deepEqual([text, finishReason, usage.inputTokens, usage.outputTokens], ['Good day.', 'stop', 7, 3]);
  assert.match(response.headers['x-amzn-requestid'], /^[0-9a-f-]{36}$/);
  const [{ path, body }] = session.requests;
  assert.equal(path, api === 'chat' ? '/v1/chat/completions' : '/v1/responses');
  assert.equal(body.model, GPT);
});

judgeBothApis('streamText', async ({ session, model }) => {
  session.on('hello', { text: ['Good', ' day', '. 😀'], usage: { inputTokens: 7, outputTokens: 3 } });
  const result = ai.streamText({ model, prompt: 'hello' });
  assert.equal((await all(result.textStream)).filter((text) => text !== '').join('|'), 'Good| day|. 😀');
  assert.equal(await result.finishReason, 'stop');
  assert.deepEqual([(await result.usage).inputTokens, (await result.usage).outputTokens], [7, 3]);
});

for (const how of ['generateText', 'streamText']) {
  judgeBothApis(`tools over several steps with ${how}`, async ({ session, model }) => {
    session.on({ turn: 1, text: 'Oslo' }, { toolUse: [{ name: 'weather', input: { city: 'Oslo' } }, { name: 'weather', input: { city: 'Rome' } }] });
    session.on({ toolResult: true }, ({ toolResults }) => toolResults.map(({ text }) => text).join('; '));
    const tools = { weather: ai.tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `Rain in ${city}` }) };
    const providerOptions = { openai: { store: false } };
    const result = await ai[how]({ model, prompt: 'How are Oslo and Rome?', tools, providerOptions, stopWhen: ai.stepCountIs(3) });
    assert.equal(await result.text, 'Rain in Oslo; Rain in Rome');
    assert.equal((await result.steps).length, 2);
  });
}

judgeBothApis('structured output', async ({ session, model }) => {
  const trip = { city: 'Oslo', days: 3 };
  session.on('trip', JSON.stringify(trip));
  const schema = z.object({ city: z.string(), days: z.number() });
  const { output } = await ai.generateText({ model, prompt: 'A trip', output: ai.Output.object({ schema }) });
  assert.deepEqual(output, trip);
  const streamed = ai.streamText({ model, prompt: 'A trip', output: ai.Output.object({ schema }) });
  assert.deepEqual((await all(streamed.partialOutputStream)).at(-1), trip);
});

judgeMantle('reasoning of Responses', async ({ session, mantle }) => {
  session.on('hello', { reasoning: ['I should', ' greet.'], text: 'Good day.' });
  const result = ai.streamText({ model: mantle.responses(GPT), prompt: 'hello', includeRawChunks: true });
  const raw = (await all(result.fullStream)).filter((part) => part.type === 'raw').map(({ rawValue }) => rawValue);
  assert.equal(raw.filter(({ type }) => type === 'response.reasoning_text.delta').map(({ delta }) => delta).join('|'), 'I should| greet.');
  assert.equal(await result.text, 'Good day.');
});

for (const [model, endpoint, api, path] of [
  [GPT, undefined, 'chat', '/v1/chat/completions'],
  ['openai.gpt-5.4', undefined, 'responses', '/openai/v1/responses'],
  ['us.openai.gpt-5.6-sol', undefined, 'chat', '/openai/v1/chat/completions'],
  [GPT, 'runtime', 'chat', '/openai/v1/chat/completions'],
  ['us.openai.gpt-5.6-sol', 'mantle', 'chat', '/v1/chat/completions'],
]) {
  judgeMantle(`${model} with endpoint ${endpoint} is called at ${path}`, async ({ session, settings }) => {
    const mantle = entry.createBedrockMantle({ ...settings, endpoint });
    await ai.generateText({ model: mantle[api](model), prompt: 'hello', maxRetries: 0 }).catch(() => {});
    assert.equal(session.requests[0].path, path);
  });
}

judgeMantle('a base URL with its version is taken as it is', async ({ session, settings }) => {
  const mantle = entry.createBedrockMantle({ ...settings, baseURL: `${settings.baseURL}/openai/v1/` });
  await ai.generateText({ model: mantle(GPT), prompt: 'hello' });
  assert.equal(session.requests[0].path, '/openai/v1/chat/completions');
});

judgeMantle('requests are signed for the service that they go to, with headers of settings and calls', async ({ session, settings }) => {
  const seen = [];
  const fetch = (url, init) => {
    seen.push(new Headers(init?.headers ?? url.headers).get('authorization'));
    return globalThis.fetch(url, init);
  };
  for (const endpoint of ['mantle', 'runtime']) {
    const mantle = entry.createBedrockMantle({ ...settings, endpoint, fetch, headers: { 'x-team': 'a', 'x-late': 'settings' } });
    assert.ok((await ai.streamText({ model: mantle(GPT), prompt: 'What is 1+1?', headers: { 'x-late': 'call' } }).text).includes('2'));
  }
  assert.match(seen[0], /\/bedrock-mantle\/aws4_request/);
  assert.match(seen[1], /\/bedrock\/aws4_request/);
  assert.deepEqual(session.requests.map(({ headers }) => [headers['x-team'], headers['x-late']]), [['a', 'call'], ['a', 'call']]);
});

judgeBothApis('a refusal is an APICallError with what the service said', async ({ session, model, mantle, api }) => {
  session.addFaults({ fault: 'error', code: 'ThrottlingException', message: 'Slow down.', retryAfter: 1 });
  const throttled = await ai.generateText({ model, prompt: 'hello', maxRetries: 0 }).catch((error) => error);
  assert.ok(ai.APICallError.isInstance(throttled));
  assert.deepEqual([throttled.statusCode, throttled.isRetryable, throttled.message], [429, true, 'Slow down.']);
  assert.equal(throttled.responseHeaders['retry-after'], '1');
  const unknown = await ai.generateText({ model: mantle[api]('openai.nothing'), prompt: 'hello' }).catch((error) => error);
  assert.ok(unknown.statusCode >= 400 && unknown.statusCode < 500 && !unknown.isRetryable);
  assert.equal(JSON.parse(unknown.responseBody).error.message, unknown.message);
});

for (const [name, fault] of Object.entries({
  'a cut stream': { fault: 'end', frame: 3 },
  'an event that was cut': { fault: 'truncate', frame: 3 },
  'a connection that breaks': { fault: 'reset', frame: 3 },
  'an exception': { fault: 'exception', code: 'ThrottlingException', message: 'Late.', frame: 3 },
})) {
  judgeBothApis(`${name} in a stream is an error part`, async ({ session, model }) => {
    session.on('hello', { text: ['Good', ' day'] });
    session.addFaults(fault);
    const parts = await all(ai.streamText({ model, prompt: 'hello', maxRetries: 0, onError() {} }).fullStream);
    const { error } = parts.find((part) => part.type === 'error');
    assert.ok(error.message.length > 0);
  });
}

judgeBothApis('abort gives its reason and ends the request', async ({ session, model }) => {
  session.on('hello', { text: ['Good', ' day'] });
  session.addFaults({ fault: 'stall', frame: 2 });
  const controller = new AbortController();
  const reason = new DOMException('Enough.', 'TimeoutError');
  const prompt = [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }];
  const streaming = model.doStream({ prompt, abortSignal: controller.signal });
  const failure = streaming.then(({ stream }) => all(stream)).catch((error) => error);
  while (session.requests.length === 0) await setImmediate();
  await streaming;
  controller.abort(reason);
  assert.equal(await failure, reason);
  await session.waitForRequest({ disconnectedEarly: true });
});

judgeMantle('bodies, answers and events pass as they are', async ({ settings }) => {
  const events = 'event: response.created\ndata: {"type":"response.created","sequence_number":0,"unheard":"of"}\n\n: ping\n\n'
    + 'data: {"type":"response.completed","sequence_number":1}\nevent: response.completed\n\n';
  const seen = [];
  const server = createServer(async (request, response) => {
    seen.push(Buffer.concat(await request.toArray()).toString());
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'r-1' });
    for (const byte of Buffer.from(events)) response.write(Buffer.of(byte));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const mantle = entry.createBedrockMantle({ ...settings, baseURL: `http://127.0.0.1:${server.address().port}` });
  const prompt = [{ role: 'user', content: [{ type: 'text', text: 'é😀' }] }];
  const { stream, response, request } = await mantle.responses(GPT).doStream({ prompt, includeRawChunks: true });
  const raw = (await all(stream)).filter((part) => part.type === 'raw').map(({ rawValue }) => rawValue);
  server.close();
  assert.deepEqual(raw, [{ type: 'response.created', sequence_number: 0, unheard: 'of' }, { type: 'response.completed', sequence_number: 1 }]);
  assert.equal(response.headers['x-request-id'], 'r-1');
  assert.deepEqual(JSON.parse(seen[0]), { ...JSON.parse(JSON.stringify(request.body)), stream: true });
});

judgeMantle('a redirect is not followed', async () => {
  const server = createServer((request, response) => response.writeHead(307, { location: 'https://elsewhere.example/' }).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const mantle = entry.createBedrockMantle({ region: 'us-east-1', apiKey: 'key', baseURL: `http://127.0.0.1:${server.address().port}` });
  const error = await ai.generateText({ model: mantle(GPT), prompt: 'hello', maxRetries: 0 }).catch((error) => error);
  server.close();
  assert.equal(error.statusCode, 307, String(error));
});
