// The simulator's guardrails as the AWS SDK for JavaScript sees them, over HTTP/2, signed.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  ApplyGuardrailCommand,
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ResourceNotFoundException,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { simulate } from 'bedrock-wrapper/simulator';

const CLAUDE = 'anthropic.claude-3-haiku-20240307-v1:0';
const POLICIES = {
  name: 'guard',
  blockedInputMessaging: 'Not this.',
  blockedOutputsMessaging: 'Better not.',
  wordPolicyConfig: { wordsConfig: [{ text: 'acme' }] },
  sensitiveInformationPolicyConfig: { piiEntitiesConfig: [{ type: 'EMAIL', action: 'ANONYMIZE' }] },
};

describe('guardrails', () => {
  let bedrock;
  let client;
  let guardrail;

  before(async () => {
    bedrock = await simulate({ auth: 'lenient' });
    client = new BedrockRuntimeClient({
      endpoint: bedrock.url,
      region: 'us-east-1',
      credentials: { accessKeyId: bedrock.env.AWS_ACCESS_KEY_ID, secretAccessKey: bedrock.env.AWS_SECRET_ACCESS_KEY },
    });
    const authorization = `AWS4-HMAC-SHA256 Credential=${bedrock.env.AWS_ACCESS_KEY_ID}/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
    const made = await fetch(`${bedrock.url}/guardrails`, {
      method: 'POST',
      headers: { authorization },
      body: JSON.stringify(POLICIES),
    });
    assert.equal(made.status, 202);
    guardrail = { guardrailIdentifier: (await made.json()).guardrailArn, guardrailVersion: 'DRAFT' };
  });

  after(async () => {
    client.destroy();
    await bedrock.close();
  });

  const say = (text) => ({ messages: [{ role: 'user', content: [{ text }] }], modelId: CLAUDE });
  const native = (text) => ({
    modelId: CLAUDE,
    body: JSON.stringify({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 50,
      messages: [{ role: 'user', content: `Say exactly: ${text}` }],
    }),
    ...guardrail,
    trace: 'ENABLED',
  });

  test('Converse is blocked, and says why', async () => {
    const answer = await client.send(
      new ConverseCommand({ ...say('Is ACME any good?'), guardrailConfig: { ...guardrail, trace: 'enabled' } }),
    );
    assert.equal(answer.stopReason, 'guardrail_intervened');
    assert.deepEqual(answer.output.message.content, [{ text: 'Not this.' }]);
    assert.deepEqual([answer.usage.inputTokens, answer.usage.outputTokens], [0, 0]);
    const [assessment] = Object.values(answer.trace.guardrail.inputAssessment);
    assert.deepEqual(assessment.wordPolicy.customWords, [{ match: 'acme', action: 'BLOCKED', detected: true }]);
    assert.equal(assessment.invocationMetrics.guardrailCoverage.textCharacters.guarded, 17);
  });

  test('ConverseStream is masked', async () => {
    const { stream } = await client.send(
      new ConverseStreamCommand({
        ...say('Say exactly: jo@example.com'),
        guardrailConfig: { ...guardrail, trace: 'enabled', streamProcessingMode: 'sync' },
      }),
    );
    let text = '';
    let metadata;
    for await (const event of stream) {
      text += event.contentBlockDelta?.delta.text ?? '';
      metadata = event.metadata ?? metadata;
    }
    assert.equal(text, '{EMAIL}');
    assert.equal(metadata.trace.guardrail.actionReason, 'Guardrail masked.\nNo action.');
  });

  test('InvokeModel tells it in the body, whole and streamed', async () => {
    const whole = await client.send(new InvokeModelCommand(native('acme')));
    const body = JSON.parse(new TextDecoder().decode(whole.body));
    assert.equal(body['amazon-bedrock-guardrailAction'], 'INTERVENED');
    assert.equal(body.content[0].text, 'Not this.');
    assert.match(body.id, /^bedrock-guardrails-[0-9a-f]{8}$/);
    const { body: stream } = await client.send(new InvokeModelWithResponseStreamCommand(native('fine')));
    let last;
    for await (const event of stream) last = JSON.parse(new TextDecoder().decode(event.chunk.bytes));
    assert.equal(last['amazon-bedrock-guardrailAction'], 'NONE');
    assert.equal(last['amazon-bedrock-trace'].guardrail.actionReason, 'No action.');
  });

  test('ApplyGuardrail masks', async () => {
    const content = [{ text: { text: 'ä jo@example.com' } }];
    const applied = await client.send(new ApplyGuardrailCommand({ ...guardrail, source: 'OUTPUT', content }));
    assert.equal(applied.action, 'GUARDRAIL_INTERVENED');
    assert.deepEqual(applied.outputs, [{ text: 'ä {EMAIL}' }]);
    assert.equal(applied.usage.wordPolicyUnits, 1);
  });

  test('a guardrail that is not there is refused by its class', async () => {
    const unknown = { guardrailIdentifier: 'abcdefghijkl', guardrailVersion: '1' };
    await assert.rejects(client.send(new ConverseCommand({ ...say('Hi'), guardrailConfig: unknown })), ValidationException);
    const content = [{ text: { text: 'Hi' } }];
    const apply = new ApplyGuardrailCommand({ ...unknown, source: 'INPUT', content });
    await assert.rejects(client.send(apply), ResourceNotFoundException);
  });
});
