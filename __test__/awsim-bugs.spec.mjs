// The fourteen mistakes on the wire that were found in AWSim's Bedrock, and that clients stumble over: none of them here.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:http2';
import { text } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import {
  BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { simulate } from '../index.mjs';

const CLAUDE = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const NOVA = 'amazon.nova-micro-v1:0';
const PROFILE = `us.${CLAUDE}`;
const QUESTION = 'What is 6 times 7?';
const CONVERSE = { messages: [{ role: 'user', content: [{ text: QUESTION }] }] };
const NATIVE = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 100, messages: [{ role: 'user', content: QUESTION }] };

const open = await simulate({ auth: 'off' });
after(() => open.close());

function call(method, path, body, headers) {
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${open.url}${path}`, { method, body: sent, headers });
}

const post = (path, body, headers) => call('POST', path, body, headers);

function sdk({ url, env }) {
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY };
  return new BedrockRuntimeClient({ endpoint: url, region: env.AWS_REGION, credentials, maxAttempts: 1 });
}

/** The events of a stream as the AWS SDK reads them. */
async function events(bedrock, command, member) {
  const client = sdk(bedrock);
  try {
    const told = [];
    for await (const event of (await client.send(command))[member]) told.push(event);
    return told;
  } finally {
    client.destroy();
  }
}

async function chunks(modelId, body) {
  const stream = await events(open, new InvokeModelWithResponseStreamCommand({ modelId, body: JSON.stringify(body) }), 'body');
  return stream.map(({ chunk }) => JSON.parse(Buffer.from(chunk.bytes).toString()));
}

test('1: requests are signed for the service bedrock, not bedrock-runtime', async () => {
  const bedrock = await simulate();
  const client = sdk(bedrock);
  const { output } = await client.send(new ConverseCommand({ modelId: PROFILE, ...CONVERSE }));
  assert.equal(output.message.content[0].text, '6 * 7 = 42');
  client.destroy();

  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${bedrock.env.AWS_ACCESS_KEY_ID}/${date.slice(0, 8)}/us-east-1/bedrock-runtime/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  const headers = { authorization, 'x-amz-date': date };
  const refused = await fetch(`${bedrock.url}/model/${PROFILE}/converse`, { method: 'POST', body: JSON.stringify(CONVERSE), headers });
  assert.equal(refused.status, 403);
  assert.match((await refused.json()).message, /Credential should be scoped to correct service: 'bedrock'\./);
  await bedrock.close();
});

test('2: answers and errors are application/json', async () => {
  for (const [path, body] of [[`${PROFILE}/converse`, CONVERSE], [`${PROFILE}/invoke`, NATIVE], ['nonsense/converse', CONVERSE]]) {
    const answer = await post(`/model/${path}`, body);
    assert.equal(answer.headers.get('content-type'), 'application/json', path);
    await answer.json();
  }
});

test('3: HTTP/2 without TLS, with prior knowledge', async () => {
  const session = connect(open.url);
  const request = session.request({ ':method': 'POST', ':path': `/model/${PROFILE}/converse`, 'content-type': 'application/json' });
  request.end(JSON.stringify(CONVERSE));
  const [headers] = await once(request, 'response');
  assert.equal(headers[':status'], 200);
  assert.equal(JSON.parse(await text(request)).output.message.content[0].text, '6 * 7 = 42');
  session.close();
});

test('4: InvokeModel tells tokens and latency in headers, the tokens of the body', async () => {
  const answer = await post(`/model/${PROFILE}/invoke`, NATIVE);
  const { usage } = await answer.json();
  assert.equal(Number(answer.headers.get('x-amzn-bedrock-input-token-count')), usage.input_tokens);
  assert.equal(Number(answer.headers.get('x-amzn-bedrock-output-token-count')), usage.output_tokens);
  assert.match(answer.headers.get('x-amzn-bedrock-invocation-latency'), /^\d+$/);
});

describe('5: a stream of InvokeModel is told in the chunks of the model', () => {
  test('with the header that says what is in them', async () => {
    const answer = await post(`/model/${PROFILE}/invoke-with-response-stream`, NATIVE);
    assert.equal(answer.headers.get('content-type'), 'application/vnd.amazon.eventstream');
    assert.equal(answer.headers.get('x-amzn-bedrock-content-type'), 'application/json');
    await answer.arrayBuffer();
  });

  test('Claude', async () => {
    const told = await chunks(PROFILE, NATIVE);
    const types = told.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1]);
    assert.deepEqual(types, ['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop', 'message_delta', 'message_stop']);
    assert.equal(told.map(({ delta }) => delta?.text ?? '').join(''), '6 * 7 = 42');
    assert.ok(told.filter(({ type }) => type === 'content_block_delta').length > 1);
  });

  const others = {
    Nova: [NOVA, { messages: CONVERSE.messages }, (chunk) => chunk.contentBlockDelta?.delta.text],
    Llama: ['meta.llama3-8b-instruct-v1:0', { prompt: QUESTION }, (chunk) => chunk.generation],
    Mistral: ['mistral.mistral-7b-instruct-v0:2', { prompt: QUESTION }, (chunk) => chunk.outputs[0].text],
    Titan: ['amazon.titan-text-express-v1', { inputText: QUESTION }, (chunk) => chunk.outputText],
    Cohere: ['cohere.command-r-v1:0', { message: QUESTION }, (chunk) => (chunk.event_type === 'text-generation' ? chunk.text : '')],
  };
  for (const [name, [model, body, piece]] of Object.entries(others)) {
    test(name, async () => {
      const told = await chunks(model, body);
      assert.equal(told.map((chunk) => piece(chunk) ?? '').join('').trim(), '6 * 7 = 42');
      const metrics = told.at(-1)['amazon-bedrock-invocationMetrics'];
      assert.ok(metrics.inputTokenCount > 0 && metrics.outputTokenCount > 0, JSON.stringify(told.at(-1)));
    });
  }
});

test('6: inference profiles and ARNs lead to their model', async () => {
  const arn = (region, resource, account = '123456789012') => `arn:aws:bedrock:${region}:${account}:${resource}`;
  const ids = [
    PROFILE, `eu.${CLAUDE}`, `global.${CLAUDE}`,
    arn('us-east-1', `foundation-model/anthropic.claude-3-haiku-20240307-v1:0`, ''),
    arn('us-east-1', `inference-profile/${PROFILE}`),
  ];
  for (const id of ids) {
    for (const path of [encodeURIComponent(id), id]) {
      const answer = await post(`/model/${path}/invoke`, NATIVE);
      const body = await answer.json();
      assert.equal(body.content?.[0].text, '6 * 7 = 42', `${path}: ${JSON.stringify(body)}`);
    }
  }
});

describe('7: the model\'s body is the request\'s body and nothing else', () => {
  test('members that are parameters of the API elsewhere are the model\'s to refuse', async () => {
    const answer = await post(`/model/${PROFILE}/invoke`, { ...NATIVE, accept: 'text/plain', contentType: 'text/plain', body: '{}' });
    assert.equal(answer.status, 400);
    const { message } = await answer.json();
    for (const name of ['accept', 'contentType', 'body']) assert.ok(message.includes(`extraneous key [${name}] is not permitted`), message);
  });

  test('the query is no part of it', async () => {
    const answer = await post(`/model/${PROFILE}/invoke?max_tokens=1&temperature=9`, NATIVE);
    assert.equal((await answer.json()).content[0].text, '6 * 7 = 42');
  });

  test('it is JSON whatever its Content-Type says', async () => {
    for (const type of ['application/octet-stream', 'text/plain']) {
      const answer = await post(`/model/${PROFILE}/invoke`, NATIVE, { 'content-type': type, accept: '*/*' });
      assert.equal(answer.status, 200, type);
      await answer.json();
    }
  });
});

test('8: paths are UTF-8, a plus is a plus, and text comes back as it went', async () => {
  const bedrock = await simulate({ auth: 'off' });
  await (await fetch(`${bedrock.url}/model/caf%C3%A9+%2B%3A1/converse`, { method: 'POST', body: JSON.stringify(CONVERSE) })).text();
  const { requests } = await (await fetch(`${bedrock.url}/_simulator/journal`)).json();
  assert.equal(requests.at(-1).model, 'café++:1');

  const messages = [{ role: 'user', content: [{ text: 'Say exactly: Ünïcödé 漢字 🦀' }] }];
  const answer = await fetch(`${bedrock.url}/model/${PROFILE}/converse`, { method: 'POST', body: JSON.stringify({ messages }) });
  assert.equal((await answer.json()).output.message.content[0].text, 'Ünïcödé 漢字 🦀');
  await bedrock.close();
});

test('9: empty bodies, broken JSON and missing members are a ValidationException, without __type', async () => {
  for (const operation of ['converse', 'converse-stream', 'invoke', 'invoke-with-response-stream']) {
    for (const body of ['', '{"messages":', '[]', '"text"', '{}']) {
      const answer = await post(`/model/${PROFILE}/${operation}`, body);
      const error = await answer.json();
      assert.deepEqual([answer.status, Object.keys(error)], [400, ['message']], `${operation} ${body}`);
      assert.match(answer.headers.get('x-amzn-errortype'), /^ValidationException:http:\/\/internal\.amazon\.com\/coral\//);
    }
  }
});

describe('10: a tool use is streamed in pieces, and only blocks that began come to an end', () => {
  const pieces = ['{"city"', ': "Par', 'is"}'];
  const toolConfig = { tools: [{ toolSpec: { name: 'weather', inputSchema: { json: { type: 'object' } } } }] };
  const command = new ConverseStreamCommand({ modelId: PROFILE, ...CONVERSE, toolConfig });
  const named = (stream) => stream.map((event) => Object.keys(event)[0]);

  test('without text', async () => {
    const bedrock = await simulate({ rules: [{ answer: { toolUse: { name: 'weather', input: pieces } } }] });
    const stream = await events(bedrock, command, 'stream');
    const deltas = pieces.map(() => 'contentBlockDelta');
    const inputs = stream.flatMap(({ contentBlockDelta }) => contentBlockDelta?.delta.toolUse?.input ?? []).filter(Boolean);
    assert.deepEqual(inputs, pieces);
    assert.deepEqual(named(stream).filter((name, at, all) => name !== all[at - 1]), ['messageStart', 'contentBlockStart', deltas[0], 'contentBlockStop', 'messageStop', 'metadata']);
    assert.deepEqual(new Set(stream.flatMap((event) => Object.values(event)[0].contentBlockIndex ?? [])), new Set([0]));
    await bedrock.close();
  });

  test('after text', async () => {
    const bedrock = await simulate({ rules: [{ answer: { text: 'Let me see.', toolUse: { name: 'weather', input: pieces } } }] });
    const stream = await events(bedrock, command, 'stream');
    assert.deepEqual(stream.flatMap(({ contentBlockStart }) => contentBlockStart?.contentBlockIndex ?? []), [1]);
    assert.deepEqual(stream.flatMap(({ contentBlockStop }) => contentBlockStop?.contentBlockIndex ?? []), [0, 1]);
    await bedrock.close();
  });
});

test('11: a model behind it that fails in the middle of a stream ends it with an exception frame, not with a cut connection', async () => {
  const service = createServer((request, response) => {
    if (request.url === '/v1/models') return response.end(JSON.stringify({ data: [{ id: 'llama3.1:8b' }] }));
    const chunk = { choices: [{ delta: { content: 'One, two' }, finish_reason: null }] };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`, () => setTimeout(() => response.destroy(), 50));
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const bedrock = await simulate({ backend: `http://127.0.0.1:${service.address().port}/v1` });
  const client = sdk(bedrock);
  const { stream } = await client.send(new ConverseStreamCommand({ modelId: PROFILE, ...CONVERSE }));
  let told = '';
  await assert.rejects(async () => {
    for await (const { contentBlockDelta } of stream) told += contentBlockDelta?.delta.text ?? '';
  }, { name: 'ModelStreamErrorException' });
  assert.equal(told, 'One, two');
  client.destroy();
  await bedrock.close();
  service.close();
});

test('12: dates are dates', async () => {
  const before = Math.floor(Date.now() / 1000) * 1000;
  const words = { name: 'dated', blockedInputMessaging: 'no', blockedOutputsMessaging: 'no', wordPolicyConfig: { wordsConfig: [{ text: 'banana' }] } };
  const { createdAt } = await (await post('/guardrails', words)).json();
  assert.match(createdAt, /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
  assert.ok(Date.parse(createdAt) >= before && Date.parse(createdAt) <= Date.now(), createdAt);
});

describe('13: the management API', () => {
  test('answers with AWS\'s statuses', async () => {
    const throughput = { modelUnits: 1, provisionedModelName: 'own', modelId: `${NOVA}:24k` };
    const guardrail = { name: 'statuses', blockedInputMessaging: 'no', blockedOutputsMessaging: 'no', wordPolicyConfig: { wordsConfig: [{ text: 'kiwi' }] } };
    assert.equal((await post('/provisioned-model-throughput', throughput)).status, 201);
    const created = await post('/guardrails', guardrail);
    assert.equal(created.status, 202);
    const { guardrailId } = await created.json();
    assert.equal((await call('DELETE', `/guardrails/${guardrailId}`)).status, 202);
    assert.equal((await call('GET', '/foundation-models')).status, 200);
  });

  test('filters', async () => {
    const { modelSummaries } = await (await call('GET', '/foundation-models?byProvider=meta')).json();
    assert.ok(modelSummaries.length > 0);
    for (const { modelArn, providerName } of modelSummaries) {
      assert.equal(providerName, 'Meta');
      assert.match(modelArn, /^arn:aws:bedrock:us-east-1::foundation-model\/meta\./);
    }
    assert.equal((await call('GET', '/foundation-models?byInferenceType=NONSENSE')).status, 400);
  });

  test('pages', async () => {
    const page = async (query) => (await call('GET', `/inference-profiles?${query}`)).json();
    const all = (await page('maxResults=1000')).inferenceProfileSummaries.map(({ inferenceProfileId }) => inferenceProfileId);
    const { inferenceProfileSummaries: first, nextToken } = await page('maxResults=2');
    const { inferenceProfileSummaries: second } = await page(`maxResults=2&nextToken=${encodeURIComponent(nextToken)}`);
    assert.deepEqual([...first, ...second].map(({ inferenceProfileId }) => inferenceProfileId), all.slice(0, 4));
  });

  test('knows which models there are', async () => {
    assert.equal((await call('GET', '/foundation-models/anthropic.claude-nonsense')).status, 404);
    const answer = await post('/model/anthropic.claude-nonsense/converse', CONVERSE);
    assert.deepEqual([answer.status, await answer.json()], [400, { message: 'The provided model identifier is invalid.' }]);
  });

  test('makes guardrails that act', async () => {
    const words = { name: 'acting', blockedInputMessaging: 'Not that fruit.', blockedOutputsMessaging: 'no', wordPolicyConfig: { wordsConfig: [{ text: 'banana' }] } };
    const { guardrailId } = await (await post('/guardrails', words)).json();
    const guardrailConfig = { guardrailIdentifier: guardrailId, guardrailVersion: 'DRAFT' };
    const messages = [{ role: 'user', content: [{ text: 'Say exactly: banana' }] }];
    const { output, stopReason } = await (await post(`/model/${PROFILE}/converse`, { messages, guardrailConfig })).json();
    assert.deepEqual([stopReason, output.message.content], ['guardrail_intervened', [{ text: 'Not that fruit.' }]]);
  });
});

test('14: CountTokens counts, in both forms of a request', async () => {
  const count = async (input, model = CLAUDE) => {
    const answer = await post(`/model/${model}/count-tokens`, { input });
    return { status: answer.status, body: await answer.json() };
  };
  const { usage } = await (await post(`/model/${PROFILE}/converse`, CONVERSE)).json();
  assert.deepEqual(await count({ converse: CONVERSE }), { status: 200, body: { inputTokens: usage.inputTokens } });
  const native = await (await post(`/model/${PROFILE}/invoke`, NATIVE)).json();
  const body = Buffer.from(JSON.stringify(NATIVE)).toString('base64');
  assert.deepEqual(await count({ invokeModel: { body } }), { status: 200, body: { inputTokens: native.usage.input_tokens } });
  const refused = await count({ converse: CONVERSE }, 'meta.llama3-8b-instruct-v1:0');
  assert.deepEqual(refused, { status: 400, body: { message: "The provided model doesn't support counting tokens." } });
});
