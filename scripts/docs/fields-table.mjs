// The tables of request fields in docs/requests.md, docs/openai.md and docs/ai-sdk.md, made of the tables FIELDS of the dialects.

import { readFileSync } from 'node:fs';

/** The predicates of FIELDS, in words: the values that ask for nothing and are taken in silence. */
const ASKS_NOTHING = {
  never: '',
  is_zero: '`0`',
  is_one: '`1`',
  is_false: '`false`',
  is_empty: '`[]`, `{}`',
  is_none_word: '`"none"`',
  is_none_or_auto: '`"none"`, `"auto"`',
  is_default_tier: '`"auto"`, `"default"`',
  is_medium: '`"medium"`',
  is_text_only: '`["text"]`',
  is_auto: '`"auto"`',
  is_auto_or_opaque: '`"auto"`, `"opaque"`',
  is_float: '`"float"`, `["float"]`',
  is_text_format: '`{"type": "text"}`',
};

const HOLDS = { Flag: 'boolean', Number: 'number', Text: 'string', List: 'array', Object: 'object', Any: '' };

const FATES = { Mapped: 'carried out', Emulated: 'emulated', Warned: 'left out with a warning', Refused: 'refused' };

/** `("name", Holds, Fate, predicate, "sentence"),` */
const ROW = /\("([\w.[\]-]+)", (\w+), (\w+), (\w+),\s+"((?:[^"\\]|\\.)*)"\),/g;

/** The rows of FIELDS in `src/dialect/{dialect}/fields.rs`. */
export function fields(dialect) {
  const source = readFileSync(new URL(`../../src/dialect/${dialect}/fields.rs`, import.meta.url), 'utf8');
  const table = /const FIELDS: &\[Row\] = &\[\n(.*?)\n\];/s.exec(source)?.[1] ?? '';
  const rows = [...table.matchAll(ROW)].map(([, name, holds, fate, predicate, says]) => ({ name, holds, fate, predicate, says: JSON.parse(`"${says}"`) }));
  const begun = table.split('\n').filter((line) => line.startsWith('    (')).length;
  if (rows.length !== begun) throw new Error(`scripts/docs/fields-table.mjs reads ${rows.length} of ${begun} rows of FIELDS of ${dialect}.`);
  return rows;
}

/** The table as Markdown; `names` chooses rows. */
export function fieldTable(dialect, chosen = () => true) {
  const rows = fields(dialect).filter(({ name }) => chosen(name)).map(({ name, holds, fate, says, predicate }) => {
    const silent = ASKS_NOTHING[predicate];
    if (silent === undefined) throw new Error(`Say in scripts/docs/fields-table.mjs what ${predicate} lets pass.`);
    return [`\`${name}\``, HOLDS[holds], FATES[fate], says, fate === 'Mapped' || fate === 'Emulated' ? '' : silent];
  });
  const headings = ['field', 'holds', 'what becomes of it', 'as what, or why', 'taken in silence'];
  return [headings, headings.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
