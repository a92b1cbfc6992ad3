// The Node versions that the package promises to run on, beside the one that runs this.

import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';

export const SUPPORTED = [20, 22, 24];

export const CURRENT = Number(process.versions.node.split('.')[0]);

/** Path of a Node of this major version, which npm fetches as the package `node` and keeps in its cache. */
export async function nodeBinary(major) {
  if (major === CURRENT) return process.execPath;
  const args = ['--yes', `--package=node@${major}`, '--', 'node', '--print', 'process.version + " " + process.execPath'];
  const onWindows = process.platform === 'win32';
  // Outside of the checkout, whose own node_modules npx would look into first.
  const { stdout } = await promisify(execFile)('npx', args, { cwd: tmpdir(), shell: onWindows });
  const [, found, path] = /^v(\d+)\S* (.+)$/m.exec(stdout) ?? [];
  if (Number(found) !== major) throw new Error(`npx gave Node ${found ?? 'nothing'}, not ${major}`);
  return path;
}
