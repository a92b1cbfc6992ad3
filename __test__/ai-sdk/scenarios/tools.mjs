// Tools: loops of several steps, parallel calls, results that are errors and pictures, tool choice, and the histories that
// they leave behind.

import { CLAUDE, CLAUDE_OPUS, CLAUDE_UNFORCED, HELLO, MISTRAL, NOVA, PNG, always, ask, saying } from '../kit.mjs';

/** What was used differs where what was sent differs, and is told by the requests. */
const USED = { usage: { inputTokens: 7, outputTokens: 3 } };
const calling = (...inputs) => ({ ...USED, toolUse: inputs.map((city, at) => ({ id: `tooluse_${at}`, name: 'weather', input: { city } })) });
const loop = (...inputs) => (session) => {
  session.on({ toolResult: true }, { text: 'It rains.', ...USED });
  session.rule({ answer: calling(...inputs) });
};
const weather = ({ ai, z }, more) => ({ weather: ai.tool({ description: 'How the weather is', inputSchema: z.object({ city: z.string() }), ...more }) });
const plainTool = { type: 'function', name: 'weather', description: 'How', inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false } };
const stepping = (kit, more, options) => ({ prompt: 'How is Oslo?', tools: weather(kit, more), stopWhen: kit.ai.stepCountIs(3), ...options });

const results = {
  'an object': () => ({ degrees: 3, wet: true }),
  'a list': () => [1, 2],
  'an error': () => {
    throw new Error('No such city.');
  },
};
const outputs = {
  text: { type: 'text', value: 'Rain' },
  json: { type: 'json', value: { degrees: 3 } },
  'error-text': { type: 'error-text', value: 'No such city.' },
  'error-json': { type: 'error-json', value: { code: 7 } },
  'execution-denied': { type: 'execution-denied', reason: 'Not today.' },
  picture: { type: 'content', value: [{ type: 'text', text: 'Look:' }, { type: 'file', mediaType: 'image/png', data: { type: 'data', data: PNG } }] },
  document: { type: 'content', value: [{ type: 'file', mediaType: 'text/csv', filename: 'a b.csv', data: { type: 'data', data: new TextEncoder().encode('a,b') } }] },
  'picture on S3': { type: 'content', value: [{ type: 'file', mediaType: 'image/png', data: { type: 'url', url: new URL('s3://bucket/cat.png') } }] },
};
const choices = { auto: { type: 'auto' }, none: { type: 'none' }, required: { type: 'required' }, 'one by name': { type: 'tool', toolName: 'weather' } };

/** Questions put to the model object itself, where `ai` would refuse or change them. */
const putting = (name, model, options, arrange = always({ text: 'So.', ...USED })) => ({
  name,
  arrange,
  run: ({ provider }) => provider(model).doGenerate(options).then(({ content, finishReason }) => ({ content, finishReason })),
});
const history = (output, { id = 'tooluse_0', name = 'weather', input = { city: 'Oslo' } } = {}) => [
  ...saying({ type: 'text', text: 'How is Oslo?' }),
  { role: 'assistant', content: [{ type: 'tool-call', toolCallId: id, toolName: name, input }] },
  { role: 'tool', content: [{ type: 'tool-result', toolCallId: id, toolName: name, output }] },
];

export const TOOLS = [
  ...[NOVA, CLAUDE].flatMap((model) =>
    ask(`a tool loop on ${model}`, { model, arrange: loop('Oslo'), options: (kit) => stepping(kit, { execute: ({ city }) => `Rain in ${city}` }) }),
  ),
  ...ask('parallel tool calls', { arrange: loop('Oslo', 'Rome'), options: (kit) => stepping(kit, { execute: ({ city }) => `Rain in ${city}` }) }),
  ...ask('thinking before a tool call', {
    model: CLAUDE,
    arrange: (session) => {
      session.on({ toolResult: true }, { text: 'It rains.', ...USED });
      session.rule({ answer: { ...USED, content: [{ reasoning: 'I should look.', signature: 'c2ln' }, { text: 'A moment.' }, { toolUse: { id: 'tooluse_0', name: 'weather', input: { city: 'Oslo' } } }] } });
    },
    options: (kit) => stepping(kit, { execute: () => 'Rain' }, { providerOptions: { bedrock: { reasoningConfig: { type: 'enabled', budgetTokens: 2000 } } } }),
  }),
  ...Object.entries(results).flatMap(([name, execute]) => ask(`a tool that gives ${name}`, { arrange: loop('Oslo'), options: (kit) => stepping(kit, { execute }) })),
  ...ask('a tool call without input', {
    arrange: (session) => {
      session.on({ toolResult: true }, { text: 'It is noon.', ...USED });
      session.rule({ answer: { ...USED, toolUse: { id: 'tooluse_0', name: 'now', input: '' } } });
    },
    options: ({ ai, z }) => ({ prompt: 'What time is it?', tools: { now: ai.tool({ inputSchema: z.object({}), execute: () => 'Noon' }) }, stopWhen: ai.stepCountIs(2) }),
  }),
  ...ask('tool input in pieces', {
    arrange: always({ ...USED, toolUse: { id: 'tooluse_0', name: 'weather', input: ['{"ci', 'ty": "Os', 'lo"}'] } }),
    options: (kit) => ({ prompt: 'How is Oslo?', tools: weather(kit) }),
  }),
  ...ask('tool input that is no JSON', {
    arrange: always({ ...USED, toolUse: { id: 'tooluse_0', name: 'weather', input: '{"city": ' } }),
    options: (kit) => ({ prompt: 'How is Oslo?', tools: weather(kit) }),
  }).filter(({ name }) => name.endsWith('streamed')),
  ...Object.entries(choices).flatMap(([name, toolChoice]) =>
    [NOVA, CLAUDE, CLAUDE_UNFORCED].map((model) => putting(`tool choice ${name} on ${model}`, model, { prompt: HELLO, tools: [plainTool, { ...plainTool, name: 'other' }], toolChoice })),
  ),
  putting('no parallel tool calls', CLAUDE, { prompt: HELLO, tools: [plainTool], providerOptions: { anthropic: { disableParallelToolUse: true } } }),
  ...Object.entries(outputs).map(([name, output]) => putting(`a tool result of ${name}`, CLAUDE, { prompt: history(output), tools: [plainTool] })),
  putting('tool history without tools', CLAUDE, { prompt: history(outputs.text) }),
  putting('tool history with tool choice none', CLAUDE, { prompt: history(outputs.text), tools: [plainTool], toolChoice: { type: 'none' } }),
  putting('tool names and ids that Bedrock does not take', CLAUDE, { prompt: history(outputs.text, { id: 'call:1|x', name: 'my weather!' }), tools: [plainTool] }),
  putting('tool input that is no object', CLAUDE, { prompt: history(outputs.text, { input: 'Oslo' }), tools: [plainTool] }),
  putting('ids of Mistral', MISTRAL, { prompt: history(outputs.text, { id: 'tooluse_abcdefghijklmnop' }), tools: [plainTool] }, always({ ...USED, toolUse: { id: 'tooluse_abcdefghijklmnop', name: 'weather', input: { city: 'Rome' } } })),
  putting('a tool without description', NOVA, { prompt: HELLO, tools: [{ ...plainTool, description: ' ' }] }),
  putting('a strict tool', CLAUDE, { prompt: HELLO, tools: [{ ...plainTool, strict: true }] }),
  putting('a strict tool on a model that has none', CLAUDE_OPUS, { prompt: HELLO, tools: [{ ...plainTool, strict: true }] }),
  putting('a strict tool with an open schema', CLAUDE, { prompt: HELLO, tools: [{ ...plainTool, strict: true, inputSchema: { type: 'object', properties: {} } }] }),
  putting('examples of tool input', CLAUDE, { prompt: HELLO, tools: [{ ...plainTool, inputExamples: [{ input: { city: 'Oslo' } }] }] }),
  putting('a tool of Claude', CLAUDE, { prompt: HELLO, tools: [{ type: 'provider', id: 'anthropic.bash_20250124', name: 'bash', args: {} }] }),
  putting('a tool of Claude with arguments', CLAUDE, {
    prompt: HELLO,
    tools: [{ type: 'provider', id: 'anthropic.computer_20250124', name: 'computer', args: { displayWidthPx: 800, displayHeightPx: 600 } }],
  }),
  putting('a tool of Claude on another model', NOVA, { prompt: HELLO, tools: [{ type: 'provider', id: 'anthropic.bash_20250124', name: 'bash', args: {} }] }),
  putting('a tool that Bedrock does not run', CLAUDE, { prompt: HELLO, tools: [{ type: 'provider', id: 'anthropic.web_search_20250305', name: 'web_search', args: {} }, plainTool] }),
  putting('a cache point on a tool', CLAUDE, { prompt: HELLO, tools: [{ ...plainTool, providerOptions: { bedrock: { cachePoint: { type: 'default' } } } }] }),
];
