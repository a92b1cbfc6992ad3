// What the gateway tells of itself: metrics, access log, OpenTelemetry, and what the page is made of.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { serve } from '../js/gateway.js';
import { simulate } from '../js/simulator.js';

const MODEL = 'amazon.nova-micro-v1:0';
const SECRET = 'sk-very-secret-key';
const PROMPT = 'Count from 1 to 5.';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

/** A gateway for one test. */
async function serving(t, options) {
  const gateway = await serve({ port: 0, simulate: true, ...options });
  t.after(() => gateway.close());
  return gateway;
}

function folder(t) {
  const made = mkdtempSync(join(tmpdir(), 'gateway-watching-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Asks, and reads the answer to its end. */
async function ask(gateway, { headers, signal, ...more } = {}) {
  const body = JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: PROMPT }], ...more });
  const answer = await fetch(`${gateway.baseURL}/chat/completions`, { method: 'POST', headers, body, signal });
  return { status: answer.status, id: answer.headers.get('x-request-id'), text: await answer.text() };
}

async function metrics(url) {
  const answer = await fetch(`${url}/metrics`);
  assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  return answer.text();
}

const lines = (file) => readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));

/** Resolves once `look` gives something; what is told is told a moment after the answer. */
async function eventually(look) {
  for (let tries = 0; tries < 200; tries++) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come about within 10 s');
}

test('metrics count requests, tokens and failures', async (t) => {
  const gateway = await serving(t);
  await ask(gateway);
  await ask(gateway, { stream: true, stream_options: { include_usage: true } });
  await fetch(`${gateway.simulatorUrl}/_simulator/faults`, {
    method: 'POST',
    body: JSON.stringify({ fault: 'error', code: 'AccessDeniedException', times: 1 }),
  });
  assert.equal((await ask(gateway)).status, 403);
  await fetch(`${gateway.url}/nowhere`);
  const text = await metrics(gateway.url);
  const labels = `route="chat.completions",model="${MODEL}"`;
  for (const line of [
    `gateway_requests_total{${labels},provider_region="us-east-1",status="200",key_id=""} 2`,
    'gateway_requests_total{route="other",model="",provider_region="",status="404",key_id=""} 1',
    `gateway_time_to_first_token_seconds_count{${labels}} 1`,
    'gateway_overhead_seconds_count{route="chat.completions"} 2',
    'gateway_upstream_errors_total{exception="AccessDeniedException"} 1',
    'gateway_inflight 0',
  ]) assert.ok(text.includes(`${line}\n`), `${line} is missing in\n${text}`);
  assert.match(text, /gateway_tokens_total\{[^}]*type="output"\} \d+/);
});

test('names that callers invent make no series', async (t) => {
  const gateway = await serving(t);
  await ask(gateway);
  const before = (await metrics(gateway.url)).split('\n').length;
  for (let name = 0; name < 30; name++) await ask(gateway, { model: `no.such-model-${name}` });
  const text = await metrics(gateway.url);
  assert.doesNotMatch(text, /no\.such-model/);
  assert.ok(text.split('\n').length - before < 60, text);
  assert.match(text, /gateway_requests_total\{[^}]*model="other"[^}]*status="40[04]"[^}]*\} 30/);
});

test('a caller who leaves is counted', async (t) => {
  const bedrock = await simulate({ physics: { tokensPerSecond: 10 } });
  t.after(() => bedrock.close());
  const gateway = await serving(t, {
    simulate: false,
    baseUrl: bedrock.url,
    region: bedrock.env.AWS_REGION,
    accessKeyId: bedrock.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: bedrock.env.AWS_SECRET_ACCESS_KEY,
  });
  const leaving = new AbortController();
  const body = JSON.stringify({ model: MODEL, stream: true, messages: [{ role: 'user', content: 'Count from 1 to 100.' }] });
  const answer = await fetch(`${gateway.baseURL}/chat/completions`, { method: 'POST', body, signal: leaving.signal });
  await answer.body.getReader().read();
  leaving.abort();
  await eventually(async () => (await metrics(gateway.url)).includes(`gateway_cancelled_total{route="chat.completions",model="${MODEL}"} 1\n`));
});

test('metrics may have a port of their own', async (t) => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  const gateway = await serving(t, { metricsPort: port });
  assert.match(await metrics(`http://127.0.0.1:${port}`), /gateway_inflight 0/);
  assert.equal((await fetch(`${gateway.url}/metrics`)).status, 404);
  assert.equal((await fetch(`http://127.0.0.1:${port}/v1/models`)).status, 404);
});

test('the access log has a line of JSON for each request, without keys and prompts', async (t) => {
  const file = join(folder(t), 'access.jsonl');
  const gateway = await serving(t, { accessLog: file, apiKeys: [SECRET] });
  const headers = { authorization: `Bearer ${SECRET}`, traceparent: `00-${TRACE}-${PARENT}-01` };
  const { id } = await ask(gateway, { headers, stream: true, stream_options: { include_usage: true } });
  await ask(gateway, { headers: { authorization: 'Bearer sk-wrong' } });
  await ask(gateway, { headers, messages: PROMPT });
  await gateway.close();
  const [answered, refused, mistaken] = lines(file);
  const { time, request_id: request, bedrock_request_id: bedrock, duration_ms: took, ...rest } = answered;
  assert.ok(!Number.isNaN(Date.parse(time)) && took > 0 && bedrock);
  assert.equal(request, id);
  const expected = { key_id: 'api_keys:0', client: '127.0.0.1', method: 'POST', path: '/v1/chat/completions', status: 200, outcome: 'answered', streamed: true, model: MODEL, region: 'us-east-1', attempts: 1, trace_id: TRACE, stop_reasons: ['end_turn'] };
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(rest[name], value, name);
  assert.ok(rest.input_tokens > 0 && rest.output_tokens > 0 && rest.first_content_ms > 0 && rest.overhead_ms > 0);
  assert.deepEqual([refused.status, refused.outcome, refused.error.code], [401, 'refused', 'invalid_api_key']);
  assert.deepEqual([mistaken.status, mistaken.error.param], [400, 'messages']);
  const text = readFileSync(file, 'utf8');
  for (const word of [SECRET, 'sk-wrong', 'Count from', '1, 2, 3']) assert.ok(!text.includes(word), word);
});

test('what was said is logged only if that is switched on', async (t) => {
  const file = join(folder(t), 'access.jsonl');
  const gateway = await serving(t, { accessLog: file, logContent: true });
  await ask(gateway, { stream: true });
  await gateway.close();
  const [{ request, answer }] = lines(file);
  assert.equal(JSON.parse(request).messages[0].content, PROMPT);
  assert.equal(answer, '1, 2, 3, 4, 5');
});

test('a reload opens the access log anew, so that it can be moved away', async (t) => {
  const place = folder(t);
  const file = join(place, 'access.jsonl');
  const gateway = await serving(t, { accessLog: file });
  await ask(gateway);
  await eventually(() => readFileSync(file, 'utf8') !== '');
  renameSync(file, join(place, 'old.jsonl'));
  await gateway.reload({ port: 0, simulate: true, accessLog: file });
  await ask(gateway);
  await gateway.close();
  assert.equal(lines(join(place, 'old.jsonl')).length, 1);
  assert.equal(lines(file).length, 1);
});

test('an access log that cannot be opened is an error', async () => {
  await assert.rejects(serve({ port: 0, simulate: true, accessLog: join('no', 'such', 'folder', 'log') }), { code: 'invalid_configuration' });
});

/** A collector of OpenTelemetry's, which keeps what it gets by path. */
async function collector(t) {
  const got = { '/v1/traces': [], '/v1/metrics': [] };
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => {
      assert.equal(request.headers['content-type'], 'application/json');
      got[request.url].push(JSON.parse(text));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const spans = () => got['/v1/traces'].flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans: some }) => some)));
  const histograms = () => got['/v1/metrics'].at(-1).resourceMetrics[0].scopeMetrics[0].metrics;
  return { url: `http://127.0.0.1:${server.address().port}`, spans, histograms };
}

function attributes(span) {
  return Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

test('OpenTelemetry gets spans that continue the caller\'s trace, and histograms', async (t) => {
  const otlp = await collector(t);
  const gateway = await serving(t, { otlpEndpoint: otlp.url });
  await ask(gateway, { headers: { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=1' }, temperature: 0.5 });
  await ask(gateway, { headers: { traceparent: `00-${TRACE}-${PARENT}-00` } });
  await gateway.close();
  const [server, client, ...more] = otlp.spans();
  assert.deepEqual(more, [], 'a trace that its caller does not record is not recorded');
  assert.deepEqual([server.traceId, server.parentSpanId, server.traceState], [TRACE, PARENT, 'vendor=1']);
  assert.deepEqual([client.traceId, client.parentSpanId, client.name], [TRACE, server.spanId, `chat ${MODEL}`]);
  const told = attributes(client);
  assert.deepEqual(
    [told['gen_ai.operation.name'], told['gen_ai.provider.name'], told['gen_ai.request.temperature'], told['gen_ai.response.finish_reasons'].values],
    ['chat', 'aws.bedrock', 0.5, [{ stringValue: 'end_turn' }]],
  );
  assert.ok(Number(told['gen_ai.usage.output_tokens']) > 0 && told['aws.request_id'] && told['gen_ai.response.id'].startsWith('chatcmpl-'));
  assert.ok(!JSON.stringify(otlp.spans()).includes('Count from'));
  const duration = otlp.histograms().find(({ name }) => name === 'gen_ai.client.operation.duration');
  assert.equal(duration.histogram.dataPoints[0].count, '2');
});

test('a collector that is away costs no request', async (t) => {
  const gateway = await serving(t, { otlpEndpoint: 'http://127.0.0.1:9' });
  for (let request = 0; request < 5; request++) assert.equal((await ask(gateway)).status, 200);
});

test('the page is for browsers, and what it shows for those who have a key', async (t) => {
  const gateway = await serving(t, { apiKeys: [SECRET] });
  const html = { accept: 'text/html,application/xhtml+xml' };
  const page = await fetch(gateway.url, { headers: html });
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(page.headers.get('content-security-policy'), /default-src 'none'/);
  const files = [...(await page.text()).matchAll(/"(_gateway\/page\/[^"]+)"/g)].map(([, file]) => file);
  assert.ok(files.length >= 2);
  for (const file of files) assert.equal((await fetch(`${gateway.url}/${file}`)).status, 200, file);
  assert.equal((await fetch(`${gateway.url}/`)).headers.get('content-type'), 'application/json');

  const stats = `${gateway.url}/_gateway/stats`;
  const refused = await fetch(stats);
  assert.deepEqual([refused.status, (await refused.json()).error.code], [401, 'invalid_api_key']);
  const headers = { authorization: `Bearer ${SECRET}` };
  await ask(gateway, { headers });
  const { models } = await eventually(async () => {
    const { past } = await (await fetch(stats, { headers })).json();
    return past.models.length > 0 && past;
  });
  assert.equal(models[0].model, MODEL);
  assert.equal(models[0].requests.reduce((sum, one) => sum + one), 1);
});

test('the page can be switched off', async (t) => {
  const gateway = await serving(t, { page: false });
  const answer = await fetch(gateway.url, { headers: { accept: 'text/html' } });
  assert.equal((await answer.json()).name, 'bedrock-wrapper');
  for (const path of ['_gateway/stats', '_gateway/page/main.js']) assert.equal((await fetch(`${gateway.url}/${path}`)).status, 404);
});
