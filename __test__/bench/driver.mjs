// Benchmarks of our servers: Rust programs, built, started and driven, each a process whose CPU and memory can be read.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { HOST } from '../../scripts/test/host.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux
const PAGE = 4096;

/**
 * Builds an example or a binary of the crate, optimised or quickly, and answers its path. Quickly means with what the addon
 * and the tests have compiled already, the boundary to Node among it.
 */
export function built(kind, name, { quick, features }) {
  const flags = ['--quiet', `--${kind}`, name, '--message-format=json', ...(quick ? [] : ['--release', '--no-default-features'])];
  if (features) flags.push('--features', features);
  const output = execFileSync('cargo', ['build', ...flags], { cwd: ROOT, env: { ...process.env, ...HOST }, maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] });
  const messages = output.toString().trim().split('\n').map((line) => JSON.parse(line));
  return messages.find(({ target, executable }) => target?.name === name && executable).executable;
}

/** Starts a server that says where it is in one line of JSON. */
export async function serve(command, args, env = process.env) {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  const [line] = await Promise.race([once(lines, 'line'), once(lines, 'close')]);
  if (line === undefined) throw new Error(`${command} ${args.join(' ')} did not start`);
  return {
    about: JSON.parse(line),
    cpu: () => sumOfTree(child.pid, cpuOf),
    memory: () => sumOfTree(child.pid, memoryOf),
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** Runs a driver to its end; its last line. `onLine` is given each line when it comes. */
export async function drive(driver, args, onLine = () => {}) {
  const child = spawn(driver, args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = null;
  const lines = createInterface(child.stdout).on('line', (line) => {
    last = JSON.parse(line);
    onLine(last);
  });
  await Promise.all([once(lines, 'close'), once(child, 'exit')]);
  if (!last || child.exitCode !== 0) throw new Error(`the driver failed: ${args}`);
  return last;
}

/** Of a process and all it has started. */
function sumOfTree(pid, figure) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + sumOfTree(child, figure), figure(pid));
}

/** Seconds of CPU that a process has used so far, all its threads together. */
function cpuOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number);
  return (user + system) / TICKS_PER_SECOND;
}

/** Bytes that a process has resident. */
function memoryOf(pid) {
  return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE;
}
