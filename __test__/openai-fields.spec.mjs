// The fields and options that the types have are those of the code's own tables.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Bedrock, createFetch } from '../index.mjs';
import { NAMES } from '../js/options.js';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** Members of an interface, without those of its members. */
function members(types, name) {
  const [, body] = new RegExp(`interface ${name}\\b[^{]*{\\n(.*?)\\n}`, 's').exec(types);
  return [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, member]) => member);
}

test('a chat request has the fields of the table in docs/openai.md', () => {
  const [, table] = /<!-- generated: fields -->(.*?)<!-- \/generated -->/s.exec(read('docs/openai.md'));
  const told = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, field]) => field);
  const types = read('js/openai/chat.d.ts');
  const typed = [...members(types, 'ChatCompletionCreateParamsBase'), ...members(types, 'BedrockFields')];
  assert.ok(told.length > 40, `${told.length} fields`);
  assert.deepEqual(typed.sort(), told.sort());
});

test('a client has the options of its types, and others are told once', async () => {
  assert.deepEqual(members(read('js/openai/options.d.ts'), 'BedrockOptions').sort(), [...NAMES].sort());
  const messages = [];
  process.on('warning', ({ message }) => messages.push(message));
  const warned = once(process, 'warning');
  new Bedrock({ region: 'us-east-1', reigon: 'us-west-2', organization: null });
  createFetch({ region: 'us-east-1', reigon: 'us-west-2' });
  await warned;
  await new Promise(setImmediate);
  assert.deepEqual(messages, ['The option "reigon" is not known to bedrock-wrapper and has no effect.']);
});
