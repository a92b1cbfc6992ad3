// Several targets behind one gateway, with the `openai` package before it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { serve } from '../js/gateway.js';
import { simulate } from '../js/simulator.js';

const MODEL = 'us.amazon.nova-lite-v1:0';
const request = { model: MODEL, messages: [{ role: 'user', content: 'What is 1+1?' }] };
const error = (code, more) => ({ fault: 'error', code, ...more });

/** A gateway before simulators called `a`, `b`, … */
async function world(t, count, settings) {
  const bedrocks = await Promise.all(Array.from({ length: count }, () => simulate()));
  const targets = bedrocks.map(({ url, env }, index) => ({
    name: 'abc'[index],
    region: env.AWS_REGION,
    baseUrl: url,
    accessKeyId: env.AWS_ACCESS_KEY_ID,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
  }));
  const gateway = await serve({ port: 0, allowAnonymous: true, targets, ...settings });
  t.after(async () => {
    await gateway.close();
    await Promise.all(bedrocks.map((bedrock) => bedrock.close()));
  });
  const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'none', maxRetries: 0 });
  const counts = () => bedrocks.map((bedrock) => bedrock.requests.length);
  return { bedrocks, gateway, openai, counts };
}

test('what one target throttles another answers, streams too', async (t) => {
  const { bedrocks, openai, counts } = await world(t, 2);
  bedrocks[0].addFaults(error('ThrottlingException'));
  const { data, response } = await openai.chat.completions.create(request).withResponse();
  assert.equal(data.choices[0].message.content, '1 + 1 = 2');
  assert.deepEqual(['target', 'attempts'].map((name) => response.headers.get(`x-bedrock-${name}`)), ['b', '2']);
  bedrocks[0].addFaults({ fault: 'exception', code: 'InternalServerException', frame: 1 });
  let text = '';
  for await (const chunk of await openai.chat.completions.create({ ...request, stream: true })) text += chunk.choices[0]?.delta.content ?? '';
  assert.equal(text, '1 + 1 = 2');
  assert.deepEqual(counts(), [2, 2]);
});

test('a stream that broke after content is an error, and nobody else is asked', async (t) => {
  const { bedrocks, openai, counts } = await world(t, 2);
  bedrocks[0].addFaults({ fault: 'exception', code: 'InternalServerException', frame: 4 });
  const stream = await openai.chat.completions.create({ ...request, stream: true });
  await assert.rejects(async () => {
    for await (const chunk of stream) assert.ok(chunk);
  }, OpenAI.APIError);
  assert.deepEqual(counts(), [1, 0]);
});

test('when no target answers, the error has its class', async (t) => {
  const { bedrocks, openai } = await world(t, 2);
  bedrocks.forEach((bedrock) => bedrock.addFaults(error('ThrottlingException', { times: 0 })));
  await assert.rejects(openai.chat.completions.create(request), OpenAI.RateLimitError);
  await assert.rejects(openai.chat.completions.create({ ...request, model: 'nobody-has-this' }), OpenAI.APIError);
});

test('aliases are models, and are listed', async (t) => {
  const aliases = { fast: 'us.amazon.nova-micro-v1:0', 'gpt-*': [{ model: MODEL, target: 'b' }], Mixed_Case: MODEL };
  const { openai, counts } = await world(t, 2, { aliases });
  const { response } = await openai.chat.completions.create({ ...request, model: 'gpt-4o' }).withResponse();
  assert.equal(response.headers.get('x-bedrock-model-id'), MODEL);
  assert.deepEqual(counts(), [0, 1]);
  const names = [];
  for await (const model of openai.models.list()) names.push(model.id);
  assert.ok(names.includes('fast') && names.includes('Mixed_Case') && !names.includes('gpt-*'));
  assert.equal((await openai.models.retrieve('fast')).owned_by, 'amazon');
});

test('settings of targets that do not fit are refused by their names', async () => {
  await assert.rejects(serve({ port: 0, targets: [{ name: 'a' }, { name: 'a' }] }), /two targets are called `a`/);
  await assert.rejects(serve({ port: 0, targets: [{ name: 'a', regoin: 'us-east-1' }] }), /targets\[0\]/);
  await assert.rejects(serve({ port: 0, strategy: 'luck' }), /strategy/);
});
