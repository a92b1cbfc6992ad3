'use strict';
// What CommonJS programs get. Each thing is defined in the file it is taken from.

exports.bedrockWrapper = require('./js/answer.js').bedrockWrapper;
exports.listBedrockWrapperSupportedModels = require('./js/models.js').listBedrockWrapperSupportedModels;
exports.BedrockWrapperError = require('./js/errors.js').BedrockWrapperError;
exports.simulate = require('./js/simulator.js').simulate;

exports.Bedrock = require('./js/openai/client.js').Bedrock;
exports.createFetch = require('./js/openai/fetch.js').createFetch;
exports.Stream = require('./js/openai/stream.js').Stream;

const errors = require('./js/openai/errors.js');
exports.APIError = errors.APIError;
exports.BadRequestError = errors.BadRequestError;
exports.AuthenticationError = errors.AuthenticationError;
exports.PermissionDeniedError = errors.PermissionDeniedError;
exports.NotFoundError = errors.NotFoundError;
exports.ConflictError = errors.ConflictError;
exports.UnprocessableEntityError = errors.UnprocessableEntityError;
exports.RateLimitError = errors.RateLimitError;
exports.InternalServerError = errors.InternalServerError;
exports.APIConnectionError = errors.APIConnectionError;
exports.APIConnectionTimeoutError = errors.APIConnectionTimeoutError;
exports.APIUserAbortError = errors.APIUserAbortError;
