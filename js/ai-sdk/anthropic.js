'use strict';
// `bedrock-wrapper/ai-sdk/anthropic`: `@ai-sdk/anthropic` on Bedrock. Claude's own body goes to InvokeModel as it is.

const { onBedrock } = require('./claude-model.js');
const { BASE_URL, nativeFetch } = require('./native-fetch.js');
const { nativeProvider } = require('./native-provider.js');
const { peer } = require('./peer.js');
const { providerContext } = require('./settings.js');

const { createAnthropic } = peer('@ai-sdk/anthropic', 'anthropic', () => require('@ai-sdk/anthropic'));

/** @param {import('./anthropic.js').AmazonBedrockAnthropicProviderSettings} [settings] */
function createAmazonBedrockAnthropic(settings) {
  const context = providerContext(settings, { onMantle: true });
  const anthropic = createAnthropic({
    name: 'bedrock.anthropic.messages',
    baseURL: BASE_URL,
    apiKey: 'unused',
    fetch: nativeFetch(context, 'messages'),
    generateId: settings?.generateId ?? undefined,
  });
  /** Model id → what Bedrock has refused of requests to it. */
  const refusals = new Map();

  function messages(modelId) {
    if (!refusals.has(modelId)) refusals.set(modelId, new Set());
    return onBedrock(anthropic.messages(modelId), refusals.get(modelId));
  }

  return nativeProvider('Bedrock Anthropic', anthropic.specificationVersion, messages, { messages, tools: anthropic.tools });
}

const amazonBedrockAnthropic = createAmazonBedrockAnthropic();

module.exports = {
  amazonBedrockAnthropic,
  bedrockAnthropic: amazonBedrockAnthropic,
  createAmazonBedrockAnthropic,
  createBedrockAnthropic: createAmazonBedrockAnthropic,
};
