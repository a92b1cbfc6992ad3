'use strict';
// A provider of models that speak their own API: a function that gives language models, and no other kind.

const { NoSuchModelError } = require('./errors.js');

/**
 * @param {string} name as errors call it
 * @param {string} specificationVersion of its models
 * @param {(modelId: string) => object} languageModel
 * @param {object} members it has besides
 */
function nativeProvider(name, specificationVersion, languageModel, members) {
  function provider(modelId) {
    if (new.target) throw new Error(`The ${name} model function cannot be called with the new keyword.`);
    return languageModel(modelId);
  }
  const noEmbeddings = none('embeddingModel');
  return Object.assign(provider, {
    specificationVersion,
    languageModel,
    chat: languageModel,
    embeddingModel: noEmbeddings,
    textEmbeddingModel: noEmbeddings,
    imageModel: none('imageModel'),
    ...members,
  });
}

function none(modelType) {
  return (modelId) => {
    throw new NoSuchModelError({ modelId, modelType });
  };
}

module.exports = { nativeProvider };
