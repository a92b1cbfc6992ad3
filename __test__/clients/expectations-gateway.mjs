// What clients of OpenAI's API raise at the gateway: what comes of each scenario, and which class that is to each client.
// llama-index passes on what `openai` raises.

/** What comes of a scenario: a status, or one of the other columns of `CLASSES`; after a colon, words of the gateway's own. */
const COMES = {
  403: ['AccessDeniedException'],
  404: ['unknown model', 'unknown model, stream', 'ResourceNotFoundException'],
  429: ['ThrottlingException', 'ServiceQuotaExceededException'],
  500: ['InternalServerException'],
  // Whose credentials are wrong is not told with 401: callers would take their own key for the wrong one.
  "500: AWS refused the gateway's credentials": [
    'ExpiredTokenException', 'unknown access key', 'wrong secret', 'wrong secret, stream', 'no session token', 'wrong session token',
  ],
  502: ['ModelErrorException', 'reset before the answer', 'truncated answer'],
  503: ['ModelNotReadyException', 'ServiceUnavailableException'],
  504: ['ModelTimeoutException'],
  event: [
    'ModelStreamErrorException in the stream', 'ThrottlingException in the stream', 'InternalServerException in the stream',
    'ServiceUnavailableException in the stream', 'ValidationException in the stream', 'error frame', 'truncated stream',
    'stream that ends too early', 'bad checksum', 'bad first checksum', 'oversize frame', 'reset stream', 'no stop',
  ],
  silence: ['stalled stream'],
  nobody: ['no answer'],
  // Asked for less, with a warning; usage that is missing is no reason to take an answer for broken.
  nothing: ['too many tokens', 'no usage'],
};

const CLASSES = {
  403: { openai: 'PermissionDeniedError', 'langchain-openai': 'OpenAIPermissionDeniedError', 'litellm-openai': 'APIError' },
  404: { openai: 'NotFoundError', 'langchain-openai': 'OpenAIModelNotFoundError', 'litellm-openai': 'NotFoundError' },
  429: { openai: 'RateLimitError', 'langchain-openai': 'OpenAIRateLimitError', 'litellm-openai': 'RateLimitError' },
  500: { openai: 'InternalServerError', 'langchain-openai': 'OpenAIAPIError', 'litellm-openai': 'InternalServerError' },
  502: { openai: 'InternalServerError', 'langchain-openai': 'OpenAIAPIError', 'litellm-openai': 'BadGatewayError' },
  503: { openai: 'InternalServerError', 'langchain-openai': 'OpenAIAPIError', 'litellm-openai': 'ServiceUnavailableError' },
  504: { openai: 'InternalServerError', 'langchain-openai': 'OpenAIAPIError', 'litellm-openai': 'Timeout' },
  /** An event with an error in the stream. */
  event: { openai: 'APIError', 'langchain-openai': 'APIError', 'litellm-openai': 'MidStreamFallbackError' },
  /** The client's own limit, in the stream. */
  silence: { openai: 'ReadTimeout', 'langchain-openai': 'ReadTimeout', 'litellm-openai': 'MidStreamFallbackError' },
  /** The client's own limit, before it. */
  nobody: { openai: 'APITimeoutError', 'langchain-openai': 'OpenAITimeoutError', 'litellm-openai': 'Timeout' },
  nothing: { openai: 'nothing', 'langchain-openai': 'nothing', 'litellm-openai': 'nothing' },
};

/** Rows as in expectations.mjs: by scenario, then by client. */
export const GATEWAY = Object.fromEntries(Object.entries(COMES).flatMap(([comes, scenarios]) => {
  const [column, words] = comes.split(': ');
  const worded = (name) => (words === undefined ? name : `${name}: ${words}`);
  const row = Object.fromEntries(Object.entries(CLASSES[column] ?? {}).map(([client, name]) => [client, worded(name)]));
  return scenarios.map((scenario) => [scenario, row]);
}));
