// npx jest

const { simulate } = require('bedrock-wrapper/simulator');
const { ask } = require('./app.cjs');

let bedrock;
beforeAll(async () => {
  bedrock = await simulate();
  Object.assign(process.env, bedrock.env);
});
afterAll(() => bedrock.close());

test('it passes the answer on', async () => {
  bedrock.on('refund', 'Within 30 days.');
  expect(await ask('How do I get a refund?')).toBe('Within 30 days.');
});

test('it survives two throttled tries', async () => {
  const throttled = { error: { code: 'ThrottlingException' } };
  bedrock.on('hours', [throttled, throttled, 'From nine to five.']);
  expect(await ask('What are your hours?')).toBe('From nine to five.');
});

test('it notices an answer that breaks off', async () => {
  bedrock.on('story', { text: 'Once upon a', error: { code: 'ModelStreamErrorException' } });
  await expect(ask('Tell me a story.')).rejects.toMatchObject({ name: 'ModelStreamErrorException' });
});
