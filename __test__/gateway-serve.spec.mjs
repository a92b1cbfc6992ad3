// `serve` from `bedrock-wrapper/gateway`: how a program starts, changes and stops a gateway.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { serve } from '../js/gateway.js';
import { simulate } from '../js/simulator.js';

const MODEL = 'amazon.nova-micro-v1:0';
const MODULE = fileURLToPath(new URL('../js/gateway.js', import.meta.url));

/** A gateway for one test. */
async function serving(t, options) {
  const gateway = await serve({ port: 0, simulate: true, ...options });
  t.after(() => gateway.close());
  return gateway;
}

function ask(gateway, key = 'unused') {
  return new OpenAI({ baseURL: gateway.baseURL, apiKey: key, maxRetries: 0 });
}

function counting(to, more) {
  return { model: MODEL, messages: [{ role: 'user', content: `Count from 1 to ${to}.` }], ...more };
}

async function status(gateway, key) {
  const { status } = await fetch(`${gateway.baseURL}/models`, { headers: { authorization: `Bearer ${key}` } });
  return status;
}

test('the openai package is answered by the simulator behind it', async (t) => {
  const gateway = await serving(t);
  assert.match(gateway.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(gateway.baseURL, `${gateway.url}/v1`);
  assert.match(gateway.simulatorUrl, /^http:\/\/127\.0\.0\.1:\d+$/);
  const answer = await ask(gateway).chat.completions.create(counting(3));
  assert.equal(answer.choices[0].message.content, '1, 2, 3');
});

test('settings lead to Bedrock, and keys are asked for', async (t) => {
  const bedrock = await simulate();
  t.after(() => bedrock.close());
  const gateway = await serving(t, {
    simulate: false,
    baseUrl: bedrock.url,
    region: bedrock.env.AWS_REGION,
    accessKeyId: bedrock.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: bedrock.env.AWS_SECRET_ACCESS_KEY,
    apiKeys: ['sk-right'],
  });
  assert.equal(gateway.simulatorUrl, undefined);
  await assert.rejects(ask(gateway, 'sk-wrong').chat.completions.create(counting(3)), { status: 401, code: 'invalid_api_key' });
  const answer = await ask(gateway, 'sk-right').chat.completions.create(counting(3));
  assert.equal(answer.choices[0].message.content, '1, 2, 3');
  assert.equal(bedrock.requests.length, 1);
});

test('a reload holds at once and cuts nothing: neither a stream nor an idle connection', async (t) => {
  const bedrock = await simulate({ physics: { stalls: [{ after: 3, for: 400 }] } });
  t.after(() => bedrock.close());
  const options = {
    port: 0,
    baseUrl: bedrock.url,
    region: bedrock.env.AWS_REGION,
    accessKeyId: bedrock.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: bedrock.env.AWS_SECRET_ACCESS_KEY,
    apiKeys: ['sk-old'],
  };
  const gateway = await serve(options);
  t.after(() => gateway.close());
  const streams = Array.from({ length: 20 }, async () => {
    const stream = await ask(gateway, 'sk-old').chat.completions.create(counting(9, { stream: true }));
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    return text;
  });
  while (bedrock.requests.length < streams.length) await new Promise((resolve) => setTimeout(resolve, 5));
  await gateway.reload({ ...options, apiKeys: ['sk-new'] });
  assert.deepEqual([await status(gateway, 'sk-old'), await status(gateway, 'sk-new')], [401, 200]);
  const texts = await Promise.all(streams);
  assert.deepEqual([...new Set(texts)], ['1, 2, 3, 4, 5, 6, 7, 8, 9']);
});

test('settings that do not fit leave those that hold', async (t) => {
  const gateway = await serving(t, { apiKeys: ['sk-old'] });
  await assert.rejects(gateway.reload({ simulate: true, apiKey: ['sk-new'] }), {
    name: 'ConfigurationError',
    param: 'options.apiKey',
    message: 'options.apiKey: there is no such setting; did you mean apiKeys?',
  });
  assert.deepEqual([await status(gateway, 'sk-old'), await status(gateway, 'sk-new')], [200, 401]);
  await assert.rejects(gateway.reload({ simulate: false }), { param: 'options.simulate' });
});

test('what cannot change while it runs is told', async (t) => {
  const gateway = await serving(t);
  const warned = new Promise((resolve) => process.once('warning', resolve));
  await gateway.reload({ simulate: true, port: 1 });
  const { name, message } = await warned;
  assert.equal(name, 'BedrockGatewayWarning');
  assert.match(message, /^port cannot change while the gateway runs/);
  assert.equal(await status(gateway, 'any'), 200);
});

test('a gateway that asks for no key is for this machine only', async () => {
  const error = await serve({ port: 0, host: '0.0.0.0' }).catch((error) => error);
  assert.equal(error.name, 'ConfigurationError');
  assert.equal(error.param, 'allow_anonymous');
  for (const more of [{ apiKeys: ['sk-1'] }, { allowAnonymous: true }]) {
    const gateway = await serve({ port: 0, host: '0.0.0.0', ...more });
    assert.equal((await fetch(`${gateway.url}/health`)).status, 200);
    await gateway.close();
  }
});

test('options that are none are refused', async () => {
  const told = async (options) => (await serve(options).catch((error) => error)).message;
  assert.equal(await told({ prot: 1 }), 'options.prot: there is no such setting; did you mean port?');
  assert.equal(await told({ port: 70000 }), 'options.port: invalid value: integer `70000`, expected a whole number from 0 to 65535.');
  assert.equal(await told({ pingSeconds: 'soon' }), 'options.pingSeconds: invalid type: string "soon", expected a number.');
  assert.match(await told({ simulate: 'yes' }), /^options\.simulate: expected true or false/);
  assert.match(await told('8080'), /^options: expected an object/);
});

test('a port that is taken is told', async (t) => {
  const gateway = await serving(t);
  const error = await serve({ port: Number(new URL(gateway.url).port), simulate: true }).catch((error) => error);
  assert.deepEqual([error.name, error.param], ['ConfigurationError', 'port']);
});

test('close is graceful: a stream that runs is finished, and then nothing listens', async () => {
  const gateway = await serve({ port: 0, simulate: true });
  const stream = await ask(gateway).chat.completions.create(counting(40, { stream: true }));
  const closing = gateway.close();
  assert.equal(gateway.close(), closing);
  let finish;
  for await (const chunk of stream) finish = chunk.choices[0]?.finish_reason ?? finish;
  assert.equal(finish, 'stop');
  await closing;
  await assert.rejects(fetch(`${gateway.url}/health`));
  await assert.rejects(gateway.reload({ simulate: true }), { message: 'gateway: it is closed' });
});

test('it keeps Node alive until it is closed, unless told not to', async () => {
  const run = (body) => promisify(execFile)(process.execPath, ['-e', `require(${JSON.stringify(MODULE)}).serve({ port: 0, simulate: true }).then(${body})`]);
  const { stdout } = await run('(gateway) => setTimeout(() => { console.log("still here"); gateway.close(); }, 50).unref()');
  assert.equal(stdout, 'still here\n');
  await run('(gateway) => { gateway.unref(); }');
});

test('CommonJS and ES modules have it', async () => {
  const required = createRequire(import.meta.url)('bedrock-wrapper/gateway');
  const imported = await import('bedrock-wrapper/gateway');
  assert.equal(required.serve, imported.serve);
});
