'use strict';
// A language model as `ai` calls it.

const { Call } = require('./call.js');
const { partsOf } = require('./parts.js');

/** Bedrock reads them itself; `ai` downloads all others. */
const IN_S3 = [/^s3:\/\//];
const SUPPORTED_URLS = { 'image/*': IN_S3, 'video/*': IN_S3, 'audio/*': IN_S3, 'application/*': IN_S3, 'text/*': IN_S3 };

class LanguageModel {
  provider = 'amazon-bedrock';
  supportedUrls = SUPPORTED_URLS;
  #context;
  #settings;

  constructor(context, modelId, settings) {
    this.specificationVersion = context.specificationVersion;
    this.modelId = modelId;
    this.#context = context;
    this.#settings = settings;
  }

  async doGenerate(options) {
    const call = await this.#call('generate', options);
    call.end();
    const { content, finishReason, usage, providerMetadata, warnings } = call.head;
    return { content, finishReason, usage, providerMetadata, request: call.request, response: call.response, warnings };
  }

  async doStream(options) {
    const call = await this.#call('stream', options);
    return { stream: partsOf(call), request: call.request, response: { headers: call.response.headers } };
  }

  #call(operation, options) {
    return Call.begin(this.#context, { operation, modelId: this.modelId, modelType: 'languageModel', settings: this.#settings }, options);
  }
}

module.exports = { LanguageModel };
