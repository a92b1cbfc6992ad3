// Builds the native addon of this clone.
//
//   (nothing)   before a command that needs it: when it is missing or older than its sources
//   --install   the same, as `prepare` (npm install in a clone, never in a program that installs the package): a machine
//               without Rust gets the one sentence, and the installation goes on
//   --release   before the benchmark: optimised, unless it is already
//
// Without --release it is cargo's dev profile, whose dependencies `cargo test` uses again. It takes a third of the time.

import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['Cargo.toml', 'Cargo.lock', 'build.rs', 'src'];
const onWindows = process.platform === 'win32';

const [purpose] = process.argv.slice(2);
// Whether a release build is fresh, cargo knows; whether the addon is one, its file does not tell on every system.
if (purpose !== '--release' && isFresh()) process.exit(0);

if (!hasRust()) {
  console.error('bedrock-wrapper: Rust is missing; install it from https://rustup.rs and run "npm install" again to build the native addon.');
  process.exit(purpose === '--install' ? 0 : 1);
}

const script = purpose === '--release' ? 'build' : 'build:debug';
console.error(`bedrock-wrapper: building the native addon (npm run ${script}); the first time this takes some minutes.`);
const { status } = spawnSync('npm', ['run', '--silent', script], { cwd: ROOT, stdio: 'inherit', shell: onWindows });
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
  return spawnSync('cargo', ['--version'], { stdio: 'ignore', shell: onWindows }).status === 0;
}
