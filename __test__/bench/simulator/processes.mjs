// The processes of the simulator's benchmark: the simulator as `npx bedrock-wrapper simulate` starts it, the yardstick
// and the clients, which are one Rust program (driver.rs) in release mode.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CLI = join(ROOT, 'js', 'cli.js');
const TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux
const PAGE = 4096;

/** Builds the driver, optimised or quickly, and answers its path. */
export function builtDriver({ quick }) {
  const flags = ['--quiet', '--no-default-features', '--example', 'simulator-driver', '--message-format=json'];
  const output = execFileSync('cargo', ['build', ...(quick ? [] : ['--release']), ...flags], { cwd: ROOT, maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] });
  const messages = output.toString().trim().split('\n').map((line) => JSON.parse(line));
  return messages.find(({ target, executable }) => target?.name === 'simulator-driver' && executable).executable;
}

/** Starts a server that says where it is in one line of JSON. */
async function serve(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  return {
    about: JSON.parse(line),
    cpu: () => cpuOf(child.pid),
    memory: () => Number(readFileSync(`/proc/${child.pid}/statm`, 'latin1').split(' ')[1]) * PAGE,
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

export function simulator(...flags) {
  return serve(process.execPath, [CLI, 'simulate', '--json', '--port', '0', ...flags]);
}

export function echo(driver, body) {
  return serve(driver, ['echo', body]);
}

/** Runs the driver to its end; its last line, and `onLine` for those before. */
export async function drive(driver, args, onLine = () => {}) {
  const child = spawn(driver, args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = null;
  const lines = createInterface(child.stdout).on('line', (line) => {
    if (last) onLine(last);
    last = JSON.parse(line);
    if (last.open) onLine(last);
  });
  await once(lines, 'close');
  if (!last || child.exitCode) throw new Error(`the driver failed: ${args}`);
  return last;
}

/** Seconds of CPU that a process has used so far, all its threads together. */
function cpuOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number);
  return (user + system) / TICKS_PER_SECOND;
}
