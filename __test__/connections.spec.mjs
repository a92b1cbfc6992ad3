// Connections are kept and shared: as many as calls that run at the same time, not as many as calls.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { creds, read } from './support/caught.mjs';

const ANSWER = JSON.stringify({ output: { message: { role: 'assistant', content: [{ text: 'Hi' }] } }, stopReason: 'end_turn', usage: {} });
const request = { model: 'Nova-Micro', messages: [{ role: 'user', content: 'Hi' }] };

async function connectionsOf(calls, atOnce) {
  let connections = 0;
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', () => setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER), 5));
  });
  server.on('connection', () => { connections++; }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  let left = calls;
  const caller = async () => {
    while (left-- > 0) assert.deepEqual(await read(creds(endpoint), request, { useConverseAPI: true }), { chunks: ['Hi'], error: undefined });
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
  server.closeAllConnections();
  server.close();
  return connections;
}

test('30 calls one after the other: one connection', async () => {
  assert.equal(await connectionsOf(30, 1), 1);
});

// One more can come about at the beginning: a call takes what another gave back while its own is still being opened.
test('300 calls, 8 at a time: 8 connections, or 9', async () => {
  const connections = await connectionsOf(300, 8);
  assert.ok(connections <= 9, `${connections} connections`);
});
