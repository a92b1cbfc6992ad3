// What `npm test` runs, in order: the quick and telling first.

import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOST } from './host.mjs';
import { CURRENT, SUPPORTED, nodeBinary } from './nodes.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

// Specs wait more than they compute, and the runner's own choice on a machine with two cores is one at a time.
const CONCURRENCY = `--test-concurrency=${Math.max(2, availableParallelism() - 1)}`;

const TYPESCRIPT = join('node_modules', 'typescript', 'bin', 'tsc');

/**
 * @typedef {object} Step
 * @property {string} name what the command line and the table call it
 * @property {string} group a name for several steps
 * @property {string} reader how its output is counted, see counts.mjs
 * @property {() => string[] | Promise<string[]>} command
 * @property {Record<string, string>} [env] variables on top of this process's
 * @property {string[]} [needs] a command that tells whether the tool is there; where it is not, the step is left out
 * @property {boolean} [onRequest] runs only when its group is asked for
 */

/** @type {Step[]} */
export const STEPS = [
  { name: 'types', group: 'types', reader: 'check', command: () => [process.execPath, TYPESCRIPT, '--project', '__test__/types'] },
  { name: 'types for the AI SDK', group: 'types', reader: 'check', command: () => [process.execPath, TYPESCRIPT, '--project', '__test__/types/ai-sdk'] },
  { name: 'format', group: 'lints', reader: 'check', command: () => ['cargo', 'fmt', '--check'], needs: ['cargo', 'fmt', '--version'] },
  // With the boundary to Node; that all of it compiles without is seen by the lints of tests.
  { name: 'rust', group: 'rust', reader: 'cargo', command: () => ['cargo', 'test'], env: HOST },
  ...[CURRENT, ...SUPPORTED.filter((major) => major !== CURRENT)].map(specsOn),
  { name: 'models', group: 'models', reader: 'suites', command: () => [process.execPath, '__test__/suites/run.mjs', '--failures'] },
  lints('lints'),
  // The tests are linted without the boundary to Node, whose exports nothing in a test calls.
  lints('lints of tests', '--all-targets', '--no-default-features'),
  // It installs other people's clients, hundreds of megabytes of them.
  { name: 'clients', group: 'clients', reader: 'suites', command: () => [process.execPath, '__test__/clients/run.mjs'], onRequest: true },
  { name: 'page', group: 'clients', reader: 'node', command: () => [process.execPath, '--test', '--test-reporter=spec', '__test__/clients/page.test.mjs'], onRequest: true },
  { name: 'gateway page', group: 'clients', reader: 'node', command: () => [process.execPath, '--test', '--test-reporter=spec', '__test__/clients/gateway-page.test.mjs'], onRequest: true },
  { name: 'telemetry', group: 'clients', reader: 'node', command: () => [process.execPath, '--test', '--test-reporter=spec', '__test__/clients/telemetry.test.mjs'], onRequest: true },
  { name: 'deployment', group: 'clients', reader: 'node', command: () => [process.execPath, '--test', '--test-reporter=spec', '__test__/clients/deployment/recipes.test.mjs'], onRequest: true },
];

function lints(name, ...flags) {
  const command = ['cargo', 'clippy', ...flags, '--', '--deny', 'warnings'];
  return { name, group: 'lints', reader: 'check', command: () => command, env: HOST, needs: ['cargo', 'clippy', '--version'] };
}

function specsOn(major) {
  const command = async () => [await nodeBinary(major), '--test', '--expose-gc', CONCURRENCY, '--test-reporter=spec', ...specFiles()];
  // The whole set of golden cases takes minutes and is about the addon, which is the same on every Node: one plays it.
  const env = major === CURRENT ? {} : { GOLDEN: 'chosen' };
  return { name: `specs on Node ${major}`, group: 'specs', reader: 'node', command, env };
}

/** Node 20's test runner takes no patterns. */
function specFiles() {
  const entries = readdirSync(join(ROOT, '__test__'), { recursive: true });
  const specs = entries.filter((entry) => entry.endsWith('.spec.mjs') && !entry.includes('node_modules'));
  return specs.sort().map((entry) => join('__test__', entry));
}
