'use strict';
// `listBedrockWrapperSupportedModels`.

const { supportedModels } = require('./addon.js');

async function listBedrockWrapperSupportedModels() {
  return supportedModels();
}

module.exports = { listBedrockWrapperSupportedModels };
