'use strict';
// A provider as the AI SDK has them: a function that gives models, with a method for each kind of model.

const { EmbeddingModel } = require('./embedding-model.js');
const { ImageModel } = require('./image-model.js');
const { LanguageModel } = require('./language-model.js');
const { RerankingModel } = require('./reranking-model.js');
const { providerContext } = require('./settings.js');
const { tools } = require('./tools.js');
const { version: VERSION } = require('../../package.json');

/** @param {import('./index.js').AmazonBedrockProviderSettings} [settings] */
function createAmazonBedrock(settings) {
  const context = providerContext(settings);
  const languageModel = (modelId, model) => new LanguageModel(context, modelId, model);
  const embedding = (modelId, model) => new EmbeddingModel(context, modelId, model);
  const image = (modelId) => new ImageModel(context, modelId);
  const reranking = (modelId) => new RerankingModel(context, modelId);

  function provider(modelId, model) {
    if (new.target) throw new Error('The Amazon Bedrock model function cannot be called with the new keyword.');
    return languageModel(modelId, model);
  }

  return Object.assign(provider, {
    specificationVersion: context.specificationVersion,
    languageModel,
    embedding,
    embeddingModel: embedding,
    textEmbedding: embedding,
    textEmbeddingModel: embedding,
    image,
    imageModel: image,
    reranking,
    rerankingModel: reranking,
    tools,
  });
}

/** What a module exports whose providers have this version of the specification unless their settings say otherwise. */
function exportsFor(specificationVersion) {
  const create = (settings) => createAmazonBedrock({ ...settings, specificationVersion: settings?.specificationVersion ?? specificationVersion });
  const bedrock = create();
  return { VERSION, amazonBedrock: bedrock, bedrock, createAmazonBedrock: create, createBedrock: create };
}

module.exports = { exportsFor };
