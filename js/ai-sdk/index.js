'use strict';
// `bedrock-wrapper/ai-sdk`: a provider for the AI SDK.

const { exportsFor } = require('./provider.js');

module.exports = exportsFor('v4');
