// How the object that bedrockWrapper returns is read: once, lazily, in order, and cancelled when nobody reads on.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bedrockWrapper } from '../index.mjs';
import { options, request, REQUEST_ID, scriptedBedrock } from './support/scripted-bedrock.mjs';

const three = await scriptedBedrock();
const endless = await scriptedBedrock({ chunks: Infinity, pause: 5 });
const silent = await scriptedBedrock({ chunks: 1, pause: 3600_000 });
after(() => [three, endless, silent].forEach((bedrock) => bedrock.close()));

const call = (bedrock, more) => bedrockWrapper(bedrock.creds, request, { ...options, ...more });

async function eventually(condition) {
  for (let tries = 0; tries < 400; tries++) {
    if (condition()) return;
    await sleep(5);
  }
  assert.fail(`never became true: ${condition}`);
}

async function collect(answer) {
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  return chunks;
}

test('the answer is read with and without await', async () => {
  assert.deepEqual(await collect(call(three)), ['1 ', '2 ', '3 ']);
  const answer = call(three);
  assert.equal(await answer, answer, 'await gives the same object');
  assert.deepEqual(await collect(await answer), ['1 ', '2 ', '3 ']);
});

test('nothing is sent before the first next()', async () => {
  const before = three.requests.length;
  const answer = call(three);
  await sleep(50);
  assert.equal(three.requests.length, before);
  await answer.next();
  assert.equal(three.requests.length, before + 1);
  await answer.return();
});

test('usage, stopReason, requestId and warnings are told after the text', async () => {
  const answer = call(three);
  const early = answer.usage;
  await collect(answer);
  assert.deepEqual(await early, { inputTokens: 5, outputTokens: 3, totalTokens: 8 });
  assert.equal(await answer.stopReason, 'end_turn');
  assert.equal(await answer.requestId, REQUEST_ID);
  assert.deepEqual(await answer.warnings, []);
});

test('break cancels the request, and what is known is told', async () => {
  const before = endless.cancelled;
  const answer = call(endless);
  const usage = answer.usage;
  for await (const chunk of answer) {
    assert.equal(chunk, '1 ');
    break;
  }
  await eventually(() => endless.cancelled === before + 1);
  assert.equal(await usage, undefined, 'the service counts at the end');
  assert.equal(await answer.requestId, REQUEST_ID);
  assert.deepEqual(await answer.warnings, []);
});

test('return() settles at once while next() waits, and next() is done', async () => {
  const answer = call(silent);
  const pending = answer.next();
  await eventually(() => silent.open > 0);
  const started = performance.now();
  assert.deepEqual(await answer.return('value'), { value: 'value', done: true });
  assert.deepEqual(await pending, { value: undefined, done: true });
  assert.ok(performance.now() - started < 100);
  await eventually(() => silent.open === 0);
});

test('return() before the first next() sends nothing and settles the promises', async () => {
  const before = three.requests.length;
  const answer = call(three);
  assert.deepEqual(await answer.return(), { value: undefined, done: true });
  assert.deepEqual(await answer.next(), { value: undefined, done: true });
  assert.deepEqual([await answer.usage, await answer.warnings], [undefined, []]);
  assert.equal(three.requests.length, before);
});

test('throw() rejects with what was thrown and cancels', async () => {
  const answer = call(endless);
  await answer.next();
  const mine = new Error('mine');
  await assert.rejects(answer.throw(mine), (error) => error === mine);
  assert.deepEqual(await answer.next(), { value: undefined, done: true });
  await eventually(() => endless.open === 0);
});

test('concurrent next() calls are answered in order', async () => {
  const answer = call(three);
  const results = await Promise.all(Array.from({ length: 5 }, () => answer.next()));
  assert.deepEqual(results.map(({ value }) => value), ['1 ', '2 ', '3 ', undefined, undefined]);
  assert.deepEqual(results.map(({ done }) => done), [false, false, false, true, true]);
});

test('a second iteration is an AlreadyConsumedError', async () => {
  const read = call(three);
  await collect(read);
  await assert.rejects(collect(read), { name: 'AlreadyConsumedError', code: 'already_consumed' });

  const reading = call(endless);
  const iterator = reading[Symbol.asyncIterator]();
  await iterator.next();
  assert.throws(() => reading[Symbol.asyncIterator](), { name: 'AlreadyConsumedError' });
  assert.equal((await iterator.next()).value, '2 ', 'the first iteration goes on');
  await iterator.return();
});

test('an iteration may begin with next(), and an iterator may be iterated', async () => {
  const answer = call(three);
  assert.equal((await answer.next()).value, '1 ');
  assert.deepEqual(await collect(answer), ['2 ', '3 ']);
  const iterator = call(three)[Symbol.asyncIterator]();
  assert.equal((await iterator.next()).value, '1 ');
  assert.deepEqual(await collect(iterator), ['2 ', '3 ']);
});

test('dispose cancels', { skip: !Symbol.asyncDispose }, async () => {
  const answer = call(endless);
  await answer.next();
  await answer[Symbol.asyncDispose]();
  await eventually(() => endless.open === 0);
});

test('an unfinished answer is cancelled when it is collected', { skip: !globalThis.gc && 'needs --expose-gc' }, async () => {
  const before = endless.cancelled;
  await (async () => { await call(endless).next(); })();
  await eventually(() => { globalThis.gc(); return endless.cancelled === before + 1; });
});

test('a slow reader gets every chunk', async () => {
  const long = await scriptedBedrock({ chunks: 5000 });
  let count = 0;
  for await (const chunk of call(long)) {
    assert.equal(chunk, `${++count} `);
    if (count % 100 === 0) await sleep(2);
  }
  assert.equal(count, 5000);
  long.close();
});
