// A chat request as bytes, with the headers of OpenAI's package for Node. All sides get the same; only the path differs.

const MODEL = 'us.amazon.nova-micro-v1:0';
const HEADERS = [
  'accept: application/json',
  'content-type: application/json',
  'user-agent: OpenAI/JS 7.55.0',
  'x-stainless-retry-count: 0',
  'x-stainless-lang: js',
  'x-stainless-package-version: 7.55.0',
  'x-stainless-os: Linux',
  'x-stainless-arch: x64',
  'x-stainless-runtime: node',
  'x-stainless-runtime-version: v22.20.0',
  'authorization: Bearer sk-benchmark',
  'accept-language: *',
  'accept-encoding: gzip, deflate',
];

/** The request to a side: the gateway speaks OpenAI's API, behind the others is Bedrock. */
export function requestBytes(side, { streamed }) {
  const path = side === 'gateway' ? '/v1/chat/completions' : `/model/${MODEL}/converse${streamed ? '-stream' : ''}`;
  const messages = [
    { role: 'system', content: 'You are a helpful assistant. Answer in one sentence.' },
    { role: 'user', content: 'What is the capital of France, and on which river does it lie?' },
  ];
  const body = JSON.stringify({ model: MODEL, messages, max_tokens: 1024, temperature: 0.7, ...(streamed && { stream: true }) });
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${HEADERS.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}
