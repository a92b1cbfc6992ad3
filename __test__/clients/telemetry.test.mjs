// What the gateway tells, read by those it is for: prometheus_client and OpenTelemetry's protobuf, in Python.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serve } from '../../js/gateway.js';
import { bin } from './clients.mjs';

const JUDGE = fileURLToPath(new URL('python/telemetry.py', import.meta.url));
const PYTHON = process.env.TELEMETRY_PYTHON ?? bin('python');
const skip = !existsSync(PYTHON) && 'the Python clients are not installed; `npm run test:clients` installs them';
const MODEL = 'amazon.nova-micro-v1:0';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

test('parsers of Prometheus and OpenTelemetry take all of it', { skip }, async (t) => {
  const got = { '/v1/traces': [], '/v1/metrics': [] };
  const collector = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => {
      got[request.url].push(JSON.parse(text));
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  t.after(() => collector.close());
  const gateway = await serve({ port: 0, simulate: true, otlpEndpoint: `http://127.0.0.1:${collector.address().port}` });
  const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
  for (const [model, stream] of [[MODEL, false], [MODEL, true], ['no.such-"model"\\\n', false]]) {
    const body = JSON.stringify({ model, stream, stream_options: stream ? { include_usage: true } : undefined, messages: [{ role: 'user', content: 'Count from 1 to 9.' }] });
    await (await fetch(`${gateway.baseURL}/chat/completions`, { method: 'POST', headers, body })).text();
  }
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  await gateway.close();
  const input = JSON.stringify({ metrics, traces: got['/v1/traces'], histograms: got['/v1/metrics'] });
  const { status, stdout, stderr } = spawnSync(PYTHON, [JUDGE], { input, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const { families, spans, metrics: names } = JSON.parse(stdout);
  for (const [name, type] of Object.entries({
    gateway_requests: 'counter',
    gateway_tokens: 'counter',
    gateway_request_duration_seconds: 'histogram',
    gateway_time_to_first_token_seconds: 'histogram',
    gateway_overhead_seconds: 'histogram',
    gateway_inflight: 'gauge',
  })) {
    assert.equal(families[name]?.type, type, name);
    assert.ok(families[name].samples > 0, name);
  }
  assert.deepEqual([...new Set(spans.map(({ traceId }) => traceId))], [TRACE]);
  assert.deepEqual(spans.filter(({ kind }) => kind === 2).map(({ name }) => name), Array(3).fill('POST /v1/chat/completions'));
  assert.equal(spans.filter(({ kind, name }) => kind === 3 && name === `chat ${MODEL}`).length, 2);
  assert.deepEqual(names, [
    'gen_ai.client.operation.duration',
    'gen_ai.client.token.usage',
    'gen_ai.server.time_per_output_token',
    'gen_ai.server.time_to_first_token',
    'http.server.request.duration',
  ]);
});
