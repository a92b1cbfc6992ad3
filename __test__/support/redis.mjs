// A Redis or Valkey of a test's own, where one is installed.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export const PROGRAM = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** `{ url, kill(), start(), stall(), go() }`; it ends with the test. */
export async function redis(t, args = []) {
  const port = await freePort();
  let child;
  const server = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      child = spawn(PROGRAM, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...args], { stdio: 'ignore' });
      while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    stall: () => child.kill('SIGSTOP'),
    go: () => child.kill('SIGCONT'),
  };
  await server.start();
  t.after(() => void child.kill('SIGKILL'));
  return server;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => (socket.destroy(), resolve(/PONG|NOAUTH/.test(data))));
    socket.once('error', () => resolve(false));
  });
}
