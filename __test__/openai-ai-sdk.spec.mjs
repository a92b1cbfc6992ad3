// The AI SDK's OpenAI-compatible provider on `createFetch`.

import assert from 'node:assert/strict';
import { z } from 'zod';
import { CLAUDE, NOVA, all, judgeBoth } from './support/openai-judges.mjs';

const ai = await import('ai').catch(() => ({}));
const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible').catch(() => ({}));

function judgeProvider(name, run) {
  judgeBoth(name, (given) => {
    const settings = { name: 'bedrock', baseURL: 'https://bedrock.invalid/v1', fetch: given.fetch };
    return run({ ...given, provider: createOpenAICompatible({ ...settings, includeUsage: true, supportsStructuredOutputs: true }) });
  });
}

judgeProvider('generateText', async ({ session, provider }) => {
  session.on('hello', { text: 'Good day.', usage: { inputTokens: 7, outputTokens: 3 } });
  const { text, usage, finishReason } = await ai.generateText({ model: provider(NOVA), system: 'Be brief.', prompt: 'hello', maxOutputTokens: 50 });
  assert.deepEqual([text, finishReason, usage.inputTokens, usage.outputTokens], ['Good day.', 'stop', 7, 3]);
  assert.deepEqual(session.requests[0].body.inferenceConfig, { maxTokens: 50 });
});

judgeProvider('streamText, with reasoning', async ({ session, provider }) => {
  session.on('hello', { reasoning: ['I should', ' greet.'], text: ['Good', ' day', '.'], usage: { inputTokens: 7, outputTokens: 3 } });
  const result = ai.streamText({ model: provider(CLAUDE), prompt: 'hello', providerOptions: { bedrock: { reasoningEffort: 'low' } } });
  assert.equal((await all(result.textStream)).join('|'), 'Good| day|.');
  assert.equal(await result.reasoningText, 'I should greet.');
  assert.equal(await result.finishReason, 'stop');
  assert.deepEqual([(await result.usage).inputTokens, (await result.usage).outputTokens], [7, 3]);
});

for (const how of ['generateText', 'streamText']) {
  judgeProvider(`tools over several steps with ${how}`, async ({ session, provider }) => {
    session.on({ turn: 1, text: 'Oslo' }, { toolUse: [{ name: 'weather', input: { city: 'Oslo' } }, { name: 'weather', input: { city: 'Rome' } }] });
    session.on({ toolResult: true }, ({ toolResults }) => toolResults.map(({ text }) => text).join('; '));
    const tools = { weather: ai.tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `Rain in ${city}` }) };
    const options = { model: provider(NOVA), prompt: 'How are Oslo and Rome?', tools, stopWhen: ai.stepCountIs(3) };
    const result = await ai[how](options);
    assert.equal(await result.text, 'Rain in Oslo; Rain in Rome');
    assert.equal((await result.steps).length, 2);
  });
}

judgeProvider('structured output', async ({ session, provider }) => {
  const trip = { city: 'Oslo', days: 3 };
  session.on('trip', ({ tools }) => (tools.length > 0 ? { toolUse: { name: tools[0], input: trip } } : JSON.stringify(trip)));
  const schema = z.object({ city: z.string(), days: z.number() });
  for (const model of [CLAUDE, NOVA]) {
    const { output } = await ai.generateText({ model: provider(model), prompt: 'A trip', output: ai.Output.object({ schema }) });
    assert.deepEqual(output, trip);
    const streamed = ai.streamText({ model: provider(model), prompt: 'A trip', output: ai.Output.object({ schema }) });
    assert.deepEqual((await all(streamed.partialOutputStream)).at(-1), trip);
  }
});

judgeProvider('embeddings', async ({ provider }) => {
  const { embeddings } = await ai.embedMany({ model: provider.embeddingModel('amazon.titan-embed-text-v2:0'), values: ['one', 'two', 'three'] });
  assert.deepEqual(embeddings.map((vector) => vector.length), [1024, 1024, 1024]);
});

judgeProvider('images', async ({ provider }) => {
  const { images } = await ai.generateImage({ model: provider.imageModel('amazon.nova-canvas-v1:0'), prompt: 'A red square', size: '512x512' });
  assert.equal(Buffer.from(images[0].uint8Array.subarray(1, 4)).toString(), 'PNG');
});

judgeProvider('errors, retries and aborts', async ({ session, provider }) => {
  session.on('denied', { error: { code: 'AccessDeniedException', message: 'Not you.' } });
  await assert.rejects(ai.generateText({ model: provider(NOVA), prompt: 'denied' }), (error) => ai.APICallError.isInstance(error) && error.statusCode === 403 && /Not you/.test(error.message));
  session.expectRequests(1);
  session.on('busy', [{ error: { code: 'ThrottlingException' } }, 'At last.']);
  assert.equal((await ai.generateText({ model: provider(NOVA), prompt: 'busy' })).text, 'At last.');

  session.on('long', { text: Array.from({ length: 1000 }, () => 'word '), physics: { tokensPerSecond: 50 } });
  const controller = new AbortController();
  const { textStream } = ai.streamText({ model: provider(NOVA), prompt: 'long', abortSignal: controller.signal, onError: () => {} });
  for await (const _ of textStream) controller.abort();
  await session.waitForRequest({ disconnectedEarly: true });
});
