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

async function fail(fault) {
  await fetch(`${bedrock.url}/_simulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
}

test('it answers', async () => {
  assert.equal(await ask('Say exactly: hello'), 'hello');
});

test('it survives two throttled tries', async () => {
  await fail({ fault: 'error', code: 'ThrottlingException', times: 2 });
  assert.equal(await ask('What is 2 + 3?'), '2 + 3 = 5');
});

test('it tells a stream that breaks off', async () => {
  await fail({ fault: 'truncate', frame: 2 });
  await assert.rejects(ask('Count from 1 to 10.'), { code: 'broken_stream', retryable: true });
});

test('it asked what it was meant to ask', async () => {
  await ask('What is 1+1?');
  const { requests } = await (await fetch(`${bedrock.url}/_simulator/journal`)).json();
  const { operation, body } = requests.at(-1);
  assert.equal(operation, 'InvokeModelWithResponseStream');
  assert.equal(body.messages[0].content[0].text, 'What is 1+1?');
});
