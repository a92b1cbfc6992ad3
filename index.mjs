// What ES modules get: the same objects as CommonJS programs.
import core from './index.js';

export const { bedrockWrapper, listBedrockWrapperSupportedModels, BedrockWrapperError, simulate } = core;
export const { Bedrock, createFetch, Stream } = core;
export const {
  APIError, BadRequestError, AuthenticationError, PermissionDeniedError, NotFoundError, ConflictError, UnprocessableEntityError,
  RateLimitError, InternalServerError, APIConnectionError, APIConnectionTimeoutError, APIUserAbortError,
} = core;
export default bedrockWrapper;
