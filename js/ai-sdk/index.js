'use strict';
// `bedrock-wrapper/ai-sdk`: a provider for the AI SDK.

const { createAmazonBedrock } = require('./provider.js');
const { version: VERSION } = require('../../package.json');

const amazonBedrock = createAmazonBedrock();

module.exports = { VERSION, amazonBedrock, bedrock: amazonBedrock, createAmazonBedrock, createBedrock: createAmazonBedrock };
