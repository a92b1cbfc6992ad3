// What a test can see and switch from JavaScript: requests, expectations, faults, outages.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { simulate } from '../js/simulator.js';

const NOVA = 'us.amazon.nova-lite-v1%3A0';
let bedrock;

before(async () => {
  bedrock = await simulate({ auth: 'off' });
});
beforeEach(() => {
  bedrock.forgetRequests();
  bedrock.clearFaults();
});
after(() => bedrock.close());

async function ask(text, operation = 'converse', maxTokens = 20) {
  const body = { messages: [{ role: 'user', content: [{ text }] }], inferenceConfig: { maxTokens } };
  const answer = await fetch(`${bedrock.url}/model/${NOVA}/${operation}`, { method: 'POST', body: JSON.stringify(body) });
  await answer.arrayBuffer();
  return answer.status;
}

test('requests with their answers, frames and times', async () => {
  await ask('What is 1+1?');
  await ask('Count from 1 to 3.', 'converse-stream');
  const [whole, streamed] = bedrock.requests;
  assert.equal(whole.response.output.message.content[0].text, '1 + 1 = 2');
  assert.deepEqual([whole.status, whole.operation, whole.model, whole.httpVersion], [200, 'Converse', 'us.amazon.nova-lite-v1:0', 'HTTP/1.1']);
  assert.ok(whole.duration >= 0 && whole.disconnectedEarly === false);
  const events = streamed.frames.map(({ event }) => event);
  assert.deepEqual([events[0], events.at(-1)], ['messageStart', 'metadata']);
  assert.ok(streamed.frames.every(({ at }, index, all) => index === 0 || at >= all[index - 1].at));
});

test('expectations return what they found and show what there was', async () => {
  await ask('The weather in Oslo?');
  await ask('The weather in Rome?', 'converse', 30);
  assert.equal(bedrock.expectRequest('Rome').body.inferenceConfig.maxTokens, 30);
  const [first, second] = bedrock.requests;
  assert.equal(bedrock.expectRequest({ model: '*nova*', text: /oslo/i, status: 200 }).id, first.id);
  assert.equal(bedrock.expectRequest({ body: { inferenceConfig: { maxTokens: 30 } } }).id, second.id);
  assert.equal(bedrock.expectRequest(({ id }) => id === second.id).id, second.id);
  assert.equal(bedrock.expectRequests(2, 'weather').length, 2);
  bedrock.expectRequests(0, { operation: 'InvokeModel' });
  for (const wrong of [() => bedrock.expectRequest('Paris'), () => bedrock.expectRequests(1), () => bedrock.expectRequests(1, { body: { messages: [] } })]) {
    assert.throws(wrong, ({ name, message }) => name === 'AssertionError' && message.includes('Converse us.amazon.nova-lite-v1:0 200 "The weather in Oslo?"'));
  }
  assert.throws(() => bedrock.expectRequest(7), { name: 'InvalidRequestError' });
});

test('waiting for a request', async () => {
  const waiting = bedrock.waitForRequest({ text: 'later' });
  await ask('sooner');
  await ask('later');
  assert.match((await waiting).body.messages[0].content[0].text, /later/);
  await assert.rejects(bedrock.waitForRequest('never', { timeout: 30 }), /waited 30 ms for a request like "never", found none among 2 requests/);
});

test('faults are added and removed', async () => {
  bedrock.addFaults({ fault: 'error', code: 'ThrottlingException', times: 2 }, { fault: 'error', code: 'ModelNotReadyException' });
  assert.deepEqual([await ask('a'), await ask('b'), await ask('c'), await ask('d')], [429, 429, 429, 200]);
  bedrock.expectRequests(3, { fault: 'error' });
  bedrock.addFaults({ fault: 'error', code: 'ThrottlingException', times: 0 });
  assert.equal(await ask('e'), 429);
  bedrock.clearFaults();
  assert.equal(await ask('f'), 200);
  assert.throws(() => bedrock.addFaults({ fault: 'error', code: 'Nope' }), { name: 'InvalidRequestError' });
});

test('an outage refuses connections and ends', async () => {
  await bedrock.goDown(200);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await assert.rejects(ask('anyone?'));
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await ask('anyone?'), 200);
});

test('a session sees its own requests and faults only', async () => {
  const keyed = await simulate({ auth: 'lenient' });
  const [mine, other] = [await keyed.session(), await keyed.session()];
  mine.addFaults({ fault: 'error', code: 'ThrottlingException', times: 0 });
  const statuses = [];
  for (const { env } of [mine, other]) {
    const authorization = `AWS4-HMAC-SHA256 Credential=${env.AWS_ACCESS_KEY_ID}/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0`;
    const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'Hi' }] }] });
    const answer = await fetch(`${keyed.url}/model/${NOVA}/converse`, { method: 'POST', headers: { authorization }, body });
    statuses.push(answer.status);
  }
  assert.deepEqual(statuses, [429, 200]);
  mine.expectRequests(1, { status: 429, account: mine.account });
  other.expectRequests(1, { status: 200 });
  keyed.expectRequests(2);
  assert.ok(!JSON.stringify(keyed.requests).includes('Signature'), 'no credentials');
  mine.forgetRequests();
  mine.expectRequests(0);
  other.expectRequests(1);
  await keyed.close();
});
