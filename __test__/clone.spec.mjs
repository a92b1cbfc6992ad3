// `npm install` in a clone on a machine without Rust: one sentence, and the installation goes on; a command that needs
// the addon says the same and does not start.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const clone = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-clone-'));
after(() => rmSync(clone, { recursive: true, force: true }));

for (const entry of ['Cargo.toml', 'Cargo.lock', 'build.rs', 'scripts']) cpSync(join(ROOT, entry), join(clone, entry), { recursive: true });
for (const folder of ['src', 'js']) mkdirSync(join(clone, folder));

function ensureBuilt(...args) {
  const script = join(clone, 'scripts', 'ensure-built.mjs');
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env: { PATH: clone } });
}

test('without Rust there is one sentence', () => {
  const installing = ensureBuilt('--install');
  assert.match(installing.stderr, /^bedrock-wrapper: Rust is missing; install it from https:\/\/rustup\.rs .*\.\n$/);
  assert.deepEqual([installing.status, installing.stdout], [0, '']);
  const starting = ensureBuilt();
  assert.deepEqual([starting.status, starting.stderr], [1, installing.stderr]);
});
