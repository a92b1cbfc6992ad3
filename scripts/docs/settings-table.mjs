// The gateway's settings, made of the table in src/gateway/settings/table.rs: the reference in docs/gateway.md and the
// options in js/gateway.d.ts.

import { readFileSync } from 'node:fs';

const SOURCE = readFileSync(new URL('../../src/gateway/settings/table.rs', import.meta.url), 'utf8');

const TEXT = /"((?:[^"\\]|\\[\s\S])*)"/.source;
/** A heading, or `row("name", Takes::Text("word"), "Help.").also("VARIABLE")`. */
const ENTRY = new RegExp(
  String.raw`\n {4}\(\n\s+${TEXT},\n|\b(?:row|secret)\(\s*"(\w+)",\s*Takes::(\w+)(?:\("([^"]*)"\))?,\s*${TEXT},?\s*\)((?:\s*\.\w+\([^)]*\))*)`,
  'g',
);
const NESTED = new RegExp(String.raw`Nested \{\s*name: "(\w+)",\s*help: ${TEXT}`, 'g');

const TYPES = { Switch: 'boolean', Number: 'number', Text: 'string', Texts: 'string[]' };
const WIDTH = 118;

/** Every setting but those made of objects: heading, name, what it takes, help, and the Access Gateway's variable. */
function settings() {
  const table = SOURCE.slice(SOURCE.indexOf('pub const TABLE'), SOURCE.indexOf('\nconst fn row'));
  const found = [];
  let heading;
  for (const [, section, name, takes, word, help, more] of table.matchAll(ENTRY)) {
    if (section !== undefined) heading = section;
    else found.push({ heading, name, takes, word, help: read(help), theirs: /\.also(?:_one)?\(\s*"(\w+)"/.exec(more)?.[1] });
  }
  const rows = table.match(/\b(?:row|secret)\(/g).length;
  if (found.length !== rows) throw new Error(`scripts/docs/settings-table.mjs reads ${found.length} of ${rows} settings`);
  return found;
}

/** The text of a Rust string literal. */
function read(literal) {
  return literal.replace(/\\(?:\n\s*|(.))/g, (_, sign) => sign ?? '');
}

/** Settings made of objects. */
function nested() {
  return [...SOURCE.matchAll(NESTED)].map(([, name, help]) => ({ name, help: read(help) }));
}

function camel(name) {
  return name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

/** The reference as Markdown: a table for each heading. */
export function settingsTables() {
  const cell = (text) => text.replaceAll('|', '\\|');
  const holds = ({ takes, word }) => ({ Switch: '`true`, `false`', Number: 'number', Text: word, Texts: `list of: ${word}` })[takes];
  const row = (setting) => `| \`${setting.name}\` | ${holds(setting)} | ${cell(setting.help)} | ${setting.theirs ? `\`${setting.theirs}\`` : ''} |`;
  const tables = [...bySection(settings())].map(([heading, rows]) =>
    [`### ${heading}`, '', '| setting | holds | meaning and default | Access Gateway |', '| --- | --- | --- | --- |', ...rows.map(row)].join('\n'),
  );
  const lists = nested().map(({ name, help }) => `| \`${name}\` | ${cell(help)} |`);
  if (lists.length > 0) tables.push(['### In a file or a program only', '', '| setting | meaning and default |', '| --- | --- |', ...lists].join('\n'));
  return tables.join('\n\n');
}

function bySection(rows) {
  const sections = new Map();
  for (const row of rows) sections.set(row.heading, [...(sections.get(row.heading) ?? []), row]);
  return sections;
}

/** The members of `GatewaySettings`. */
export function settingsTypes() {
  const types = readFileSync(new URL('../../js/gateway.d.ts', import.meta.url), 'utf8');
  const missing = nested().filter(({ name }) => !types.includes(`  ${camel(name)}?: `));
  if (missing.length > 0) throw new Error(`js/gateway.d.ts lacks ${missing.map(({ name }) => camel(name))}`);
  return settings()
    .map(({ name, takes, help }) => [...comment(help), `  ${camel(name)}?: ${TYPES[takes]} | null;`].join('\n'))
    .join('\n');
}

function comment(text) {
  if (text.length + 9 <= WIDTH) return [`  /** ${text} */`];
  const lines = [''];
  for (const word of text.split(' ')) {
    if (lines.at(-1).length + word.length + 6 > WIDTH) lines.push('');
    lines[lines.length - 1] += ` ${word}`;
  }
  return ['  /**', ...lines.map((line) => `   *${line}`), '   */'];
}
