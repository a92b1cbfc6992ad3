'use strict';
// A provider as the AI SDK has them: a function that gives models, with a method for each kind of model.

const { NoSuchModelError } = require('./errors.js');
const { LanguageModel } = require('./language-model.js');
const { providerContext } = require('./settings.js');

/** @param {import('./index.js').AmazonBedrockProviderSettings} [settings] */
function createAmazonBedrock(settings) {
  const context = providerContext(settings);
  const languageModel = (modelId, model) => new LanguageModel(context, modelId, model);

  function provider(modelId, model) {
    if (new.target) throw new Error('The Amazon Bedrock model function cannot be called with the new keyword.');
    return languageModel(modelId, model);
  }

  return Object.assign(provider, { specificationVersion: context.specificationVersion, languageModel });
}

module.exports = { createAmazonBedrock, NoSuchModelError };
