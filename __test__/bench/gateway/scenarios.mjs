// The rows about the gateway. A scenario runs each of its sides once and answers the figures of its rows; who calls
// repeats it.

import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { drive } from '../driver.mjs';
import { SIDES, upstream } from './processes.mjs';
import { requestBytes } from './requests.mjs';

const WIDTH = 16;
/** Streams that are opened in a second, at least. */
const OPENED = 1500;

const lower = (must, aim) => ({ must, aim, better: 'lower' });

/** id, rows {key, what, unit, target?, compared?}, repeats, sizes, `run(context)` -> {[key]: {subject, yardstick?}} */
export const SCENARIOS = [
  {
    id: 'G1',
    rows: [{ key: 'cpu', what: 'chat completion, 16 at a time: CPU a call', unit: 'µs', ratio: lower(5, 3) }],
    repeats: 5,
    full: { calls: 30_000 },
    quick: { calls: 200 },
    run: calls,
  },
  {
    id: 'G2',
    rows: [
      { key: 'single', what: 'streams as fast as they are read, one event to an HTTP chunk: CPU a chunk', unit: 'µs', ratio: lower(7, 3) },
      { key: 'bulk', what: 'streams as fast as they are read, HTTP chunks of 64 KB: CPU a chunk', unit: 'µs', ratio: lower(7, 3) },
    ],
    repeats: 5,
    full: { streams: 400, chunks: 2000 },
    quick: { streams: 32, chunks: 20 },
    run: streams,
  },
  {
    id: 'G3',
    rows: [
      { key: 'cpu', what: '200 streams, 20 ms between chunks: CPU a chunk', unit: 'µs', ratio: lower(2, 1.4) },
      { key: 'added', what: '200 streams, 20 ms between chunks: added p99 lateness', unit: 'ms', absolute: lower(2, 0.5) },
    ],
    repeats: 3,
    full: { streams: 200, every: 20, seconds: 8 },
    quick: { streams: 10, every: 20, seconds: 1 },
    run: pacedStreams,
  },
  {
    id: 'G4',
    rows: added('chat completion, 16 at a time, 5 to 15 ms upstream', [lower(0.5, 0.15), lower(2, 0.4)]),
    repeats: 5,
    full: { calls: 10_000, delay: 10 },
    quick: { calls: 200, delay: 10 },
    run: latency,
  },
  {
    id: 'G5',
    // Nothing rests: how long a call takes is how long those before it take. The floor itself is beyond the aims then.
    rows: added('chat completion, 16 at a time, answered at once', [lower(0.5, 0.15), lower(2, 0.4)]),
    repeats: 5,
    full: { calls: 30_000, delay: 0 },
    quick: { calls: 200, delay: 0 },
    run: latency,
  },
  {
    id: 'G6',
    rows: [
      { key: 'idle', what: 'memory when ready', unit: 'MB', absolute: lower(30, 15) },
      { key: 'stream', what: '2,000 open streams: memory a stream', unit: 'KB', absolute: lower(64, 32) },
    ],
    repeats: 3,
    full: { streams: 2000, every: 100, seconds: 2 },
    quick: { streams: 20, every: 20, seconds: 1 },
    run: memory,
  },
  {
    id: 'G7',
    rows: [{ key: 'start', what: 'start to ready', unit: 'ms', absolute: lower(200, 50) }],
    repeats: 5,
    full: {},
    quick: {},
    run: start,
  },
  many('G8', 5000),
  // Three programs on the cores of one machine cannot carry it everywhere.
  { ...many('G9', 10_000), onRequest: true },
];

function added(what, [p50, p99]) {
  return [
    { key: 'p50', what: `${what}: added latency, p50`, unit: 'ms', absolute: p50 },
    { key: 'p99', what: `${what}: added latency, p99`, unit: 'ms', absolute: p99 },
  ];
}

function many(id, streams) {
  const what = `${streams.toLocaleString('en')} streams, 50 ms between chunks`;
  return {
    id,
    rows: [
      { key: 'lost', what: `${what}: lost`, unit: '', absolute: lower(0, 0) },
      { key: 'p99', what: `${what}: p99 lateness`, unit: 'ms', absolute: lower(20, 20) },
    ],
    repeats: 3,
    full: { streams, every: 50, seconds: 8 },
    quick: { streams: 20, every: 50, seconds: 1 },
    run: pacedStreams,
  };
}

async function calls(context) {
  const cpu = await each(context, ['floor', 'gateway'], {}, false, async (server, drive) => {
    const { calls } = context.size;
    await drive('calls', WIDTH, Math.ceil(calls / 10));
    const before = server.cpu();
    await drive('calls', WIDTH, calls);
    return ((server.cpu() - before) / calls) * 1e6;
  });
  return { cpu: { subject: cpu.gateway, yardstick: cpu.floor } };
}

async function streams(context) {
  const { streams, chunks } = context.size;
  const row = async (size) => {
    const cpu = await each(context, ['floor', 'gateway'], { chunks, size }, true, async (server, drive) => {
      await drive('streams', WIDTH, Math.ceil(streams / 10), chunks);
      const before = server.cpu();
      await drive('streams', WIDTH, streams, chunks);
      return ((server.cpu() - before) / (streams * chunks)) * 1e6;
    });
    return { subject: cpu.gateway, yardstick: cpu.floor };
  };
  return { single: await row(0), bulk: await row(65_536) };
}

async function pacedStreams(context) {
  const { direct, floor, gateway } = await each(context, ['direct', 'floor', 'gateway'], paceOf(context.size), true, paced(context));
  return {
    cpu: { subject: gateway.cpu, yardstick: floor.cpu },
    added: { subject: gateway.p99 - direct.p99, yardstick: floor.p99 - direct.p99 },
    p99: { subject: gateway.p99, yardstick: floor.p99 },
    lost: { subject: gateway.lost, yardstick: floor.lost },
  };
}

async function latency(context) {
  const measured = await each(context, ['direct', 'floor', 'gateway'], { delay: context.size.delay }, false, async (_server, drive) => {
    await drive('calls', WIDTH, Math.ceil(context.size.calls / 10));
    return drive('calls', WIDTH, context.size.calls);
  });
  const { direct, floor, gateway } = measured;
  const row = (key) => ({ subject: gateway[key] - direct[key], yardstick: floor[key] - direct[key] });
  return { p50: row('p50'), p99: row('p99') };
}

async function memory(context) {
  const { floor, gateway } = await each(context, ['floor', 'gateway'], paceOf(context.size), true, async (server, drive) => {
    const idle = server.memory();
    const { memory } = await paced(context)(server, drive);
    return { idle: idle / 1e6, stream: (memory - idle) / context.size.streams / 1000 };
  });
  const row = (key) => ({ subject: gateway[key], yardstick: floor[key] });
  return { idle: row('idle'), stream: row('stream') };
}

async function start({ programs }) {
  const bedrock = await upstream(programs, {});
  const started = performance.now();
  const server = await SIDES.gateway(programs, bedrock);
  await ready(server.port);
  const milliseconds = performance.now() - started;
  await Promise.all([server.stop(), bedrock.stop()]);
  return { start: { subject: milliseconds } };
}

/** Runs `measure` with each side in turn, before an upstream of its own. */
async function each({ programs, folder }, sides, plan, streamed, measure) {
  const figures = {};
  for (const side of sides) {
    const bedrock = await upstream(programs, plan);
    const server = await SIDES[side](programs, bedrock);
    const request = join(folder, side);
    writeFileSync(request, requestBytes(side, { streamed }));
    try {
      figures[side] = await measure(server, (name, ...args) => {
        const onLine = typeof args.at(-1) === 'function' ? args.pop() : undefined;
        return drive(programs.driver, [name, server.port, request, ...args], onLine);
      });
    } finally {
      await Promise.all([server.stop(), bedrock.stop()]);
    }
  }
  return figures;
}

/** Streams long enough that all are open while it counts. */
function paceOf({ streams, every, seconds }) {
  return { every, chunks: Math.ceil((1000 * (streams / OPENED + seconds + 3)) / every) };
}

/** Lateness, losses, CPU and memory of paced streams. */
function paced({ size }) {
  return async (server, drive) => {
    const { streams, seconds } = size;
    const at = {};
    const figures = await drive('paced', streams, seconds, paceOf(size).chunks, (line) => {
      if (line.begins) Object.assign(at, { begin: server.cpu?.(), memory: server.memory?.() });
      if (line.ends) Object.assign(at, { end: server.cpu?.(), chunks: line.chunks });
    });
    return { ...figures, memory: at.memory, cpu: ((at.end - at.begin) / at.chunks) * 1e6 };
  };
}

/** Asks over a bare socket until the gateway says that it is ready. */
async function ready(port) {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  let answer = '';
  for await (const piece of socket) answer += piece;
  if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error(answer);
}
