// The options of the simulator are told where they are read, in the types and in the documentation. The command line is
// compared with where they are read by the tests of src/cli/flags.rs, and with the documentation by cli.spec.mjs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { simulate } from '../js/simulator.js';

const text = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** What stands between two texts. */
function between(whole, start, end) {
  const from = whole.indexOf(start);
  assert.ok(from >= 0, `there is no ${JSON.stringify(start)}`);
  return whole.slice(from + start.length, whole.indexOf(end, from + start.length));
}

const all = (pattern, whole) => [...whole.matchAll(pattern)].map(([, name]) => name).sort();

/** The names in backticks of an error such as: unknown field `?`, expected one of `port`, `host`. */
async function read(options) {
  const { message } = await simulate(options).then(() => assert.fail('it was taken'), (error) => error);
  return all(/`(\w+)`/g, between(`${message}\n`, 'expected', '\n'));
}

const TYPES = text('js/simulator.d.ts');
const typed = (name) => all(/^ {2}(\w+)\?:/gm, between(TYPES, `export interface ${name} {`, '\n}'));
const documented = (page, heading, end = '\n## ') => {
  const rows = between(text(page), heading, end).split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => all(/`(\w+)`/g, row.split('|')[1])).sort();
};

test('options, types and documentation have the same members', async () => {
  const options = await read({ '?': 0 });
  assert.ok(options.includes('port') && options.length > 20);
  assert.deepEqual(typed('SimulatorOptions'), options);
  assert.deepEqual(documented('docs/simulator.md', '\n## Options\n'), options);
});

test('so has the pace of answers', async () => {
  const physics = await read({ physics: { '?': 0 } });
  assert.deepEqual(typed('Physics'), physics);
  assert.deepEqual(documented('docs/simulator-faults.md', '\n## Pace\n'), physics);
});

test('so have quotas', async () => {
  const quota = await read({ quotas: [{ '?': 0 }] });
  assert.deepEqual(typed('Quota'), quota);
  const list = between(text('docs/simulator-faults.md'), '`quotas` is a list of `{', '}`');
  assert.deepEqual(list.split(', ').sort(), quota);
});

test('so have faults', async () => {
  const faults = await read({ faults: [{ fault: '?' }] });
  assert.deepEqual(all(/'(\w+)'/g, all(/fault: ((?:'\w+'(?: \| )?)+)/g, TYPES.slice(TYPES.indexOf('export type FaultAction'))).join()), faults);
  assert.deepEqual(documented('docs/simulator-faults.md', '\n## Faults\n', '`frame` counts'), faults);
});
