'use strict';
// An image model as `ai` calls it.

const { Call } = require('./call.js');

class ImageModel {
  provider = 'amazon-bedrock';
  /** As many as Amazon's models draw at once; for those that draw one, that many calls of the service are made at once. */
  maxImagesPerCall = 5;
  supportsFileInputs = true;
  supportsMaskInputs = true;
  #context;

  constructor(context, modelId) {
    this.specificationVersion = context.specificationVersion;
    this.modelId = modelId;
    this.#context = context;
  }

  async doGenerate(options) {
    const what = { operation: 'image', modelId: this.modelId, modelType: 'imageModel' };
    const { images, usage, providerMetadata, warnings, response } = await Call.whole(this.#context, what, options);
    const { timestamp, modelId, headers } = response;
    return { images, usage, providerMetadata, warnings, response: { timestamp, modelId, headers } };
  }
}

module.exports = { ImageModel };
