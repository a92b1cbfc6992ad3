// What the scenarios share: models, pictures, and `ask`, which asks the same whole and streamed.
//
// A scenario is `{ name, arrange?, environment?, settings?, run }`: rules and faults of its account of the simulator,
// variables, further settings of the provider, and what a program does with `{ ai, z, provider, session, which }`. What `run`
// returns is compared too.

export const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
/** Thinks adaptively, takes no sampling parameters. */
export const CLAUDE_OPUS = 'us.anthropic.claude-opus-4-7';
/** Cannot be made to use a tool. */
export const CLAUDE_UNFORCED = 'global.anthropic.claude-sonnet-5-5';
/** Has no structured output of its own, and thinks with a budget only. */
export const CLAUDE_OLD = 'us.anthropic.claude-sonnet-4-20250514-v1:0';
export const NOVA = 'us.amazon.nova-lite-v1:0';
export const NOVA_2 = 'us.amazon.nova-2-lite-v1:0';
export const MISTRAL = 'us.mistral.pixtral-large-2502-v1:0';
export const GPT_OSS = 'openai.gpt-oss-120b-1:0';

/** One red pixel. */
export const PNG = Uint8Array.from(
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==', 'base64'),
);
export const PDF = new TextEncoder().encode('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

/** A pair of scenarios, `generateText` and `streamText`, of the same options: an object, or a function of the kit. */
export function ask(name, { model = NOVA, modelSettings, arrange, settings, options }) {
  const asked = (kit) => ({ model: kit.provider(model, modelSettings), maxRetries: 0, ...(typeof options === 'function' ? options(kit) : options) });
  return [
    { name: `${name}, whole`, arrange, settings, run: async (kit) => summaryOf(await kit.ai.generateText(asked(kit))) },
    { name: `${name}, streamed`, arrange, settings, run: async (kit) => streamed(kit.ai.streamText({ ...asked(kit), onError: () => {} })) },
  ];
}

/** Reads a streamed answer to its end; what it is then, and what went wrong on the way. */
export async function streamed(answer) {
  const errors = [];
  for await (const part of answer.fullStream) if (part.type === 'error') errors.push(part.error);
  return { ...(await summaryOf(answer)), errors };
}

/** What a program sees of an answer. */
async function summaryOf(answer) {
  const names = ['text', 'reasoningText', 'finishReason', 'rawFinishReason', 'totalUsage'];
  const known = await Promise.all(names.map((name) => settled(answer[name])));
  const [steps, sources, files] = await Promise.all([settled(answer.steps), settled(answer.sources), settled(answer.files)]);
  return {
    ...Object.fromEntries(names.map((name, at) => [name, known[at]])),
    steps: Array.isArray(steps) ? steps.map(({ finishReason, toolCalls, toolResults }) => ({ finishReason, toolCalls, toolResults })) : steps,
    sources,
    files: Array.isArray(files) ? files.map(({ mediaType, uint8Array }) => ({ mediaType, bytes: uint8Array.length })) : files,
  };
}

/** A value, or the name of the error in its place. */
async function settled(value) {
  try {
    return await value;
  } catch ({ name }) {
    return { failed: name };
  }
}

/** A rule that answers everything. */
export const always = (answer) => (session) => session.rule({ answer });

/** Answers this, with usage that does not depend on how the question was put. */
export const answering = (words) => always({ text: words, usage: { inputTokens: 7, outputTokens: 3 } });

/** A whole answer of Converse, with what is given in place of the usual. */
export const converse = (answer) => ({
  output: { message: { role: 'assistant', content: [{ text: 'Hm.' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 },
  metrics: { latencyMs: 5 },
  ...answer,
});

/** A user message of these parts. */
export const saying = (...content) => [{ role: 'user', content }];

export const HELLO = saying({ type: 'text', text: 'hello' });

/** Frames of a ConverseStream: `[name, payload]`, or frames as they are. */
export const frames = (...list) => always({ frames: list.map((frame) => (Array.isArray(frame) ? { event: frame[0], payload: frame[1] } : frame)) });

export const START = ['messageStart', { role: 'assistant' }];
export const text = (words, contentBlockIndex = 0) => ['contentBlockDelta', { contentBlockIndex, delta: { text: words } }];
export const stop = (contentBlockIndex = 0) => ['contentBlockStop', { contentBlockIndex }];
export const END = ['messageStop', { stopReason: 'end_turn' }];
export const USAGE = ['metadata', { usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 }, metrics: { latencyMs: 5 } }];
