// Plain conversations: prompts, finish reasons, usage, sampling parameters and what becomes of them, stop sequences.

import { CLAUDE, CLAUDE_OPUS, GPT_OSS, MISTRAL, NOVA, always, ask, converse, frames, END, START, USAGE, stop, text } from '../kit.mjs';

const USAGE_WITH_CACHE = { inputTokens: 7, outputTokens: 3, cacheReadInputTokens: 100, cacheWriteInputTokens: 20 };
const GREETING = always({ text: ['Good', ' day', '.'], usage: { inputTokens: 7, outputTokens: 3 } });
const said = (role, words) => ({ role, content: [{ type: 'text', text: words }] });

const finishing = ['max_tokens', 'stop_sequence', 'content_filtered', 'model_context_window_exceeded', 'something_new'];

export const TEXT = [
  ...ask('a prompt', { arrange: GREETING, options: { prompt: 'hello' } }),
  ...ask('a prompt for Claude', { model: CLAUDE, arrange: GREETING, options: { prompt: 'hello' } }),
  ...ask('system text and a conversation', {
    arrange: GREETING,
    options: { system: 'Be brief.', messages: [said('user', 'hello'), said('assistant', 'Yes?'), said('user', 'and'), said('user', 'so on')] },
  }),
  ...ask('an answer that is begun', { arrange: GREETING, options: { messages: [said('user', 'hello'), said('assistant', 'Good day  \n')] } }),
  ...ask('blank texts', {
    arrange: GREETING,
    options: { messages: [said('user', 'hello'), said('assistant', '  '), { role: 'user', content: [{ type: 'text', text: ' \n' }, { type: 'text', text: 'so' }] }] },
  }),
  ...ask('an empty answer', { arrange: always({ content: [], stopReason: 'end_turn' }), options: { prompt: 'hello' } }),
  ...ask('tokens from the cache', { model: CLAUDE, arrange: always({ text: 'Good day.', usage: USAGE_WITH_CACHE }), options: { prompt: 'hello' } }),
  ...finishing.flatMap((stopReason) =>
    ask(`finish reason ${stopReason}`, { model: CLAUDE, arrange: always({ text: 'Hm', stopReason }), options: { prompt: 'hello' } }),
  ),
  ...ask('a stop sequence', { model: CLAUDE, options: { prompt: 'Count from 1 to 10.', stopSequences: ['5'] } }),
  ...ask('a stop sequence for gpt-oss', { model: GPT_OSS, arrange: GREETING, options: { prompt: 'hello', stopSequences: ['5'] } }),
  ...ask('sampling', { arrange: GREETING, options: { prompt: 'hello', maxOutputTokens: 50, temperature: 0.5, topP: 0.9 } }),
  ...[NOVA, CLAUDE, MISTRAL].flatMap((model) => ask(`topK for ${model}`, { model, arrange: GREETING, options: { prompt: 'hello', topK: 40 } })),
  ...ask('sampling that Claude no longer takes', { model: CLAUDE_OPUS, arrange: GREETING, options: { prompt: 'hello', temperature: 0.5, topP: 0.9, topK: 3 } }),
  ...ask('sampling for gpt-oss', { model: GPT_OSS, arrange: GREETING, options: { prompt: 'hello', temperature: 0.5, topP: 0.9 } }),
  ...ask('a temperature that is too high', { arrange: GREETING, options: { prompt: 'hello', temperature: 1.5 } }),
  ...ask('a temperature that is too low', { arrange: GREETING, options: { prompt: 'hello', temperature: -1 } }),
  ...ask('seed and penalties', { arrange: GREETING, options: { prompt: 'hello', seed: 1, presencePenalty: 0.5, frequencyPenalty: 0.5 } }),
  {
    name: 'system text after the question',
    run: ({ provider }) =>
      provider(NOVA).doGenerate({ prompt: [said('user', 'hello'), { role: 'system', content: 'Be brief.' }, said('user', 'so')] }).then(({ content }) => content),
  },
  {
    name: 'a whole answer with all that Converse tells',
    arrange: always({ raw: { body: converse({ stopReason: 'stop_sequence', performanceConfig: { latency: 'optimized' }, serviceTier: { type: 'priority' }, additionalModelResponseFields: { delta: { stop_sequence: 'so' }, more: 1 } }) } }),
    run: ({ ai, provider }) => ai.generateText({ model: provider(CLAUDE), prompt: 'hello' }).then(({ providerMetadata }) => providerMetadata),
  },
  {
    name: 'a stream with all that Converse tells',
    arrange: frames(
      START,
      text('Hm.'),
      stop(),
      ['messageStop', { stopReason: 'stop_sequence', additionalModelResponseFields: { delta: { stop_sequence: 'so' }, more: 1 } }],
      ['metadata', { ...USAGE[1], performanceConfig: { latency: 'optimized' }, serviceTier: { type: 'priority' } }],
    ),
    run: async ({ ai, provider }) => {
      const answer = ai.streamText({ model: provider(CLAUDE), prompt: 'hello' });
      await answer.consumeStream();
      return answer.providerMetadata;
    },
  },
  ...ask('citations in the answer', {
    model: CLAUDE,
    arrange: always({
      text: 'It is red.',
      citations: [{ title: 'colours', source: 'colours', sourceContent: [{ text: 'red' }], location: { documentPage: { documentIndex: 0, start: 1, end: 2 } } }],
    }),
    options: { prompt: 'hello' },
  }),
  ...ask('a picture in the answer', {
    arrange: always({ content: [{ text: 'Here:' }, { image: { base64: 'iVBORw0KGgo=', format: 'png' } }] }),
    options: { prompt: 'hello' },
  }),
  {
    name: 'raw chunks',
    arrange: frames(START, text('Hm.'), stop(), END, USAGE),
    run: async ({ ai, provider }) => {
      const answer = ai.streamText({ model: provider(NOVA), prompt: 'hello', includeRawChunks: true });
      const raw = [];
      for await (const part of answer.fullStream) if (part.type === 'raw') raw.push(part.rawValue);
      return raw;
    },
  },
];
