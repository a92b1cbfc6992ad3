'use strict';
// A reranking model as `ai` calls it.

const { Call } = require('./call.js');

class RerankingModel {
  provider = 'amazon-bedrock';
  #context;

  constructor(context, modelId) {
    this.specificationVersion = context.specificationVersion;
    this.modelId = modelId;
    this.#context = context;
  }

  async doRerank(options) {
    const what = { operation: 'rerank', modelId: this.modelId, modelType: 'rerankingModel' };
    const { ranking, providerMetadata, warnings, response } = await Call.whole(this.#context, what, options);
    return { ranking, providerMetadata, warnings, response };
  }
}

module.exports = { RerankingModel };
