// The table of unconfirmed wordings in docs/simulator-validation.md, made of the table in src/simulator/wording.rs.

import { readFileSync } from 'node:fs';

const SOURCE = new URL('../../src/simulator/wording.rs', import.meta.url);

/** `NAME: unconfirmed "source" "text";` */
const ENTRY = /(\w+):\s*(confirmed|unconfirmed)\s*"((?:[^"\\]|\\.)*)"\s*"((?:[^"\\]|\\.)*)";/g;

const ESCAPES = { n: '\\n', t: '\\t' };

/** The text of a Rust string literal, on one line. */
function read(literal) {
  return literal.replace(/\\(?:u\{([0-9a-f]+)\}|(.))/g, (_, code, sign) =>
    code === undefined ? (ESCAPES[sign] ?? sign) : String.fromCodePoint(Number.parseInt(code, 16)),
  );
}

/** The table as Markdown. */
export function wordingTable() {
  const table = /\nwordings! \{\n(.*?)\n\}\n/s.exec(readFileSync(SOURCE, 'utf8'))?.[1] ?? '';
  const entries = [...table.matchAll(ENTRY)];
  const lines = table.split('\n').filter((line) => /^ {4}[A-Z_0-9]+:/.test(line));
  if (entries.length !== lines.length) {
    throw new Error(`scripts/docs/wordings-table.mjs reads ${entries.length} of ${lines.length} entries of wordings!`);
  }
  const cell = (text) => `\`\` ${read(text).replaceAll('|', '\\|')} \`\``;
  const rows = entries
    .filter(([, , state]) => state === 'unconfirmed')
    .map(([, , , source, text]) => `| ${cell(text)} | ${read(source).replaceAll('|', '\\|')} |`);
  return ['| text | nearest source |', '| --- | --- |', ...rows].join('\n');
}
