// What each client raises: the class that a program catches, by scenario. In brackets stands the code, where the class
// does not tell it; after a colon, what the client says instead of AWS's message. A row names the clients that differ; the others raise what the one does that they are built on.
//
// It is what these clients do, not what the simulator wants: a row changes when a client's new version does.

import { GATEWAY } from './expectations-gateway.mjs';

/** No error: the client asks for less by itself, or takes a broken stream for a whole one. */
export const NOTHING = 'nothing';

const LIKE = {
  strands: 'boto3',
  'langchain-aws': 'boto3',
  'aws-sdk-js-h1': 'aws-sdk-js',
  'langchain-js': 'aws-sdk-js',
  'anthropic-js': 'anthropic',
  'llama-index': 'openai',
};

/** Rows of the errors that come instead of an answer. botocore has classes for the exceptions of the service model only. */
const REFUSED = {
  ...refused('ValidationException', ['unknown model', 'unknown model, stream'], { anthropic: 'BadRequestError', litellm: 'BadRequestError', 'pydantic-ai': 'ModelNotFoundError' }),
  ...refused('ValidationException', ['too many tokens'], { anthropic: 'BadRequestError', litellm: 'BadRequestError', 'pydantic-ai': NOTHING }),
  ...refused('ThrottlingException', ['ThrottlingException'], { anthropic: 'RateLimitError', litellm: 'RateLimitError', 'pydantic-ai': 'ModelRateLimitError', strands: 'ModelThrottledException' }),
  ...refused('AccessDeniedException', ['AccessDeniedException'], { anthropic: 'PermissionDeniedError', litellm: 'PermissionDeniedError', 'pydantic-ai': 'ModelAuthenticationError' }),
  ...refused('ResourceNotFoundException', ['ResourceNotFoundException'], { anthropic: 'NotFoundError', litellm: 'NotFoundError', 'pydantic-ai': 'ModelNotFoundError' }),
  ...refused('ServiceQuotaExceededException', ['ServiceQuotaExceededException'], { anthropic: 'BadRequestError', litellm: 'BadRequestError', 'pydantic-ai': 'ModelQuotaExceededError' }),
  ...refused('ModelTimeoutException', ['ModelTimeoutException'], { anthropic: 'RequestTimeoutError', litellm: 'Timeout', 'pydantic-ai': 'ModelHTTPError' }),
  ...refused('ModelErrorException', ['ModelErrorException'], { anthropic: 'APIStatusError', 'anthropic-js': 'APIError', litellm: 'BadRequestError', 'pydantic-ai': 'ModelHTTPError' }),
  ...refused('ModelNotReadyException', ['ModelNotReadyException'], { anthropic: 'RateLimitError', litellm: 'RateLimitError', 'pydantic-ai': 'ModelUnavailableError' }),
  ...refused('InternalServerException', ['InternalServerException'], { anthropic: 'InternalServerError', litellm: 'ServiceUnavailableError', 'pydantic-ai': 'ModelServerError' }),
  ...refused('ServiceUnavailableException', ['ServiceUnavailableException'], { anthropic: 'ServiceUnavailableError', litellm: 'ServiceUnavailableError', 'pydantic-ai': 'ModelUnavailableError' }),
  ...refused('ExpiredTokenException', ['ExpiredTokenException'], { boto3: 'ClientError(ExpiredTokenException)', anthropic: 'PermissionDeniedError', litellm: 'PermissionDeniedError', 'pydantic-ai': 'ModelAuthenticationError' }),
  ...refused('UnrecognizedClientException', ['unknown access key', 'no session token', 'wrong session token'], { boto3: 'ClientError(UnrecognizedClientException)', anthropic: 'PermissionDeniedError', litellm: 'AuthenticationError', 'pydantic-ai': 'ModelAuthenticationError' }),
  ...refused('AccessDeniedException', ['wrong API key'], { anthropic: 'PermissionDeniedError', litellm: 'PermissionDeniedError', 'pydantic-ai': 'ModelAuthenticationError', 'ai-sdk': 'AI_APICallError: Forbidden' }),
  ...refused('InvalidSignatureException', ['wrong secret', 'wrong secret, stream'], { boto3: 'ClientError(InvalidSignatureException)', anthropic: 'PermissionDeniedError', litellm: 'PermissionDeniedError', 'pydantic-ai': 'ModelAuthenticationError' }),
};

/** Rows of the streams that end with an exception. */
const ENDED = {
  'ModelStreamErrorException in the stream': ended('ModelStreamErrorException', { litellm: 'BadRequestError', 'pydantic-ai': 'ModelServerError' }),
  'ThrottlingException in the stream': ended('ThrottlingException', { litellm: 'MidStreamFallbackError', 'pydantic-ai': 'ModelRateLimitError', strands: 'ModelThrottledException' }),
  'InternalServerException in the stream': ended('InternalServerException', { litellm: 'MidStreamFallbackError', 'pydantic-ai': 'ModelServerError' }),
  'ServiceUnavailableException in the stream': ended('ServiceUnavailableException', { litellm: 'MidStreamFallbackError', 'pydantic-ai': 'ModelUnavailableError' }),
  'ValidationException in the stream': ended('ValidationException', { litellm: 'BadRequestError', 'pydantic-ai': 'ModelRequestRejectedError' }),
  'ModelTimeoutException in the invoke stream': ended('ModelTimeoutException', { litellm: 'Timeout' }),
  'error frame': ended('InternalFailure', { boto3: 'EventStreamError(InternalFailure)', 'aws-sdk-rust': 'ResponseError', litellm: 'BadRequestError', 'pydantic-ai': 'ModelAPIError', 'ai-sdk': NOTHING }),
};

/** Rows of what goes wrong below the service model. */
const BROKEN = {
  'truncated stream': {
    boto3: 'ProtocolError', 'aws-sdk-js': 'Error(ERR_HTTP2_STREAM_ERROR)', 'aws-sdk-js-h1': 'Error(ECONNRESET)', 'aws-sdk-rust': 'DispatchFailure',
    anthropic: 'RemoteProtocolError', 'anthropic-js': 'TypeError', litellm: 'MidStreamFallbackError', 'pydantic-ai': 'ModelConnectionError', 'ai-sdk': 'TypeError',
  },
  'truncated invoke stream': {
    boto3: 'ProtocolError', 'aws-sdk-js': 'Error(ERR_HTTP2_STREAM_ERROR)', 'aws-sdk-js-h1': 'Error(ECONNRESET)', 'aws-sdk-rust': 'DispatchFailure',
    litellm: 'MidStreamFallbackError',
  },
  'stream that ends too early': unnoticed({ 'langchain-aws': 'ConnectionError' }),
  'no stop': unnoticed({ 'langchain-aws': 'ConnectionError' }),
  'no usage': unnoticed({}),
  'bad first checksum': {
    boto3: 'ChecksumMismatch', 'aws-sdk-js': 'Error', 'aws-sdk-rust': 'ResponseError',
    anthropic: 'ChecksumMismatch', 'anthropic-js': 'Error', litellm: 'MidStreamFallbackError', 'pydantic-ai': 'ModelAPIError', 'ai-sdk': 'Error',
  },
  'bad checksum': {
    boto3: 'ChecksumMismatch', 'aws-sdk-js': 'Error', 'aws-sdk-rust': 'ResponseError',
    anthropic: 'ChecksumMismatch', 'anthropic-js': 'Error', litellm: 'MidStreamFallbackError', 'pydantic-ai': 'ModelAPIError', 'ai-sdk': 'Error',
  },
  'oversize frame': {
    boto3: 'InvalidPayloadLength', 'aws-sdk-js': 'Error', 'aws-sdk-rust': 'ResponseError',
    anthropic: 'InvalidPayloadLength', 'anthropic-js': 'Error', litellm: 'MidStreamFallbackError', 'pydantic-ai': 'ModelAPIError', 'ai-sdk': 'Error',
  },
  'stalled stream': {
    boto3: 'ReadTimeoutError', 'aws-sdk-js': NOTHING, 'aws-sdk-js-h1': 'TimeoutError', 'aws-sdk-rust': 'Elapsed',
    anthropic: 'ReadTimeout', 'anthropic-js': NOTHING, litellm: 'Timeout', 'pydantic-ai': 'ModelTimeoutError', 'ai-sdk': 'AbortError',
  },
  'reset stream': {
    boto3: 'ProtocolError', 'aws-sdk-js': 'Error(ECONNRESET)', 'aws-sdk-rust': 'DispatchFailure',
    anthropic: 'ReadError', 'anthropic-js': 'TypeError', litellm: 'MidStreamFallbackError', 'pydantic-ai': 'ModelConnectionError', 'ai-sdk': 'TypeError',
  },
  'reset before the answer': {
    boto3: 'ConnectionClosedError', 'aws-cli': 'exit status 255', 'aws-sdk-js': ['TimeoutError', 'Error(ECONNRESET)'], 'aws-sdk-rust': 'DispatchFailure',
    anthropic: 'APIConnectionError', litellm: 'APIConnectionError', 'pydantic-ai': 'ModelConnectionError', 'ai-sdk': 'AI_APICallError',
  },
  'truncated answer': {
    boto3: 'KeyError', 'langchain-aws': 'ValueError', 'aws-cli': 'exit status 255', 'aws-sdk-js': 'Error(ERR_HTTP2_STREAM_ERROR)', 'aws-sdk-js-h1': 'Error(ECONNRESET)', 'aws-sdk-rust': 'ResponseError',
    anthropic: 'APIConnectionError', 'anthropic-js': 'TypeError', litellm: 'APIConnectionError', 'pydantic-ai': ['ModelConnectionError', 'ModelAPIError'], 'ai-sdk': 'AI_APICallError',
  },
  'no answer': {
    boto3: 'ReadTimeoutError', 'aws-cli': 'exit status 255', 'aws-sdk-js': 'TimeoutError', 'aws-sdk-rust': ['Elapsed', 'DispatchFailure'],
    anthropic: 'APITimeoutError', 'anthropic-js': 'APIConnectionTimeoutError', litellm: 'Timeout', 'pydantic-ai': 'ModelTimeoutError', 'ai-sdk': 'TimeoutError',
  },
};

export const RAISES = { ...REFUSED, ...ENDED, ...BROKEN };

/** The class that a client raises in a scenario; the classes, where it is a matter of milliseconds. */
export function raised(scenario, client) {
  const row = { ...RAISES[scenario], ...GATEWAY[scenario] };
  return [row[client] ?? row[LIKE[client]]].flat();
}

/** AWS's own clients name the exception; the others have classes of their own. */
function refused(code, scenarios, own) {
  const row = { boto3: code, 'aws-cli': code, 'aws-sdk-js': code, 'aws-sdk-rust': `ServiceError(${code})`, 'ai-sdk': 'AI_APICallError', ...own };
  return Object.fromEntries(scenarios.map((scenario) => [scenario, row]));
}

/** botocore names the member of the stream; the AI SDK passes on the payload, which is no Error. */
function ended(code, own) {
  const member = code[0].toLowerCase() + code.slice(1);
  const row = { boto3: `EventStreamError(${member})`, 'aws-sdk-js': code, 'aws-sdk-rust': `ServiceError(${code})`, 'ai-sdk': 'Object' };
  return { ...row, anthropic: 'APIStatusError', 'anthropic-js': 'APIError', ...own };
}

/** A program learns of it only by looking for the stop reason or the usage. */
function unnoticed(own) {
  const clients = ['boto3', 'aws-sdk-js', 'aws-sdk-rust', 'anthropic', 'litellm', 'pydantic-ai', 'ai-sdk'];
  return { ...Object.fromEntries(clients.map((client) => [client, NOTHING])), ...own };
}
