// What docs/migration-access-gateway.md and docs/migration-bedrock-proxy-endpoint.md promise to those who come from there,
// asked of a gateway that is started as they are: by the command line, with the variables that they have set.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { simulate } from '../js/simulator.js';
import { tableBelow } from './support/markdown.mjs';

const CLI = fileURLToPath(new URL('../js/cli.js', import.meta.url));
const PAGE = readFileSync(new URL('../docs/migration-access-gateway.md', import.meta.url), 'utf8');
const TABLE = readFileSync(new URL('../src/gateway/settings/table.rs', import.meta.url), 'utf8');

const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const TITAN = 'amazon.titan-embed-text-v2:0';
const KEY = 'the-old-key';
const messages = [{ role: 'user', content: 'What is 12 * 12?' }];

let bedrock;
const running = [];

before(async () => {
  bedrock = await simulate({ region: 'us-west-2' });
});
after(async () => {
  for (const child of running) child.kill('SIGKILL');
  await bedrock.close();
});

/** Starts `serve` on the local Bedrock with these variables; gives a function that asks it. */
async function gateway(variables = {}, ...flags) {
  const env = { PATH: process.env.PATH, AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true', ...bedrock.env, ...variables };
  const child = spawn(process.execPath, [CLI, 'serve', '--json', '--port', '0', '--access-log', 'off', ...flags], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  const [line] = await once(createInterface(child.stdout), 'line');
  const { url } = JSON.parse(line);
  return async (path, body, headers = {}) => {
    const method = body === undefined ? 'GET' : 'POST';
    const response = await fetch(url + path, { method, headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
  };
}

describe('from the Access Gateway', () => {
  let ask;
  before(async () => {
    ask = await gateway({
      API_KEY: KEY,
      API_ROUTE_PREFIX: '/llm',
      AWS_REGION: 'us-west-2',
      DEFAULT_MODEL: CLAUDE,
      DEFAULT_EMBEDDING_MODEL: TITAN,
      ENABLE_PROMPT_CACHING: 'true',
      ENABLE_CROSS_REGION_INFERENCE: 'false',
      ALLOWED_ORIGINS: 'https://chat.example.com',
      DEBUG: 'true',
    });
  });

  test('its page tells of every variable that is heeded', () => {
    const heeded = [...TABLE.matchAll(/\.(?:also|also_one)\("(\w+)"\)/g)].map(([, name]) => name);
    const told = tableBelow(PAGE, '## Variables').map(([name]) => name);
    assert.ok(heeded.length > 5);
    for (const name of heeded) assert.ok(told.includes(name), name);
  });

  test('its page tells of all the known defects, each of which has a test', () => {
    const numbers = [...PAGE.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, list]) => list.split(', ').map(Number));
    const tested = [...readFileSync(new URL('gateway-defects.spec.mjs', import.meta.url), 'utf8').matchAll(/^defect\((\d+)/gm)].map(([, number]) => Number(number));
    const every = Array.from({ length: 31 }, (_, at) => at + 1);
    assert.deepEqual(numbers.toSorted((a, b) => a - b), every);
    assert.deepEqual(tested.toSorted((a, b) => a - b), every);
  });

  test('the key is asked for', async () => {
    const refused = await ask('/api/v1/chat/completions', { model: CLAUDE, messages }, { authorization: 'Bearer another' });
    assert.deepEqual([refused.status, refused.json.error.code], [401, 'invalid_api_key']);
    assert.equal((await ask('/health', undefined, { authorization: '' })).json.status, 'OK');
  });

  test('OpenAI\'s names mean the default models, under every prefix', async () => {
    for (const prefix of ['/api/v1', '/v1', '/llm']) {
      const { status, headers, json } = await ask(`${prefix}/chat/completions`, { model: 'gpt-4o', messages });
      assert.equal(status, 200, JSON.stringify(json));
      assert.deepEqual([headers.get('x-bedrock-model-id'), headers.get('x-bedrock-region')], [CLAUDE, 'us-west-2']);
      assert.equal(json.choices[0].message.content, '12 * 12 = 144');
    }
    const { status, headers, json } = await ask('/api/v1/embeddings', { model: 'text-embedding-3-small', input: ['a', 'b'] });
    assert.deepEqual([status, json.data.length, headers.get('x-bedrock-model-id')], [200, 2, TITAN]);
  });

  test('prompts are cached', async () => {
    bedrock.forgetRequests();
    await ask('/api/v1/chat/completions', { model: CLAUDE, messages: [{ role: 'system', content: 'Be brief. '.repeat(2000) }, ...messages] });
    assert.match(JSON.stringify(bedrock.requests.at(-1).body), /cachePoint/);
  });

  test('web pages of the given origin may call', async () => {
    const { headers } = await ask('/api/v1/models', undefined, { origin: 'https://chat.example.com' });
    assert.equal(headers.get('access-control-allow-origin'), 'https://chat.example.com');
    const other = await ask('/api/v1/models', undefined, { origin: 'https://evil.example.com' });
    assert.equal(other.headers.get('access-control-allow-origin'), null);
  });

  test('models are listed as the variables say, and may be called whatever they say', async () => {
    const { json } = await ask('/api/v1/models');
    const ids = json.data.map(({ id }) => id);
    assert.ok(ids.includes('amazon.nova-lite-v1:0'));
    assert.deepEqual(ids.filter((id) => /^(?:us|global)\./.test(id)), []);
    assert.equal((await ask('/api/v1/models/no.such-model')).json.error.code, 'model_not_found');
    const arn = 'arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0';
    for (const path of [arn, encodeURIComponent(arn)]) assert.equal((await ask(`/api/v1/models/${path}`)).json.id, arn);
  });

  test('keys of its own are read at top level and in a literal extra_body', async () => {
    const own = { thinking: { type: 'enabled', budget_tokens: 2000 } };
    for (const body of [own, { extra_body: own }]) {
      const { json } = await ask('/api/v1/chat/completions', { model: CLAUDE, messages, max_tokens: 4000, ...body });
      assert.equal(typeof json.choices[0].message.reasoning_content, 'string', JSON.stringify(json));
    }
  });

  test('reasoning comes in the content for those who want it there', async () => {
    const body = { model: CLAUDE, messages, max_tokens: 4000, reasoning_effort: 'low' };
    const { json } = await ask('/api/v1/chat/completions', body, { 'x-reasoning-format': 'think' });
    assert.match(json.choices[0].message.content, /^<think>.+<\/think>12 \* 12 = 144$/s);
  });

  test('an error has its status and OpenAI\'s body, in a stream too', async () => {
    for (const stream of [false, true]) {
      const { status, json } = await ask('/api/v1/chat/completions', { model: 'no.such-model', messages, stream });
      assert.deepEqual([status, json.error.code, json.error.param], [404, 'model_not_found', 'model']);
    }
  });
});

describe('from the Bedrock Proxy Endpoint', () => {
  const old = () => `us-west-2.${bedrock.env.AWS_ACCESS_KEY_ID}.${bedrock.env.AWS_SECRET_ACCESS_KEY}`;
  const own = { AWS_ACCESS_KEY_ID: 'AKIANOTTHISONE', AWS_SECRET_ACCESS_KEY: 'nor-this' };

  test('its key asks in the name of whoever shows it', async () => {
    const ask = await gateway(own, '--pass-through-credentials');
    const answer = (key) => ask('/v1/chat/completions', { model: 'Claude-4-5-Sonnet', messages, stop_sequences: ['='] }, { authorization: `Bearer ${key}` });
    const { status, json } = await answer(old());
    assert.deepEqual([status, json.choices?.[0].message.content], [200, '12 * 12 '], JSON.stringify(json));
    assert.equal((await answer('us-west-2.AKIAWRONG.wrong')).status, 401);
  });

  test('its key is no key where that is not allowed', async () => {
    const ask = await gateway({ ...own, API_KEY: KEY });
    assert.equal((await ask('/v1/models', undefined, { authorization: `Bearer ${old()}` })).status, 401);
  });
});
