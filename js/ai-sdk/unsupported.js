'use strict';
// What bundlers for browsers and edge runtimes get instead of the providers: these have no native addons. Importing it says so, and
// so does whatever is used of it. It has no dependency, so that it bundles everywhere.

const MESSAGE = 'bedrock-wrapper/ai-sdk needs Node.js: its native addon cannot run in a browser or an edge runtime. Call it from the Node.js runtime '
  + "(Next.js: export const runtime = 'nodejs'), or run the gateway (npx bedrock-wrapper serve) and call that with @ai-sdk/openai-compatible.";

/** Methods of the providers. */
const METHODS = [
  'languageModel', 'chat', 'messages', 'responses', 'embedding', 'embeddingModel', 'textEmbedding', 'textEmbeddingModel',
  'image', 'imageModel', 'reranking', 'rerankingModel',
];

console.error(MESSAGE);

function refuse() {
  throw new Error(MESSAGE);
}

function provider() {
  refuse();
}
for (const name of METHODS) provider[name] = refuse;
Object.defineProperty(provider, 'tools', { get: refuse });

module.exports = {
  VERSION: undefined,
  amazonBedrock: provider,
  amazonBedrockAnthropic: provider,
  bedrock: provider,
  bedrockAnthropic: provider,
  bedrockMantle: provider,
  createAmazonBedrock: refuse,
  createAmazonBedrockAnthropic: refuse,
  createBedrock: refuse,
  createBedrockAnthropic: refuse,
  createBedrockMantle: refuse,
};
