// Who may call the gateway, and what: keys, and credentials of callers' own.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { MODEL, bearer, chat, client, counting, simulated } from './support/gateway.mjs';

const CLI = fileURLToPath(new URL('../js/cli.js', import.meta.url));
const hashOf = (key) => `sha256:${createHash('sha256').update(key).digest('hex')}`;

test('a key is taken from each header that clients put it into', async (t) => {
  const { gateway } = await simulated(t);
  const on = await gateway({ keys: [{ id: 'ann', hash: hashOf('sk-ann-0123456789') }], apiKeys: ['sk-plain'] });
  for (const headers of [
    bearer('sk-ann-0123456789'),
    { authorization: 'bearer sk-plain' },
    { 'x-api-key': 'sk-ann-0123456789' },
    { 'api-key': 'sk-plain' },
  ]) {
    assert.equal((await chat(on, headers)).status, 200, JSON.stringify(headers));
  }
  const none = await chat(on, {});
  assert.deepEqual([none.status, none.body.error.code, none.headers.get('www-authenticate')], [401, 'invalid_api_key', 'Bearer']);
  assert.match(none.body.error.message, /^You didn't provide an API key\./);
});

test('a wrong key is told without being repeated', async (t) => {
  const { gateway, bedrock } = await simulated(t);
  const on = await gateway({ keys: [{ id: 'ann', key: 'sk-right' }] });
  const key = 'sk-abcdefghijklmnopqrstuvwxyz';
  const wrong = await client(on, key).chat.completions.create(counting(2)).catch((error) => error);
  assert.deepEqual([wrong.status, wrong.type, wrong.code], [401, 'invalid_request_error', 'invalid_api_key']);
  assert.match(wrong.message, /Incorrect API key provided: sk-\*\*\*z\./);
  assert.doesNotMatch(wrong.message, /abcdef/);
  assert.match((await chat(on, bearer('short'))).body.error.message, /provided: \*\*\*\./);
  assert.equal(bedrock.requests.length, 0);
});

test('a key ends when it expires', async (t) => {
  const { gateway } = await simulated(t);
  const on = await gateway({
    keys: [
      { id: 'past', key: 'sk-past', expires: '2020-01-01T00:00:00Z' },
      { id: 'future', key: 'sk-future', expires: '2999-01-01T00:00:00+02:00' },
    ],
  });
  const past = await chat(on, bearer('sk-past'));
  assert.deepEqual([past.status, past.body.error.code], [401, 'expired_api_key']);
  assert.equal((await chat(on, bearer('sk-future'))).status, 200);
});

test('a key asks the models it is for, and sees no others', async (t) => {
  const { gateway, bedrock } = await simulated(t);
  const on = await gateway({ keys: [{ id: 'nova', key: 'sk-nova', models: ['amazon.nova-*'] }, { id: 'all', key: 'sk-all' }] });
  const nova = client(on, 'sk-nova');
  for (const model of [MODEL, 'Nova-Micro', `us.${MODEL}`]) await nova.chat.completions.create(counting(2, { model }));
  const asked = bedrock.requests.length;
  const other = 'anthropic.claude-3-haiku-20240307-v1:0';
  for (const body of [
    counting(2, { model: other }),
    counting(2, { fallbacks: [other] }),
    counting(2, { fallbacks: [{ model: other }] }),
    counting(2, { models: [MODEL, other] }),
    counting(2, { extra_body: { fallbacks: [other] } }),
    counting(2, { model: undefined, models: [other] }),
  ]) {
    const { status, body: answer } = await chat(on, bearer('sk-nova'), body);
    assert.deepEqual([status, answer.error.code, answer.error.param], [403, 'model_not_allowed', 'model'], JSON.stringify(body));
  }
  assert.equal(bedrock.requests.length, asked, 'nothing of it reached Bedrock');

  const ids = async (key) => (await client(on, key).models.list()).data.map(({ id }) => id);
  const seen = await ids('sk-nova');
  assert.ok(seen.includes(MODEL) && seen.every((id) => id.includes('nova')), String(seen));
  assert.ok((await ids('sk-all')).includes(other));
  assert.equal((await nova.models.retrieve(MODEL)).id, MODEL);
  await assert.rejects(nova.models.retrieve(other), { status: 404, code: 'model_not_found' });
  assert.equal((await client(on, 'sk-all').models.retrieve(other)).id, other);
});

test('an alias is allowed by its name, and where all that it stands for is', async (t) => {
  const { gateway } = await simulated(t);
  const other = 'anthropic.claude-3-haiku-20240307-v1:0';
  const on = await gateway({
    aliases: { fast: MODEL, both: [MODEL, other] },
    keys: [
      { id: 'named', key: 'sk-named', models: ['both'] },
      { id: 'nova', key: 'sk-nova', models: ['amazon.*'], budgetUsd: 1 },
    ],
    prices: { 'amazon.*': { input: 0.035, output: 0.14 } },
  });
  const status = async (key, model) => (await chat(on, bearer(key), counting(2, { model }))).status;
  assert.deepEqual([await status('sk-named', 'both'), await status('sk-named', 'fast'), await status('sk-named', MODEL)], [200, 403, 403]);
  assert.deepEqual([await status('sk-nova', 'fast'), await status('sk-nova', 'both'), await status('sk-nova', 'bedrock/nova-micro')], [200, 403, 200]);
});

test('keys in a file of their own are read again on reload', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-keys-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const keysFile = join(folder, 'keys.toml');
  const write = (key) => writeFileSync(keysFile, `[[keys]]\nid = "ann"\nhash = "${hashOf(key)}"\n`);
  write('sk-old');
  const { gateway } = await simulated(t);
  const on = await gateway({ keysFile });
  write('sk-new');
  assert.equal((await chat(on, bearer('sk-old'))).status, 200);
  await on.reload(on.options);
  assert.deepEqual([(await chat(on, bearer('sk-old'))).status, (await chat(on, bearer('sk-new'))).status], [401, 200]);
  writeFileSync(keysFile, '[[keys]]\nid = "ann"\nkey = "sk-s3cret\n');
  const error = await on.reload(on.options).catch((error) => error);
  assert.equal(error.name, 'ConfigurationError');
  assert.doesNotMatch(error.message, /s3cret/);
  assert.equal((await chat(on, bearer('sk-new'))).status, 200, 'those that held stay');
});

test('keys that do not fit are told without being shown', async (t) => {
  const { gateway } = await simulated(t);
  for (const [keys, part] of [
    [[{ id: 'a', key: 's3cret' }, { id: 'a', key: 'other' }], /Two keys have the id `a`/],
    [[{ id: 'a', key: 's3cret' }, { id: 'b', key: 's3cret' }], /`a` and `b` are the same key/],
    [[{ id: 'a', hash: 's3cret' }], /sha256/],
    [[{ id: 'a', key: 's3cret', rpm: 1 }], /rpm/],
    [[{ id: 'a b', key: 's3cret' }], /`id` of a key/],
  ]) {
    const error = await gateway({ keys }).catch((error) => error);
    assert.equal(error.name, 'ConfigurationError');
    assert.match(error.message, part);
    assert.doesNotMatch(error.message, /s3cret/);
  }
});

test('callers bring AWS credentials of their own where that is allowed', async (t) => {
  const { gateway, bedrock } = await simulated(t, {
    bearerKeys: ['ABSKright'],
    credentials: { accessKeyId: 'AKIAOURS', secretAccessKey: 'secret/of+ours=' },
  });
  const { region } = { region: bedrock.env.AWS_REGION };
  // The gateway's own credentials are wrong, so that nothing can have been signed with them.
  const on = await gateway({ passThroughCredentials: true, accessKeyId: 'AKIANOBODY', secretAccessKey: 'nothing', keys: [{ id: 'own', key: 'sk-own' }] });
  const pair = { 'x-amz-access-key-id': 'AKIAOURS', 'x-amz-secret-access-key': 'secret/of+ours=' };
  for (const headers of [
    bearer('ABSKright'),
    bearer(`${region}.AKIAOURS.secret/of+ours=`),
    { ...pair, 'x-aws-region': region },
    { ...pair, ...bearer('sk-own') },
  ]) {
    const { status, body } = await chat(on, headers);
    assert.equal(status, 200, JSON.stringify(body));
  }
  for (const headers of [bearer('ABSKwrong'), bearer(`${region}.AKIAOURS.wrong`), { 'x-amz-access-key-id': 'AKIAOURS' }, bearer('sk-other')]) {
    const { status, body } = await chat(on, headers);
    assert.deepEqual([status, body.error.code], [401, 'invalid_api_key'], JSON.stringify(body));
  }
  const own = await chat(on, bearer('sk-own'));
  assert.deepEqual([own.status, own.body.error.code], [500, 'upstream_auth_error'], "the gateway's own are no fault of the caller");
  assert.equal((await chat(on, {})).status, 401);

  const off = await gateway({ keys: [{ id: 'own', key: 'sk-own' }] });
  assert.equal((await chat(off, bearer('ABSKright'))).status, 401);
});

test('hash-key prints a key that works', async (t) => {
  const run = (args, input) => spawnSync(process.execPath, [CLI, 'hash-key', ...args], { input, encoding: 'utf8' });
  const { key, hash } = JSON.parse(run(['--json']).stdout);
  assert.match(key, /^sk-bw-[\w-]{43}$/);
  assert.equal(hash, hashOf(key));
  assert.equal(run(['--stdin'], `${key}\n`).stdout, `hash = "${hash}"\n`);
  assert.match(run([]).stdout, /^key {2}= "sk-bw-[\w-]{43}"\nhash = "sha256:[0-9a-f]{64}"\n$/);
  assert.equal(run(['--stdin'], '\n').status, 2);
  const { gateway } = await simulated(t);
  const on = await gateway({ keys: [{ id: 'new', hash }] });
  assert.equal((await chat(on, bearer(key))).status, 200);
});
