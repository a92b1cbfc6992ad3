'use strict';
// `bedrock-wrapper/ai-sdk/mantle`: `@ai-sdk/openai` on Bedrock. OpenAI's bodies go to bedrock-mantle or bedrock-runtime as they are.

const { BASE_URL, nativeFetch } = require('./native-fetch.js');
const { nativeProvider } = require('./native-provider.js');
const { peer } = require('./peer.js');
const { providerContext } = require('./settings.js');

const { createOpenAI } = peer('@ai-sdk/openai', 'mantle', () => require('@ai-sdk/openai'));

/** @param {import('./mantle.js').BedrockMantleProviderSettings} [settings] */
function createBedrockMantle(settings) {
  const context = providerContext(settings, { onMantle: true });
  const openai = createOpenAI({ name: 'bedrock-mantle', baseURL: BASE_URL, apiKey: 'unused', fetch: nativeFetch(context, 'openai') });
  const responses = (modelId) => openai.responses(modelId);
  return nativeProvider('Bedrock Mantle', openai.specificationVersion, (modelId) => openai.chat(modelId), { responses });
}

const bedrockMantle = createBedrockMantle();

module.exports = { bedrockMantle, createBedrockMantle };
