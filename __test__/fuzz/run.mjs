// `npm run fuzz -- [--requests N] [--seed N]`: a million wrong requests to simulators in processes of their own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.mjs';

const CLI = fileURLToPath(new URL('../../js/cli.js', import.meta.url));
/** Most requests get past authentication; some are to show that it holds. */
const SHARES = { off: 0.8, strict: 0.2 };

const { values } = parseArgs({ options: { requests: { type: 'string', default: '1000000' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`seed ${seed}\n`);
for (const [auth, share] of Object.entries(SHARES)) {
  const server = spawn(process.execPath, [CLI, 'simulate', '--json', '--port', '0', '--auth', auth], { stdio: ['ignore', 'pipe', 'inherit'] });
  let stopping = false;
  server.on('exit', (code, signal) => {
    if (stopping) return;
    process.stderr.write(`the simulator ended with ${signal ?? code}\n`);
    process.exit(1);
  });
  const [line] = await once(createInterface(server.stdout), 'line');
  const count = Math.round(Number(values.requests) * share);
  const started = performance.now();
  const statuses = await fuzz({ port: Number(new URL(JSON.parse(line).url).port), count, seed });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`auth ${auth}: ${count} requests in ${seconds} s, answered ${JSON.stringify(statuses)}\n`);
  stopping = true;
  server.kill();
  await once(server, 'exit');
}
