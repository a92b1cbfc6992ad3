// Builds the native addon of this clone when it is missing or older than its sources.
//
// Runs as `prepare` (npm install in a clone; never in a program that installs the package) with --install: a machine
// without Rust then gets one sentence, and the installation goes on. Before a command that needs the addon (`npm run
// demo`, `npm test`) it runs without: the same sentence, and the command does not start.

import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['Cargo.toml', 'Cargo.lock', 'build.rs', 'src'];

if (isFresh()) process.exit(0);

if (!hasRust()) {
  console.error('bedrock-wrapper: Rust is missing; install it from https://rustup.rs and run "npm run build" to build the native addon.');
  process.exit(process.argv.includes('--install') ? 0 : 1);
}

console.error('bedrock-wrapper: building the native addon; the first time this takes some minutes.');
const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
process.exit(status ?? 1);

function isFresh() {
  const addons = readdirSync(join(ROOT, 'js')).filter((file) => file.endsWith('.node'));
  if (addons.length === 0) return false;
  const built = Math.min(...addons.map((file) => modified(join('js', file))));
  return SOURCES.every((source) => newest(source) <= built);
}

function newest(path) {
  if (!statSync(join(ROOT, path)).isDirectory()) return modified(path);
  return Math.max(...readdirSync(join(ROOT, path)).map((entry) => newest(join(path, entry))));
}

function modified(path) {
  return statSync(join(ROOT, path)).mtimeMs;
}

function hasRust() {
  return spawnSync('cargo', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0;
}
