// S9: the size of the native add-on as it is shipped, without symbols.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['.', 'js'];

/** Bytes of the newest add-on built in this checkout, or null when there is none. */
export function addonSize() {
  const built = FOLDERS.flatMap(addonsIn).sort((a, b) => b.builtAt - a.builtAt)[0];
  return built ? strippedSize(built.file) : null;
}

function addonsIn(folder) {
  const path = join(ROOT, folder);
  const files = readdirSync(path).filter((name) => name.endsWith('.node'));
  return files.map((name) => ({ file: join(path, name), builtAt: statSync(join(path, name)).mtimeMs }));
}

/** A release build is stripped already; where `strip` is at hand a debug build is measured without its symbols too. */
function strippedSize(file) {
  const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-bench-'));
  try {
    const copy = join(folder, 'addon.node');
    copyFileSync(file, copy);
    execFileSync('strip', ['-x', copy], { stdio: 'ignore' });
    return statSync(copy).size;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return statSync(file).size;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
