// Plays a folder of golden cases in a few processes and sums up.
//
//   node __test__/golden/run.mjs [--dir <folder>] [--only <regex on id>] [--processes 4] [--list 20]

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { CHOSEN, sharedFolder } from './cases.mjs';

/** Where we do otherwise on purpose: `match` (regex on id), `reason`, `source`, `instead`. */
export const DEVIATIONS = JSON.parse(readFileSync(new URL('deviations.json', import.meta.url), 'utf8'));

/**
 * @returns {Promise<{passed: number, deviated: object[], failed: object[], stale: object[]}>} `stale`: cases that pass
 *   although a deviation is on record
 */
export async function run({ folder, only = '', processes = 4 }) {
  const parts = await Promise.all(Array.from({ length: processes }, (_, part) => playPart({ folder, only, part, parts: processes })));
  const results = parts.flat();
  const deviates = ({ id }) => DEVIATIONS.some(({ match }) => new RegExp(match).test(id));
  const isFailed = ({ faults }) => faults.length > 0;
  return {
    passed: results.filter((result) => !isFailed(result) && !deviates(result)).length,
    deviated: results.filter((result) => isFailed(result) && deviates(result)),
    failed: results.filter((result) => isFailed(result) && !deviates(result)),
    stale: results.filter((result) => !isFailed(result) && deviates(result)),
  };
}

async function playPart(task) {
  const child = fork(new URL('play.mjs', import.meta.url));
  const results = [];
  child.on('message', (result) => results.push(result));
  child.send(task);
  const [status, signal] = await once(child, 'exit');
  if (status !== 0) throw new Error(`a process of golden cases ended with ${signal ?? status} after ${results.length} of them`);
  return results;
}

/** The summary, and at most `list` faults. */
export function report({ passed, deviated, failed, stale }, list = 20) {
  const faults = failed.slice(0, list).map(({ id, verdict, faults }) => `${id} [${verdict}]\n   - ${faults.join('\n   - ')}`);
  return [
    `${passed} passed, ${deviated.length} otherwise on purpose, ${failed.length} failed, ${stale.length} on record as otherwise but passed`,
    ...faults,
    ...(failed.length > list ? [`and ${failed.length - list} more`] : []),
    ...stale.map(({ id }) => `${id} passes: take it out of deviations.json`),
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { dir: { type: 'string' }, only: { type: 'string' }, processes: { type: 'string' }, list: { type: 'string' } } });
  const folder = resolve(values.dir ?? sharedFolder() ?? CHOSEN);
  const results = await run({ folder, only: values.only, processes: Number(values.processes ?? 4) });
  console.log(report(results, Number(values.list ?? 20)));
  process.exitCode = results.failed.length + results.stale.length > 0 ? 1 : 0;
}
