// `bedrock-wrapper/ai-sdk`: what a provider is, and how its settings reach the wire, with `ai` 7 and with `ai` 6.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import * as present from '@ai-sdk/amazon-bedrock';
import { APICallError } from '@ai-sdk/provider';
import * as ai6 from 'ai6';
import * as entry from 'bedrock-wrapper/ai-sdk';
import * as v3 from 'bedrock-wrapper/ai-sdk/v3';
import { simulate } from '../js/simulator.js';
import { NOVA, judge, optionsFor } from './support/openai-judges.mjs';

const ai = await import('ai').catch(() => ({}));
const { bedrock, createBedrock } = entry;
const simulator = await simulate();
after(() => simulator.close());

const prompt = [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }];

/** What leads a provider to an account of a simulator. */
function settingsFor(session) {
  const { endpoint, maxRetries, ...settings } = optionsFor(session);
  return { ...settings, baseURL: endpoint };
}

/** A test of the models alone, with an account of its own. */
function call(name, run) {
  test(name, async () => {
    const session = await simulator.session();
    try {
      await run({ session, settings: settingsFor(session) });
    } finally {
      await session.close();
    }
  });
}

describe('a provider', () => {
  test('has the names and members of the one that it replaces', () => {
    assert.deepEqual(Object.keys(present).filter((name) => !(name in entry)), []);
    assert.deepEqual(Object.keys(entry).sort(), Object.keys(v3).sort());
    assert.deepEqual(Object.keys(present.amazonBedrock).filter((name) => !(name in bedrock)), []);
    assert.equal(entry.amazonBedrock, bedrock);
    assert.equal(entry.createAmazonBedrock, createBedrock);
    assert.equal(entry.VERSION, JSON.parse(readFileSync(new URL('../package.json', import.meta.url))).version);
  });

  for (const [name, provider, version] of [
    ['ai-sdk', bedrock, 'v4'],
    ['ai-sdk/v3', v3.bedrock, 'v3'],
    ['ai-sdk, told so', createBedrock({ specificationVersion: 'v3' }), 'v3'],
    ['ai-sdk/v3, told so', v3.createBedrock({ specificationVersion: 'v4' }), 'v4'],
  ]) {
    test(`${name} makes models of specification ${version}`, () => {
      assert.equal(provider.specificationVersion, version);
      const kinds = ['languageModel', 'embedding', 'embeddingModel', 'textEmbedding', 'textEmbeddingModel', 'image', 'imageModel', 'reranking', 'rerankingModel'];
      for (const make of [provider, ...kinds.map((kind) => provider[kind])]) {
        const { specificationVersion, provider: own, modelId } = make('amazon.any-v1:0');
        assert.deepEqual([specificationVersion, own, modelId], [version, 'amazon-bedrock', 'amazon.any-v1:0']);
      }
    });
  }

  test('is no constructor, and says so as the other does', () => {
    const message = 'The Amazon Bedrock model function cannot be called with the new keyword.';
    for (const provider of [bedrock, present.amazonBedrock]) assert.throws(() => new provider(NOVA), { message });
  });

  test('has methods that need no `this`', () => {
    const { languageModel } = createBedrock({ region: 'us-east-1', apiKey: 'key' });
    assert.equal(languageModel(NOVA).modelId, NOVA);
  });

  test('shows no secret', async () => {
    const { inspect } = await import('node:util');
    const provider = createBedrock({ region: 'us-east-1', accessKeyId: 'AKIAX', secretAccessKey: 'a-secret-never-to-be-shown', apiKey: null });
    const shown = [provider, provider(NOVA), provider.embedding(NOVA)].map((each) => inspect(each, { depth: 9, showHidden: true }) + JSON.stringify(each)).join();
    assert.ok(!shown.includes('a-secret-never-to-be-shown'));
  });
});

describe('settings on the wire', () => {
  call('headers of the settings and of the call', async ({ session, settings }) => {
    let calls = 0;
    const headers = async () => ({ 'x-tenant': 'a', 'X-Count': String(++calls), 'x-none': undefined });
    const model = createBedrock({ ...settings, headers })(NOVA);
    await model.doGenerate({ prompt });
    const { stream } = await model.doStream({ prompt, headers: { 'X-Tenant': 'b', 'x-none': undefined } });
    for await (const _ of stream);
    const sent = session.requests.map(({ headers }) => [headers['x-tenant'], headers['x-count'], 'x-none' in headers]);
    assert.deepEqual(sent, [['a', '1', false], ['b', '2', false]]);
  });

  call('what a function of the settings throws is the error of the call', async ({ session, settings }) => {
    const thrown = new Error('sealed');
    const fail = () => { throw thrown; };
    const { accessKeyId, secretAccessKey, ...place } = settings;
    const rejected = Promise.reject(thrown);
    const providers = [{ ...settings, headers: fail }, { ...place, apiKey: fail }, { ...place, apiKey: rejected }, { ...place, credentialProvider: fail }].map(createBedrock);
    for (const provider of providers) {
      const model = provider(NOVA);
      for (const how of ['doGenerate', 'doStream']) await assert.rejects(model[how]({ prompt }), (error) => error === thrown);
    }
    assert.equal(session.requests.length, 0);
  });

  call('requests leave through a fetch of the program, signed, and are streamed', async ({ session, settings }) => {
    session.on('hello', { text: ['Good', ' day'] });
    const seen = [];
    const fetch = (url, init) => {
      seen.push([new URL(url).pathname, new Headers(init.headers).get('authorization').slice(0, 16)]);
      return globalThis.fetch(url, init);
    };
    const model = createBedrock({ ...settings, fetch })(NOVA);
    const { stream } = await model.doStream({ prompt });
    const deltas = [];
    for await (const part of stream) if (part.type === 'text-delta') deltas.push(part.delta);
    assert.equal(deltas.join(''), 'Good day');
    assert.deepEqual(seen, [[`/model/${encodeURIComponent(NOVA)}/converse-stream`, 'AWS4-HMAC-SHA256']]);
  });

  test('what a fetch of the program rejects with is the cause of an APICallError that is worth another try', async () => {
    const thrown = new TypeError('fetch failed');
    const model = createBedrock({ region: 'us-east-1', apiKey: 'key', fetch: async () => { throw thrown; } })(NOVA);
    await assert.rejects(model.doGenerate({ prompt }), (error) => APICallError.isInstance(error) && error.isRetryable && error.cause === thrown);
  });

  call('nothing is made again here unless the settings say so', async ({ session, settings }) => {
    for (const [maxRetries, attempts] of [[undefined, 1], [1, 2]]) {
      session.addFaults({ fault: 'error', code: 'ThrottlingException', retryAfter: 0, times: attempts });
      const before = session.requests.length;
      const model = createBedrock({ ...settings, maxRetries })(NOVA);
      await assert.rejects(model.doGenerate({ prompt }), (error) => {
        assert.ok(APICallError.isInstance(error));
        const { statusCode, isRetryable, data, code, status, retryable, requestId, responseHeaders, url } = error;
        assert.deepEqual([statusCode, isRetryable, data.type, code, status, retryable], [429, true, 'ThrottlingException', 'rate_limit_exceeded', 429, true]);
        assert.equal(requestId, responseHeaders['x-amzn-requestid']);
        assert.equal(url, `${settings.baseURL}/model/${encodeURIComponent(NOVA)}/converse`);
        return true;
      });
      assert.equal(session.requests.length - before, attempts);
    }
  });
});

describe('silence and refusals', () => {
  call('a stream that stalls ends with an error that may be tried again', async ({ session, settings }) => {
    session.on('hello', { text: ['Good', ' day', '.'] });
    session.addFaults({ fault: 'stall', frame: 3 });
    const { stream } = await createBedrock({ ...settings, idleTimeout: 1000 })(NOVA).doStream({ prompt });
    const parts = [];
    for await (const part of stream) parts.push(part);
    const [failed, finish] = parts.slice(-2);
    assert.deepEqual([failed.type, failed.error.code, failed.error.isRetryable], ['error', 'timeout', true]);
    assert.deepEqual([finish.type, finish.finishReason.unified], ['finish', 'error']);
    assert.equal(parts.filter(({ type }) => type === 'text-delta')[0].delta, 'Good');
  });

  call('a form of answer that the service does not take is asked for in another way', async ({ session, settings }) => {
    session.addFaults({ fault: 'error', code: 'ValidationException', message: 'output_config: Extra inputs are not permitted', times: 1 });
    session.on('hello', ({ tools }) => (tools.length > 0 ? { toolUse: { name: tools[0], input: { name: 'Bob' } } } : '{"name":"Bob"}'));
    const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false };
    const model = createBedrock(settings)('us.anthropic.claude-sonnet-4-5-20250929-v1:0');
    const { content } = await model.doGenerate({ prompt, responseFormat: { type: 'json', schema } });
    assert.deepEqual(content.map(({ text }) => JSON.parse(text)), [{ name: 'Bob' }]);
    const [first, second] = session.requests.map(({ body }) => JSON.stringify(body));
    assert.match(first, /textFormat/);
    assert.doesNotMatch(second, /textFormat/);
  });
});

judge('ai 7 makes again what is worth it, and counts for itself', async ({ session }) => {
  session.addFaults({ fault: 'error', code: 'ThrottlingException', retryAfter: 0, times: 1 });
  session.on('hello', 'Good day.');
  const { text } = await ai.generateText({ model: createBedrock(settingsFor(session))(NOVA), prompt: 'hello' });
  assert.deepEqual([text, session.requests.length], ['Good day.', 2]);
});

judge('ai 6 calls the same models by specification v3', async ({ session }) => {
  session.on('hello', { text: ['Good', ' day.'] });
  const model = v3.createBedrock(settingsFor(session))(NOVA);
  assert.equal((await ai6.generateText({ model, prompt: 'hello' })).text, 'Good day.');
  assert.equal(await ai6.streamText({ model, prompt: 'hello' }).text, 'Good day.');
});
