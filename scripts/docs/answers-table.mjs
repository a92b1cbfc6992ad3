// The tables of docs/openai-answers.md: finish reasons and errors, made of the tables of src/dialect/chat and src/error.rs.

import { readFileSync } from 'node:fs';

const source = (path) => readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8');
const markdown = (rows) => [rows[0], rows[0].map(() => '---'), ...rows.slice(1)].map((row) => `| ${row.join(' | ')} |`).join('\n');
const code = (word) => (word ? `\`${word}\`` : '');

/** Converse's reasons to stop with OpenAI's, as FINISHES has them. */
export function finishTable() {
  const words = { Stop: 'stop', Length: 'length', ToolCalls: 'tool_calls', ContentFilter: 'content_filter' };
  const rows = [...source('dialect/chat/render/finish.rs').matchAll(/^ {4}\("(\w+)", (?:Some\(Finish::(\w+)\)|None)\),$/gm)];
  if (rows.length < 8) throw new Error('scripts/docs/answers-table.mjs does not read FINISHES.');
  const openai = (finish) => (finish ? code(words[finish]) : 'none: an error, `model_error`');
  return markdown([['`stopReason` of Converse', '`finish_reason`'], ...rows.map(([, converse, finish]) => [code(converse), openai(finish)])]);
}

/** Every kind of error: what it is called in errors.md, and what it becomes. */
export function errorTable() {
  const text = source('dialect/chat/error.rs');
  const constants = Object.fromEntries([...text.matchAll(/^const (\w+): &str = "(\w+)";$/gm)].map(([, name, value]) => [name, value]));
  const types = (type) => constants[type] ?? JSON.parse(type);
  const rows = [...text.matchAll(/row\(Kind::(\w+), (\d+), ([^,]+), "(\w+)"\)((?:\.\w+\([^)]*\))*)/g)].map(
    ([, kind, status, type, name, more]) => [kind, { status, type: types(type), code: name, param: /at\("(\w+)"\)/.exec(more)?.[1], isFinal: more.includes('final_') }],
  );
  const becomes = new Map(rows);
  const names = [...source('error.rs').matchAll(/^ {4}row\(Kind::(\w+), "(\w+)"/gm)];
  if (names.length === 0 || names.length !== rows.length) throw new Error('scripts/docs/answers-table.mjs does not read the tables of errors.');
  const lines = names.map(([, kind, name]) => {
    const row = becomes.get(kind);
    return [code(kind === 'UnknownModel' ? 'model_not_found' : name), row.status, code(row.type), code(row.code), code(row.param), row.isFinal ? '`x-should-retry: false`' : ''];
  });
  return markdown([['error', 'status', '`type`', '`code`', '`param`', 'headers'], ...lines]);
}

/** What the texts of refusals say more finely, as FINDINGS has them. */
export function findingTable() {
  const text = source('dialect/chat/error.rs');
  const table = /const FINDINGS: &\[Finding\] = &\[\n(.*?)\n\];/s.exec(text)?.[1] ?? '';
  const rows = [...table.matchAll(/finding\(\s*&\[(.*?)\],\s*"(\w+)",\s*"(\w+)",?\s*\)/gs)];
  const begun = table.split('finding(').length - 1;
  if (begun === 0 || rows.length !== begun) throw new Error('scripts/docs/answers-table.mjs does not read FINDINGS.');
  const texts = (list) => [...list.matchAll(/"([^"]+)"/g)].map(([, part]) => code(part)).join(', ');
  return markdown([['the text has', '`code`', '`param`'], ...rows.map(([, list, name, param]) => [texts(list), code(name), code(param)])]);
}
