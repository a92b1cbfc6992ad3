// A tool loop tested without a model, by rules that say what the model answers: node --test examples/simulator-rules.mjs
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { simulate } from 'bedrock-wrapper/simulator';

const WEATHER = { toolSpec: { name: 'weather', inputSchema: { json: { type: 'object' } } } };

/** The program under test: answers a question, looking up the weather where the model asks for it. */
async function advise(client, question, lookUp) {
  const messages = [{ role: 'user', content: [{ text: question }] }];
  for (;;) {
    const request = { modelId: 'us.amazon.nova-lite-v1:0', messages, toolConfig: { tools: [WEATHER] } };
    const { output, stopReason } = await client.send(new ConverseCommand(request));
    if (stopReason !== 'tool_use') return output.message.content[0].text;
    const content = output.message.content.filter((block) => block.toolUse).map(({ toolUse: { toolUseId, input } }) => ({
      toolResult: { toolUseId, content: [{ text: lookUp(input.city) }] },
    }));
    messages.push(output.message, { role: 'user', content });
  }
}

let bedrock;
let session;
let client;
before(async () => (bedrock = await simulate()));
after(() => bedrock.close());

/** Each test has an account of its own: nobody else meets its rules. */
async function account() {
  session = await bedrock.session();
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = session.env;
  client = new BedrockRuntimeClient({ endpoint: session.url, region, credentials: { accessKeyId, secretAccessKey } });
}
afterEach(async () => {
  client.destroy();
  await session.close();
});

test('it looks up what the model wants to know', async () => {
  await account();
  session.on({ toolResult: { name: 'weather', text: 'rain' } }, 'Take an umbrella.');
  session.on('Oslo', { toolUse: { name: 'weather', input: { city: 'Oslo' } } });
  const asked = [];
  assert.equal(await advise(client, 'What shall I pack for Oslo?', (city) => asked.push(city) && 'rain'), 'Take an umbrella.');
  assert.deepEqual(asked, ['Oslo']);
  const [, second] = session.expectRequests(2, { operation: 'Converse' });
  assert.equal(second.body.messages.length, 3);
});

test('a function answers what depends on the request', async () => {
  await account();
  const rule = session.on(/^Is it (\w+) in (\w+)\?/, ({ text }) => `I do not know ${text.match(/in (\w+)/)[1]}.`);
  assert.equal(await advise(client, 'Is it cold in Rome?'), 'I do not know Rome.');
  assert.equal(rule.calls, 1);
});
