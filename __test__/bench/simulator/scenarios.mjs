// The rows about the simulator. Each runs once and answers its figures; who calls repeats it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drive } from '../driver.mjs';
import { echo, simulator } from './processes.mjs';
import { requestBytes } from './requests.mjs';

const WIDTH = 16;
const CLI = fileURLToPath(new URL('../../../js/cli.js', import.meta.url));
const STARTUP = fileURLToPath(new URL('./startup.mjs', import.meta.url));

const higher = (must, aim) => ({ must, aim, better: 'higher' });
const lower = (must, aim) => ({ must, aim, better: 'lower' });

/** id, what, unit of the figure, targets, sizes, `run({driver, folder, size})` -> {subject, yardstick?} */
export const SCENARIOS = [
  {
    id: 'M1',
    what: 'Converse, auth lenient: requests a CPU second',
    unit: '/s',
    ratio: higher(0.35, 0.6),
    full: 60_000,
    quick: 3000,
    run: (context) => beside(context, 'lenient'),
  },
  {
    id: 'M2',
    what: 'Converse, auth strict: requests a CPU second',
    unit: '/s',
    ratio: higher(0.2, 0.35),
    full: 60_000,
    quick: 3000,
    run: (context) => beside(context, 'strict'),
  },
  {
    id: 'M3',
    what: 'ConverseStream, no delays: frames a CPU second',
    unit: '/s',
    absolute: higher(300_000, 1_000_000),
    full: 400,
    quick: 40,
    run: frames,
  },
  {
    id: 'M4',
    what: 'start to first answer, in process',
    unit: 'ms',
    absolute: lower(50, 10),
    full: 1,
    quick: 1,
    run: async () => ({ subject: await firstAnswer([STARTUP]) }),
  },
  {
    id: 'M5',
    what: 'start to first answer, command line',
    unit: 'ms',
    absolute: lower(150, 60),
    full: 1,
    quick: 1,
    run: async () => ({ subject: await commandLine() }),
  },
  {
    id: 'M6',
    what: '2,000 streams, a token every 20 ms: p99 lateness',
    unit: 'ms',
    absolute: lower(5, 2),
    full: 2_000,
    quick: 20,
    run: async (context) => ({ subject: (await paced(context)).lateness }),
  },
  {
    id: 'M7',
    what: '2,000 streams, a token every 20 ms: memory a stream',
    unit: 'KB',
    absolute: lower(60, 20),
    full: 2_000,
    quick: 20,
    run: async (context) => ({ subject: (await paced(context)).memory }),
  },
];

/** Requests a CPU second of the simulator, and of a bare server that answers with the same bytes. */
async function beside({ driver, folder, size }, auth) {
  const server = await simulator('--auth', auth);
  const request = join(folder, 'request');
  writeFileSync(request, await requestBytes(server.about, 'What is the capital of France?'));
  const body = join(folder, 'body');
  writeFileSync(body, await bodyOf(server.about, request));
  const bare = await echo(driver, body);
  const rate = async (target, port) => {
    await drive(driver, ['calls', port, request, WIDTH, Math.ceil(size / 10)]);
    const before = target.cpu();
    await drive(driver, ['calls', port, request, WIDTH, size]);
    return size / (target.cpu() - before);
  };
  const subject = await rate(server, portOf(server.about.url));
  const yardstick = await rate(bare, bare.about.port);
  await Promise.all([server.stop(), bare.stop()]);
  return { subject, yardstick };
}

async function frames({ driver, folder, size }) {
  const server = await simulator('--auth', 'lenient');
  const request = join(folder, 'request');
  writeFileSync(request, await requestBytes(server.about, 'Count from 1 to 999.', true));
  const port = portOf(server.about.url);
  await drive(driver, ['streams', port, request, WIDTH, Math.ceil(size / 10)]);
  const before = server.cpu();
  const { units } = await drive(driver, ['streams', port, request, WIDTH, size]);
  const subject = units / (server.cpu() - before);
  await server.stop();
  return { subject };
}

const PACED_SECONDS = 8;

async function paced({ driver, folder, size }) {
  const server = await simulator('--auth', 'lenient', '--tokens-per-second', '50');
  const request = join(folder, 'request');
  writeFileSync(request, await requestBytes(server.about, `Count from 1 to ${25 * PACED_SECONDS}.`, true));
  const port = portOf(server.about.url);
  await drive(driver, ['calls', port, join(folder, 'request'), 1, 0]);
  const before = server.memory();
  let open = 0;
  const { p99 } = await drive(driver, ['paced', port, request, size, 20, 75], (line) => {
    if (line.open) open = server.memory();
  });
  await server.stop();
  return { lateness: p99, memory: (open - before) / size / 1000 };
}

/** Milliseconds that a fresh process says it took. */
async function firstAnswer(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = await once(child.stdout, 'data');
  await once(child, 'exit');
  return JSON.parse(text).milliseconds;
}

/** Milliseconds from starting the command to the last byte of an answer. */
async function commandLine() {
  const started = performance.now();
  const child = spawn(process.execPath, [CLI, 'simulate', '--json', '--port', '0', '--auth', 'off'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = await once(child.stdout, 'data');
  await answered(JSON.parse(text).url);
  const milliseconds = performance.now() - started;
  child.kill('SIGTERM');
  await once(child, 'exit');
  return milliseconds;
}

/** Asks a question over a bare socket, so that the client costs next to nothing. */
export async function answered(url) {
  const body = '{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}';
  const head = 'POST /model/us.amazon.nova-micro-v1:0/converse HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';
  const socket = connect(portOf(url), '127.0.0.1');
  socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
  let answer = '';
  for await (const piece of socket) answer += piece;
  if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error(answer);
}

async function bodyOf({ url }, request) {
  const { readFileSync } = await import('node:fs');
  const socket = connect(portOf(url), '127.0.0.1');
  socket.write(readFileSync(request));
  let answer = '';
  for await (const piece of socket) {
    answer += piece;
    const [head, body] = answer.split('\r\n\r\n');
    if (body?.length >= Number(/content-length: (\d+)/i.exec(head)[1])) {
      socket.destroy();
      return body;
    }
  }
  throw new Error(`no answer: ${answer}`);
}

function portOf(url) {
  return Number(new URL(url).port);
}
