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
  return newest ? { size: strippedSize(newest), isDebug: hasDebugSections(newest) } : null;
}

/** Whether an ELF file has debug information, by the names of its sections; the name also stands in code that reads it. */
function hasDebugSections(file) {
  const bytes = readFileSync(file);
  if (!bytes.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'))) return false;
  const [headers, entry, index] = [Number(bytes.readBigUInt64LE(0x28)), bytes.readUInt16LE(0x3a), bytes.readUInt16LE(0x3e)];
  const names = headers + index * entry; // the section that holds the names
  const [at, size] = [Number(bytes.readBigUInt64LE(names + 0x18)), Number(bytes.readBigUInt64LE(names + 0x20))];
  return bytes.subarray(at, at + size).includes('.debug_info');
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
