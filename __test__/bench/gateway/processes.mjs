// The processes of the gateway's benchmark: a mock Bedrock, what stands before it, and the clients. All but the gateway
// are one Rust program (driver/).

import { join } from 'node:path';
import { ROOT, built, serve } from '../driver.mjs';

const CLI = join(ROOT, 'js', 'cli.js');
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDBENCHMARK', AWS_SECRET_ACCESS_KEY: 'not-a-secret', AWS_EC2_METADATA_DISABLED: 'true' };
/** Sockets on both sides of 10,000 streams. */
const OPEN_FILES = 65_536;

/** The driver, and how the gateway is started: the plain program, or in a smoke run the one in Node, which is there. */
export function programs({ quick }) {
  const driver = built('example', 'gateway-driver', { quick });
  const gateway = quick ? [process.execPath, CLI] : [built('bin', 'bedrock-wrapper', { quick, features: 'cli' })];
  return { driver, gateway };
}

/**
 * A Bedrock that answers a call after `delay` ms, and with streams of `chunks` texts, one `every` so many ms or, flat out,
 * in HTTP chunks of `size` bytes, 0: one for each event.
 */
export async function upstream({ driver }, { chunks = 1, every = 0, delay = 0, size = 0 }) {
  const server = await serve(...unlimited([driver, 'upstream', chunks, every, delay, size]));
  return { ...server, port: server.about.port };
}

/** What can stand before the upstream, by name. Each has a port, and where the upstream's operations are behind it. */
export const SIDES = {
  /** Nothing. */
  direct: async (_programs, { port }) => ({ port, stop: async () => {} }),
  /** A proxy that passes everything on and looks at nothing. */
  floor: async ({ driver }, { port }) => {
    const server = await serve(...unlimited([driver, 'floor', port]));
    return { ...server, port: server.about.port };
  },
  gateway: async ({ gateway }, { port }) => {
    const flags = ['--port', '0', '--json', '--allow-anonymous', '--workers', '1', '--base-url', `http://127.0.0.1:${port}`, '--region', 'us-east-1'];
    const server = await serve(...unlimited([...gateway, 'serve', ...flags]), { ...cleanEnvironment(), ...KEYS });
    return { ...server, port: Number(new URL(server.about.url).port) };
  },
};

/** The command with as many open files as the benchmark needs, or as many as this user may have. */
function unlimited([command, ...args]) {
  const raise = `ulimit -n ${OPEN_FILES} 2>/dev/null || ulimit -n $(ulimit -Hn); exec "$0" "$@"`;
  return ['/bin/sh', ['-c', raise, command, ...args.map(String)]];
}

/** Without the settings of the machine's own AWS account and proxies. */
function cleanEnvironment() {
  const foreign = /^(AWS_|BEDROCK_|(https?|all|no)_proxy$|NODE_OPTIONS$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
