// `npm run fuzz:gateway -- [--requests N] [--seed N]`: a hundred thousand wrong requests to a gateway in a process of its
// own, whose memory must not grow.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fuzzGateway } from './gateway.mjs';

const CLI = fileURLToPath(new URL('../../js/cli.js', import.meta.url));
const PARTS = 5;

const { values } = parseArgs({ options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`seed ${seed}\n`);
const server = spawn(process.execPath, [CLI, 'serve', '--simulate', '--json', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
let stopping = false;
server.on('exit', (code, signal) => {
  if (stopping) return;
  process.stderr.write(`the gateway ended with ${signal ?? code}\n`);
  process.exit(1);
});
const [line] = await once(createInterface(server.stdout), 'line');
const { url } = JSON.parse(line);
for (let part = 0; part < PARTS; part += 1) {
  const count = Math.round(Number(values.requests) / PARTS);
  const started = performance.now();
  const statuses = await fuzzGateway({ url, count, seed: seed + 1000 * part });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${count} requests in ${seconds} s, answered ${JSON.stringify(statuses)}; ${resident(server.pid)}\n`);
}
stopping = true;
server.kill();
await once(server, 'exit');

/** Memory of a process, where the system tells it. */
function resident(pid) {
  try {
    return /VmRSS:\s*(\d+ kB)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1];
  } catch {
    return 'memory unknown';
  }
}
