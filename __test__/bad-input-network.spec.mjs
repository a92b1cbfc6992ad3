// What goes wrong on the way: nobody there, nobody to trust, silence, broken bytes. Each is one clear error, after the
// chunks that came whole; nothing hangs. (Aborting: abort.spec.mjs.)

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:tls';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { checkError, caught, creds, read } from './support/caught.mjs';
import { encode } from './golden/frames.mjs';
import { REQUEST_ID, ScriptedBedrock } from './golden/server.mjs';

const request = { model: 'Nova-Micro', stream: true, messages: [{ role: 'user', content: 'Hi' }] };
const options = { useConverseAPI: true };

async function listening(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

describe('nobody answers', { concurrency: true }, () => {
  test('connection refused', async () => {
    const server = createServer();
    const port = await listening(server);
    server.close();
    const error = await caught(creds(`http://127.0.0.1:${port}`), request, options);
    assert.deepEqual([error.name, error.code, error.retryable, error.status], ['ConnectionError', 'connection_error', true, undefined]);
    assert.match(error.message, new RegExp(`^127.0.0.1:${port} could not be reached: .*refused.*Check the network`));
  });

  test('a host name that does not exist', async () => {
    const error = await caught(creds('https://no-such-host.invalid'), request, options);
    assert.deepEqual([error.name, error.retryable], ['ConnectionError', true]);
    assert.match(error.message, /^no-such-host\.invalid could not be reached: dns error.*awsCreds\.endpoint/);
  });

  test('a certificate that nobody vouches for', { skip: spawnSync('openssl', ['version']).status !== 0 && 'needs openssl' }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert]);
    assert.equal(made.status, 0, String(made.stderr));
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) });
    server.on('tlsClientError', () => {});
    const port = await listening(server);
    const error = await caught(creds(`https://localhost:${port}`), request, options);
    assert.deepEqual([error.name, error.code], ['ConnectionError', 'connection_error']);
    assert.match(error.message, new RegExp(`^localhost:${port} could not be reached: .*certificate`, 'i'));
    server.close();
    rmSync(folder, { recursive: true });
  });

  test('plain HTTP where TLS is expected', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const port = await listening(server);
    const error = await caught(creds(`https://localhost:${port}`), request, options);
    assert.equal(error.name, 'ConnectionError');
    server.close();
  });

  test('no word of HTTP', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('220 smtp.example.com ESMTP\r\n'));
    const port = await listening(server);
    const error = await caught(creds(`http://127.0.0.1:${port}`), request, options);
    assert.equal(error.name, 'ConnectionError');
    server.close();
  });
});

describe('silence', { concurrency: true }, () => {
  const idleTimeout = 300;

  async function silentAfter(sent, use) {
    const sockets = new Set();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).once('data', () => socket.write(sent));
    });
    const port = await listening(server);
    const started = performance.now();
    const outcome = await read(creds(`http://127.0.0.1:${port}`), request, { ...options, ...use });
    const took = performance.now() - started;
    sockets.forEach((socket) => socket.destroy());
    server.close();
    return { ...outcome, took };
  }

  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\nx-amzn-requestid: ${REQUEST_ID}\r\n\r\n`;
  const CASES = {
    'before the head of the answer': ['', []],
    'after the head': [head, []],
    'in mid-stream': [Buffer.concat([Buffer.from(head), encode({ contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'one ' } } })]), ['one ']],
  };

  for (const [when, [sent, expected]] of Object.entries(CASES)) {
    test(`${when}: the idle limit ends it`, async () => {
      const { chunks, error, took } = await silentAfter(sent, { idleTimeout });
      checkError(error);
      assert.deepEqual(chunks, expected);
      assert.deepEqual([error.name, error.code, error.retryable], ['TimeoutError', 'timeout', true]);
      assert.match(error.message, /0\.3 s.*options\.idleTimeout/);
      assert.ok(took >= idleTimeout && took < idleTimeout + 2000, `${took} ms`);
    });
  }

  test('a slow stream that is never silent for the limit goes on', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {}).once('data', async () => {
        socket.write(head);
        for (const event of ANSWER) {
          await new Promise((resolve) => setTimeout(resolve, 120));
          socket.write(encode(event));
        }
        socket.end();
      });
    });
    const port = await listening(server);
    const { chunks, error } = await read(creds(`http://127.0.0.1:${port}`), request, { ...options, idleTimeout });
    assert.equal(error, undefined);
    assert.deepEqual(chunks, ['one ', 'two ', 'three']);
    server.close();
  });
});

const delta = (text) => ({ contentBlockDelta: { contentBlockIndex: 0, delta: { text } } });
const ANSWER = [{ messageStart: { role: 'assistant' } }, delta('one '), delta('two '), delta('three'), { contentBlockStop: { contentBlockIndex: 0 } }, { messageStop: { stopReason: 'end_turn' } }];
const lengthOf = (events) => events.reduce((sum, event) => sum + encode(event).length, 0);

/** Twenty-six megabytes announced, a few bytes sent. */
function oversizeFrame() {
  const frame = Buffer.from(encode(delta('x')));
  frame.writeUInt32BE(26 * 1024 * 1024, 0);
  return frame;
}

function raw(...parts) {
  return { headers: { 'content-type': 'application/vnd.amazon.eventstream' }, raw_body: Buffer.concat(parts) };
}

const before = ANSWER.slice(0, 3).map(encode);
const BROKEN = {
  'cut in the middle of a frame': [{ events: ANSWER, truncate: 7 }, 'one two three', /incomplete/],
  'cut between two frames': [{ events: ANSWER.slice(0, 4) }, 'one two three', /messageStop.*incomplete/],
  'nothing at all': [{ events: [] }, '', /incomplete/],
  'a wrong checksum of a frame': [{ events: ANSWER, corrupt_byte: lengthOf(ANSWER.slice(0, 3)) - 6 }, 'one ', /damaged/],
  'a wrong checksum of a prelude': [{ events: ANSWER, corrupt_byte: lengthOf(ANSWER.slice(0, 2)) + 9 }, 'one ', /damaged/],
  'a frame larger than any': [raw(...before, oversizeFrame()), 'one two ', /27262976 bytes/],
  'a frame smaller than any': [raw(...before, Buffer.from([0, 0, 0, 3, 0, 0, 0, 0])), 'one two ', /3 bytes/],
  'text in place of frames': [raw(Buffer.from('<html>It works!</html>')), '', /frame/],
  'JSON that is none': [{ events: [{ raw_chunk_text: '{' }] }, '', /JSON|incomplete/],
  'a connection that is reset': [{ events: ANSWER, hangup_after: 3 }, 'one two ', /broke|incomplete/],
};

describe('broken streams', { concurrency: true }, () => {
  for (const [what, [response, text, says]] of Object.entries(BROKEN)) {
    test(`${what}: what came whole is delivered, then the error`, async () => {
      const bedrock = await new ScriptedBedrock().start();
      bedrock.script = () => response;
      const { chunks, error } = await read(creds(bedrock.url), request, options);
      bedrock.close();
      checkError(error);
      assert.equal(chunks.join(''), text);
      assert.deepEqual([error.name, error.code, error.retryable], ['BrokenStreamError', 'broken_stream', true]);
      assert.equal(error.requestId, REQUEST_ID);
      assert.match(error.message, says);
    });
  }

  const HELD = {
    'the beginning of a stop sequence': [{ ...request, stop: ['1', '2', '3', '4', 'three!'] }, ANSWER.slice(0, 4), 'one two three'],
    'the beginning of a reasoning tag': [{ ...request, model: 'Kimi-K2-Thinking' }, [...ANSWER.slice(0, 3), delta('<rea')], 'one two <rea'],
  };

  for (const [what, [asked, events, text]] of Object.entries(HELD)) {
    test(`${what} is held back no longer when the stream breaks`, async () => {
      const bedrock = await new ScriptedBedrock().start();
      bedrock.script = () => ({ events });
      const { chunks, error } = await read(creds(bedrock.url), asked, options);
      bedrock.close();
      assert.equal(chunks.join(''), text);
      assert.equal(error.name, 'BrokenStreamError');
    });
  }

  test('an answer that is no JSON', async () => {
    const bedrock = await new ScriptedBedrock().start();
    bedrock.script = () => ({ raw_body: '{"output": ' });
    const error = await caught(creds(bedrock.url), { ...request, stream: false }, options);
    bedrock.close();
    assert.deepEqual([error.name, error.requestId], ['BrokenStreamError', REQUEST_ID]);
    assert.match(error.message, /not the JSON/);
  });

  test('an answer larger than 25 MB', async () => {
    const bedrock = await new ScriptedBedrock().start();
    bedrock.script = () => ({ raw_body: Buffer.alloc(26_000_000, ' ') });
    const error = await caught(creds(bedrock.url), { ...request, stream: false }, options);
    bedrock.close();
    assert.equal(error.name, 'BrokenStreamError');
    assert.match(error.message, /25000000/);
  });
});
