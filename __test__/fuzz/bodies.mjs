// Bodies that are almost right: real ones of each kind, bent in their values or in their bytes.

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

const ODD = [
  null, true, false, 0, -1, 1.5, 1e308, -1e-308, 9007199254740993, '', 'x', '\u0000', '\ud83d\ude00', 'é'.repeat(70_000), 'a'.repeat(3_000),
  [], {}, [[]], [null], { '': {} }, { text: null }, 'user', 'assistant', 'AA==', 'not base64!', Array.from({ length: 300 }, () => ({ text: 'x' })),
];

/** The bytes of a body. */
export function body(random) {
  const value = structuredClone(random.chance(0.4) ? CONVERSE : random.of(NATIVE));
  for (let count = random.below(4); count > 0; count -= 1) bend(value, random);
  const bytes = Buffer.from(JSON.stringify(value));
  switch (random.below(12)) {
    case 0: return bytes.subarray(0, random.below(bytes.length));
    case 1: return broken(bytes, random);
    case 2: return random.bytes(random.below(200));
    case 3: return nested(random);
    default: return bytes;
  }
}

/** Puts something odd somewhere into a value. */
function bend(value, random) {
  let at = value;
  for (;;) {
    const keys = Object.keys(at);
    if (keys.length === 0) return;
    const key = random.of(keys);
    if (at[key] !== null && typeof at[key] === 'object' && random.chance(0.7)) {
      at = at[key];
      continue;
    }
    if (random.chance(0.2)) delete at[key];
    else if (random.chance(0.1) && !Array.isArray(at)) at[`${key}${random.below(9)}`] = at[key];
    else at[key] = structuredClone(random.of(ODD));
    return;
  }
}

function broken(bytes, random) {
  const copy = Buffer.from(bytes);
  for (let count = 1 + random.below(4); count > 0; count -= 1) copy[random.below(copy.length)] = random.below(256);
  return copy;
}

function nested(random) {
  const depth = random.of([100, 127, 128, 129, 500, 20_000]);
  const [open, close] = random.of([['[', ']'], ['{"a":', '}'], ['{"messages":[', ']}']]);
  return Buffer.from(open.repeat(depth) + (random.chance(0.5) ? `1${close.repeat(depth)}` : ''));
}
