// The same package from CommonJS.
'use strict';
const { bedrockWrapper, listBedrockWrapperSupportedModels } = require('bedrock-wrapper');

async function main() {
  const models = (await listBedrockWrapperSupportedModels()).map((model) => JSON.parse(model));
  const [{ modelName }] = models.filter(({ modelId }) => modelId.includes('nova-micro'));
  const request = { model: modelName, messages: [{ role: 'user', content: 'What is 1+1?' }] };
  for await (const text of bedrockWrapper(null, request)) console.log(`${modelName}: ${text}`);
}

main();
