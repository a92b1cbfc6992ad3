// Limits that several gateways hold together, on a real Redis or Valkey; where none is installed, these tests are left out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bearer, chat, client, counting, simulated } from './support/gateway.mjs';
import { PROGRAM, redis } from './support/redis.mjs';

const skip = PROGRAM === undefined && 'neither redis-server nor valkey-server is installed';
/** Nothing here is about how fast Redis is, and machines may be busy. */
const PATIENT = { redisSeconds: 20 };

async function metric(gateway, name) {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

async function until(holds) {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('two gateways hold one limit', { skip }, async (t) => {
  const { url: redisUrl } = await redis(t);
  const { gateway } = await simulated(t);
  const keys = [
    { id: 'two', key: 'sk-two', requestsPerMinute: 2 },
    { id: 'small', key: 'sk-small', budgetTokens: 5, budgetPeriod: 'total' },
  ];
  const gateways = [await gateway({ redisUrl, ...PATIENT, keys }), await gateway({ redisUrl, ...PATIENT, keys })];
  const remaining = [];
  for (const one of gateways) {
    const { status, headers } = await chat(one, bearer('sk-two'));
    assert.equal(status, 200);
    remaining.push(headers.get('x-ratelimit-remaining-requests'));
  }
  assert.deepEqual(remaining, ['1', '0']);
  for (const one of gateways) assert.equal((await chat(one, bearer('sk-two'))).status, 429);
  assert.equal((await chat(gateways[0], bearer('sk-small'))).status, 200);
  await until(async () => (await chat(gateways[1], bearer('sk-small'))).body.error?.code === 'insufficient_quota');
  assert.equal(await metric(gateways[0], 'gateway_redis_up'), 1);
});

test('one concurrency over two gateways; what is cut is free again', { skip }, async (t) => {
  const { url: redisUrl } = await redis(t);
  const { gateway } = await simulated(t, { physics: { stalls: [{ after: 1, for: 60_000 }] } });
  const keys = [{ id: 'one', key: 'sk-one', concurrency: 1 }];
  const [one, other] = [await gateway({ redisUrl, ...PATIENT, keys }), await gateway({ redisUrl, ...PATIENT, keys })];
  const stream = await client(one, 'sk-one').chat.completions.create(counting(9, { stream: true }));
  await stream[Symbol.asyncIterator]().next();
  const again = () => client(other, 'sk-one').chat.completions.create(counting(9, { stream: true }));
  await assert.rejects(again(), { status: 429, code: 'rate_limit_exceeded' });
  stream.controller.abort();
  await until(async () => {
    const stream = await again().catch((error) => error);
    stream.controller?.abort();
    return stream.status !== 429;
  });
});

test('Redis killed and started again under load loses no request', { skip }, async (t) => {
  const server = await redis(t, ['--requirepass', 's3cret']);
  const { gateway } = await simulated(t);
  const keys = [{ id: 'many', key: 'sk-many', requestsPerMinute: 1_000_000, tokensPerMinute: 1_000_000_000, concurrency: 1000 }];
  const on = await gateway({ redisUrl: server.url.replace('//', '//:s3cret@'), keys });
  await until(async () => (await metric(on, 'gateway_redis_up')) === 1);
  let running = true;
  const statuses = new Map();
  const load = Array.from({ length: 16 }, async () => {
    while (running) {
      const { status } = await chat(on, bearer('sk-many'));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  const served = async (more) => {
    const goal = (statuses.get(200) ?? 0) + more;
    await until(() => (statuses.get(200) ?? 0) >= goal);
  };
  await served(50);
  await server.kill();
  await until(async () => (await metric(on, 'gateway_redis_up')) === 0);
  await served(50);
  await server.start();
  await until(async () => (await metric(on, 'gateway_redis_up')) === 1);
  await served(50);
  server.stall();
  await until(async () => (await metric(on, 'gateway_redis_up')) === 0);
  await served(50);
  server.go();
  await until(async () => (await metric(on, 'gateway_redis_up')) === 1);
  running = false;
  await Promise.all(load);
  assert.deepEqual([...statuses.keys()], [200]);
  assert.ok((await metric(on, 'gateway_redis_failures_total')) >= 2);
});

test('a spent budget stays spent while Redis is away', { skip }, async (t) => {
  const server = await redis(t);
  const { gateway } = await simulated(t);
  const keys = [{ id: 'small', key: 'sk-small', budgetTokens: 5, budgetPeriod: 'total' }];
  const on = await gateway({ redisUrl: server.url, ...PATIENT, keys });
  assert.equal((await chat(on, bearer('sk-small'))).status, 200);
  assert.equal((await chat(on, bearer('sk-small'))).status, 429);
  await server.kill();
  assert.equal((await chat(on, bearer('sk-small'))).body.error.code, 'insufficient_quota');
});

test('a gateway starts without Redis, and its URL is shown to nobody', async (t) => {
  const { gateway } = await simulated(t);
  const keys = [{ id: 'one', key: 'sk-one', requestsPerMinute: 1 }];
  const on = await gateway({ redisUrl: 'redis://:s3cret@127.0.0.1:1', keys });
  assert.equal((await chat(on, bearer('sk-one'))).status, 200);
  assert.equal((await chat(on, bearer('sk-one'))).status, 429);
  assert.equal(await metric(on, 'gateway_redis_up'), 0);
  const error = await gateway({ redisUrl: 'http://:s3cret@127.0.0.1:1', keys }).catch((error) => error);
  assert.deepEqual([error.name, error.param], ['ConfigurationError', 'redis_url']);
  assert.doesNotMatch(error.message, /s3cret/);
});
