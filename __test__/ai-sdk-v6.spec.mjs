// `ai` 6, which takes models of specification v3: the default of `bedrock-wrapper/ai-sdk/v3`, and of the main entry with
// `specificationVersion: 'v3'`.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import * as ai from 'ai6';
import { createBedrock } from 'bedrock-wrapper/ai-sdk';
import { createBedrock as createBedrockV3 } from 'bedrock-wrapper/ai-sdk/v3';
import { simulate } from 'bedrock-wrapper/simulator';
import { z } from 'zod';
import { CLAUDE, CLAUDE_OPUS, NOVA, PDF, PNG, saying } from './ai-sdk/kit.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;

const simulator = await simulate();
after(() => simulator.close());

const ENTRIES = {
  'bedrock-wrapper/ai-sdk/v3': createBedrockV3,
  "specificationVersion: 'v3'": (settings) => createBedrock({ ...settings, specificationVersion: 'v3' }),
};

async function all(iterable) {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
}

for (const [entry, create] of Object.entries(ENTRIES)) {
  describe(`ai 6 on ${entry}`, () => {
    const judge = (name, run) =>
      test(name, async () => {
        const session = await simulator.session();
        const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = session.env;
        try {
          await run({ session, bedrock: create({ region, accessKeyId, secretAccessKey, baseURL: session.url }) });
        } finally {
          await session.close();
        }
      });

    judge('models say which specification they are of', async ({ bedrock }) => {
      const models = [
        bedrock(NOVA),
        bedrock.languageModel(NOVA),
        bedrock.embeddingModel('amazon.titan-embed-text-v2:0'),
        bedrock.imageModel('amazon.nova-canvas-v1:0'),
        bedrock.rerankingModel('cohere.rerank-v3-5:0'),
      ];
      assert.deepEqual([bedrock, ...models].map(({ specificationVersion }) => specificationVersion), ['v3', 'v3', 'v3', 'v3', 'v3', 'v3']);
    });

    judge('generateText', async ({ session, bedrock }) => {
      session.on('hello', { reasoning: 'I should greet.', text: 'Good day.', usage: { inputTokens: 7, outputTokens: 3, cacheReadInputTokens: 5 } });
      const { text, reasoningText, usage, finishReason, rawFinishReason, warnings } = await ai.generateText({ model: bedrock(CLAUDE), system: 'Be brief.', prompt: 'hello', seed: 1 });
      assert.deepEqual([text, reasoningText, finishReason, rawFinishReason], ['Good day.', 'I should greet.', 'stop', 'end_turn']);
      assert.deepEqual([usage.inputTokens, usage.inputTokenDetails.cacheReadTokens, usage.outputTokens], [12, 5, 3]);
      assert.deepEqual(warnings.map(({ type, feature }) => [type, feature]), [['unsupported', 'seed']]);
    });

    judge('streamText', async ({ session, bedrock }) => {
      session.on('hello', { reasoning: ['I should', ' greet.'], text: ['Good', ' day', '.'] });
      const answer = ai.streamText({ model: bedrock(CLAUDE), prompt: 'hello' });
      assert.equal((await all(answer.textStream)).join('|'), 'Good| day|.');
      assert.deepEqual([await answer.reasoningText, await answer.finishReason], ['I should greet.', 'stop']);
    });

    for (const how of ['generateText', 'streamText']) {
      judge(`tools over several steps with ${how}`, async ({ session, bedrock }) => {
        session.on({ toolResult: true }, ({ toolResults }) => toolResults.map(({ text }) => text).join('; '));
        session.on('Oslo', { toolUse: [{ name: 'weather', input: { city: 'Oslo' } }, { name: 'weather', input: { city: 'Rome' } }] });
        const tools = { weather: ai.tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `Rain in ${city}` }) };
        const answer = await ai[how]({ model: bedrock(NOVA), prompt: 'How are Oslo and Rome?', tools, stopWhen: ai.stepCountIs(3) });
        assert.equal(await answer.text, 'Rain in Oslo; Rain in Rome');
        assert.equal((await answer.steps).length, 2);
      });
    }

    // By a tool, and by the model's own structured output.
    for (const model of [CLAUDE_OPUS, CLAUDE]) {
      judge(`objects, whole and growing, on ${model}`, async ({ session, bedrock }) => {
        const trip = { city: 'Oslo', days: 3 };
        const pieces = ['{"city": ', '"Oslo", ', '"days": 3}'];
        session.rule({ match: () => true, answer: ({ tools }) => (tools.length > 0 ? { toolUse: { name: tools[0], input: pieces } } : { text: pieces }) });
        const output = ai.Output.object({ schema: z.object({ city: z.string(), days: z.number() }) });
        assert.deepEqual((await ai.generateText({ model: bedrock(model), prompt: 'A trip', output })).output, trip);
        const partial = await all(ai.streamText({ model: bedrock(model), prompt: 'A trip', output }).partialOutputStream);
        assert.ok(partial.length > 1);
        assert.deepEqual(partial.at(-1), trip);
      });
    }

    judge('files', async ({ session, bedrock }) => {
      session.rule({ answer: 'I see.' });
      const content = [{ type: 'text', text: 'So?' }, { type: 'image', image: PNG }, { type: 'file', mediaType: 'application/pdf', filename: 'a.pdf', data: PDF }];
      assert.equal((await ai.generateText({ model: bedrock(NOVA), messages: saying(...content) })).text, 'I see.');
      assert.deepEqual(session.requests[0].body.messages[0].content.map((block) => Object.keys(block)[0]), ['text', 'image', 'document']);
    });

    judge('files in the answer', async ({ session, bedrock }) => {
      session.rule({ answer: { content: [{ image: { base64: Buffer.from(PNG).toString('base64'), format: 'png' } }] } });
      const { files } = await ai.generateText({ model: bedrock(NOVA), prompt: 'Draw.' });
      assert.deepEqual(files.map(({ mediaType, uint8Array }) => [mediaType, uint8Array.length]), [['image/png', PNG.length]]);
      const streamed = await ai.streamText({ model: bedrock(NOVA), prompt: 'Draw.' }).files;
      assert.deepEqual(streamed.map(({ mediaType, uint8Array }) => [mediaType, uint8Array.length]), [['image/png', PNG.length]]);
    });

    judge('embedMany', async ({ bedrock }) => {
      const { embeddings, usage } = await ai.embedMany({ model: bedrock.embeddingModel('amazon.titan-embed-text-v2:0'), values: ['one', 'two'], providerOptions: { bedrock: { dimensions: 256 } } });
      assert.deepEqual(embeddings.map(({ length }) => length), [256, 256]);
      assert.ok(usage.tokens > 0);
    });

    judge('generateImage', async ({ bedrock }) => {
      const { images } = await ai.generateImage({ model: bedrock.imageModel('amazon.nova-canvas-v1:0'), prompt: 'A red square', size: '320x320' });
      assert.equal(Buffer.from(images[0].uint8Array.subarray(1, 4)).toString(), 'PNG');
    });

    judge('rerank', async ({ bedrock }) => {
      const { ranking } = await ai.rerank({ model: bedrock.rerankingModel('cohere.rerank-v3-5:0'), query: 'blue sky', documents: ['grass', 'blue sky'] });
      assert.equal(ranking[0].document, 'blue sky');
    });

    judge('errors, and streams that break', async ({ session, bedrock }) => {
      session.on('denied', { error: { code: 'AccessDeniedException', message: 'Not you.' } });
      await assert.rejects(ai.generateText({ model: bedrock(NOVA), prompt: 'denied' }), (error) => ai.APICallError.isInstance(error) && error.statusCode === 403);
      session.expectRequests(1);
      session.on('short', { frames: [{ event: 'messageStart', payload: { role: 'assistant' } }, { event: 'contentBlockDelta', payload: { contentBlockIndex: 0, delta: { text: 'Good' } } }] });
      const parts = await all(ai.streamText({ model: bedrock(NOVA), prompt: 'short', onError: () => {} }).fullStream);
      assert.equal(parts.filter(({ type }) => type === 'error').length, 1);
      // Specification v3 has no word for an answer that was interrupted.
      assert.equal(parts.at(-1).finishReason, 'error');
    });
  });
}
