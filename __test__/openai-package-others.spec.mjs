// The `openai` package on `createFetch`: embeddings, models and images.

import assert from 'node:assert/strict';
import { judgeBoth } from './support/openai-judges.mjs';

const { default: OpenAI } = await import('openai').catch(() => ({}));

const TITAN = 'amazon.titan-embed-text-v2:0';
const COHERE = 'cohere.embed-multilingual-v3';
const CANVAS = 'amazon.nova-canvas-v1:0';

function judgeClient(name, run) {
  judgeBoth(name, (given) => run({ ...given, openai: new OpenAI({ fetch: given.fetch, apiKey: 'unused', maxRetries: 0 }) }));
}

const length = (vector) => Math.hypot(...vector);

judgeClient('embeddings come as base64 unasked, and as floats', async ({ openai }) => {
  const { data, usage, model } = await openai.embeddings.create({ model: TITAN, input: ['one', 'two'], dimensions: 256 });
  assert.equal(model, TITAN);
  assert.deepEqual(data.map(({ index, embedding }) => [index, embedding.length]), [[0, 256], [1, 256]]);
  for (const { embedding } of data) assert.ok(Math.abs(length(embedding) - 1) < 1e-3);
  assert.ok(usage.prompt_tokens > 0 && usage.total_tokens === usage.prompt_tokens);
  const floats = await openai.embeddings.create({ model: TITAN, input: ['one', 'two'], dimensions: 256, encoding_format: 'float' });
  floats.data.forEach(({ embedding }, at) => embedding.forEach((value, place) => assert.ok(Math.abs(value - data[at].embedding[place]) < 1e-6)));
  const { data: [{ embedding }] } = await openai.embeddings.create({ model: TITAN, input: 'one', dimensions: 256, encoding_format: 'base64' });
  const bytes = Buffer.from(embedding, 'base64');
  assert.deepEqual([...new Float32Array(bytes.buffer, bytes.byteOffset, 256)], data[0].embedding);
});

judgeClient('many texts go in few calls and come back in order', async ({ session, openai }) => {
  const input = Array.from({ length: 200 }, (_, at) => `text ${at}`);
  const { data } = await openai.embeddings.create({ model: COHERE, input });
  assert.deepEqual(data.map(({ index }) => index), input.map((_, at) => at));
  session.expectRequests(3);
  const { data: [alone] } = await openai.embeddings.create({ model: COHERE, input: input[150] });
  assert.deepEqual(data[150].embedding, alone.embedding);
});

judgeClient('tokens are texts', async ({ session, openai }) => {
  // "hello world" in cl100k_base
  await openai.embeddings.create({ model: TITAN, input: [[15339, 1917], [15339]] });
  assert.deepEqual(session.requests.map(({ body }) => body.inputText).sort(), ['hello', 'hello world']);
});

judgeClient('what cannot be embedded is told', async ({ session, openai }) => {
  for (const [body, param] of [
    [{ model: TITAN, input: '' }, 'input'],
    [{ model: TITAN, input: ['a', ''] }, 'input[1]'],
    [{ model: TITAN, input: [] }, 'input'],
    [{ model: TITAN, input: 'a', dimensions: 3 }, 'dimensions'],
    [{ model: TITAN, input: { txt: 'a' } }, 'input'],
  ]) {
    await assert.rejects(openai.embeddings.create(body), (error) => error instanceof OpenAI.BadRequestError && error.param === param, JSON.stringify(body));
  }
  session.expectRequests(0);
});

judgeClient('models are listed and found by id and ARN', async ({ session, openai }) => {
  const models = [];
  for await (const model of openai.models.list()) models.push(model);
  const ids = models.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ['amazon.nova-lite-v1:0', 'us.amazon.nova-lite-v1:0', TITAN]) assert.ok(ids.includes(id), id);
  for (const { object, created, owned_by } of models) assert.deepEqual([object, Number.isInteger(created), typeof owned_by], ['model', true, 'string']);

  const nova = await openai.models.retrieve('amazon.nova-lite-v1:0');
  assert.deepEqual([nova.id, nova.object, nova.owned_by], ['amazon.nova-lite-v1:0', 'model', 'amazon']);
  const arn = `arn:aws:bedrock:${session.env.AWS_REGION}:${session.account}:inference-profile/us.amazon.nova-lite-v1:0`;
  assert.equal((await openai.models.retrieve(arn)).id, arn);
  await assert.rejects(openai.models.retrieve('nobody.nothing-v1:0'), (error) => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found');
});

judgeClient('images', async ({ session, openai }) => {
  const { created, data } = await openai.images.generate({ model: CANVAS, prompt: 'A red square', n: 2, size: '512x512' });
  assert.ok(Number.isInteger(created));
  assert.equal(data.length, 2);
  for (const { b64_json } of data) assert.equal(Buffer.from(b64_json, 'base64').subarray(1, 4).toString(), 'PNG');
  const { imageGenerationConfig, textToImageParams } = session.requests[0].body;
  assert.deepEqual([textToImageParams.text, imageGenerationConfig.width, imageGenerationConfig.height], ['A red square', 512, 512]);
  const { data: [linked] } = await openai.images.generate({ model: CANVAS, prompt: 'A square', response_format: 'url' });
  assert.match(linked.url, /^data:image\/png;base64,iVBOR/);
  const refused = openai.images.generate({ model: CANVAS, prompt: 'A square', background: 'transparent' });
  await assert.rejects(refused, (error) => error instanceof OpenAI.BadRequestError && error.param === 'background');
});
