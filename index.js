'use strict';
// What CommonJS programs get. Each thing is defined in the file it is taken from.

exports.bedrockWrapper = require('./js/answer.js').bedrockWrapper;
exports.listBedrockWrapperSupportedModels = require('./js/models.js').listBedrockWrapperSupportedModels;
exports.BedrockWrapperError = require('./js/errors.js').BedrockWrapperError;
exports.simulate = require('./js/simulator.js').simulate;
