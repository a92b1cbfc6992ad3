// Moderation by a guardrail: the `openai` package at the gateway, and `Bedrock` in process.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { Bedrock } from '../index.mjs';
import { serve } from '../js/gateway.js';
import { simulate } from '../js/simulator.js';

const POLICIES = {
  name: 'moderation',
  blockedInputMessaging: 'Not this.',
  blockedOutputsMessaging: 'Better not.',
  wordPolicyConfig: { wordsConfig: [{ text: 'acme' }] },
};

test('a guardrail moderates, named by the model, a header or the setting', async (t) => {
  const bedrock = await simulate({ auth: 'lenient' });
  t.after(() => bedrock.close());
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = bedrock.env;
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/bedrock/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  const made = await fetch(`${bedrock.url}/guardrails`, { method: 'POST', headers: { authorization }, body: JSON.stringify(POLICIES) });
  const { guardrailId, guardrailArn } = await made.json();
  const gateway = await serve({ port: 0, baseUrl: bedrock.url, region, accessKeyId, secretAccessKey, guardrail: guardrailId });
  t.after(() => gateway.close());
  const openai = new OpenAI({ baseURL: gateway.baseURL, apiKey: 'unused', maxRetries: 0 });
  const own = new Bedrock({ endpoint: bedrock.url, region, accessKeyId, secretAccessKey, maxRetries: 0 });

  const input = ['A quiet day.', 'I work at acme.'];
  for (const answer of [
    await openai.moderations.create({ model: guardrailArn, input }),
    await openai.moderations.create({ model: 'omni-moderation-latest', input }),
    await own.moderations.create({ model: guardrailArn, input }),
    await own.moderations.create({ input }, { headers: { 'X-Amzn-Bedrock-GuardrailIdentifier': guardrailId } }),
  ]) {
    assert.match(answer.id, /^modr-/);
    assert.deepEqual(answer.results.map(({ flagged }) => flagged), [false, true]);
    assert.equal(Object.keys(answer.results[1].categories).length, 13);
    assert.ok(answer.results[1].bedrock.findings.some(({ policy, detected }) => policy === 'word' && detected));
  }
  await assert.rejects(own.moderations.create({ input }), { status: 400, param: 'model' });
  await assert.rejects(openai.moderations.create({ model: 'nothere', input }), (error) => error instanceof OpenAI.APIError && error.status < 500);
});
