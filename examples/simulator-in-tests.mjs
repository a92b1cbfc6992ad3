// A test of your own program against a local Bedrock: node --test examples/simulator-in-tests.mjs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bedrockWrapper, simulate } from 'bedrock-wrapper';

let bedrock;
before(async () => {
  bedrock = await simulate();
  Object.assign(process.env, bedrock.env);
});
after(() => bedrock.close());

/** The program under test. */
async function ask(question) {
  let answer = '';
  const request = { model: 'Nova-Micro', messages: [{ role: 'user', content: question }], stream: true };
  for await (const text of bedrockWrapper(null, request)) answer += text;
  return answer;
}

test('it answers', async () => {
  assert.equal(await ask('Say exactly: hello'), 'hello');
});

test('it survives two throttled tries', async () => {
  bedrock.addFaults({ fault: 'error', code: 'ThrottlingException', times: 2 });
  assert.equal(await ask('What is 2 + 3?'), '2 + 3 = 5');
  bedrock.expectRequests(2, { text: '2 + 3', status: 429 });
});

test('it tells a stream that breaks off', async () => {
  bedrock.addFaults({ fault: 'truncate', frame: 2 });
  await assert.rejects(ask('Count from 1 to 10.'), { code: 'broken_stream', retryable: true });
});

test('it asked what it was meant to ask', async () => {
  await ask('What is 1+1?');
  const { operation, body } = bedrock.expectRequest('What is 1+1?');
  assert.equal(operation, 'InvokeModelWithResponseStream');
  assert.equal(body.messages.length, 1);
});
