// S9: the native add-on as it is shipped, and whether it is a build whose speed may be measured at all.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../js/', import.meta.url)); // where `npm run build` puts it

/** The newest add-on built in this checkout, or null: its bytes without symbols, and whether it is a debug build. */
export function builtAddon() {
  const built = readdirSync(FOLDER).filter((name) => name.endsWith('.node')).map((name) => join(FOLDER, name));
  const [newest] = built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  return newest ? { size: strippedSize(newest), isDebug: readFileSync(newest).includes('.debug_info') } : null;
}

/** A release build is stripped already; of any other a copy is, where `strip` is at hand. */
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
