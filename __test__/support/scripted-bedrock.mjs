// A ConverseStream endpoint that does what a test tells it, and tells what became of its answers.
// Not a simulator: it checks nothing and knows no model.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';

export const REQUEST_ID = '11111111-2222-4333-8444-555555555555';

/**
 * @param {{chunks?: number, pause?: number, fail?: {code: string, message: string}}} script
 *   pieces of text to send (`Infinity`: until the client leaves), milliseconds before each, exception frame after them
 */
export async function scriptedBedrock(script = {}) {
  const bedrock = { requests: [], open: 0, cancelled: 0 };
  const server = createServer((request, response) => {
    answer(request, response, { chunks: 3, pause: 0, ...script }, bedrock).catch(() => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(bedrock, {
    creds: { region: 'us-east-1', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a-secret-never-to-be-shown', endpoint },
    close: () => { server.closeAllConnections(); server.close(); },
  });
}

export const request = Object.freeze({ model: 'Nova-Micro', stream: true, messages: [{ role: 'user', content: 'Count.' }] });
export const options = Object.freeze({ useConverseAPI: true });

async function answer(request, response, { chunks, pause, fail }, bedrock) {
  bedrock.requests.push(JSON.parse(Buffer.concat(await request.toArray())));
  bedrock.open++;
  const closed = once(response, 'close').then(() => {
    bedrock.open--;
    if (!response.writableEnded) bedrock.cancelled++;
  });
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-requestid': REQUEST_ID });
  response.write(event('messageStart', { role: 'assistant' }));
  for (let n = 1; n <= chunks && !response.destroyed; n++) {
    if (pause > 0) await sleep(pause, undefined, { ref: false });
    const hasRoom = response.write(event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: `${n} ` } }));
    if (!hasRoom) await Promise.race([once(response, 'drain'), closed]);
  }
  if (fail) return response.end(frame({ ':message-type': 'exception', ':exception-type': fail.code }, { message: fail.message }));
  response.write(event('contentBlockStop', { contentBlockIndex: 0 }));
  response.write(event('messageStop', { stopReason: 'end_turn' }));
  const usage = { inputTokens: 5, outputTokens: chunks, totalTokens: 5 + chunks };
  response.end(event('metadata', { usage, metrics: { latencyMs: 1 } }));
}

function event(type, payload) {
  return frame({ ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' }, payload);
}

/** One frame of `application/vnd.amazon.eventstream`: prelude, headers, payload, each guarded by a CRC. */
function frame(headers, payload) {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => Buffer.concat([
    Buffer.of(name.length), Buffer.from(name), Buffer.of(7, 0, value.length), Buffer.from(value),
  ])));
  const body = Buffer.from(JSON.stringify(payload));
  const message = Buffer.alloc(16 + head.length + body.length);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, 12);
  body.copy(message, 12 + head.length);
  message.writeUInt32BE(crc32(message.subarray(0, -4)), message.length - 4);
  return message;
}
