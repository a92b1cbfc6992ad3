'use strict';
// `bedrock-wrapper/ai-sdk/v3`: the same provider for `ai` 6, which calls models of specification version 3.

const { exportsFor } = require('./provider.js');

module.exports = exportsFor('v3');
