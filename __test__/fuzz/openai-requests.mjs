// Requests of OpenAI's API that are almost right.

import { bent } from './bending.mjs';

const user = (content) => ({ role: 'user', content });
const TOOL = { type: 'function', function: { name: 'add', description: 'Adds.', parameters: { type: 'object', properties: { a: { type: 'number' } } }, strict: true } };
const SCHEMA = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false };
const PIXEL = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const MODELS = ['amazon.nova-micro-v1:0', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'openai.gpt-oss-20b-1:0', 'Claude-4-5-Sonnet', 'nonsense'];

const CHATS = [
  { messages: [user('Count from 1 to 5.')], temperature: 0.5, top_p: 0.9, max_tokens: 10, stop: ['x'], user: 'a', seed: 1 },
  { messages: [{ role: 'system', content: 'Be brief.' }, user([{ type: 'text', text: 'Hello' }, { type: 'image_url', image_url: { url: PIXEL, detail: 'low' } }])] },
  {
    messages: [
      user('What is 1 + 1?'),
      { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }] },
      { role: 'tool', tool_call_id: 'c1', content: '2' },
    ],
    tools: [TOOL], tool_choice: 'auto', parallel_tool_calls: false,
  },
  { messages: [user('A number.')], response_format: { type: 'json_schema', json_schema: { name: 'n', schema: SCHEMA, strict: true } } },
  { messages: [user('Think.')], reasoning_effort: 'low', max_completion_tokens: 2000, n: 2, metadata: { a: 'b' }, service_tier: 'auto' },
  { messages: [user([{ type: 'file', file: { filename: 'a.txt', file_data: 'aGVsbG8=' } }, { type: 'text', text: 'Read.' }])], extra_body: { top_k: 3 }, thinking: { type: 'enabled', budget_tokens: 1024 } },
];

const OTHERS = [
  ['/embeddings', { model: 'amazon.titan-embed-text-v2:0', input: ['a', 'b'], dimensions: 256, encoding_format: 'base64' }],
  ['/embeddings', { model: 'cohere.embed-v4:0', input: [[1, 2], [3]] }],
  ['/images/generations', { model: 'amazon.nova-canvas-v1:0', prompt: 'A tree', size: '512x512', n: 1 }],
  ['/rerank', { model: 'amazon.rerank-v1:0', query: 'a', documents: ['b', { text: 'c' }], top_n: 1 }],
];

const PATHS = ['', '/v1', '/v1/models', '/v1/models/', '/v1/models/a%2Fb', '/v1/models/%ff', '/v1/models/..%2f', '/v1/responses', '/api/v1/models', '//v1/models', '/v1/chat', '/metrics/x', '/%00'];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'];

/** `{ path, init }` for `fetch`. */
export function request(random) {
  if (random.chance(0.1)) return { path: random.of(PATHS), init: { method: random.of(METHODS) } };
  const [path, value] = random.chance(0.75) ? chat(random) : structuredClone(random.of(OTHERS));
  const headers = random.chance(0.9) ? { 'content-type': 'application/json' } : {};
  return { path: `${random.of(['/v1', '/v1', '/api/v1'])}${path}`, init: { method: 'POST', headers, body: bent(value, random) } };
}

function chat(random) {
  const stream = random.chance(0.4) && { stream: true, stream_options: { include_usage: true } };
  return ['/chat/completions', { model: random.of(MODELS), ...structuredClone(random.of(CHATS)), ...stream }];
}
