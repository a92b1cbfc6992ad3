// Settings of the gateway that are options of `new Bedrock`: what they change in requests and answers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { Bedrock } from '../index.mjs';
import { serve } from '../js/gateway.js';
import { simulate } from '../js/simulator.js';

/** Keeps prompts from 4,096 tokens on. */
const KEEPS = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
/** Keeps nothing. */
const FORGETS = 'ai21.jamba-1-5-mini-v1:0';
const LONG = 'Be brief. '.repeat(2500);

async function serving(t, settings) {
  const bedrock = await simulate();
  t.after(() => bedrock.close());
  const gateway = await serve({
    port: 0,
    allowAnonymous: true,
    baseUrl: bedrock.url,
    region: bedrock.env.AWS_REGION,
    accessKeyId: bedrock.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: bedrock.env.AWS_SECRET_ACCESS_KEY,
    ...settings,
  });
  t.after(() => gateway.close());
  return { bedrock, openai: new OpenAI({ baseURL: gateway.baseURL, apiKey: 'unused', maxRetries: 0 }) };
}

function saying(model, more) {
  return { model, messages: [{ role: 'system', content: LONG }, { role: 'user', content: 'Count from 1 to 3.' }], ...more };
}

function isCached(request) {
  return JSON.stringify(request.body.system).includes('cachePoint');
}

test('prompt_caching sets cache points for requests that do not speak of it', async (t) => {
  const { bedrock, openai } = await serving(t, { promptCaching: true });
  await openai.chat.completions.create(saying(KEEPS));
  await openai.chat.completions.create(saying(KEEPS, { extra_body: { prompt_caching: { system: false } } }));
  assert.deepEqual(bedrock.requests.map(isCached), [true, false]);
});

test('where a model keeps nothing, the setting is nobody’s loss, and not even strict_params minds', async (t) => {
  const { bedrock, openai } = await serving(t, { promptCaching: true, strictParams: true, bedrockMetadata: true });
  const answer = await openai.chat.completions.create(saying(FORGETS));
  assert.deepEqual(answer.bedrock.warnings ?? [], []);
  assert.ok(!isCached(bedrock.requests[0]));
});

test('strict_params also refuses what a model cannot take', async (t) => {
  const { bedrock, openai } = await serving(t, { strictParams: true });
  const asked = openai.chat.completions.create(saying(FORGETS, { prompt_caching: { system: true } }));
  await assert.rejects(asked, { status: 400, code: 'unsupported_parameter' });
  assert.equal(bedrock.requests.length, 0);
});

test('new Bedrock has the same option', async () => {
  const bedrock = await simulate();
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = bedrock.env;
  const client = new Bedrock({ baseURL: bedrock.url, region, accessKeyId, secretAccessKey, promptCaching: true });
  await client.chat.completions.create(saying(KEEPS));
  assert.ok(isCached(bedrock.requests[0]));
  await bedrock.close();
});

test('limits on Bedrock are limits on the answer', async (t) => {
  const { bedrock, openai } = await serving(t, { upstreamFirstByteSeconds: 0.2, maxRetries: 1 });
  bedrock.addFaults({ fault: 'stall', times: 0 });
  await assert.rejects(openai.chat.completions.create(saying(KEEPS)), { status: 504 });
  assert.equal(bedrock.requests.length, 2);
});
