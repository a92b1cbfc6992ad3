// The tools that judge the recipes in deploy/: installed into a virtual environment of their own, so that none of them can
// keep a client from being installed.

import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fresh, reason, run as install } from '../install.mjs';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const VENV = fileURLToPath(new URL('.venv', import.meta.url));
const REQUIREMENTS = join('deployment', 'requirements.txt');
const onWindows = process.platform === 'win32';

/** @returns {Promise<string | undefined>} why the tools cannot be installed here, if so */
export async function missing() {
  return fresh(VENV, [REQUIREMENTS], async () => {
    await install(onWindows ? 'python' : 'python3', '-m', 'venv', '--clear', VENV);
    await install(path('python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS);
  }).catch(reason);
}

/** Runs a tool in the project's folder; what it prints, all of it, and whether it was content. */
export async function run(tool, ...args) {
  const home = join(VENV, 'home');
  mkdirSync(home, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: home, NO_COLOR: '1' };
  return promisify(execFile)(path(tool), args, { cwd: ROOT, env, maxBuffer: 2 ** 26 }).then(
    ({ stdout, stderr }) => ({ isContent: true, stdout, printed: stdout + stderr }),
    ({ message, stdout = '', stderr = '' }) => ({ isContent: false, stdout, printed: `${message}\n${stdout}${stderr}` }),
  );
}

function path(tool) {
  return onWindows ? join(VENV, 'Scripts', `${tool}.exe`) : join(VENV, 'bin', tool);
}
