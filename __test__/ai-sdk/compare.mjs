// Runs every scenario, or those whose name has the words of the command line, with both providers and prints where they
// differ: `node __test__/ai-sdk/compare.mjs [words]`.

import { inspect } from 'node:util';
import { fileURLToPath } from 'node:url';
import { differences } from './differ.mjs';
import { topicsOf, unexplained } from './explained.mjs';
import { observe } from './observe.mjs';
import { simulator } from './providers.mjs';
import { SCENARIOS } from './scenarios.mjs';

/** Where the two providers differ in a scenario. */
export async function compare(scenario) {
  const present = await observe(scenario, 'present');
  const ours = await observe(scenario, 'ours');
  return differences(present, ours);
}

/** A difference as one line. */
export function lineOf({ at, present, ours }) {
  return `${at}: ${shown(present)} → ${shown(ours)}`;
}

function shown(value) {
  return value === undefined ? '(nothing)' : inspect(value, { depth: 6, breakLength: Infinity, compact: true, maxStringLength: 160 }).slice(0, 400);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2).join(' ');
  let same = 0;
  for (const scenario of SCENARIOS.filter(({ name }) => name.includes(words))) {
    const found = await compare(scenario);
    if (found.length === 0) {
      same++;
      continue;
    }
    console.log(`\n${scenario.name}  [${topicsOf(scenario.name, found).join('; ')}]`);
    const open = new Set(unexplained(scenario.name, found));
    for (const difference of found) console.log(`  ${open.has(difference) ? '! ' : '  '}${lineOf(difference)}`);
  }
  console.log(`\nThe same in ${same} scenarios.`);
  await simulator.close();
}
