// What the Bedrock Access Gateway gets wrong, one test for each of its 31 known defects: the gateway does not.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import OpenAI from 'openai';
import { serve } from '../js/gateway.js';
import { simulate } from '../js/simulator.js';

const NOVA = 'us.amazon.nova-lite-v1:0';
const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const TITAN = 'amazon.titan-embed-text-v2:0';

const bedrock = await simulate();
const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = bedrock.env;
const upstream = { baseUrl: bedrock.url, region, accessKeyId, secretAccessKey };
const gateway = await serve({ port: 0, ...upstream });
const openai = new OpenAI({ baseURL: gateway.baseURL, apiKey: 'unused', maxRetries: 0 });
after(async () => {
  await gateway.close();
  await bedrock.close();
});

const user = (content) => ({ role: 'user', content });
const tool = (name, more) => ({ type: 'function', function: { name, ...more } });
const TOOLS = [tool('weather', { description: 'Tells the weather.', parameters: { type: 'object', properties: { city: { type: 'string' } } } })];

/** A defect by its number; `rule` is taken away at its end. */
function defect(number, name, run) {
  test(`${number}. ${name}`, async (t) => {
    bedrock.forgetRequests();
    await run({
      on: (match, answer) => {
        const rule = bedrock.on(match, answer);
        t.after(() => rule.remove());
        return rule;
      },
      t,
    });
  });
}

function create(body) {
  return openai.chat.completions.create({ model: NOVA, messages: [user('Hello')], ...body });
}

async function post(body, path = '/chat/completions', headers = {}) {
  const answer = await fetch(`${gateway.baseURL}${path}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
  return { answer, text: await answer.text() };
}

/** An answer that is held back until so many requests wait for it. */
function together(count, answer) {
  let waiting = 0;
  let release;
  const all = new Promise((resolve) => (release = resolve));
  return async () => {
    if (++waiting === count) release();
    await all;
    return answer;
  };
}

async function chunks(body) {
  const list = [];
  for await (const chunk of await create({ ...body, stream: true })) list.push(chunk);
  return list;
}

/** The body of the last request to Converse. */
function sent() {
  return bedrock.requests.at(-1).body;
}

defect(1, 'streams run beside each other, and the gateway answers others meanwhile', async ({ on }) => {
  let health;
  const gate = together(4, 'done');
  on('at once', async () => {
    health ??= fetch(`${gateway.url}/health`).then(({ status }) => status);
    await health;
    return gate();
  });
  const answers = await Promise.all(Array.from({ length: 4 }, () => chunks({ messages: [user('at once')] })));
  assert.equal(await health, 200);
  for (const answer of answers) assert.equal(answer.map(({ choices: [choice] }) => choice?.delta.content ?? '').join(''), 'done');
});

defect(2, 'embeddings and lists of models run beside each other', async ({ on }) => {
  const embedding = Array.from({ length: 256 }, () => 0.0625);
  const gate = together(4, { raw: { body: { embedding, embeddingsByType: { float: embedding }, inputTextTokenCount: 1 } } });
  let listed;
  on({ operation: 'InvokeModel', model: TITAN }, async () => {
    listed ??= openai.models.list();
    await listed;
    return gate();
  });
  const answers = await Promise.all(Array.from({ length: 4 }, () => openai.embeddings.create({ model: TITAN, input: 'one', dimensions: 256 })));
  for (const { data } of answers) assert.equal(data[0].embedding.length, 256);
  assert.ok((await listed).data.length > 0);
});

defect(3, 'tool calls of a stream are numbered 0, 1, 2, whatever stands before them', async ({ on }) => {
  on('first', { content: [{ toolUse: { name: 'weather', input: { city: 'Oslo' } } }, { text: 'And' }, { toolUse: { name: 'weather', input: { city: 'Rome' } } }] });
  on('after', { content: [{ reasoning: 'Hm.' }, { text: 'Let me see.' }, { toolUse: { name: 'weather', input: {} } }] });
  for (const [text, expected] of [['first', [0, 1]], ['after', [0]]]) {
    const model = text === 'after' ? CLAUDE : NOVA;
    const list = await chunks({ model, messages: [user(text)], tools: TOOLS });
    const indices = list.flatMap(({ choices: [choice] }) => (choice?.delta.tool_calls ?? []).map(({ index }) => index));
    assert.deepEqual([...new Set(indices)], expected);
    const stream = openai.chat.completions.stream({ model, messages: [user(text)], tools: TOOLS });
    assert.equal((await stream.finalChatCompletion()).choices[0].message.tool_calls.length, expected.length);
  }
});

defect(4, 'an error before the first token is a status, also of a stream', async ({ on }) => {
  on('too much', { error: { code: 'ThrottlingException', retryAfter: 7 } });
  const error = await create({ messages: [user('too much')], stream: true }).catch((error) => error);
  assert.ok(error instanceof OpenAI.RateLimitError, String(error));
  assert.equal(error.code, 'rate_limit_exceeded');
});

defect(5, 'errors have the form of OpenAI’s and tell no paths', async () => {
  for (const [body, param] of [['{', undefined], ['', undefined], ['[]', undefined], [{ model: NOVA }, 'messages'], [{ model: NOVA, messages: [{ role: 'nobody' }] }, 'messages[0].role']]) {
    const { answer, text } = await post(body);
    assert.equal(answer.status, 400, text);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    const { error } = JSON.parse(text);
    assert.deepEqual(Object.keys(error), ['message', 'type', 'param', 'code']);
    assert.equal(error.type, 'invalid_request_error');
    if (param !== undefined) assert.equal(error.param, param);
    assert.doesNotMatch(text, /\/(src|usr|home|app)\/|\.rs\b/);
  }
});

defect(6, 'failures of Bedrock keep their kind', async ({ on }) => {
  for (const [code, status] of [
    ['AccessDeniedException', 403],
    ['ResourceNotFoundException', 404],
    ['ModelErrorException', 502],
    ['ModelTimeoutException', 504],
    ['ServiceUnavailableException', 503],
    ['ThrottlingException', 429],
    ['ValidationException', 400],
    ['InternalServerException', 500],
  ]) {
    on(`fail ${code}`, { error: { code, message: 'It failed.' } });
    for (const stream of [false, true]) {
      const error = await create({ messages: [user(`fail ${code}`)], stream }).catch((error) => error);
      assert.equal(error.status, status, code);
    }
  }
});

defect(7, 'what a model says and thinks beside a tool call is kept', async ({ on }) => {
  on('both', { content: [{ reasoning: 'I need it.' }, { text: 'Let me see.' }, { toolUse: { name: 'weather', input: { city: 'Oslo' } } }] });
  const { choices: [{ message }] } = await create({ model: CLAUDE, messages: [user('both')], tools: TOOLS, reasoning_effort: 'low', max_completion_tokens: 4000 });
  assert.deepEqual([message.content, message.reasoning_content, message.tool_calls.length], ['Let me see.', 'I need it.', 1]);
});

defect(8, 'several blocks of text are all told', async ({ on }) => {
  on('blocks', { content: [{ text: 'One.' }, { text: ' Two.' }] });
  const { choices: [{ message }] } = await create({ messages: [user('blocks')] });
  assert.match(message.content, /One\.\s*Two\./);
});

/** Tool results after a call of theirs. */
const called = (call) => [user('Hello'), { role: 'assistant', tool_calls: [{ id: 'call_1', type: 'function', function: call }] }, { role: 'tool', tool_call_id: 'call_1', content: 'Sunny.' }];

defect(9, 'a tool call without arguments is one', async () => {
  await create({ messages: called({ name: 'weather', arguments: '' }), tools: TOOLS });
  assert.deepEqual(sent().messages[1].content[0].toolUse.input, {});
});

defect(10, 'hidden reasoning is given on', async ({ on }) => {
  on('hidden', { content: [{ redactedReasoning: Buffer.from('secret').toString('base64') }, { text: 'Done.' }] });
  const request = { model: CLAUDE, messages: [user('hidden')], reasoning_effort: 'low', max_completion_tokens: 4000 };
  const { choices: [{ message }] } = await create(request);
  assert.equal(message.content, 'Done.');
  assert.equal(message.thinking_blocks[0].type, 'redacted_thinking');
  const list = await chunks(request);
  const blocks = list.flatMap(({ choices: [choice] }) => choice?.delta.thinking_blocks ?? []);
  assert.equal(blocks[0].type, 'redacted_thinking');
});

defect(11, 'a stream with citations goes on', async ({ on }) => {
  const location = { web: { url: 'https://example.com/a', domain: 'example.com' } };
  on('cite', { text: 'Good day.', citations: [{ title: 'A page', location, sourceContent: [{ text: 'day' }] }] });
  const list = await chunks({ messages: [user('cite')] });
  assert.equal(list.map(({ choices: [choice] }) => choice?.delta.content ?? '').join(''), 'Good day.');
  assert.equal(list.findLast(({ choices }) => choices.length > 0).choices[0].finish_reason, 'stop');
});

defect(12, 'a model that only thinks until it may no more has a finish reason', async ({ on }) => {
  on('think', { reasoning: 'Well, well.', stopReason: 'max_tokens' });
  const request = { model: CLAUDE, messages: [user('think')], reasoning_effort: 'low', max_completion_tokens: 4000 };
  const final = await openai.chat.completions.stream(request).finalChatCompletion().catch((error) => error);
  // The package itself refuses to parse what is not whole; a missing reason it would call so.
  if (final instanceof Error) assert.doesNotMatch(final.message, /missing finish_reason/);
  const list = await chunks(request);
  assert.equal(list.findLast(({ choices }) => choices.length > 0).choices[0].finish_reason, 'length');
});

defect(13, 'tool_choice none lets no tool be called', async ({ on }) => {
  on('none', 'No tool.');
  await create({ messages: [user('none')], tools: TOOLS, tool_choice: 'none' });
  assert.equal(sent().toolConfig?.toolChoice?.auto, undefined);
  assert.equal(sent().toolConfig?.toolChoice?.any, undefined);
  assert.equal(sent().toolConfig?.tools, undefined);
});

defect(14, 'tools need neither a description nor parameters', async () => {
  await create({ tools: [tool('bare'), tool('described', { description: 'Does it.' }), tool('formed', { parameters: { type: 'object' } })] });
  const specs = sent().toolConfig.tools.map(({ toolSpec }) => toolSpec);
  assert.deepEqual(specs.map(({ name }) => name), ['bare', 'described', 'formed']);
  for (const { inputSchema } of specs) assert.equal(inputSchema.json.type, 'object');
});

defect(15, 'a tool_choice that names no function is refused', async () => {
  const error = await create({ tools: TOOLS, tool_choice: { type: 'function' } }).catch((error) => error);
  assert.ok(error instanceof OpenAI.BadRequestError, String(error));
  assert.match(error.param, /^tool_choice/);
});

defect(16, 'instructions may be an array of parts', async () => {
  await create({ messages: [{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }, user('Hello')] });
  assert.equal(sent().system[0].text, 'Be brief.');
});

defect(17, 'a budget for thinking is at least 1,024 tokens', async () => {
  await create({ model: CLAUDE, reasoning_effort: 'low', max_completion_tokens: 2000 });
  const { thinking } = sent().additionalModelRequestFields;
  assert.ok(thinking.budget_tokens >= 1024 && thinking.budget_tokens < sent().inferenceConfig.maxTokens, JSON.stringify(sent()));
});

defect(18, 'there is no temperature beside thinking', async () => {
  await create({ model: CLAUDE, reasoning_effort: 'low', max_completion_tokens: 4000, temperature: 0.5 });
  assert.ok(sent().additionalModelRequestFields.thinking);
  assert.ok([undefined, 1].includes(sent().inferenceConfig.temperature));
});

defect(19, 'models that decide for themselves how much to think get no budget', async () => {
  await create({ model: 'us.anthropic.claude-opus-4-7', reasoning_effort: 'high' });
  const fields = JSON.stringify(sent().additionalModelRequestFields ?? {});
  assert.doesNotMatch(fields, /budget_tokens|"enabled"/);
});

defect(20, 'a temperature beyond Bedrock’s range becomes its highest', async () => {
  await create({ temperature: 1.5 });
  assert.equal(sent().inferenceConfig.temperature, 1);
});

defect(21, 'vendor fields count at the top and in extra_body', async () => {
  for (const fields of [{ top_k: 5 }, { extra_body: { top_k: 5 } }]) {
    await create({ model: CLAUDE, ...fields });
    assert.equal(sent().additionalModelRequestFields.top_k, 5, JSON.stringify(fields));
  }
});

defect(22, 'response_format is minded', async ({ on }) => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
  const response_format = { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } };
  const { choices: [{ message }] } = await create({ model: CLAUDE, messages: [user('Where?')], response_format });
  assert.equal(typeof JSON.parse(message.content).city, 'string');
});

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

defect(23, 'the format of an image is that of its bytes', async () => {
  await create({ messages: [user([{ type: 'text', text: 'What?' }, { type: 'image_url', image_url: { url: `data:image/jpg;base64,${PIXEL}` } }])] });
  assert.equal(sent().messages[0].content.find(({ image }) => image).image.format, 'png');
});

defect(24, 'files, sounds and refusals are taken', async () => {
  const file_data = `data:text/plain;base64,${Buffer.from('A text.').toString('base64')}`;
  await create({ messages: [user([{ type: 'text', text: 'Read.' }, { type: 'file', file: { filename: 'a.txt', file_data } }])] });
  assert.equal(sent().messages[0].content.find(({ document }) => document).document.format, 'txt');
  await create({ messages: [user('Hello'), { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }, user('Why?')] });
  assert.match(JSON.stringify(sent().messages[1]), /No\./);
  const sound = { type: 'input_audio', input_audio: { data: Buffer.from('RIFF    WAVEfmt ').toString('base64'), format: 'wav' } };
  const { text } = await post({ model: NOVA, messages: [user([{ type: 'text', text: 'Hear.' }, sound])] });
  // Whether a model hears is the model's affair; the part itself is known.
  assert.doesNotMatch(text, /"(invalid_type|unknown_part)"|must be .*`text`/);
});

defect(25, 'models are found by their ARN, and unknown ones are not found', async () => {
  const arn = `arn:aws:bedrock:${region}:123456789012:inference-profile/${NOVA}`;
  assert.equal((await openai.models.retrieve(arn)).id, arn);
  const bare = await fetch(`${gateway.baseURL}/models/${arn}`);
  assert.equal((await bare.json()).id, arn);
  await assert.rejects(openai.models.retrieve('nobody.nothing-v1:0'), OpenAI.NotFoundError);
});

defect(26, 'every embedding model is served, by its id or a profile’s', async () => {
  for (const model of ['cohere.embed-v4:0', 'us.cohere.embed-v4:0', 'amazon.nova-2-multimodal-embeddings-v1:0']) {
    const { data } = await openai.embeddings.create({ model, input: 'one' });
    assert.ok(data[0].embedding.length > 0, model);
  }
});

defect(27, 'tokens can be embedded', async () => {
  for (const model of [TITAN, 'amazon.nova-2-multimodal-embeddings-v1:0']) {
    const { data } = await openai.embeddings.create({ model, input: [[15339, 1917], [9906]] });
    assert.equal(data.length, 2, model);
  }
});

defect(28, 'finish reasons are OpenAI’s', async ({ on }) => {
  for (const [stopReason, expected] of [['guardrail_intervened', 'content_filter'], ['model_context_window_exceeded', 'length'], ['content_filtered', 'content_filter']]) {
    on(`stop ${stopReason}`, { text: 'So far.', stopReason });
    const { choices } = await create({ messages: [user(`stop ${stopReason}`)] });
    assert.equal(choices[0].finish_reason, expected);
    const list = await chunks({ messages: [user(`stop ${stopReason}`)] });
    assert.equal(list.findLast(({ choices }) => choices.length > 0).choices[0].finish_reason, expected);
  }
});

defect(29, 'there may be several keys, and what is like one is none', async ({ t }) => {
  const guarded = await serve({ port: 0, ...upstream, apiKeys: ['sk-first', 'sk-second'] });
  t.after(() => guarded.close());
  const status = async (key) => (await fetch(`${guarded.baseURL}/models`, { headers: { authorization: `Bearer ${key}` } })).status;
  assert.deepEqual([await status('sk-first'), await status('sk-second')], [200, 200]);
  for (const wrong of ['sk-firs', 'sk-first0', 'sk-firsT', '', 'sk-first, sk-second']) assert.equal(await status(wrong), 401, wrong);
});

defect(30, 'strangers’ URLs reach no machine around the gateway', async ({ t }) => {
  let reached = 0;
  const inner = createServer((_, answer) => {
    reached += 1;
    answer.end('secret');
  });
  await new Promise((resolve) => inner.listen(0, '127.0.0.1', resolve));
  const open = await serve({ port: 0, ...upstream, remoteImages: 'on' });
  t.after(() => Promise.all([open.close(), new Promise((resolve) => inner.close(resolve))]));
  const { port } = inner.address();
  const hosts = ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f000001', '017700000001', '127.1', '0', '169.254.169.254', '[fd00:ec2::254]', '10.0.0.1', '192.168.0.1', '100.64.0.1'];
  for (const host of hosts) {
    for (const part of [{ type: 'image_url', image_url: { url: `http://${host}:${port}/a.png` } }, { type: 'file', file: { filename: 'a.pdf', file_data: `http://${host}:${port}/a.pdf` } }]) {
      const answer = await fetch(`${open.baseURL}/chat/completions`, { method: 'POST', body: JSON.stringify({ model: NOVA, messages: [user([{ type: 'text', text: 'Look.' }, part])] }) });
      const text = await answer.text();
      assert.equal(answer.status, 400, text);
      assert.doesNotMatch(text, /secret|refused|Connection/);
    }
  }
  assert.equal(reached, 0);
  const { text } = await post({ model: NOVA, messages: [user([{ type: 'text', text: 'Look.' }, { type: 'image_url', image_url: { url: 'http://example.com/a.png' } }])] });
  assert.match(text, /only https/);
});

defect(31, 'more than forty calls run at the same time', async ({ on }) => {
  on('all of us', together(64, 'done'));
  const answers = await Promise.all(Array.from({ length: 64 }, () => create({ messages: [user('all of us')] })));
  for (const { choices } of answers) assert.equal(choices[0].message.content, 'done');
});
