// An HTTP proxy: tunnels for CONNECT, and requests with absolute URLs. It tells what it was asked for.

import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { connect } from 'node:net';

/**
 * @param {{user?: string}} access `user:password` without which it answers 407
 * @returns asked: `CONNECT host:port` and `POST http://host:port/…`, in order; url: with the user, if there is one
 */
export async function startProxy({ user } = {}) {
  const asked = [];
  const sockets = new Set();
  const wanted = user && `Basic ${btoa(user)}`;
  const isWelcome = (request) => wanted === undefined || request.headers['proxy-authorization'] === wanted;

  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!isWelcome(request)) return response.writeHead(407).end();
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const passed = send(request.url, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.on('error', () => {});
    if (!isWelcome(request)) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const { hostname, port } = new URL(`http://${request.url}`);
    const target = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${server.address().port}`;
  return {
    asked,
    url: user ? `http://${user}@${address}` : `http://${address}`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
