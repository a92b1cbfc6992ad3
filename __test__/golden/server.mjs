// A bedrock-runtime that answers what a script tells it, over HTTP/1.1 and HTTP/2 on one port. It judges nothing.
//
// A response is `{status, headers, body}`, `{status, raw_body}`, `{destroy: true}` or `{status, events}` with, for the
// wire's accidents, `wire_split` (pieces of n bytes), `truncate` (n bytes off the end), `corrupt_byte` (at n),
// `hangup_after` (n events, then a TCP reset). Events: see frames.mjs.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { encode } from './frames.mjs';

export const REQUEST_ID = '11111111-2222-4333-8444-555555555555';

const MIME = { jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp', gif: 'image/gif' };
const IMAGE = '/fixtures/';
const REDIRECT = '/redirect/';
const NOT_FOUND_WITH_IMAGE = '/status404-with-image/';

export class ScriptedBedrock {
  /** What was asked, in order. */
  requests = [];
  /** `(request) => response`. */
  script = () => undefined;
  #images;
  #server;
  #sockets = new Set();

  /** @param {string} images the folder from which `/fixtures/…` is served */
  constructor(images) {
    this.#images = images;
  }

  async start() {
    const handle = (request, response) => this.#handle(request, response).catch(() => response.destroy());
    const one = http.createServer(handle);
    const two = http2.createServer(handle).on('sessionError', () => {});
    this.#server = net.createServer((socket) => this.#accept(socket, one, two));
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  close() {
    this.#reset();
    this.#server.close();
  }

  /** Which HTTP it is shows in the first bytes: HTTP/2 with prior knowledge begins with `PRI`. */
  #accept(socket, one, two) {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {});
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      (first.toString('latin1', 0, 3) === 'PRI' ? two : one).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  }

  async #handle(request, response) {
    const { method, url, headers } = request;
    if (url.startsWith(IMAGE)) return this.#image(response, 200, url.slice(IMAGE.length));
    if (url.startsWith(REDIRECT)) return end(response, 302, { location: IMAGE + url.slice(REDIRECT.length), connection: 'close' });
    if (url.startsWith(NOT_FOUND_WITH_IMAGE)) return this.#image(response, 404, url.slice(NOT_FOUND_WITH_IMAGE.length));
    const asked = { method, path: decodeURIComponent(url), headers: { ...headers }, body: parsed(await text(request)) };
    this.requests.push(asked);
    return this.#respond(response, this.script(asked));
  }

  async #image(response, status, name) {
    const bytes = await readFile(join(this.#images, name)).catch(() => undefined);
    if (bytes === undefined) return end(response, 404, { 'content-type': 'text/html', connection: 'close' }, '<html>404</html>');
    const type = MIME[name.split('.').pop()] ?? 'application/octet-stream';
    return end(response, status, { 'content-type': type, connection: 'close' }, bytes);
  }

  async #respond(response, scripted) {
    if (scripted === undefined || scripted === null) {
      return end(response, 500, { 'x-amzn-errortype': 'NothingScripted' }, '{"message":"nothing is scripted"}');
    }
    if (scripted.destroy) return this.#reset();
    const { status = 200, events, body, raw_body } = scripted;
    const type = events ? 'application/vnd.amazon.eventstream' : 'application/json';
    const headers = { 'x-amzn-requestid': REQUEST_ID, 'content-type': type, ...scripted.headers };
    if (!events) return end(response, status, headers, raw_body ?? JSON.stringify(body));
    response.on('error', () => {});
    response.writeHead(status, headers);
    return this.#stream(response, scripted);
  }

  async #stream(response, { events, truncate = 0, corrupt_byte, wire_split, hangup_after }) {
    if (hangup_after !== undefined) {
      response.write(Buffer.concat(events.slice(0, hangup_after).map(encode)));
      await sleep(40);
      return this.#reset();
    }
    const whole = Buffer.concat(events.map(encode));
    const wire = whole.subarray(0, whole.length - truncate);
    if (corrupt_byte !== undefined) wire[corrupt_byte] ^= 0xff;
    const step = wire_split ?? Math.max(wire.length, 1);
    for (let start = 0; start < wire.length; start += step) {
      response.write(wire.subarray(start, start + step));
      if (start % 140 === 0) await turn();
    }
    response.end();
  }

  #reset() {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
}

function end(response, status, headers, body) {
  response.writeHead(status, headers);
  response.end(body);
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
