// The gateway as a server: how requests are received, how connections are let go, how it ends.

import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';
import { serve } from '../js/gateway.js';
import { simulate } from '../js/simulator.js';

const MODEL = 'amazon.nova-micro-v1:0';
const JSON_TYPE = { 'content-type': 'application/json' };

const bedrock = await simulate();
after(() => bedrock.close());
const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = bedrock.env;

/** A gateway for one test. */
async function serving(t, options) {
  const gateway = await serve({ port: 0, baseUrl: bedrock.url, region, accessKeyId, secretAccessKey, ...options });
  t.after(() => gateway.close());
  return gateway;
}

function asking(text, more) {
  return { model: MODEL, messages: [{ role: 'user', content: text }], ...more };
}

function post(gateway, body, headers = JSON_TYPE, init) {
  return fetch(`${gateway.baseURL}/chat/completions`, { method: 'POST', body: typeof body === 'object' && !Buffer.isBuffer(body) ? JSON.stringify(body) : body, headers, ...init });
}

/** What comes back on a socket for these bytes until the other side closes it. */
async function raw(gateway, bytes) {
  const socket = connect(new URL(gateway.url).port, '127.0.0.1');
  socket.write(bytes);
  let text = '';
  for await (const piece of socket) text += piece;
  return text;
}

/** Begins to answer, and then says nothing for an hour. */
function silentAfterAWord(t, text) {
  const rule = bedrock.on({ text, operation: 'ConverseStream' }, {
    frames: [
      { event: 'messageStart', payload: { role: 'assistant' } },
      { event: 'contentBlockDelta', payload: { contentBlockIndex: 0, delta: { text: 'Well' } } },
      { delay: 3_600_000, event: 'messageStop', payload: { stopReason: 'end_turn' } },
    ],
  });
  t.after(() => rule.remove());
}

/** Is asked, and does not answer before the end of the test; gives a promise that it has been asked. */
function heldBack(t, text) {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  return new Promise((resolve) => {
    const rule = bedrock.on(text, async () => {
      resolve();
      await held;
      return 'late';
    });
    t.after(() => {
      release();
      rule.remove();
    });
  });
}

async function errorOf(answer) {
  return (await answer.json()).error;
}

test('what is not served has OpenAI’s error and says what to do', async (t) => {
  const gateway = await serving(t);
  for (const [method, path, status, code, says] of [
    ['POST', '/v1/nowhere', 404, 'unknown_url', /\/v1 and \/api\/v1/],
    ['POST', '/v1/responses', 404, 'unknown_url', /\/chat\/completions/],
    ['POST', '/v1/files', 404, 'unknown_url', /not kept/],
    ['GET', '/v1/chat/completions/chatcmpl-1', 404, 'unknown_url', /not stored/],
    ['GET', '/v1/chat/completions', 405, 'method_not_supported', /use POST/],
    ['DELETE', '/v1/models', 405, 'method_not_supported', /use GET/],
    ['POST', '/health', 405, 'method_not_supported', /use GET/],
    ['GET', `/v1/models/${'x'.repeat(9000)}`, 414, 'url_too_long', /too long/],
  ]) {
    const answer = await fetch(`${gateway.url}${path}`, { method });
    assert.equal(answer.status, status, path);
    assert.match(answer.headers.get('x-request-id'), /^req_[0-9a-f]{32}$/);
    if (status === 405) assert.ok(answer.headers.get('allow').includes(says.source.slice(4)), path);
    const error = await errorOf(answer);
    assert.deepEqual([error.type, error.code], ['invalid_request_error', code]);
    assert.match(error.message, says);
  }
  const head = await fetch(`${gateway.baseURL}/models`, { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
  const options = await fetch(`${gateway.baseURL}/models`, { method: 'OPTIONS' });
  assert.deepEqual([options.status, options.headers.get('allow')], [204, 'GET, HEAD, OPTIONS']);
});

test('what is no HTTP, or too much of it, is told in OpenAI’s words', async (t) => {
  const gateway = await serving(t);
  for (const [bytes, status, code] of [
    ['nonsense\r\n\r\n', 400, 'invalid_http'],
    [`GET /health HTTP/1.1\r\nhost: a\r\na: ${'x'.repeat(100_000)}\r\n\r\n`, 431, 'headers_too_large'],
    [`GET /health HTTP/1.1\r\nhost: a\r\n${'a: b\r\n'.repeat(150)}\r\n`, 431, 'headers_too_large'],
  ]) {
    const told = await raw(gateway, bytes);
    assert.match(told, new RegExp(`^HTTP/1.1 ${status} [^]*x-request-id: req_[^]*"code":"${code}"`));
  }
});

test('bodies: their type, coding, size and depth', async (t) => {
  const gateway = await serving(t, { maxBodyBytes: 10_000 });
  const body = JSON.stringify(asking('Hello'));
  for (const [sent, headers] of [
    [body, {}],
    [body, { 'content-type': 'application/x-www-form-urlencoded' }],
    [gzipSync(body), { ...JSON_TYPE, 'content-encoding': 'gzip' }],
    [deflateSync(body), { ...JSON_TYPE, 'content-encoding': 'deflate' }],
  ]) {
    assert.equal((await post(gateway, sent, headers)).status, 200, JSON.stringify(headers));
  }
  const bomb = gzipSync(Buffer.alloc(5_000_000, ' '));
  for (const [sent, headers, status, code] of [
    ['', JSON_TYPE, 400, 'missing_body'],
    [body, { 'content-type': 'multipart/form-data; boundary=a' }, 415, 'unsupported_content_type'],
    [body, { ...JSON_TYPE, 'content-encoding': 'zstd' }, 415, 'unsupported_content_encoding'],
    [body, { ...JSON_TYPE, 'content-encoding': 'gzip' }, 400, 'invalid_body'],
    [bomb, { ...JSON_TYPE, 'content-encoding': 'gzip' }, 413, 'request_too_large'],
    ['x'.repeat(10_001), JSON_TYPE, 413, 'request_too_large'],
    ['['.repeat(4000), JSON_TYPE, 400, 'invalid_value'],
    [Buffer.from([0x22, 0xff, 0x22]), JSON_TYPE, 400, 'invalid_value'],
  ]) {
    const answer = await post(gateway, sent, headers);
    assert.equal(answer.status, status, code);
    assert.equal((await errorOf(answer)).code, code);
  }
});

test('a caller’s own request id is kept', async (t) => {
  const gateway = await serving(t);
  const answer = await fetch(`${gateway.baseURL}/models`, { headers: { 'x-request-id': 'mine-1' } });
  assert.equal(answer.headers.get('x-request-id'), 'mine-1');
});

test('pages may call where they are allowed to, and never with credentials', async (t) => {
  const gateway = await serving(t, { allowedOrigins: ['https://a.example'] });
  const preflight = (origin) => fetch(`${gateway.baseURL}/chat/completions`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,x-stainless-os' } });
  const allowed = await preflight('https://a.example');
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://a.example');
  assert.equal(allowed.headers.get('access-control-allow-headers'), 'authorization,x-stainless-os');
  assert.equal(allowed.headers.get('access-control-allow-credentials'), null);
  assert.equal((await preflight('https://b.example')).headers.get('access-control-allow-origin'), null);
  const answer = await post(gateway, asking('Hello'), { ...JSON_TYPE, origin: 'https://a.example' });
  assert.match(answer.headers.get('access-control-expose-headers'), /x-request-id/);
  const closed = await serving(t);
  assert.equal((await post(closed, asking('Hello'), { ...JSON_TYPE, origin: 'https://a.example' })).headers.get('access-control-allow-origin'), null);
});

test('large answers are compressed, streams are not', async (t) => {
  const gateway = await serving(t, { compressBytes: 1000 });
  const told = await raw(gateway, 'GET /v1/models HTTP/1.1\r\nhost: a\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n');
  assert.match(told, /content-encoding: gzip/);
  const models = await fetch(`${gateway.baseURL}/models`);
  assert.ok((await models.json()).data.length > 10);
  const stream = await post(gateway, asking('Count from 1 to 200.', { stream: true }));
  assert.equal(stream.headers.get('content-encoding'), null);
  assert.match(await stream.text(), /\[DONE\]/);
});

test('a silent stream says that it lives', async (t) => {
  silentAfterAWord(t, 'ping me');
  const gateway = await serving(t, { pingSeconds: 0.05 });
  const leaving = new AbortController();
  const { body } = await post(gateway, asking('ping me', { stream: true }), JSON_TYPE, { signal: leaving.signal });
  let text = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.split(': ping\n\n').length > 3) break;
  }
  assert.match(text, /Well/);
});

test('a client that leaves takes its request to Bedrock along, before the head and in the stream', async (t) => {
  const gateway = await serving(t);
  silentAfterAWord(t, 'leave in the stream');
  const asked = heldBack(t, 'leave before the head');
  const before = new AbortController();
  const waiting = post(gateway, asking('leave before the head'), JSON_TYPE, { signal: before.signal });
  await asked;
  before.abort();
  await assert.rejects(waiting);
  await bedrock.waitForRequest({ text: 'leave before the head', disconnectedEarly: true });

  const { body } = await post(gateway, asking('leave in the stream', { stream: true }));
  const reader = body.getReader();
  await reader.read();
  await reader.cancel();
  await bedrock.waitForRequest({ text: 'leave in the stream', disconnectedEarly: true });
});

test('who is slow to ask is let go: head, body, and between two requests', async (t) => {
  const gateway = await serving(t, { headerSeconds: 0.1, bodySeconds: 0.1, idleSeconds: 0.1 });
  assert.equal(await raw(gateway, 'GET /hea'), '');
  assert.equal(await raw(gateway, ''), '');
  assert.match(await raw(gateway, 'POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{'), /^HTTP\/1.1 408 [^]*"code":"request_timeout"/);
  assert.match(await raw(gateway, 'GET /health HTTP/1.1\r\nhost: a\r\n\r\n'), /^HTTP\/1.1 200 [^]*"OK"/);
});

test('told to stop, it closes idle connections, and streams end with an error event when their time is over', async (t) => {
  silentAfterAWord(t, 'tell me at length');
  const gateway = await serving(t, { shutdownSeconds: 0.2 });
  const idle = raw(gateway, 'GET /ready HTTP/1.1\r\nhost: a\r\n\r\n');
  const asked = heldBack(t, 'answer never');
  const waiting = post(gateway, asking('answer never'));
  await asked;
  const { body } = await post(gateway, asking('tell me at length', { stream: true }));
  const [text] = await Promise.all([new Response(body).text(), gateway.close()]);
  assert.match(text, /"Well"[^]*data: \{"error":\{[^\n]*"code":"overloaded"\}\}\n\n$/);
  const refused = await waiting;
  assert.deepEqual([refused.status, (await errorOf(refused)).code], [503, 'overloaded']);
  assert.match(await idle, /"ready"/);
  await assert.rejects(fetch(`${gateway.url}/health`));
});

test('told to stop, it lets a running stream end', async (t) => {
  const gateway = await serving(t);
  const rule = bedrock.on('finish', { text: ['All', ' is', ' said.'], physics: { tokensPerSecond: 20 } });
  t.after(() => rule.remove());
  const { body } = await post(gateway, asking('finish', { stream: true }));
  const [text] = await Promise.all([new Response(body).text(), gateway.close()]);
  assert.match(text, /said\.[^]*data: \[DONE\]\n\n$/);
});

test('while it drains everything is answered, but it is not ready', async (t) => {
  const gateway = await serving(t, { drainSeconds: 1 });
  const closing = gateway.close();
  let status;
  do ({ status } = await fetch(`${gateway.url}/ready`));
  while (status === 200);
  assert.equal(status, 503);
  assert.equal((await post(gateway, asking('Hello'))).status, 200);
  await closing;
});

test('TLS by ALPN, with the files that the last reload found', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bedrock-gateway-tls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [tlsCert, tlsKey] = ['cert.pem', 'key.pem'].map((name) => {
    copyFileSync(fileURLToPath(new URL(`fixtures/tls/${name}`, import.meta.url)), join(folder, name));
    return join(folder, name);
  });
  const gateway = await serving(t, { tlsCert, tlsKey });
  assert.match(gateway.url, /^https:/);
  const ca = readFileSync(tlsCert);
  const status = await new Promise((resolve, reject) => {
    requestHttps(`${gateway.url}/health`, { ca }, (answer) => resolve(answer.resume().statusCode)).on('error', reject).end();
  });
  assert.equal(status, 200);
  const session = connectHttp2(gateway.url, { ca });
  const headers = await new Promise((resolve, reject) => {
    session.on('error', reject);
    session.request({ ':path': '/health' }).on('response', resolve).on('error', reject).end();
  });
  assert.equal(headers[':status'], 200);
  session.destroy();
  await assert.rejects(serve({ port: 0, simulate: true, tlsCert }), /tls_key|tlsKey/);
});
