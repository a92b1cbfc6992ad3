// The processes of the simulator's benchmark: the simulator as `npx bedrock-wrapper simulate` starts it, and the
// yardstick, which is part of the Rust program that also has the clients (driver.rs).

import { join } from 'node:path';
import { ROOT, built, serve } from '../driver.mjs';

const CLI = join(ROOT, 'js', 'cli.js');

export function builtDriver({ quick }) {
  return built('example', 'simulator-driver', { quick });
}

export function simulator(...flags) {
  return serve(process.execPath, [CLI, 'simulate', '--json', '--port', '0', ...flags]);
}

export function echo(driver, body) {
  return serve(driver, ['echo', body]);
}
