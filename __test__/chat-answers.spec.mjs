// The snapshots of answers (fixtures/chat/answers, written by __test__/rust/recordings/chat) before OpenAI's own judges:
// its types, and the code with which its package puts chunks together.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const answers = join(root, '__test__/fixtures/chat/answers');
const snapshots = readdirSync(answers).map((file) => ({ file, value: JSON.parse(readFileSync(join(answers, file), 'utf8')) }));

const whole = snapshots.filter(({ value }) => value.object === 'chat.completion');
const errors = snapshots.filter(({ value }) => value.body?.error);
const streams = snapshots.filter(({ value }) => Array.isArray(value)).map(({ file, value }) => ({ file, chunks: chunksOf(value) }));
const unbroken = streams.filter(({ chunks }) => !chunks.some((chunk) => chunk.error));

/** A bare text stands for the first chunk with that text as its delta. */
function chunksOf([first, ...rest]) {
  const chunk = (content) => ({ ...first, choices: [{ ...first.choices[0], delta: { content } }] });
  return [first, ...rest.map((item) => (typeof item === 'string' ? chunk(item) : item))];
}

test('every snapshot is an answer, a stream or an error', () => {
  assert.equal(whole.length + errors.length + streams.length, snapshots.length);
  assert.ok(whole.length > 60 && streams.length > 20 && errors.length > 5);
});

test('every answer and chunk has the type that openai declares', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-answers-'));
  after(() => rmSync(folder, { recursive: true }));
  // Through our types, which have our extensions besides: a member that neither has does not compile.
  const list = (name, type, values) => [
    `const ${name}: ours.${type}[] = [${values.map((value) => JSON.stringify(value)).join(',\n')}];`,
    `export const ${name}OfOpenAI: OpenAI.${type}[] = ${name};`,
  ];
  const source = [
    `import type * as ours from ${JSON.stringify(join(root, 'index.mjs'))};`,
    `import type OpenAI from ${JSON.stringify(join(dirname(require.resolve('openai')), 'index.mjs'))};`,
    ...list('whole', 'ChatCompletion', whole.map(({ value }) => value)),
    ...list('chunks', 'ChatCompletionChunk', unbroken.flatMap(({ chunks }) => chunks)),
  ];
  writeFileSync(join(folder, 'answers.mts'), source.join('\n'));
  const compilerOptions = {
    module: 'nodenext', target: 'es2022', strict: true, noEmit: true, exactOptionalPropertyTypes: true, skipLibCheck: true,
    types: ['node'], typeRoots: [join(root, 'node_modules/@types')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.mts'] }));
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '--project', folder], { encoding: 'utf8' });
  } catch (error) {
    assert.fail(error.stdout);
  }
});

for (const { file, chunks } of unbroken) {
  test(`openai joins ${file}`, async () => {
    const lines = new Blob([chunks.map((chunk) => `${JSON.stringify(chunk)}\n`).join('')]).stream();
    const { choices: [choice], usage } = await ChatCompletionStream.fromReadableStream(lines).finalChatCompletion();
    const deltas = chunks.flatMap((chunk) => chunk.choices).map(({ delta }) => delta);
    assert.equal(choice.message.content, deltas.map(({ content }) => content ?? '').join(''));
    assert.equal(choice.finish_reason, chunks.at(-2).choices[0].finish_reason);
    assert.deepEqual(usage, chunks.at(-1).usage);
    const ids = deltas.flatMap(({ tool_calls: calls = [] }) => calls.flatMap(({ id = [] }) => id));
    assert.deepEqual((choice.message.tool_calls ?? []).map(({ id }) => id), ids);
    for (const call of choice.message.tool_calls ?? []) assert.equal(typeof JSON.parse(call.function.arguments), 'object');
  });
}
