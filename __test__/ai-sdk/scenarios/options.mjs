// `providerOptions` under both keys: cache points, guardrails with their trace, tier, latency, metadata, and keys that
// nobody knows.

import { CLAUDE, HELLO, NOVA, PNG, answering, ask, saying } from '../kit.mjs';

const GREETING = answering('Good day.');
const CACHE = { bedrock: { cachePoint: { type: 'default' } } };
const CACHE_FOR_AN_HOUR = { amazonBedrock: { cachePoint: { type: 'default', ttl: '1h' } } };
const said = (words, providerOptions) => ({ type: 'text', text: words, ...(providerOptions && { providerOptions }) });

const passed = {
  'a service tier': { serviceTier: 'priority' },
  'a service tier that is unknown': { serviceTier: 'fast' },
  'performance': { performanceConfig: { latency: 'optimized' } },
  'request metadata': { requestMetadata: { team: 'a' } },
  'model fields': { additionalModelRequestFields: { top_k: 5 } },
  'response field paths': { additionalModelResponseFieldPaths: ['/stop_sequence'] },
  'betas': { anthropicBeta: ['context-1m-2025-08-07'] },
  'a guardrail that does not exist': { guardrailConfig: { guardrailIdentifier: 'abcdefghij12', guardrailVersion: '1', trace: 'enabled' } },
  'prompt variables': { promptVariables: { who: { text: 'me' } } },
  'keys that nobody knows': { somethingNew: { a: 1 } },
  'a value of the wrong type': { reasoningConfig: 'high' },
};

const trace = { guardrail: { modelOutput: ['Bad.'], inputAssessment: { abcdefghij12: { wordPolicy: { customWords: [{ match: 'bad', action: 'BLOCKED' }] } } } } };
const usage = { inputTokens: 7, outputTokens: 3, totalTokens: 10 };
const metrics = { latencyMs: 5 };

/** An answer that a guardrail has put in place of the model's. */
function guarded(session) {
  session.on({ operation: 'Converse' }, { raw: { body: { output: { message: { role: 'assistant', content: [{ text: 'Blocked.' }] } }, stopReason: 'guardrail_intervened', usage, metrics, trace } } });
  session.on(
    { operation: 'ConverseStream' },
    {
      frames: [
        { event: 'messageStart', payload: { role: 'assistant' } },
        { event: 'contentBlockDelta', payload: { contentBlockIndex: 0, delta: { text: 'Blocked.' } } },
        { event: 'contentBlockStop', payload: { contentBlockIndex: 0 } },
        { event: 'messageStop', payload: { stopReason: 'guardrail_intervened' } },
        { event: 'metadata', payload: { usage, metrics, trace } },
      ],
    },
  );
}

const putting = (name, prompt, more) => ({
  name,
  arrange: GREETING,
  run: ({ provider }) => provider(CLAUDE).doGenerate({ prompt, ...more }).then(({ warnings }) => warnings),
});

export const OPTIONS = [
  ...Object.entries(passed).flatMap(([name, bedrock]) =>
    ['bedrock', 'amazonBedrock'].map((key) => ({
      name: `options: ${name}, under ${key}`,
      arrange: GREETING,
      run: ({ provider }) => provider(CLAUDE).doGenerate({ prompt: HELLO, providerOptions: { [key]: bedrock } }).then(({ warnings }) => warnings),
    })),
  ),
  putting('options under both keys', HELLO, { providerOptions: { amazonBedrock: { serviceTier: 'priority' }, bedrock: { requestMetadata: { team: 'a' } } } }),
  putting('options of other providers', HELLO, { providerOptions: { openai: { store: true } } }),
  ...ask('a guardrail that intervenes, with its trace', { arrange: guarded, options: { prompt: 'bad' } }),
  putting(
    'guarded content',
    saying(
      said('hello', { bedrock: { guardContent: true, guardContentQualifiers: ['query'] } }),
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: PNG }, providerOptions: { bedrock: { guardContent: true } } },
    ),
  ),
  putting('cache points on parts', saying(said('one', CACHE), said('two', CACHE_FOR_AN_HOUR), said('three'))),
  putting('cache points on messages', [
    { role: 'system', content: 'Be brief.', providerOptions: CACHE },
    { role: 'user', content: [said('hello')], providerOptions: CACHE_FOR_AN_HOUR },
    { role: 'assistant', content: [said('Yes?')], providerOptions: CACHE },
    { role: 'user', content: [said('so')] },
  ]),
  putting('cache control of Claude', saying(said('hello', { anthropic: { cacheControl: { type: 'ephemeral' } } }))),
  {
    name: 'a settings object of the model',
    arrange: GREETING,
    run: ({ provider }) =>
      provider('arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456', { modelFamily: 'anthropic' })
        .doGenerate({ prompt: HELLO, temperature: 0.5, providerOptions: { bedrock: { reasoningConfig: { type: 'enabled', budgetTokens: 1024 } } } })
        .then(({ warnings }) => warnings),
  },
  ...ask('a tier that is told back', { arrange: GREETING, options: { prompt: 'hello', providerOptions: { bedrock: { serviceTier: 'flex' } } }, model: NOVA }),
];
