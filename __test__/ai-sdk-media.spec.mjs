// Models of the AI SDK's provider that embed, draw and rerank: what `ai` asks of them, what goes to Bedrock, what comes back.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { createAmazonBedrock } from '../js/ai-sdk/index.mjs';
import { simulate } from '../js/simulator.js';

const MAJOR = Number(process.versions.node.split('.')[0]);
const isOldNode = MAJOR < 22 ? `ai 7 needs Node 22, this is ${process.version}` : false;
const ai = isOldNode ? {} : await import('ai');
const ai6 = await import('ai6');

globalThis.AI_SDK_LOG_WARNINGS = false;

const TITAN = 'amazon.titan-embed-text-v2:0';
const COHERE = 'cohere.embed-english-v3';
const COHERE_4 = 'us.cohere.embed-v4:0';
const NOVA = 'amazon.nova-2-multimodal-embeddings-v1:0';
const CANVAS = 'amazon.nova-canvas-v1:0';
const RERANK = 'cohere.rerank-v3-5:0';

const PNG = readFileSync(new URL('../examples/picture.png', import.meta.url));

const simulator = await simulate();
after(() => simulator.close());

/** Settings that lead to an account. */
function settingsFor({ url, env }) {
  return { region: env.AWS_REGION, accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY, baseURL: url };
}

/** A test with an account of its own. `sent` gives the bodies of the requests so far, and forgets them. */
function judge(name, run, { anyNode = false } = {}) {
  test(name, { skip: anyNode ? false : isOldNode }, async () => {
    const session = await simulator.session();
    const sent = () => {
      const bodies = session.requests.map(({ body }) => body);
      session.forgetRequests();
      return bodies;
    };
    try {
      await run({ session, sent, settings: settingsFor(session), provider: createAmazonBedrock(settingsFor(session)) });
    } finally {
      await session.close();
    }
  });
}

const bedrock = (options) => ({ providerOptions: { bedrock: options } });

judge('one value becomes one vector', async ({ provider, sent }) => {
  const { embedding, usage, warnings, response } = await ai.embed({ model: provider.embedding(TITAN), value: 'The river is high.' });
  assert.deepEqual([embedding.length, usage, warnings], [1024, { tokens: 5 }, []]);
  assert.ok(embedding.every(Number.isFinite));
  assert.match(response.headers['x-amzn-requestid'], /^[\w-]{36}$/);
  assert.deepEqual(sent(), [{ inputText: 'The river is high.' }]);
});

judge('a thousand values are one call of the model and never more than 32 of Bedrock at once', async ({ settings }) => {
  let [all, open, most] = [0, 0, 0];
  const fetch = async (url, init) => {
    all += 1;
    most = Math.max(most, ++open);
    try {
      return await globalThis.fetch(url, init);
    } finally {
      open -= 1;
    }
  };
  const model = createAmazonBedrock({ ...settings, fetch }).embedding(TITAN);
  const values = Array.from({ length: 1000 }, (_, index) => `text ${index}`);
  const { embeddings, usage } = await ai.embedMany({ model, values, ...bedrock({ dimensions: 256 }) });
  assert.deepEqual([embeddings.length, all, usage], [1000, 1000, { tokens: 2000 }]);
  assert.ok(most <= 32, `${most} at once`);
  for (const index of [0, 500, 999]) {
    const { embedding } = await ai.embed({ model, value: values[index], ...bedrock({ dimensions: 256 }) });
    assert.deepEqual(embeddings[index], embedding);
  }
});

judge('models that take many values get them in as few calls as they allow', async ({ provider, sent }) => {
  const values = Array.from({ length: 100 }, (_, index) => `text ${index}`);
  for (const model of [COHERE, COHERE_4]) {
    const { embeddings } = await ai.embedMany({ model: provider.embedding(model), values });
    const bodies = sent().map(({ texts, input_type: inputType }) => [texts.length, inputType]);
    assert.deepEqual([embeddings.length, bodies.sort()], [100, [[4, 'search_query'], [96, 'search_query']]]);
  }
});

judge('numbers come to the digit as Bedrock wrote them', async ({ session, provider }) => {
  session.rule({ answer: { raw: { body: { embedding: [0.1, -0.2, 1e-7], inputTextTokenCount: 3 } } } });
  const { embedding } = await ai.embed({ model: provider.embedding(TITAN), value: 'a' });
  assert.deepEqual(embedding, [0.1, -0.2, 1e-7]);
});

judge('options go where the model reads them', async ({ provider, sent }) => {
  const single = (params) => ({ taskType: 'SINGLE_EMBEDDING', singleEmbeddingParams: params });
  for (const [model, options, body] of [
    [TITAN, { dimensions: 256, normalize: false }, { inputText: 'a', dimensions: 256, normalize: false }],
    [COHERE, { inputType: 'search_document', truncate: 'END' }, { input_type: 'search_document', texts: ['a'], truncate: 'END' }],
    [COHERE_4, { outputDimension: 512, truncate: 'END' }, { input_type: 'search_query', texts: ['a'], output_dimension: 512, truncate: 'RIGHT' }],
    [NOVA, {}, single({ embeddingPurpose: 'GENERIC_INDEX', embeddingDimension: 1024, text: { truncationMode: 'END', value: 'a' } })],
    [
      NOVA,
      { embeddingDimension: 256, embeddingPurpose: 'TEXT_RETRIEVAL', truncate: 'NONE' },
      single({ embeddingPurpose: 'TEXT_RETRIEVAL', embeddingDimension: 256, text: { truncationMode: 'NONE', value: 'a' } }),
    ],
    ['amazon.titan-embed-text-v1', {}, { inputText: 'a' }],
    ['amazon.titan-embed-image-v1', { dimensions: 384 }, { inputText: 'a', embeddingConfig: { outputEmbeddingLength: 384 } }],
    ['us.twelvelabs.marengo-embed-3-0-v1:0', {}, { inputType: 'text', text: { inputText: 'a' } }],
  ]) {
    for (const key of ['bedrock', 'amazonBedrock']) {
      const { warnings } = await ai.embed({ model: provider.embedding(model), value: 'a', providerOptions: { [key]: options } });
      assert.deepEqual([sent(), warnings], [[body], []], `${model} ${key}`);
    }
  }
});

judge('the dimensions of the call are those of any model', async ({ provider }) => {
  for (const model of [TITAN, COHERE_4]) {
    const { embeddings } = await provider.embedding(model).doEmbed({ values: ['a'], dimensions: 512 });
    assert.equal(embeddings[0].length, 512);
  }
});

judge('an option of another model is a warning, an option that nobody knows the model\'s', async ({ session, provider, sent }) => {
  const model = provider.embedding(TITAN);
  const { warnings } = await ai.embed({ model, value: 'a', ...bedrock({ inputType: 'search_query' }) });
  const details = `Left out: it is an option of other models than ${TITAN}.`;
  assert.deepEqual(warnings, [{ type: 'unsupported', feature: 'inputType', details }]);
  sent();
  session.rule({ answer: { raw: { body: { embedding: [1], inputTextTokenCount: 3 } } } });
  await ai.embed({ model, value: 'a', ...bedrock({ embeddingTypes: ['float'] }) });
  assert.deepEqual(sent(), [{ inputText: 'a', embeddingTypes: ['float'] }]);
});

judge('what nobody counted is not told', async ({ session, provider }) => {
  session.rule({ answer: { raw: { body: { embeddings: [[1]] } } } });
  const { usage } = await provider.embedding(COHERE).doEmbed({ values: ['a'] });
  assert.equal(usage, undefined);
});

test('an ARN that tells nothing is of the family that is said, and Bedrock is not asked', { skip: isOldNode }, async () => {
  const bedrock = await simulate({ auth: 'off' });
  try {
    const provider = createAmazonBedrock(settingsFor(bedrock));
    for (const [modelFamily, id, member] of [['titan', TITAN, 'inputText'], ['cohere', 'cohere.embed-v4:0', 'texts'], ['nova', NOVA, 'taskType']]) {
      const copyFrom = `arn:aws:bedrock:us-east-1::foundation-model/${id}`;
      const body = JSON.stringify({ inferenceProfileName: modelFamily, modelSource: { copyFrom } });
      const made = await fetch(`${bedrock.url}/inference-profiles`, { method: 'POST', body });
      const { inferenceProfileArn } = await made.json();
      bedrock.forgetRequests();
      const { embedding } = await ai.embed({ model: provider.embedding(inferenceProfileArn, { modelFamily }), value: 'a' });
      assert.ok(embedding.length >= 1024);
      assert.deepEqual(bedrock.requests.map((request) => [request.operation, member in request.body]), [['InvokeModel', true]]);
    }
    const unknown = provider.embedding('arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdef123456', { modelFamily: 'other' });
    await assert.rejects(ai.embed({ model: unknown, value: 'a', maxRetries: 0 }), /modelFamily: must be one of cohere, nova, titan\./);
  } finally {
    await bedrock.close();
  }
});

judge('more values than a call takes', async ({ provider }) => {
  const model = provider.embedding(TITAN);
  const refused = (error) => ai.TooManyEmbeddingValuesForCallError.isInstance(error) && error.maxEmbeddingsPerCall === 2048;
  await assert.rejects(model.doEmbed({ values: Array(2049).fill('a') }), refused);
  assert.deepEqual((await model.doEmbed({ values: [] })).embeddings, []);
});

judge('errors are the AI SDK\'s, and tell what can be tried again', async ({ session, provider }) => {
  const model = provider.embedding(TITAN);
  const failure = async (fault) => {
    session.addFaults(fault);
    const error = await ai.embed({ model, value: 'a', maxRetries: 0 }).catch((thrown) => thrown);
    assert.ok(ai.APICallError.isInstance(error), String(error));
    return [error.statusCode, error.isRetryable, error.message];
  };
  assert.deepEqual(await failure({ fault: 'error', code: 'AccessDeniedException', message: 'Not you.' }), [403, false, 'Not you.']);
  assert.deepEqual(await failure({ fault: 'error', code: 'ThrottlingException', message: 'Slow down.' }), [429, true, 'Slow down.']);
  session.addFaults({ fault: 'error', code: 'ThrottlingException' });
  session.forgetRequests();
  await ai.embed({ model, value: 'a' });
  session.expectRequests(2);
  const tooLarge = ai.embedMany({ model, values: ['a', 'b'], ...bedrock({ dimensions: 100 }) });
  await assert.rejects(tooLarge, /dimensions: 100 cannot be had/);
  await assert.rejects(ai.embed({ model: provider.embedding(CANVAS), value: 'a' }), /is no embedding model/);
});

judge('many calls outlast a quota', async ({ session, provider }) => {
  session.addFaults({ fault: 'error', code: 'ThrottlingException', times: 3 });
  const values = Array.from({ length: 40 }, (_, index) => `text ${index}`);
  const { embeddings } = await ai.embedMany({ model: provider.embedding(TITAN), values, maxRetries: 0, ...bedrock({ dimensions: 256 }) });
  assert.equal(embeddings.length, 40);
  session.expectRequests(43);
});

judge('headers of a call go with each kind of call', async ({ session, provider }) => {
  const headers = { 'X-Mine': 'yes' };
  await ai.embed({ model: provider.embedding(TITAN), value: 'a', headers });
  await ai.generateImage({ model: provider.image(CANVAS), prompt: 'a', size: '320x320', headers });
  await ai.rerank({ model: provider.reranking(RERANK), query: 'a', documents: ['a'], headers });
  assert.deepEqual(session.requests.map((request) => request.headers['x-mine']), ['yes', 'yes', 'yes']);
});

judge('a call that is not wanted any more ends, here and there', async ({ session, provider }) => {
  session.addFaults({ fault: 'slowHeaders', for: 60_000, times: 0 });
  for (const start of [
    (abortSignal) => ai.embed({ model: provider.embedding(TITAN), value: 'a', abortSignal }),
    (abortSignal) => ai.generateImage({ model: provider.image(CANVAS), prompt: 'a', abortSignal }),
    (abortSignal) => ai.rerank({ model: provider.reranking(RERANK), query: 'a', documents: ['a'], abortSignal }),
  ]) {
    session.forgetRequests();
    const controller = new AbortController();
    const ended = assert.rejects(start(controller.signal), { name: 'AbortError' });
    while (session.requests.length === 0) await setTimeout(5);
    controller.abort();
    await ended;
    await session.waitForRequest({ disconnectedEarly: true });
    await assert.rejects(start(AbortSignal.abort()), { name: 'AbortError' });
  }
});

const picture = { images: [PNG] };

judge('every task of Nova Canvas', async ({ provider, sent }) => {
  const base64 = PNG.toString('base64');
  const words = { text: 'A red square', negativeText: 'blue' };
  const config = { numberOfImages: 1, width: 320, height: 320, seed: 0 };
  const prompt = { ...picture, text: 'A red square' };
  for (const [given, options, body] of [
    [{ prompt: 'A red square' }, { style: 'PHOTOREALISM' }, { taskType: 'TEXT_IMAGE', textToImageParams: { ...words, style: 'PHOTOREALISM' } }],
    [
      { prompt },
      { taskType: 'TEXT_IMAGE', controlMode: 'SEGMENTATION', controlStrength: 0.3 },
      { taskType: 'TEXT_IMAGE', textToImageParams: { ...words, conditionImage: base64, controlMode: 'SEGMENTATION', controlStrength: 0.3 } },
    ],
    [
      { prompt: { images: [PNG, PNG], text: 'A red square' } },
      { similarityStrength: 0.5 },
      { taskType: 'IMAGE_VARIATION', imageVariationParams: { ...words, images: [base64, base64], similarityStrength: 0.5 } },
    ],
    [{ prompt: { ...prompt, mask: PNG } }, {}, { taskType: 'INPAINTING', inPaintingParams: { ...words, image: base64, maskImage: base64 } }],
    [{ prompt }, { maskPrompt: 'the middle' }, { taskType: 'INPAINTING', inPaintingParams: { ...words, image: base64, maskPrompt: 'the middle' } }],
    [
      { prompt },
      { taskType: 'OUTPAINTING', maskPrompt: 'the middle', outPaintingMode: 'PRECISE' },
      { taskType: 'OUTPAINTING', outPaintingParams: { ...words, image: base64, maskPrompt: 'the middle', outPaintingMode: 'PRECISE' } },
    ],
    [
      { prompt },
      { taskType: 'COLOR_GUIDED_GENERATION', colorGuidedGenerationParams: { colors: ['#ff9800'] } },
      { taskType: 'COLOR_GUIDED_GENERATION', colorGuidedGenerationParams: { ...words, referenceImage: base64, colors: ['#ff9800'] } },
    ],
  ]) {
    const negative = { negativeText: 'blue', ...options };
    const { images, warnings } = await ai.generateImage({ model: provider.image(CANVAS), ...given, seed: 0, size: '320x320', ...bedrock(negative) });
    assert.deepEqual(sent(), [{ ...body, imageGenerationConfig: config }]);
    assert.deepEqual([images.map(({ mediaType }) => mediaType), warnings], [['image/png'], []]);
  }
  const removal = await ai.generateImage({ model: provider.image(CANVAS), prompt: picture, ...bedrock({ taskType: 'BACKGROUND_REMOVAL' }) });
  assert.deepEqual(sent(), [{ taskType: 'BACKGROUND_REMOVAL', backgroundRemovalParams: { image: base64 } }]);
  assert.deepEqual(removal.warnings, []);
});

judge('pictures may lie behind a URL', async ({ provider, sent }) => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/picture.png' ? 200 : 404;
    response.end(response.statusCode === 200 ? PNG : 'Nothing here.');
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const draw = (path) => {
    const images = [`http://127.0.0.1:${server.address().port}/${path}`];
    return ai.generateImage({ model: provider.image(CANVAS), prompt: { images, text: 'A cat' }, size: '320x320', maxRetries: 0 });
  };
  try {
    assert.equal((await draw('picture.png')).images.length, 1);
    assert.deepEqual(sent()[0].imageVariationParams.images, [PNG.toString('base64')]);
    await assert.rejects(draw('nothing.png'), /files\[0\]\.url: /);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

judge('how many, how large, and from which seed', async ({ provider, sent }) => {
  const model = provider.image(CANVAS);
  const { images, providerMetadata } = await ai.generateImage({ model, prompt: 'A cat', n: 7, size: '320x320', seed: 0 });
  const configs = sent().map(({ imageGenerationConfig: { numberOfImages, seed } }) => [numberOfImages, seed]);
  assert.deepEqual([images.length, configs.sort()], [7, [[2, 0], [5, 0]]]);
  assert.deepEqual(providerMetadata.amazonBedrock.images, Array(7).fill({ seed: 0 }));

  const wide = await ai.generateImage({ model, prompt: 'A cat', aspectRatio: '16:9' });
  const [{ imageGenerationConfig: { width, height, seed } }] = sent();
  assert.deepEqual([width, height, wide.warnings.map(({ type, feature }) => [type, feature])], [1360, 768, [['compatibility', 'aspectRatio']]]);
  assert.deepEqual(wide.providerMetadata.bedrock.images, [{ seed }], 'pictures differ unless a seed is said, and it can be said again');
});

judge('models of Titan and Stability', async ({ provider, sent }) => {
  const base64 = PNG.toString('base64');
  const drawn = async (model, options) => {
    const { images, warnings } = await ai.generateImage({ model: provider.image(model), ...options });
    return [sent(), images.length, warnings.map(({ feature }) => feature)];
  };
  const config = { numberOfImages: 1, seed: 7 };
  const body = { taskType: 'IMAGE_VARIATION', imageVariationParams: { images: [base64] }, imageGenerationConfig: config };
  assert.deepEqual(await drawn('amazon.titan-image-generator-v2:0', { prompt: picture, seed: 7 }), [[body], 1, []]);
  const wide = { prompt: 'A cat', aspectRatio: '16:9', seed: 7 };
  assert.deepEqual(await drawn('stability.stable-image-core-v1:1', wide), [[{ prompt: 'A cat', aspect_ratio: '16:9', seed: 7 }], 1, []]);
  const edited = { prompt: 'A cat', image: base64, mode: 'image-to-image', strength: 0.75, seed: 7 };
  const sd3 = 'stability.sd3-5-large-v1:0';
  const prompt = { ...picture, text: 'A cat' };
  assert.deepEqual(await drawn(sd3, { prompt, seed: 7 }), [[edited], 1, []]);
  const options = bedrock({ strength: 0.2, output_format: 'jpeg' });
  assert.deepEqual(await drawn(sd3, { prompt, seed: 7, ...options }), [[{ ...edited, strength: 0.2, output_format: 'jpeg' }], 1, []]);
  const [bodies, count] = await drawn('stability.stable-image-core-v1:1', { prompt: 'A cat', n: 3, seed: 1 });
  assert.deepEqual([bodies.map(({ seed }) => seed).sort(), count], [[1, 2, 3], 3]);
  const inpaint = 'us.stability.stable-image-inpaint-v1:0';
  const masked = { prompt: 'A cat', image: base64, mask: base64, seed: 7 };
  assert.deepEqual(await drawn(inpaint, { prompt: { ...prompt, mask: PNG }, seed: 7 }), [[masked], 1, []]);
});

judge('a picture that is not made says why', async ({ session, provider }) => {
  const model = provider.image(CANVAS);
  const refused = (options) => ai.generateImage({ model, prompt: 'A cat', maxRetries: 0, ...options }).catch((error) => error);
  session.rule({ times: 1, answer: { raw: { body: { id: 'a', status: 'Request Moderated', details: { 'Moderation Reasons': ['Derivative Works Filter'] } } } } });
  const moderated = await refused();
  assert.match(moderated.message, /Request Moderated \(Derivative Works Filter\)/);
  assert.ok(ai.APICallError.isInstance(moderated) && moderated.isRetryable === false);
  session.rule({ times: 1, answer: { raw: { body: { images: [], error: 'All of the generated images have been blocked by our content filters.' } } } });
  assert.match((await refused()).message, /blocked by our content filters/);
  assert.match((await refused({ size: '64x1000' })).message, /size: .* makes nothing like 64x1000/);
  assert.match((await refused(bedrock({ taskType: 'OUTPAINTING' }))).message, /files: OUTPAINTING works on 1 of them/);
  assert.match((await refused({ prompt: { images: [Buffer.from('no picture')] } })).message, /files\[0\]\.data: this is not an image/);
});

const PLACES = ['Trees are green.', 'Paris is the capital of France.', 'Lyon is a city in France.'];

judge('documents come back in order', async ({ provider, sent }) => {
  const model = provider.reranking(RERANK);
  const query = 'What is the capital of France?';
  const { ranking, rerankedDocuments, response } = await ai.rerank({ model, query, documents: PLACES, topN: 2 });
  assert.deepEqual([ranking[0].originalIndex, ranking.length, rerankedDocuments[0]], [1, 2, PLACES[1]]);
  assert.deepEqual([response.modelId, response.body.results.length], [RERANK, 2]);
  const modelArn = `arn:aws:bedrock:us-east-1::foundation-model/${RERANK}`;
  const configuration = { modelConfiguration: { modelArn }, numberOfResults: 2 };
  assert.deepEqual(sent(), [{
    queries: [{ type: 'TEXT', textQuery: { text: query } }],
    rerankingConfiguration: { type: 'BEDROCK_RERANKING_MODEL', bedrockRerankingConfiguration: configuration },
    sources: PLACES.map((text) => ({ type: 'INLINE', inlineDocumentSource: { type: 'TEXT', textDocument: { text } } })),
  }]);
  const objects = PLACES.map((about, id) => ({ id, about }));
  const found = await ai.rerank({ model, query, documents: objects, ...bedrock({ additionalModelRequestFields: { x: 1 }, y: 2 }) });
  assert.deepEqual(found.rerankedDocuments[0], objects[1]);
  const [{ sources, rerankingConfiguration }] = sent();
  assert.deepEqual(sources[1].inlineDocumentSource, { type: 'JSON', jsonDocument: objects[1] });
  const { additionalModelRequestFields } = rerankingConfiguration.bedrockRerankingConfiguration.modelConfiguration;
  assert.deepEqual(additionalModelRequestFields, { y: 2, x: 1 });
});

judge('results that do not fit into an answer are behind its token', async ({ provider }) => {
  const model = provider.reranking('amazon.rerank-v1:0');
  const documents = { type: 'text', values: Array.from({ length: 600 }, (_, index) => `text ${index}`) };
  const first = await model.doRerank({ query: 'text 7', documents });
  const { nextToken } = first.providerMetadata.amazonBedrock;
  assert.deepEqual(first.providerMetadata.bedrock, { nextToken });
  const second = await model.doRerank({ query: 'text 7', documents, ...bedrock({ nextToken }) });
  assert.equal(second.providerMetadata, undefined);
  const places = [...first.ranking, ...second.ranking].map(({ index }) => index);
  assert.deepEqual([places[0], new Set(places).size], [7, 600]);
});

judge('errors of reranking', async ({ session, provider }) => {
  const refused = (model) => ai.rerank({ model: provider.reranking(model), query: 'a', documents: ['a'], maxRetries: 0 }).catch((error) => error);
  const unknown = await refused('amazon.rerank-v9:0');
  assert.ok(ai.APICallError.isInstance(unknown) && unknown.statusCode === 400, String(unknown));
  assert.match(unknown.url, /\/rerank$/);
  assert.match((await refused(TITAN)).message, /is no rerank model/);
  session.addFaults({ fault: 'error', code: 'ThrottlingException' });
  assert.equal((await refused(RERANK)).isRetryable, true);
});

for (const [region, partition] of [['cn-north-1', 'aws-cn'], ['us-gov-west-1', 'aws-us-gov'], ['eu-central-1', 'aws']]) {
  test(`ARNs of models in ${region}`, async () => {
    const bedrock = await simulate({ region });
    try {
      const provider = createAmazonBedrock(settingsFor(bedrock));
      const documents = { type: 'text', values: ['a'] };
      const own = `arn:${partition}:bedrock:${region}::foundation-model/amazon.rerank-v1:0`;
      for (const model of ['amazon.rerank-v1:0', own]) {
        assert.equal((await provider.reranking(model).doRerank({ query: 'a', documents })).ranking.length, 1);
        const { modelConfiguration } = bedrock.requests.at(-1).body.rerankingConfiguration.bedrockRerankingConfiguration;
        assert.deepEqual(modelConfiguration, { modelArn: own });
      }
    } finally {
      await bedrock.close();
    }
  });
}

judge('the same models for ai 6', async ({ settings }) => {
  const provider = createAmazonBedrock({ ...settings, specificationVersion: 'v3' });
  assert.equal(provider.embedding(TITAN).specificationVersion, 'v3');
  const { embeddings } = await ai6.embedMany({ model: provider.textEmbeddingModel(TITAN), values: ['a', 'b'], ...bedrock({ dimensions: 256 }) });
  assert.deepEqual(embeddings.map(({ length }) => length), [256, 256]);
  const { images } = await ai6.generateImage({ model: provider.imageModel(CANVAS), prompt: 'A cat', size: '320x320' });
  assert.deepEqual(images.map(({ mediaType }) => mediaType), ['image/png']);
  const { ranking } = await ai6.rerank({ model: provider.rerankingModel(RERANK), query: 'b', documents: ['a', 'b'] });
  assert.equal(ranking[0].originalIndex, 1);
}, { anyNode: true });
