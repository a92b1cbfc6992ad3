'use strict';
// An embedding model as `ai` calls it.

const { Call } = require('./call.js');
const { TooManyEmbeddingValuesForCallError } = require('./errors.js');

/**
 * Most values of a call: as many calls of the service as that takes are made of it, 32 at once. `ai` itself would make all of
 * them at once, one for each value where a model takes but one.
 */
const MOST_VALUES = 2048;

class EmbeddingModel {
  provider = 'amazon-bedrock';
  maxEmbeddingsPerCall = MOST_VALUES;
  supportsParallelCalls = true;
  #context;
  #settings;

  constructor(context, modelId, settings) {
    this.specificationVersion = context.specificationVersion;
    this.modelId = modelId;
    this.#context = context;
    this.#settings = settings;
  }

  async doEmbed(options) {
    const { provider, modelId, maxEmbeddingsPerCall } = this;
    const { values } = options;
    if (values.length > maxEmbeddingsPerCall) {
      throw new TooManyEmbeddingValuesForCallError({ provider, modelId, maxEmbeddingsPerCall, values });
    }
    const what = { operation: 'embed', modelId, modelType: 'embeddingModel', settings: this.#settings };
    const { embeddings, usage, warnings, response } = await Call.whole(this.#context, what, options);
    return { embeddings: embeddings.map(numbers), usage, warnings, response: { headers: response.headers } };
  }
}

/** A vector that came as base64 of 64-bit floats in little-endian order. */
function numbers(base64) {
  const { buffer, byteOffset, byteLength } = Buffer.from(base64, 'base64');
  const view = new DataView(buffer, byteOffset, byteLength);
  return Array.from({ length: byteLength / 8 }, (_, index) => view.getFloat64(8 * index, true));
}

module.exports = { EmbeddingModel };
