// The test files of examples/testing as their users run them: copied into a program that has installed the package.

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FOLDER, bin } from './clients.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Each test runner: its command, and what it prints when all is well. */
export const QUICK_STARTS = [
  { name: 'node:test', runtime: 'javascript', command: [process.execPath, '--test', '--test-reporter=tap', 'node.test.mjs'], printed: /^# pass 3\n# fail 0$/m },
  { name: 'vitest', runtime: 'javascript', command: [process.execPath, 'node_modules/vitest/vitest.mjs', 'run', 'vitest.test.mjs'], printed: /Tests\s+3 passed \(3\)/ },
  { name: 'jest', runtime: 'javascript', command: [process.execPath, 'node_modules/jest/bin/jest.js', '--testRegex=jest.test.cjs'], printed: /^Tests: +3 passed, 3 total$/m },
  { name: 'pytest', runtime: 'python', command: [bin('pytest'), '-p', 'no:cacheprovider'], printed: /\b3 passed\b/ },
];

/** @returns {Promise<string | undefined>} what is wrong, if anything */
export async function tryOut({ command: [program, ...args], printed }) {
  const folder = programFolder();
  const env = { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', NO_COLOR: '1', CI: 'true' };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { cwd: folder, env, timeout: 120_000 });
    return printed.test(stdout + stderr) ? undefined : `prints ${stdout}${stderr}`;
  } catch ({ message, stdout, stderr }) {
    return `${message}\n${stdout}\n${stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function programFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'bedrock-clients-quick-start-'));
  cpSync(join(ROOT, 'examples/testing'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  const installed = join(FOLDER, 'node_modules');
  for (const name of readdirSync(installed).filter((name) => !name.startsWith('.'))) symlinkSync(join(installed, name), join(modules, name), 'dir');
  symlinkSync(ROOT, join(modules, 'bedrock-wrapper'), 'dir');
  symlinkSync(join(ROOT, 'js/cli.js'), join(modules, '.bin/bedrock-wrapper'));
  return folder;
}
