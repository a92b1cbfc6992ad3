// Requests that are wrong: in their path, their headers, their body, or in being HTTP at all.

import { body } from './bodies.mjs';

const MODELS = [
  ...Array(15).fill('us.amazon.nova-micro-v1:0'),
  'anthropic.claude-3-haiku-20240307-v1:0', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'meta.llama3-8b-instruct-v1:0',
  'mistral.mistral-7b-instruct-v0:2', 'amazon.titan-text-lite-v1', 'amazon.titan-embed-text-v2:0', 'cohere.command-r-v1:0', 'cohere.embed-english-v3',
  'cohere.rerank-v3-5:0', 'openai.gpt-oss-20b-1:0', 'us.deepseek.r1-v1:0', 'ai21.jamba-1-5-mini-v1:0', 'amazon.nova-canvas-v1:0', 'stability.sd3-large-v1:0',
  'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0', 'none.such-v1', '', '%', '%00', '..', 'é',
];
const OPERATIONS = [
  ...Array(4).fill(['converse', 'converse-stream', 'invoke', 'invoke-with-response-stream']).flat(),
  'count-tokens', 'invoke-with-bidirectional-stream', 'nope', '',
];
const PATHS = [
  '/', '//', '/model', '/model//converse', '/model/%ff/converse', '/guardrails', '/guardrails/x', '/guardrail/x/version/DRAFT/apply', '/async-invoke', '/async-invoke/x',
  '/foundation-models', '/foundation-models?byProvider=%', '/foundation-models/x', '/inference-profiles?maxResults=-1', '/inference-profiles?nextToken=x', '/custom-models',
  '/provisioned-model-throughputs', '/logging/modelinvocations', '/listTagsForResource', '/tagResource', '/openai/v1/chat/completions', '/model-customization-jobs',
];
const METHODS = [...Array(20).fill('POST'), 'GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
const TYPES = ['application/json', 'application/octet-stream', 'text/plain', 'multipart/form-data; boundary=x', 'application/vnd.amazon.eventstream', '', '*/*', 'é'];
const AUTHORIZATIONS = [
  'AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 Credential=a', 'AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0', 'AWS4-HMAC-SHA512 Credential=a/20250101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0',
  'AWS4-HMAC-SHA256 Credential=AKIA/20250101/us-east-1/bedrock/aws4_request, SignedHeaders=host;;;x-amz-date, Signature=0', 'Bearer', 'Bearer x', 'Bearer ABSKx', 'Bearer bedrock-api-key-YQ==', 'Basic YTpi', '=,=,=',
];

/** A request that is HTTP, however wrong: it is answered, and the connection stays. */
export function request(random) {
  const bytes = body(random);
  const lines = [`${random.of(METHODS)} ${path(random)} HTTP/1.1`, 'Host: localhost'];
  if (random.chance(0.7)) lines.push(`Content-Type: ${random.of(TYPES)}`);
  if (random.chance(0.3)) lines.push(`Authorization: ${random.of(AUTHORIZATIONS)}`);
  if (random.chance(0.1)) lines.push(`X-Amz-Date: ${random.of(['20250101T000000Z', 'x', '99999999T999999Z', ''])}`);
  if (random.chance(0.1)) lines.push(`X-Amzn-Bedrock-Trace: ${random.of(['ENABLED', 'x'])}`, 'X-Amzn-Bedrock-GuardrailIdentifier: x');
  if (random.chance(0.05)) lines.push(`X-Odd: ${'y'.repeat(random.below(8_000))}`);
  if (random.chance(0.2)) return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n`, 'latin1'), chunked(bytes, random)]);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\nContent-Length: ${bytes.length}\r\n\r\n`, 'latin1'), bytes]);
}

function path(random) {
  if (random.chance(0.15)) return `${random.of(PATHS)}${random.chance(0.2) ? '?X-Amz-Algorithm=a&X-Amz-Credential=%2F' : ''}`;
  if (random.chance(0.03)) return `/model/${'x'.repeat(random.below(5_000))}/converse`;
  const model = random.of(MODELS);
  const spelt = random.chance(0.5) ? encodeURIComponent(model) : Buffer.from(model).toString('latin1').replace(/[^!-~]/g, '%E9');
  return `/model/${spelt}/${random.of(OPERATIONS)}`;
}

function chunked(bytes, random) {
  const pieces = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + random.below(bytes.length);
    const piece = bytes.subarray(at, at + size);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
    at += size;
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}

/** Bytes that are not a request, or not all of one: whatever is answered, the connection may be closed. */
export function noise(random) {
  const whole = request(random);
  switch (random.below(10)) {
    case 0: return random.bytes(random.below(500));
    case 1: return whole.subarray(0, random.below(whole.length));
    case 2: return Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), random.bytes(random.below(300))]);
    case 3: return Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0), frame(random.below(12), random.below(256), random.below(9), random.bytes(random.below(60)))]);
    case 4: return Buffer.from(`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${random.text(20)}`, 'latin1');
    case 5: return Buffer.from(`POST / HTTP/1.1\r\nContent-Length: ${random.of(['-1', '1e3', '99999999999999999999', 'x', '0, 1'])}\r\n\r\n`);
    case 6: return Buffer.from(`${random.text(12)} ${random.text(12)} HTTP/${random.below(9)}.${random.below(9)}\r\n\r\n`, 'latin1');
    case 7: return Buffer.from(`GET / HTTP/1.1\r\n${Array.from({ length: 150 }, (_, n) => `a${n}: b\r\n`).join('')}\r\n`);
    case 8: return Buffer.from(`GET /${'x'.repeat(70_000)} HTTP/1.1\r\n\r\n`);
    default: return Buffer.from(`HEAD ${path(random)} HTTP/1.0\r\n${random.text(30)}\r\n\r\n`, 'latin1');
  }
}

/** An HTTP/2 frame. */
function frame(type, flags, stream, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
