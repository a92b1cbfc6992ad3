// AbortSignal: the answer rejects with the signal's reason, the request is cancelled, and nothing piles up on the signal.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { getEventListeners } from 'node:events';
import { bedrockWrapper } from '../index.mjs';
import { options, request, scriptedBedrock } from './support/scripted-bedrock.mjs';

const three = await scriptedBedrock();
const endless = await scriptedBedrock({ chunks: Infinity, pause: 5 });
const silent = await scriptedBedrock({ chunks: 1, pause: 3600_000 });
after(() => [three, endless, silent].forEach((bedrock) => bedrock.close()));

const call = (bedrock, signal) => bedrockWrapper(bedrock.creds, request, { ...options, signal });
const is = (expected) => (error) => error === expected;

async function collect(answer) {
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  return chunks;
}

test('before: nothing is sent', async () => {
  const reason = new Error('changed my mind');
  const answer = call(three, AbortSignal.abort(reason));
  await assert.rejects(answer.next(), is(reason));
  assert.deepEqual(await answer.next(), { value: undefined, done: true });
  await assert.rejects(answer.usage, is(reason));
  assert.equal(three.requests.length, 0);
});

test('between the call and the first next(): nothing is sent', async () => {
  const controller = new AbortController();
  const answer = call(three, controller.signal);
  controller.abort();
  await assert.rejects(collect(answer), { name: 'AbortError' });
  assert.equal(three.requests.length, 0);
});

test('during: a waiting next() rejects and the request is cancelled', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const answer = call(silent, controller.signal);
  const pending = answer.next();
  while (silent.open === 0) await sleep(5);
  controller.abort(reason);
  await assert.rejects(pending, is(reason));
  await assert.rejects(answer.stopReason, is(reason));
  while (silent.open > 0) await sleep(5);
});

test('during: what lies ready is not handed out any more', async () => {
  const controller = new AbortController();
  const chunks = [];
  await assert.rejects(async () => {
    for await (const chunk of call(endless, controller.signal)) {
      chunks.push(chunk);
      if (chunks.length === 2) controller.abort();
    }
  }, { name: 'AbortError' });
  assert.deepEqual(chunks, ['1 ', '2 ']);
});

test('after: the answer keeps what it told', async () => {
  const controller = new AbortController();
  const answer = call(three, controller.signal);
  assert.equal((await collect(answer)).length, 3);
  controller.abort();
  assert.equal((await answer.usage).outputTokens, 3);
  assert.deepEqual(await answer.next(), { value: undefined, done: true });
});

test('a timeout signal', async () => {
  await assert.rejects(collect(call(endless, AbortSignal.timeout(60))), { name: 'TimeoutError' });
});

test('many answers on one signal: one listener, no warning, none left behind', async () => {
  const warnings = [];
  process.on('warning', (warning) => warnings.push(warning));
  const controller = new AbortController();
  const answers = Array.from({ length: 50 }, () => call(endless, controller.signal));
  await Promise.all(answers.map((answer) => answer.next()));
  assert.equal(getEventListeners(controller.signal, 'abort').length, 1);
  await Promise.all(answers.slice(0, 25).map((answer) => answer.return()));
  const waiting = answers.slice(25).map((answer) => collect(answer));
  controller.abort();
  for (const { status, reason } of await Promise.allSettled(waiting)) {
    assert.deepEqual([status, reason.name], ['rejected', 'AbortError']);
  }
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  await sleep(20);
  assert.deepEqual(warnings, []);
});

test('what is no signal is refused', async () => {
  await assert.rejects(call(three, 'stop').next(), { name: 'InvalidRequestError', param: 'options.signal' });
  await assert.rejects(call(three, {}).next(), { name: 'InvalidRequestError', param: 'options.signal' });
});
