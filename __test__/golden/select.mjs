// Chooses from the whole set of golden cases those that are kept here: node select.mjs <folder of golden cases>
//
// The rule: of every family × API × mode one case of each everyday scenario, and of every API one case of each other
// scenario, once with each verdict; always the smallest.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHOSEN, readCases } from './cases.mjs';

const EVERYDAY = new Set(['plain-user', 'system-user', 'multi-turn', 'thinking-included']);

const [from] = process.argv.slice(2);
const line = (expected) => JSON.stringify(expected);
const title = ({ family, api, stream, scenario, verdict }) => [
  `${api} ${verdict} ${scenario}`,
  ...(EVERYDAY.has(scenario) ? [`${family} ${api} ${stream} ${scenario}`] : []),
];

const chosen = new Map();
const seen = new Set();
const cases = readCases(from).sort((a, b) => line(a).length - line(b).length || a.id.localeCompare(b.id));
for (const expected of cases) {
  const news = title(expected).filter((what) => !seen.has(what));
  if (news.length === 0) continue;
  news.forEach((what) => seen.add(what));
  const file = `${fileFamily(expected)}.${expected.api}.json`;
  chosen.set(file, [...(chosen.get(file) ?? []), expected]);
}

rmSync(CHOSEN, { recursive: true, force: true });
mkdirSync(CHOSEN, { recursive: true });
for (const [file, group] of chosen) {
  const ordered = group.sort((a, b) => a.id.localeCompare(b.id));
  writeFileSync(join(CHOSEN, file), `[\n${ordered.map(line).join(',\n')}\n]\n`);
}
console.log(`${[...chosen.values()].flat().length} of ${cases.length} cases in ${chosen.size} files`);

/** As in the whole set, errors and arguments have files of their own. */
function fileFamily({ family, scenario }) {
  if (/^(args|creds)-/.test(scenario)) return 'arguments';
  return /^(http-|retry-|exception-|error-|corrupt-|truncated-|hangup-|empty-stream|malformed-|chunk-invalid)/.test(scenario) ? 'errors' : family;
}
