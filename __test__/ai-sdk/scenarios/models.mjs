// The other kinds of models: embeddings, pictures, rerank; and how models are named.

import { CLAUDE, HELLO, NOVA, PNG, always, answering } from '../kit.mjs';

const TITAN = 'amazon.titan-embed-text-v2:0';
const CANVAS = 'amazon.nova-canvas-v1:0';
const ARN = 'arn:aws:bedrock:us-east-1:123456789012';

const embedding = (name, model, options = {}, settings) => ({
  name,
  run: async ({ ai, provider }) => {
    const { embeddings, usage, warnings } = await ai.embedMany({ model: provider.embeddingModel(model, settings), values: ['one', 'two'], maxParallelCalls: 1, ...options });
    return { dimensions: embeddings.map(({ length }) => length), usage, warnings };
  },
});
const drawing = (name, options, model = CANVAS) => ({
  name,
  run: async ({ ai, provider }) => {
    const { images, warnings } = await ai.generateImage({ model: provider.imageModel(model), prompt: 'A red square', size: '320x320', maxRetries: 0, ...options });
    return { images: images.map(({ mediaType }) => mediaType), warnings };
  },
});
const ranking = (name, model, options) => ({
  name,
  run: async ({ ai, provider }) => {
    const { ranking: places, response } = await ai.rerank({ model: provider.rerankingModel(model), query: 'blue sky', documents: ['grass', 'blue sky', 'sea'], maxRetries: 0, ...options });
    return { places, modelId: response.modelId };
  },
});

const ids = [
  `${ARN}:inference-profile/us.amazon.nova-lite-v1:0`,
  `${ARN}:application-inference-profile/abcdef123456`,
  `${ARN}:provisioned-model/abcdef123456`,
  'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0',
  'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
];

export const MODELS = [
  embedding('embeddings of Titan', TITAN),
  embedding('embeddings of Titan with dimensions', TITAN, { providerOptions: { bedrock: { dimensions: 256, normalize: true } } }),
  embedding('embeddings of Titan, under the other key', TITAN, { providerOptions: { amazonBedrock: { dimensions: 512 } } }),
  embedding('embeddings of Cohere', 'cohere.embed-english-v3'),
  embedding('embeddings of Cohere with options', 'cohere.embed-english-v3', { providerOptions: { bedrock: { inputType: 'search_document', truncate: 'END' } } }),
  embedding('embeddings of Cohere 4', 'us.cohere.embed-v4:0', { providerOptions: { bedrock: { outputDimension: 512 } } }),
  embedding('embeddings of Nova', 'amazon.nova-2-multimodal-embeddings-v1:0'),
  embedding('embeddings of Nova with options', 'amazon.nova-2-multimodal-embeddings-v1:0', { providerOptions: { bedrock: { embeddingDimension: 256, embeddingPurpose: 'TEXT_RETRIEVAL' } } }),
  {
    ...embedding('embeddings of a profile that stands for a model of Cohere', `${ARN}:application-inference-profile/abcdef123456`, {}, { modelFamily: 'cohere' }),
    arrange: always({ raw: { body: { embeddings: { float: [[0.5], [0.25]] }, id: 'a', response_type: 'embeddings_by_type', texts: ['one', 'two'] } } }),
  },
  {
    name: 'limits of embedding models',
    run: async ({ provider }) => {
      const limits = [TITAN, 'cohere.embed-english-v3', 'amazon.nova-2-multimodal-embeddings-v1:0'].map(async (id) => {
        const model = provider.embeddingModel(id);
        return { max: await model.maxEmbeddingsPerCall, provider: model.provider, id: model.modelId };
      });
      return Promise.all(limits);
    },
  },
  {
    name: 'too many values for one call',
    run: ({ provider }) => provider.embeddingModel(TITAN).doEmbed({ values: ['one', 'two'] }).then(({ embeddings }) => embeddings.length),
  },
  {
    name: 'an embedding model and its response',
    run: ({ provider }) => provider.embeddingModel(TITAN).doEmbed({ values: ['one'] }).then(({ response }) => Object.keys(response?.headers ?? {}).sort()),
  },
  drawing('a picture', {}),
  drawing('a picture with size, seed and number', { size: '336x320', seed: 7, n: 2 }),
  drawing('a picture with an aspect ratio', { size: undefined, aspectRatio: '1:1' }),
  drawing('a picture with options', { providerOptions: { bedrock: { quality: 'premium', negativeText: 'blue', cfgScale: 7, style: 'PHOTOREALISM' } } }),
  drawing('a variation of a picture', { prompt: { images: [PNG], text: 'More red' }, providerOptions: { bedrock: { taskType: 'IMAGE_VARIATION', similarityStrength: 0.5 } } }),
  drawing('a picture painted in', { prompt: { images: [PNG], text: 'A cat' }, providerOptions: { bedrock: { maskPrompt: 'the middle' } } }),
  drawing('a picture painted out', { prompt: { images: [PNG], text: 'A cat' }, providerOptions: { bedrock: { taskType: 'OUTPAINTING', maskPrompt: 'the middle', outPaintingMode: 'PRECISE' } } }),
  drawing('a picture without its background', { prompt: { images: [PNG] }, providerOptions: { bedrock: { taskType: 'BACKGROUND_REMOVAL' } } }),
  ranking('rerank of texts', 'cohere.rerank-v3-5:0', {}),
  ranking('rerank of texts with a number', 'amazon.rerank-v1:0', { topN: 2 }),
  ranking('rerank of objects', 'cohere.rerank-v3-5:0', { documents: [{ text: 'grass' }, { text: 'blue sky' }] }),
  ...ids.map((id) => ({
    name: `model id ${id}`,
    arrange: answering('So.'),
    run: ({ ai, provider }) => ai.generateText({ model: provider(id), prompt: 'hello' }).then(({ text, response }) => ({ text, modelId: response.modelId })),
  })),
  {
    name: 'names of models',
    run: async ({ provider }) =>
      [provider(NOVA), provider.languageModel(CLAUDE), provider.embedding(TITAN), provider.textEmbedding(TITAN), provider.textEmbeddingModel(TITAN), provider.image(CANVAS), provider.reranking('cohere.rerank-v3-5:0')].map(
        ({ provider: name, modelId, specificationVersion }) => ({ name, modelId, specificationVersion }),
      ),
  },
  {
    name: 'headers of settings and of the call',
    arrange: answering('So.'),
    settings: () => ({ headers: { 'X-One': 'settings', 'x-two': 'settings' } }),
    run: ({ provider }) => provider(NOVA).doGenerate({ prompt: HELLO, headers: { 'x-two': 'call', 'X-Three': 'call', 'x-four': undefined } }).then(({ response }) => Object.keys(response.headers).sort()),
  },
  {
    name: 'a fetch of one\'s own',
    arrange: answering('So.'),
    settings: () => ({ fetch: async (url, init) => new Response(await (await globalThis.fetch(url, init)).arrayBuffer(), { headers: { 'content-type': 'application/json', 'x-mine': 'yes' } }) }),
    run: ({ provider }) => provider(NOVA).doGenerate({ prompt: HELLO }).then(({ response }) => response.headers['x-mine']),
  },
  {
    name: 'a fetch of one\'s own, streamed',
    arrange: always({ text: ['So', '.'] }),
    settings: () => ({ fetch: (url, init) => globalThis.fetch(url, init) }),
    run: async ({ ai, provider }) => ai.streamText({ model: provider(NOVA), prompt: 'hello' }).text,
  },
];
