// The fields that the types have are those of the code's own table.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

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
