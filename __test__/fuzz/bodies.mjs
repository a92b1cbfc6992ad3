// Bodies that are almost right: real ones of each kind, bent in their values or in their bytes.

import { bent } from './bending.mjs';

const CONVERSE = {
  messages: [
    { role: 'user', content: [{ text: 'Count from 1 to 5.' }, { image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } }] },
    { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'add', input: { a: 1 } } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: 't1', content: [{ json: { sum: 2 } }, { text: '2' }], status: 'success' } }] },
  ],
  system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }],
  inferenceConfig: { maxTokens: 10, temperature: 0.5, topP: 0.9, stopSequences: ['x'] },
  toolConfig: { tools: [{ toolSpec: { name: 'add', description: 'd', inputSchema: { json: { type: 'object' } } } }], toolChoice: { auto: {} } },
  additionalModelRequestFields: { top_k: 3 },
  requestMetadata: { a: 'b' },
};

const NATIVE = [
  { messages: [{ role: 'user', content: [{ text: 'Count from 1 to 5.' }] }] },
  { messages: [{ role: 'user', content: [{ text: 'Hello' }] }], inferenceConfig: { maxTokens: 10 } },
  { anthropic_version: 'bedrock-2023-05-31', max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }], tools: [{ name: 'a', input_schema: {} }] },
  { anthropic_version: 'bedrock-2023-05-31', max_tokens: 10, messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } }] }] },
  { prompt: 'Hello', max_gen_len: 10, temperature: 0.5 },
  { prompt: '<s>[INST] Hello [/INST]', max_tokens: 10, stop: ['a'] },
  { inputText: 'Hello', textGenerationConfig: { maxTokenCount: 10 } },
  { inputText: 'Hello', dimensions: 256, normalize: true },
  { texts: ['a'], input_type: 'search_document', embedding_types: ['int8'] },
  { query: 'a', documents: ['b'], top_n: 1, api_version: 2 },
  { taskType: 'TEXT_IMAGE', textToImageParams: { text: 'a' }, imageGenerationConfig: { width: 64, height: 64, seed: 1 } },
  { messages: [{ role: 'user', content: 'Hello' }], max_completion_tokens: 10, tools: [{ type: 'function', function: { name: 'a' } }] },
  { schemaVersion: 'messages-v1', messages: [{ role: 'user', content: [{ text: 'Hello' }] }], inferenceConfig: { max_new_tokens: 10 } },
  { source: 'INPUT', content: [{ text: { text: 'a' } }] },
  { name: 'g', blockedInputMessaging: 'a', blockedOutputsMessaging: 'b', topicPolicyConfig: { topicsConfig: [] } },
  { modelInput: {}, modelId: 'amazon.nova-reel-v1:0', outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://a' } } },
];

/** The bytes of a body. */
export function body(random) {
  return bent(structuredClone(random.chance(0.4) ? CONVERSE : random.of(NATIVE)), random);
}
