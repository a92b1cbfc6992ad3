// Reasoning: budgets, adaptive thinking, efforts, the AI SDK's portable levels; and how it is shown and sent back.

import { CLAUDE, CLAUDE_OLD, CLAUDE_OPUS, CLAUDE_UNFORCED, END, GPT_OSS, HELLO, NOVA, NOVA_2, START, USAGE, always, answering, ask, frames, saying, stop, text } from '../kit.mjs';

const THOUGHT = always({ reasoning: ['I should', ' greet.'], text: ['Good', ' day.'], usage: { inputTokens: 7, outputTokens: 3 } });
const MODELS = [CLAUDE, CLAUDE_OLD, CLAUDE_OPUS, CLAUDE_UNFORCED, NOVA, NOVA_2, GPT_OSS];
const LEVELS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

const configurations = {
  'a budget': { type: 'enabled', budgetTokens: 2000 },
  'adaptive': { type: 'adaptive' },
  'adaptive, summarised, with an effort': { type: 'adaptive', display: 'summarized', maxReasoningEffort: 'high' },
  'an effort alone': { maxReasoningEffort: 'low' },
  'enabled with an effort': { type: 'enabled', maxReasoningEffort: 'high' },
  'disabled': { type: 'disabled' },
};

/** A question to the model object itself: what is sent, and the warnings. */
const putting = (name, model, options) => ({
  name,
  arrange: answering('Good day.'),
  run: ({ provider }) => provider(model).doGenerate({ prompt: HELLO, maxOutputTokens: 5000, ...options }).then(({ warnings }) => warnings),
});
const delta = (reasoningContent, contentBlockIndex = 0) => ['contentBlockDelta', { contentBlockIndex, delta: { reasoningContent } }];

const replayed = {
  signed: { signature: 'c2ln' },
  'redacted data': { redactedData: 'cmVk' },
  'redacted content': { redactedContent: 'cmVk' },
  unsigned: undefined,
};

export const REASONING = [
  ...MODELS.flatMap((model) => Object.entries(configurations).map(([name, reasoningConfig]) => putting(`reasoning ${name} on ${model}`, model, { providerOptions: { bedrock: { reasoningConfig } } }))),
  ...MODELS.flatMap((model) => LEVELS.map((reasoning) => putting(`portable reasoning ${reasoning} on ${model}`, model, { reasoning }))),
  putting('portable reasoning beside an explicit one', CLAUDE_OPUS, { reasoning: 'low', providerOptions: { bedrock: { reasoningConfig: { maxReasoningEffort: 'high' } } } }),
  putting('sampling beside a budget', CLAUDE, { temperature: 0.5, topP: 0.9, topK: 3, providerOptions: { bedrock: { reasoningConfig: configurations['a budget'] } } }),
  putting('a budget without a limit of tokens', CLAUDE, { maxOutputTokens: undefined, providerOptions: { bedrock: { reasoningConfig: configurations['a budget'] } } }),
  ...ask('thoughts', { model: CLAUDE, arrange: THOUGHT, options: { prompt: 'hello', providerOptions: { bedrock: { reasoningConfig: configurations['a budget'] } } } }),
  ...ask('thoughts of gpt-oss', { model: GPT_OSS, arrange: THOUGHT, options: { prompt: 'hello' } }),
  ...ask('thoughts that are hidden', {
    model: CLAUDE,
    arrange: always({ content: [{ redactedReasoning: 'cmVk' }, { text: 'Good day.' }], usage: { inputTokens: 7, outputTokens: 3 } }),
    options: { prompt: 'hello' },
  }),
  {
    name: 'thoughts, signature and hidden thoughts in frames',
    arrange: frames(START, delta({ text: 'I' }), delta({ text: ' greet' }), delta({ signature: 'c2ln' }), stop(), delta({ redactedContent: 'cmVk' }, 1), stop(1), text('So.', 2), stop(2), END, USAGE),
    run: async ({ ai, provider }) => {
      const answer = ai.streamText({ model: provider(CLAUDE), prompt: 'hello' });
      await answer.consumeStream();
      return { text: await answer.text, reasoning: await answer.reasoning };
    },
  },
  ...Object.entries(replayed).flatMap(([name, bedrock]) =>
    ['bedrock', 'amazonBedrock'].map((key) => ({
      name: `thoughts sent back, ${name}, under ${key}`,
      arrange: answering('Good day.'),
      run: ({ provider }) => {
        const thought = { type: 'reasoning', text: bedrock?.signature || !bedrock ? 'I greet. ' : '', ...(bedrock && { providerOptions: { [key]: bedrock } }) };
        const prompt = [...HELLO, { role: 'assistant', content: [thought, { type: 'text', text: 'Yes?' }] }, ...saying({ type: 'text', text: 'so' })];
        return provider(CLAUDE).doGenerate({ prompt }).then(({ content }) => content);
      },
    })),
  ),
];
