// How much a key may have: requests, tokens, concurrency and budgets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MODEL, bearer, chat, client, counting, simulated } from './support/gateway.mjs';

const ratelimit = ({ headers }) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-ratelimit-')).map(([name, value]) => [name.slice(12), value]));

test('requests a minute are counted and told as OpenAI does', async (t) => {
  const { gateway } = await simulated(t);
  const on = await gateway({ keys: [{ id: 'two', key: 'sk-two', requestsPerMinute: 2 }, { id: 'free', key: 'sk-free' }] });
  const first = await chat(on, bearer('sk-two'));
  assert.deepEqual(ratelimit(first), { 'limit-requests': '2', 'remaining-requests': '1', 'reset-requests': '30s' });
  assert.equal((await chat(on, bearer('sk-two'))).status, 200);
  const { status, headers, body } = await chat(on, bearer('sk-two'));
  assert.deepEqual([status, body.error.type, body.error.code], [429, 'requests', 'rate_limit_exceeded']);
  assert.match(body.error.message, /on requests per min \(RPM\): Limit 2, Used \d, Requested 1\. Please try again in [\d.]+m?s\./);
  assert.ok(Number(headers.get('retry-after')) <= 30 && Number(headers.get('retry-after-ms')) > 0);
  assert.equal(headers.get('x-ratelimit-remaining-requests'), '0');
  assert.deepEqual(ratelimit(await chat(on, bearer('sk-free'))), {}, 'a key without limits is told of none');
  const wrong = await client(on, 'sk-two').chat.completions.create(counting(2)).catch((error) => error);
  assert.equal(wrong.constructor.name, 'RateLimitError');
  assert.equal((await client(on, 'sk-two').models.list()).object, 'list', 'a list asks no model');
});

test('tokens a minute: what is estimated is set aside, what is not used comes back', async (t) => {
  const { gateway, bedrock } = await simulated(t);
  const on = await gateway({ keys: [{ id: 'some', key: 'sk-some', tokensPerMinute: 1000 }] });
  const used = async () => {
    const answer = await chat(on, bearer('sk-some'), counting(2, { max_tokens: 900 }));
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body.usage.total_tokens;
  };
  // Each sets aside 900 and more; all of it could never be had twice in a minute.
  assert.ok((await used()) < 50);
  await used();
  await used();
  bedrock.on(undefined, { error: { code: 'ValidationException', message: 'no' } });
  const refused = await chat(on, bearer('sk-some'), counting(2, { max_tokens: 900 }));
  assert.equal(refused.status, 400);
  assert.equal(refused.headers.get('x-ratelimit-limit-tokens'), '1000', 'every answer of a limited key tells it');
  assert.equal((await chat(on, bearer('sk-some'), counting(2, { max_tokens: 900 }))).status, 400, 'a failure cost nothing');
});

test('as many requests at once as a key may have, streams and cut ones included', async (t) => {
  const { gateway } = await simulated(t, { physics: { stalls: [{ after: 1, for: 60_000 }] } });
  const on = await gateway({ keys: [{ id: 'one', key: 'sk-one', concurrency: 1 }] });
  const stop = new AbortController();
  const stream = await client(on, 'sk-one').chat.completions.create(counting(9, { stream: true }), { signal: stop.signal });
  await stream[Symbol.asyncIterator]().next();
  const second = await chat(on, bearer('sk-one'));
  assert.deepEqual([second.status, second.body.error.type, second.headers.get('retry-after')], [429, 'requests', '1']);
  assert.match(second.body.error.message, /requests at the same time/);
  stop.abort();
  // The room of a caller who goes away is free as soon as the gateway sees it.
  const next = () => client(on, 'sk-one').chat.completions.create(counting(9, { stream: true }));
  for (;;) {
    const stream = await next().catch((error) => error);
    if (stream.status !== 429) {
      assert.ok(stream[Symbol.asyncIterator], String(stream));
      stream.controller.abort();
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test('a budget in tokens ends', async (t) => {
  const { gateway, bedrock } = await simulated(t);
  const keys = [{ id: 'small', key: 'sk-small', budgetTokens: 5, budgetPeriod: 'total' }];
  const on = await gateway({ keys });
  assert.equal((await chat(on, bearer('sk-small'))).status, 200);
  // Nor does it come back when somebody asks for more than there is.
  await chat(on, bearer('sk-small'), counting(2, { max_tokens: Number.MAX_SAFE_INTEGER }));
  for (const moment of ['at once', 'after a reload']) {
    const { status, headers, body } = await chat(on, bearer('sk-small'));
    assert.deepEqual([status, body.error.type, body.error.code], [429, 'insufficient_quota', 'insufficient_quota'], moment);
    assert.equal(headers.get('x-should-retry'), 'false');
    await on.reload(on.options);
  }
  assert.equal(bedrock.requests.length, 1);
});

test('a budget in dollars goes by the prices of the settings', async (t) => {
  const { gateway } = await simulated(t);
  const on = await gateway({
    keys: [{ id: 'rich', key: 'sk-rich', budgetUsd: 0.5 }, { id: 'poor', key: 'sk-poor', budgetUsd: 0.5, budgetPeriod: 'day' }],
    prices: { 'amazon.*': { input: 0.035, output: 0.14 }, [MODEL]: { input: 100_000, output: 100_000 }, 'Nova-Lite': { input: 0.06, output: 0.24 } },
  });
  // The longest name counts: at 0.1 dollars a token one answer is beyond the budget.
  assert.equal((await chat(on, bearer('sk-poor'))).status, 200);
  assert.equal((await chat(on, bearer('sk-poor'))).body.error.code, 'insufficient_quota');
  for (let count = 0; count < 3; count++) {
    assert.equal((await chat(on, bearer('sk-rich'), counting(2, { model: 'us.amazon.nova-lite-v1:0' }))).status, 200);
  }
  const unpriced = await chat(on, bearer('sk-rich'), counting(2, { model: 'anthropic.claude-3-haiku-20240307-v1:0' }));
  assert.deepEqual([unpriced.status, unpriced.body.error.code], [403, 'model_not_allowed']);
  assert.match(unpriced.body.error.message, /has no price for the model/);
});
