// The target that the addon is built for, so that other builds find the dependencies which that has compiled: napi names
// the target to cargo, and cargo keeps named targets apart from the unnamed one, even where they are the same.

import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('rustc', ['-vV'], { encoding: 'utf8', shell: process.platform === 'win32' });
const [, triple] = /^host: (\S+)$/m.exec(stdout ?? '') ?? [];

/** Variables for cargo; none where there is no Rust. */
export const HOST = triple === undefined ? {} : { CARGO_BUILD_TARGET: triple };
