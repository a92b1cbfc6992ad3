// The rows about the simulator, each several times; the figure is the median.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowOf } from '../table.mjs';
import { builtDriver } from './processes.mjs';
import { SCENARIOS } from './scenarios.mjs';

const REPEATS = 5;

/** The rows that `only` names, measured. */
export async function measureSimulator({ only, quick, repeats }) {
  const chosen = SCENARIOS.filter(({ id }) => only.includes(id));
  if (chosen.length === 0) return [];
  if (process.platform !== 'linux') {
    process.stderr.write('The rows about the simulator read /proc, which only Linux has.\n');
    return [];
  }
  const driver = builtDriver({ quick });
  const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-bench-'));
  const rows = [];
  for (const scenario of chosen) {
    process.stderr.write(`${scenario.id} ${scenario.what} `);
    const runs = [];
    for (let round = 0; round < (repeats ?? (quick ? 1 : REPEATS)); round += 1) {
      runs.push(await scenario.run({ driver, folder, size: quick ? scenario.quick : scenario.full }));
      process.stderr.write('.');
    }
    rows.push(rowOf(scenario, runs));
    process.stderr.write('\n');
  }
  rmSync(folder, { recursive: true });
  return rows;
}
