// Installs the clients: Python's into a virtual environment beside this file, JavaScript's into its own node_modules, and
// builds the driver for Rust. What is there already is left alone.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { shortened } from '../../scripts/terminal/table.mjs';
import { HOST } from '../../scripts/test/host.mjs';
import { FOLDER, VENV, bin } from './clients.mjs';

const RUNTIMES = { python, javascript, rust };
const LONGEST_REASON = 300;
const onWindows = process.platform === 'win32';

/**
 * @param {import('./clients.mjs').Client[]} clients
 * @returns {Promise<{client: import('./clients.mjs').Client, missing?: string}[]>} each one ready to be started, or why not
 */
export async function install(clients) {
  const groups = await Promise.all(Object.entries(RUNTIMES).map(([runtime, installed]) => {
    const wanted = clients.filter((client) => client.runtime === runtime);
    return wanted.length === 0 ? [] : installed(wanted).catch((error) => wanted.map((client) => ({ client, missing: reason(error) })));
  }));
  return groups.flat().sort((a, b) => clients.findIndex(({ name }) => name === a.client.name) - clients.findIndex(({ name }) => name === b.client.name));
}

async function python(clients) {
  const lists = ['requirements.txt', 'constraints.txt'];
  await fresh(VENV, lists, async () => {
    await run(onWindows ? 'python' : 'python3', '-m', 'venv', '--clear', VENV);
    await pip('-r', 'requirements.txt');
  }).catch(() => {});
  if (isFresh(VENV, lists)) return clients.map((client) => ({ client }));
  // One package that cannot be installed must not take the others along.
  const results = [];
  for (const client of clients) {
    const missing = await pip(...client.packages).then(() => undefined, reason);
    results.push({ client, missing });
  }
  return results;
}

function pip(...what) {
  return run(bin('python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-c', 'constraints.txt', ...what);
}

async function javascript(clients) {
  const modules = join(FOLDER, 'node_modules');
  await fresh(modules, ['package-lock.json'], () => run('npm', 'ci', '--no-audit', '--no-fund'));
  return clients.map((client) => ({ client }));
}

async function rust(clients) {
  const { stdout } = await run('cargo', 'build', '--quiet', '--example', 'judge', '--message-format=json');
  const built = stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const { executable } = built.find(({ target, executable }) => executable && target.name === 'judge');
  return clients.map((client) => ({ client: { ...client, driver: [executable] } }));
}

/** Runs `install` unless `folder` was made from these very files. */
export async function fresh(folder, files, install) {
  if (isFresh(folder, files)) return;
  await install();
  writeFileSync(join(folder, '.made-from'), digest(files));
}

function isFresh(folder, files) {
  const mark = join(folder, '.made-from');
  return existsSync(mark) && readFileSync(mark, 'utf8') === digest(files);
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(FOLDER, file)));
  return hash.digest('hex');
}

export function run(command, ...args) {
  const env = { ...process.env, ...HOST };
  return promisify(execFile)(command, args, { cwd: FOLDER, env, shell: onWindows, maxBuffer: 2 ** 26 });
}

/** What the installer called an error. */
export function reason(error) {
  const lines = (error.stderr ?? '').split('\n').filter((line) => /error/i.test(line));
  return shortened(lines.join('; ') || error.message, LONGEST_REASON);
}
