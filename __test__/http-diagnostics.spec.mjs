// `node:diagnostics_channel`: one message for each thing that happens to an attempt, without secrets.

import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Bedrock } from 'bedrock-wrapper';
import { read } from './support/caught.mjs';
import { flakyBedrock, reset, throttled } from './support/flaky-bedrock.mjs';

const EVENTS = ['request', 'response', 'retry', 'error'];
const request = { model: 'Nova-Micro', messages: [{ role: 'user', content: 'A secret of the caller.' }] };
const path = '/model/us.amazon.nova-micro-v1%3A0/converse';

describe('diagnostics', () => {
  const told = [];
  const listeners = EVENTS.map((event) => [`bedrock-wrapper:${event}`, (message) => told.push({ event, ...message })]);
  beforeEach(() => {
    told.splice(0);
    listeners.forEach(([name, listener]) => subscribe(name, listener));
  });
  afterEach(() => listeners.forEach(([name, listener]) => unsubscribe(name, listener)));

  async function call(...answers) {
    const bedrock = await flakyBedrock(...answers);
    const outcome = await read(bedrock.creds, request, { useConverseAPI: true });
    bedrock.close();
    const common = { method: 'POST', url: bedrock.endpoint + path, model: 'us.amazon.nova-micro-v1:0' };
    return { ...outcome, common };
  }

  /** Without what differs from run to run, which is checked here. */
  function events() {
    return told.map(({ duration, ...message }) => {
      assert.equal(typeof duration, ['response', 'error'].includes(message.event) ? 'number' : 'undefined');
      return message;
    });
  }

  test('a call that goes well', async () => {
    const { common } = await call({});
    assert.deepEqual(events(), [
      { event: 'request', ...common, attempt: 1 },
      { event: 'response', ...common, attempt: 1, status: 200, requestId: 'request-1' },
    ]);
  });

  test('a throttled attempt, and the one that follows it', async () => {
    const { common, chunks } = await call(throttled, {});
    assert.deepEqual(chunks, ['Yes.']);
    const error = { name: 'ThrottlingException', message: 'Too many requests' };
    assert.deepEqual(events(), [
      { event: 'request', ...common, attempt: 1 },
      { event: 'response', ...common, attempt: 1, status: 429, requestId: 'request-1' },
      { event: 'error', ...common, attempt: 1, status: 429, requestId: 'request-1', error },
      { event: 'retry', ...common, attempt: 2, status: 429, error },
      { event: 'request', ...common, attempt: 2 },
      { event: 'response', ...common, attempt: 2, status: 200, requestId: 'request-2' },
    ]);
  });

  test('a connection that breaks', async () => {
    const { common, error } = await call(reset);
    assert.equal(error.name, 'ConnectionError');
    assert.deepEqual(events().map(({ event, attempt }) => `${event} ${attempt}`), ['request 1', 'error 1', 'retry 2', 'request 2', 'error 2', 'retry 3', 'request 3', 'error 3']);
    assert.deepEqual(events().at(-1).error.name, 'ConnectionError');
    assert.equal(events().at(-1).url, common.url);
  });

  test('all of a call is told when it is over, whoever sends it', async () => {
    const body = { output: { message: { role: 'assistant', content: [{ text: 'Yes.' }] } }, stopReason: 'end_turn' };
    const replies = [() => { throw new Error('the cable is cut'); }, () => Response.json(body)];
    const keys = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a-secret-never-to-be-shown' };
    const client = new Bedrock({ region: 'us-east-1', ...keys, fetch: async () => replies.shift()() });
    await client.chat.completions.create({ ...request, model: 'us.amazon.nova-micro-v1:0' });
    assert.deepEqual(events().map(({ event, attempt }) => `${event} ${attempt}`), ['request 1', 'error 1', 'retry 2', 'request 2', 'response 2']);
    assert.deepEqual(events()[1].error, { name: 'ConnectionError', message: '`fetch` failed: Error: the cable is cut' });
  });

  test('nothing secret is told', async () => {
    await call(throttled, reset, {});
    const text = JSON.stringify(told);
    for (const secret of ['a-secret-never-to-be-shown', 'AKIAEXAMPLE', 'A secret of the caller.', 'Signature']) {
      assert.ok(!text.includes(secret), secret);
    }
  });

  test('a listener that leaves is told nothing more', async () => {
    listeners.forEach(([name, listener]) => unsubscribe(name, listener));
    await call({});
    assert.deepEqual(told, []);
  });
});
