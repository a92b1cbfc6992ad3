// Structured output: objects, lists, choices and free JSON by every route, whole and growing in a stream.

import { CLAUDE, CLAUDE_OLD, CLAUDE_OPUS, CLAUDE_UNFORCED, NOVA, always, saying } from '../kit.mjs';

const PIECES = ['{"city": ', '"Oslo", ', '"days": 3}'];
const schemaOf = (z) => z.object({ city: z.string(), days: z.number() });

const USED = { usage: { inputTokens: 7, outputTokens: 3 } };

/** The JSON by whichever route it is asked for: as the input of a tool, whatever that is called, or as text. */
const json = (pieces, tools) => {
  const name = tools.find((tool) => tool.startsWith('json'));
  return name ? { toolUse: { id: 'tooluse_json', name, input: pieces }, ...USED } : { text: pieces, ...USED };
};
const telling = (pieces) => (session) => session.rule({ match: () => true, answer: ({ tools }) => json(pieces, tools) });

const outputs = {
  object: { make: ({ ai, z }) => ai.Output.object({ schema: schemaOf(z) }), pieces: PIECES },
  array: { make: ({ ai, z }) => ai.Output.array({ element: schemaOf(z) }), pieces: ['{"elements": [', PIECES.join(''), ', {"city": "Rome", "days": 1}', ']}'] },
  choice: { make: ({ ai }) => ai.Output.choice({ options: ['sun', 'rain'] }), pieces: ['{"result": ', '"rain"}'] },
};

const routes = Object.entries(outputs).flatMap(([kind, { make, pieces }]) =>
  [NOVA, CLAUDE, CLAUDE_OPUS, CLAUDE_OLD, CLAUDE_UNFORCED].flatMap((model) => [
    {
      name: `output ${kind} on ${model}, whole`,
      arrange: telling(pieces),
      run: async (kit) => {
        const { output, finishReason } = await kit.ai.generateText({ model: kit.provider(model), prompt: 'A trip', output: make(kit) });
        return { output, finishReason };
      },
    },
    { name: `output ${kind} on ${model}, streamed`, arrange: telling(pieces), run: (kit) => growing(kit, model, make(kit)) },
  ]),
);

/** Distinct partial outputs in their order, and the last one. */
async function growing({ ai, provider }, model, output, options) {
  const answer = ai.streamText({ model: provider(model), prompt: 'A trip', output, ...options });
  const partial = [];
  for await (const part of answer.partialOutputStream) partial.push(part);
  return { partial, output: await answer.output, finishReason: await answer.finishReason };
}

const modes = ['outputFormat', 'jsonTool', 'auto'].flatMap((structuredOutputMode) =>
  [CLAUDE, CLAUDE_OPUS].map((model) => ({
    name: `output mode ${structuredOutputMode} on ${model}`,
    arrange: telling(PIECES),
    run: ({ ai, z, provider }) =>
      ai
        .generateText({ model: provider(model), prompt: 'A trip', output: ai.Output.object({ schema: schemaOf(z) }), providerOptions: { bedrock: { structuredOutputMode } } })
        .then(({ output }) => output),
  })),
);

export const OBJECTS = [
  ...routes,
  ...modes,
  {
    name: 'output beside tools',
    arrange: (session) => {
      session.on({ toolResult: true }, ({ tools }) => json(PIECES, tools));
      session.rule({ answer: { toolUse: { id: 'tooluse_0', name: 'weather', input: { city: 'Oslo' } }, ...USED } });
    },
    run: async ({ ai, z, provider }) => {
      const tools = { weather: ai.tool({ inputSchema: z.object({ city: z.string() }), execute: () => 'Rain' }) };
      const { output, steps } = await ai.generateText({ model: provider(NOVA), prompt: 'A trip', tools, stopWhen: ai.stepCountIs(3), output: ai.Output.object({ schema: schemaOf(z) }) });
      return { output, steps: steps.length };
    },
  },
  {
    name: 'output beside tools, on Claude',
    arrange: telling(PIECES),
    run: ({ ai, z, provider }) => {
      const tools = { weather: ai.tool({ inputSchema: z.object({ city: z.string() }) }) };
      return growing({ ai, provider }, CLAUDE_OPUS, ai.Output.object({ schema: schemaOf(z) }), { tools });
    },
  },
  {
    name: 'output with thinking',
    arrange: (session) => session.rule({ match: () => true, answer: ({ tools }) => ({ reasoning: 'Hm.', ...json(PIECES, tools) }) }),
    run: ({ ai, z, provider }) =>
      growing({ ai, provider }, CLAUDE, ai.Output.object({ schema: schemaOf(z) }), { providerOptions: { bedrock: { reasoningConfig: { type: 'enabled', budgetTokens: 2000 } } } }),
  },
  ...[NOVA, CLAUDE].map((model) => ({
    name: `output json without a schema on ${model}`,
    arrange: always({ text: PIECES, ...USED }),
    run: async ({ ai, provider }) => growing({ ai, provider }, model, ai.Output.json()),
  })),
  {
    name: 'a schema with all that JSON Schema has',
    arrange: telling(['{}']),
    run: ({ provider }) => {
      const schema = {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        properties: {
          a: { type: 'string', minLength: 1, format: 'uuid' },
          b: { type: 'array', items: { $ref: '#/definitions/c' }, minItems: 1 },
          d: { anyOf: [{ type: 'null' }, { type: 'number', minimum: 1 }] },
        },
        definitions: { c: { type: 'object', properties: { e: { const: 1 } } } },
        required: ['a'],
      };
      const prompt = saying({ type: 'text', text: 'hello' });
      return provider(CLAUDE).doGenerate({ prompt, responseFormat: { type: 'json', schema } }).then(({ content }) => content);
    },
  },
];
