// The mock Bedrock of the benchmark, a process of its own: raw sockets, HTTP/1.1 with keep-alive, answers encoded
// beforehand. It reads no more of a request than its first line, its length and where it ends, so that it costs far
// less than any client under test. It is not the simulator: it checks nothing and understands nothing.
//
//   POST /model/{id}/converse                              one JSON answer
//   POST /model/{id}/converse-stream                       an event stream as planned
//   POST /model/{id}/invoke-with-response-stream           the same as Claude's native events
//   POST /model/{id}/invoke                                a vector of Titan's, late as planned
//   POST …/chat/completions                                the stream as OpenAI's server-sent events
//   POST /_bench/plan?chunks=&every=&warmStreams=&warmChunks=&latency=   sets the plan, forgets the counts
//   GET  /_bench/stats                                     what was sent since the plan was set
//
// Prints `{"port":…}` when it listens, and ends when its standard input does.

import { createServer } from 'node:net';
import { pacedStream, wholeStream } from './frames.mjs';
import { Pacer } from './pacer.mjs';

const PIECE = 64 * 1024;
const REQUEST_ID = 'aa69b1e2-0c45-405f-b6f1-d2f27b0e1ee3';
const CALL_TEXT = 'The capital of France is Paris, on the banks of the Seine.';
const CALL_ANSWER = json(
  `{"metrics":{"latencyMs":268},"output":{"message":{"content":[{"text":"${CALL_TEXT}"}],"role":"assistant"}},` +
    '"stopReason":"end_turn","usage":{"inputTokens":15,"outputTokens":14,"totalTokens":29}}',
);
const VECTOR = Array.from({ length: 256 }, (_, i) => Math.sin(i + 1) / 12);
const VECTOR_ANSWER = json(JSON.stringify({ embedding: VECTOR, embeddingsByType: { float: VECTOR }, inputTextTokenCount: 7 }));
const NO_SUCH_OPERATION = json('{"message":"the mock server has no such operation"}', '404 Not Found');
const STREAM_HEAD = streamHead('application/vnd.amazon.eventstream');
const EVENTS_HEAD = streamHead('text/event-stream');

const pacer = new Pacer();
const prepared = new Map();
const controllers = new WeakSet();
let plan = planFrom(new URLSearchParams());
let stats = noStats();

const server = createServer({ noDelay: true }, (socket) => {
  stats.connections += 1;
  const reader = requestReader((request) => answer(socket, request));
  socket.on('data', reader);
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`));
process.stdin.on('end', () => process.exit(0)).resume();

/** Cuts the bytes of one connection into requests and reports each one's first line once its body has passed by. */
function requestReader(report) {
  let head = null;
  let firstLine = '';
  let bodyLeft = 0;
  return (bytes) => {
    let rest = bytes;
    while (rest.length > 0) {
      if (bodyLeft > 0) {
        const taken = Math.min(bodyLeft, rest.length);
        bodyLeft -= taken;
        rest = rest.subarray(taken);
        if (bodyLeft === 0) report(firstLine);
        continue;
      }
      head = head ? Buffer.concat([head, rest]) : rest;
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const text = head.latin1Slice(0, end);
      rest = head.subarray(end + 4);
      head = null;
      firstLine = text.slice(0, text.indexOf('\r\n'));
      bodyLeft = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
      if (bodyLeft === 0) report(firstLine);
    }
  };
}

function answer(socket, firstLine) {
  const path = firstLine.split(' ')[1];
  if (path.startsWith('/_bench/')) return control(socket, path);
  stats.requests += 1;
  if (path.endsWith('/converse-stream')) return stream(socket, 'converse');
  if (path.endsWith('/invoke-with-response-stream')) return stream(socket, 'invoke');
  if (path.endsWith('/chat/completions')) return stream(socket, 'openai');
  if (path.endsWith('/invoke')) return vector(socket);
  if (!path.endsWith('/converse')) return socket.write(NO_SUCH_OPERATION);
  stats.characters += CALL_TEXT.length;
  return socket.write(CALL_ANSWER);
}

function vector(socket) {
  stats.characters += VECTOR.length;
  setTimeout(() => socket.write(VECTOR_ANSWER), plan.latency);
}

function stream(socket, api) {
  const warming = plan.warmStreams > 0;
  if (warming) plan.warmStreams -= 1;
  const chunks = warming ? plan.warmChunks : plan.chunks;
  socket.write(api === 'openai' ? EVENTS_HEAD : STREAM_HEAD);
  if (plan.every > 0) return paced(socket, chunks);
  const { body, characters } = once(`${api} ${chunks}`, () => wholeStream(api, chunks));
  stats.characters += characters;
  return pour(socket, body);
}

/** Writes `body` as fast as the client reads it. */
function pour(socket, body, from = 0) {
  let at = from;
  while (at < body.length && !socket.destroyed) {
    const flowing = socket.write(body.subarray(at, at + PIECE));
    at += PIECE;
    if (!flowing && at < body.length) {
      socket.once('drain', () => pour(socket, body, at));
      return;
    }
  }
}

function paced(socket, chunks) {
  const pieces = once(`paced ${chunks}`, () => pacedStream(chunks));
  stats.characters += chunks * pieces.charactersPerChunk;
  let sent = 0;
  socket.write(pieces.head);
  pacer.add(plan.every, () => {
    if (socket.destroyed) return false;
    socket.write(pieces.stamped(sent));
    sent += 1;
    if (sent < chunks) return true;
    socket.write(pieces.tail);
    return false;
  });
}

function control(socket, path) {
  if (!controllers.has(socket)) stats.connections -= 1; // the benchmark's own connection is not a client's
  controllers.add(socket);
  const { pathname, searchParams } = new URL(path, 'http://mock');
  if (pathname === '/_bench/stats') return socket.write(json(JSON.stringify(stats)));
  plan = planFrom(searchParams);
  stats = noStats();
  return socket.write(json('{}'));
}

/** The first `warmStreams` streams carry `warmChunks` chunks, all later ones `chunks`; `every` ms apart, 0 = flat out. */
function planFrom(query) {
  const number = (name) => Number(query.get(name) ?? 0);
  return {
    chunks: number('chunks'),
    every: number('every'),
    warmStreams: number('warmStreams'),
    warmChunks: number('warmChunks'),
    latency: number('latency'),
  };
}

function noStats() {
  return { connections: 0, requests: 0, characters: 0 };
}

function once(key, make) {
  if (!prepared.has(key)) prepared.set(key, make());
  return prepared.get(key);
}

function streamHead(type) {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nDate: Thu, 18 Jun 2026 15:28:15 GMT\r\nContent-Type: ${type}\r\n` +
      `Transfer-Encoding: chunked\r\nConnection: keep-alive\r\nX-Amzn-Requestid: ${REQUEST_ID}\r\n` +
      'X-Amzn-Bedrock-Content-Type: application/json\r\n\r\n',
  );
}

function json(body, status = '200 OK') {
  return Buffer.from(
    `HTTP/1.1 ${status}\r\nDate: Thu, 18 Jun 2026 15:28:15 GMT\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: keep-alive\r\n` +
      `x-amzn-RequestId: ${REQUEST_ID}\r\n\r\n${body}`,
  );
}
