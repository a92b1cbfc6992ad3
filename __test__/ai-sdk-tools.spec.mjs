// `tools` of a provider: the same as those of `@ai-sdk/amazon-bedrock`, and as `ai` takes them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amazonBedrock } from '@ai-sdk/amazon-bedrock';
import { asSchema } from '@ai-sdk/provider-utils';
import module from '../js/ai-sdk/tools.js';

const { tools } = module;
const ai = await import('ai').catch(() => undefined);
const ai6 = await import('ai6');

/** Schemas say the same whatever the order of names, and with or without the limits that Zod gives every integer. */
function plain(schema) {
  if (Array.isArray(schema)) return schema.map(plain).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $schema: _, minimum: __, maximum: ___, ...rest } = schema;
  const sorted = Object.keys(rest).sort().map((name) => [name, plain(rest[name])]);
  return Object.fromEntries(sorted.filter(([name, value]) => name !== 'required' || value.length > 0));
}

async function described({ inputSchema, outputSchema, execute, ...tool }) {
  const given = Object.fromEntries(Object.entries(tool).filter(([, value]) => value !== undefined));
  const schemas = [inputSchema, outputSchema].map(async (schema) => schema && plain(await asSchema(schema).jsonSchema));
  return { ...given, execute: typeof execute, schemas: await Promise.all(schemas) };
}

test('there are the same tools', () => {
  assert.deepEqual(Object.keys(tools).sort(), Object.keys(amazonBedrock.tools).sort());
});

for (const [name, theirs] of Object.entries(amazonBedrock.tools)) {
  test(`${name} is the same tool`, async () => {
    const args = { displayWidthPx: 1024, maxUses: 3 };
    const handlers = { onInputStart() {}, onInputDelta() {}, onInputAvailable() {} };
    const expected = await described(theirs({ ...args, ...handlers }));
    assert.deepEqual(await described(tools[name]({ ...args, ...handlers })), expected);
    assert.deepEqual((await described(tools[name]())).args, {});
  });
}

describe('the sandbox', () => {
  test('runs commands of bash', async () => {
    const asked = [];
    const sandbox = { run: async (options) => asked.push(options) && { stdout: '2' } };
    const { signal: abortSignal } = new AbortController();
    const output = await tools.bash_20250124().execute({ command: 'expr 1 + 1' }, { abortSignal, experimental_sandbox: sandbox });
    assert.deepEqual([output, asked], [{ stdout: '2' }, [{ command: 'expr 1 + 1', abortSignal }]]);
  });

  test('that is not there is told', async () => {
    await assert.rejects(tools.bash_20241022().execute({ command: 'ls' }, {}), /^Error: Sandbox session is not available/);
  });

  test('gives way to a function, and to nothing', () => {
    const execute = () => '2';
    assert.equal(tools.bash_20250124({ execute }).execute, execute);
    assert.ok(!('execute' in tools.bash_20250124({ execute: null })));
  });
});

test('code that runs at the service may call other tools', () => {
  for (const name of ['codeExecution_20250825', 'codeExecution_20260120']) {
    const [mine, theirs] = [tools[name](), amazonBedrock.tools[name]()].map((tool) => tool.experimental_toolCaller);
    assert.equal(mine.type, theirs.type);
    for (const options of [undefined, {}, { bedrock: { a: 1 }, anthropic: { b: 2, allowedCallers: ['direct', 'direct'] } }]) {
      assert.deepEqual(mine.prepareProviderOptions(options), theirs.prepareProviderOptions(options));
    }
  }
});

const VALUES = [
  undefined, null, 7, 'text', [], {},
  { command: 'ls' }, { command: 'ls', restart: 'yes' }, { command: 'view', path: '/a' }, { command: 'view', path: '/a', view_range: [1] },
  { command: 'view', path: '/a', view_range: [1, 2] }, { command: 'view', path: '/a', view_range: [1, 'x'] }, { command: 'undo_edit', path: '/a' },
  { command: 'rename', old_path: '/a', new_path: '/b' }, { command: 'insert', path: '/a', insert_line: 1.5, insert_text: '' },
  { action: 'wait', duration: 1.5 }, { action: 'left_click', coordinate: [1, 2] }, { action: 'left_click', coordinate: [1, 2.5] },
  { action: 'left_click', coordinate: [1, 2, 3] }, { action: 'zoom', region: [0, 0, 1, 1] }, { action: 'jump' }, { action: 'key', text: 'a', more: 1 },
  { query: 'q', limit: 1 }, { pattern: '.*' }, { url: 'https://x.example' }, { code: '1' }, { type: 'programmatic-tool-call', code: '1' },
  { type: 'text_editor_code_execution', command: 'create', path: '/a', file_text: null }, { type: 'text_editor_code_execution', command: 'view' },
];

test('what models call tools with is checked as Zod does', async () => {
  // It takes nothing at all, and Zod is told to be strict about it; a model that says more does no harm.
  const { advisor_20260301: _, ...checked } = tools;
  const seen = { true: 0, false: 0 };
  for (const [name, mine] of Object.entries(checked)) {
    for (const value of VALUES) {
      const { success: expected } = await asSchema(amazonBedrock.tools[name]({}).inputSchema).validate(value);
      const result = await asSchema(mine().inputSchema).validate(value);
      assert.equal(result.success, expected, `${name} ${JSON.stringify(value)}`);
      if (expected) assert.equal(result.value, value);
      else assert.match(result.error.message, /"The value/);
      seen[expected]++;
    }
  }
  assert.ok(seen.true > 50 && seen.false > 100, JSON.stringify(seen));
});

/** A model that calls the tool `bash` once, and keeps what it was called with. */
function callingModel(specificationVersion) {
  const calls = [];
  const usage = { inputTokens: { total: 1, noCache: 1 }, outputTokens: { total: 1, text: 1 } };
  const doGenerate = async (options) => {
    calls.push(options);
    const content = calls.length > 1
      ? [{ type: 'text', text: 'Done.' }]
      : [{ type: 'tool-call', toolCallId: 't1', toolName: 'bash', input: '{"command":"expr 1 + 1"}' }];
    const finishReason = { unified: calls.length > 1 ? 'stop' : 'tool-calls', raw: undefined };
    return { content, finishReason, usage, warnings: [] };
  };
  return { calls, model: { specificationVersion, provider: 'p', modelId: 'm', supportedUrls: {}, doGenerate } };
}

for (const [name, sdk, specificationVersion] of [['ai 7', ai, 'v4'], ['ai 6', ai6, 'v3']]) {
  test(`${name} takes every tool, and runs those that run in the program`, { skip: sdk === undefined }, async () => {
    const { calls, model } = callingModel(specificationVersion);
    const commands = [];
    const all = Object.fromEntries(Object.keys(tools).map((each) => [each, tools[each]({ maxUses: 3 })]));
    const bash = tools.bash_20250124({ execute: async ({ command }) => commands.push(command) && '2' });
    const result = await sdk.generateText({ model, prompt: 'p', tools: { ...all, bash }, stopWhen: sdk.stepCountIs(3) });
    assert.deepEqual([result.text, commands], ['Done.', ['expr 1 + 1']]);
    const given = calls[0].tools.map(({ type, id, name: called, args }) => ({ type, id, name: called, args }));
    const expected = Object.entries({ ...all, bash }).map(([called, { id, args }]) => ({ type: 'provider', id, name: called, args }));
    assert.deepEqual(given, expected);
  });
}
