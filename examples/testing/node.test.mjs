// node --test examples/testing/node.test.mjs

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { simulate } from 'bedrock-wrapper/simulator';
import { ask } from './app.cjs';

let bedrock;
before(async () => {
  bedrock = await simulate();
  Object.assign(process.env, bedrock.env);
});
after(() => bedrock.close());

test('it passes the answer on', async () => {
  bedrock.on('refund', 'Within 30 days.');
  assert.equal(await ask('How do I get a refund?'), 'Within 30 days.');
});

test('it survives two throttled tries', async () => {
  const throttled = { error: { code: 'ThrottlingException' } };
  bedrock.on('hours', [throttled, throttled, 'From nine to five.']);
  assert.equal(await ask('What are your hours?'), 'From nine to five.');
});

test('it notices an answer that breaks off', async () => {
  bedrock.on('story', { text: 'Once upon a', error: { code: 'ModelStreamErrorException' } });
  await assert.rejects(ask('Tell me a story.'), { name: 'ModelStreamErrorException' });
});
