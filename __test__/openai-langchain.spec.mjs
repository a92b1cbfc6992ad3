// LangChain's ChatOpenAI and OpenAIEmbeddings on `createFetch`.

import assert from 'node:assert/strict';
import { z } from 'zod';
import { CLAUDE, NOVA, all, judge, judgeBoth } from './support/openai-judges.mjs';

const { ChatOpenAI, OpenAIEmbeddings } = await import('@langchain/openai').catch(() => ({}));
const { HumanMessage, SystemMessage, ToolMessage } = await import('@langchain/core/messages').catch(() => ({}));
const { tool } = await import('@langchain/core/tools').catch(() => ({}));

function judgeChat(name, run) {
  judgeBoth(name, (given) => {
    const chat = (fields) => new ChatOpenAI({ model: NOVA, apiKey: 'unused', maxRetries: 0, configuration: { fetch: given.fetch }, ...fields });
    return run({ ...given, chat });
  });
}

const weather = () => tool(({ city }) => `Rain in ${city}`, { name: 'weather', description: 'Tells the weather.', schema: z.object({ city: z.string() }) });

judgeChat('invoke', async ({ session, chat }) => {
  session.on('hello', { text: 'Good day.', usage: { inputTokens: 7, outputTokens: 3 } });
  const answer = await chat({ temperature: 0.2, maxTokens: 50 }).invoke([new SystemMessage('Be brief.'), new HumanMessage('hello')]);
  assert.equal(answer.content, 'Good day.');
  assert.deepEqual([answer.usage_metadata.input_tokens, answer.usage_metadata.output_tokens], [7, 3]);
  assert.equal(answer.response_metadata.finish_reason, 'stop');
  const { body } = session.requests[0];
  assert.deepEqual(body.system, [{ text: 'Be brief.' }]);
  assert.deepEqual(body.inferenceConfig, { maxTokens: 50, temperature: 0.2 });
});

judgeChat('stream', async ({ session, chat }) => {
  session.on('hello', { text: ['Good', ' day', '.'], usage: { inputTokens: 7, outputTokens: 3 } });
  const chunks = await all(await chat().stream('hello'));
  assert.deepEqual(chunks.map(({ content }) => content).filter((text) => text !== ''), ['Good', ' day', '.']);
  const whole = chunks.reduce((sum, chunk) => sum.concat(chunk));
  assert.deepEqual([whole.usage_metadata.input_tokens, whole.usage_metadata.output_tokens], [7, 3]);
});

for (const stream of [false, true]) {
  judgeChat(`tools, ${stream ? 'streamed' : 'whole'}`, async ({ session, chat }) => {
    session.on({ turn: 1, text: 'Oslo' }, { toolUse: [{ name: 'weather', input: { city: 'Oslo' } }, { name: 'weather', input: { city: 'Rome' } }] });
    session.on({ toolResult: true }, ({ toolResults }) => toolResults.map(({ text }) => text).join('; '));
    const messages = [new HumanMessage('How are Oslo and Rome?')];
    const model = chat().bindTools([weather()]);
    const ask = async () => (stream ? (await all(await model.stream(messages))).reduce((sum, chunk) => sum.concat(chunk)) : model.invoke(messages));
    const answer = await ask();
    assert.deepEqual(answer.tool_calls.map(({ name, args }) => [name, args]), [['weather', { city: 'Oslo' }], ['weather', { city: 'Rome' }]]);
    messages.push(answer);
    for (const call of answer.tool_calls) messages.push(new ToolMessage({ tool_call_id: call.id, content: await weather().invoke(call.args) }));
    assert.equal((await ask()).content, 'Rain in Oslo; Rain in Rome');
  });
}

judgeChat('structured output', async ({ session, chat }) => {
  const trip = { city: 'Oslo', days: 3 };
  session.on('trip', ({ tools }) => (tools.length > 0 ? { toolUse: { name: tools[0], input: trip } } : JSON.stringify(trip)));
  const schema = z.object({ city: z.string(), days: z.number() });
  for (const model of [CLAUDE, NOVA]) {
    for (const method of ['jsonSchema', 'functionCalling', 'jsonMode']) {
      assert.deepEqual(await chat({ model }).withStructuredOutput(schema, { method }).invoke('A trip as JSON'), trip, `${model} ${method}`);
    }
  }
});

judgeChat('batch', async ({ session, chat }) => {
  session.on(/^\d$/, ({ text }) => `Number ${text}`);
  const answers = await chat().batch(['1', '2', '3']);
  assert.deepEqual(answers.map(({ content }) => content), ['Number 1', 'Number 2', 'Number 3']);
});

judgeChat('errors and aborts', async ({ session, chat }) => {
  session.on('hello', { error: { code: 'ThrottlingException' } });
  await assert.rejects(chat().invoke('hello'), { status: 429, code: 'rate_limit_exceeded' });
  session.on('long', { text: Array.from({ length: 1000 }, () => 'word '), physics: { tokensPerSecond: 50 } });
  const controller = new AbortController();
  await assert.rejects(async () => {
    for await (const _ of await chat().stream('long', { signal: controller.signal })) controller.abort();
  });
  await session.waitForRequest({ disconnectedEarly: true });
});

judge('embeddings', async ({ session, fetch }) => {
  const embeddings = new OpenAIEmbeddings({ model: 'amazon.titan-embed-text-v2:0', apiKey: 'unused', maxRetries: 0, configuration: { fetch } });
  const vectors = await embeddings.embedDocuments(['one', 'two', 'three']);
  assert.deepEqual(vectors.map((vector) => vector.length), [1024, 1024, 1024]);
  assert.deepEqual(await embeddings.embedQuery('two'), vectors[1]);
  session.expectRequests(4);
});
