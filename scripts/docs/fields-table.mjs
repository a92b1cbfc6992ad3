// The table of request fields in docs/requests.md, made of the table FIELDS in src/dialect/text/fields.rs.

import { readFileSync } from 'node:fs';

const SOURCE = new URL('../../src/dialect/text/fields.rs', import.meta.url);

/** The predicates of FIELDS, in words: the values that ask for nothing and are taken in silence. */
const ASKS_NOTHING = {
  never: '',
  is_zero: '`0`',
  is_one: '`1`',
  is_false: '`false`',
  is_empty: '`[]`, `{}`',
  is_none_word: '`"none"`',
  is_no_tool_choice: '`"none"`, `"auto"`',
  is_auto: '`"auto"`, `"default"`',
  is_medium: '`"medium"`',
  is_text_only: '`["text"]`',
  is_text_format: '`{"type": "text"}`',
};

const FATES = { Mapped: 'carried out', Warned: 'left out with a warning', Refused: 'refused' };

/** The rows of FIELDS: name, fate, reason, and the name of the predicate. */
export function fields() {
  const table = /const FIELDS: &\[Row\] = &\[\n(.*?)\n\];/s.exec(readFileSync(SOURCE, 'utf8'))?.[1] ?? '';
  const rows = table.split('\n').map((line) => {
    const read = /^ {4}\("(\w+)", +(Mapped|Warned|Refused)(?:\("(.*)"\))?, (\w+)\),$/.exec(line);
    if (read === null) throw new Error(`scripts/docs/fields-table.mjs cannot read this line of FIELDS: ${line}`);
    const [, name, fate, why = '', predicate] = read;
    return { name, fate, why, predicate };
  });
  return rows;
}

/** The table as Markdown. */
export function fieldTable() {
  const rows = fields().map(({ name, fate, why, predicate }) => {
    const silent = ASKS_NOTHING[predicate];
    if (silent === undefined) throw new Error(`Say in scripts/docs/fields-table.mjs what ${predicate} lets pass.`);
    return `| \`${name}\` | ${FATES[fate]} | ${why} | ${silent} |`;
  });
  return `| field | what becomes of it | why | taken in silence |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}
