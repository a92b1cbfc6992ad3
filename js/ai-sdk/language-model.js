'use strict';
// A language model as `ai` calls it.

const { Call, DATA } = require('./call.js');
const { streamError } = require('./errors.js');

/** Bedrock reads them itself; `ai` downloads all others. */
const IN_S3 = [/^s3:\/\//];
const SUPPORTED_URLS = { 'image/*': IN_S3, 'video/*': IN_S3, 'audio/*': IN_S3, 'application/*': IN_S3, 'text/*': IN_S3 };

/** What an item of a stream begins with that is no text of the open text block. */
const PART = 0;
const REASONING = 1;
const TOOL_INPUT = 2;

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

/** The parts of a stream as they come. Cancelled, it cancels the call. */
function partsOf(call) {
  const decode = decoder();
  /** The last part, which an error goes before. */
  let finish;
  return new ReadableStream({
    start(controller) {
      const { headers, ...metadata } = call.response;
      controller.enqueue({ type: 'stream-start', warnings: call.head.warnings });
      controller.enqueue({ type: 'response-metadata', ...metadata });
    },
    /** Gives at least one part: a stream is not asked again before somebody has read one. */
    async pull(controller) {
      for (let given = 0; given === 0;) {
        let batch;
        try {
          batch = await call.batch();
        } catch (error) {
          call.end();
          if (error?.[DATA] === undefined) return controller.error(error);
          controller.enqueue({ type: 'error', error: streamError(error[DATA], { cause: error.cause }) });
          batch = null;
        }
        if (batch === null) {
          call.end();
          if (finish !== undefined) controller.enqueue(finish);
          return controller.close();
        }
        for (const item of typeof batch === 'string' ? [batch] : batch) {
          const part = decode(item);
          if (part.type === 'finish') {
            finish = part;
            continue;
          }
          controller.enqueue(part);
          given++;
        }
      }
    },
    cancel() {
      call.close();
    },
  }, { highWaterMark: 0 });
}

/** A function that makes a part of an item, given in order. */
function decoder() {
  let [text, reasoning, toolInput] = ['', '', ''];
  return (item) => {
    switch (item.charCodeAt(0)) {
      case PART: {
        const part = JSON.parse(item.slice(1));
        if (part.type === 'text-start') text = part.id;
        else if (part.type === 'reasoning-start') reasoning = part.id;
        else if (part.type === 'tool-input-start') toolInput = part.id;
        return part;
      }
      case REASONING:
        return { type: 'reasoning-delta', id: reasoning, delta: item.slice(1) };
      case TOOL_INPUT:
        return { type: 'tool-input-delta', id: toolInput, delta: item.slice(1) };
      default:
        return { type: 'text-delta', id: text, delta: item };
    }
  };
}

module.exports = { LanguageModel };
