// The rows about the gateway, each several times; the figure is the median.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowOf } from '../table.mjs';
import { programs } from './processes.mjs';
import { SCENARIOS } from './scenarios.mjs';

/** The rows that `only` names, measured. */
export async function measureGateway({ only, quick, repeats }) {
  const chosen = SCENARIOS.filter(({ id }) => only.includes(id));
  if (chosen.length === 0) return [];
  if (process.platform !== 'linux') {
    process.stderr.write('The rows about the gateway read /proc, which only Linux has.\n');
    return [];
  }
  const context = { programs: programs({ quick }), folder: mkdtempSync(join(tmpdir(), 'bedrock-wrapper-bench-')) };
  const rows = [];
  try {
    for (const scenario of chosen) {
      process.stderr.write(`${scenario.id} ${scenario.rows[0].what} `);
      const runs = [];
      for (let round = 0; round < (repeats ?? (quick ? 1 : scenario.repeats)); round += 1) {
        runs.push(await scenario.run({ ...context, size: quick ? scenario.quick : scenario.full }));
        process.stderr.write('.');
      }
      rows.push(...scenario.rows.map((row) => rowOf({ id: scenario.id, ...row }, runs.map((run) => run[row.key]))));
      process.stderr.write('\n');
    }
  } finally {
    rmSync(context.folder, { recursive: true });
  }
  return rows;
}
