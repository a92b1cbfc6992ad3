// The `openai` package on `createFetch`: chat, as programs written for it use it.

import assert from 'node:assert/strict';
import { CLAUDE, NOVA, all, bedrockRequestId, judgeBoth } from './support/openai-judges.mjs';

const { default: OpenAI } = await import('openai').catch(() => ({}));

const user = (content) => ({ role: 'user', content });
const hello = { model: NOVA, messages: [user('hello')] };

function judgeClient(name, run) {
  judgeBoth(name, (given) => run({ ...given, openai: new OpenAI({ fetch: given.fetch, apiKey: 'unused', maxRetries: 0 }) }));
}

judgeClient('a whole answer', async ({ session, openai }) => {
  session.on('hello', { text: 'Good day.', usage: { inputTokens: 7, outputTokens: 3, cacheReadInputTokens: 5, cacheWriteInputTokens: 2 } });
  const before = Math.floor(Date.now() / 1000);
  const { data, response, request_id } = await openai.chat.completions.create({ ...hello, metadata: { team: 'a' } }).withResponse();
  const [recorded] = session.requests;
  assert.deepEqual(data.choices, [
    { index: 0, message: { role: 'assistant', content: 'Good day.', refusal: null }, logprobs: null, finish_reason: 'stop' },
  ]);
  assert.equal(data.object, 'chat.completion');
  assert.equal(data.model, NOVA);
  assert.equal(data.id, `chatcmpl-${recorded.requestId}`);
  assert.ok(data.created >= before && data.created <= Date.now() / 1000, `created: ${data.created}`);
  const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details } = data.usage;
  assert.deepEqual([prompt_tokens, completion_tokens, total_tokens], [14, 3, 17]);
  assert.deepEqual([prompt_tokens_details.cached_tokens, prompt_tokens_details.cache_write_tokens], [5, 2]);
  assert.equal(request_id, response.headers.get('x-request-id'));
  assert.equal(data._request_id, request_id);
  assert.equal(bedrockRequestId(response), recorded.requestId);
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.equal(recorded.operation, 'Converse');
  assert.deepEqual(recorded.body.requestMetadata, { team: 'a' });
});

judgeClient('what was changed is told in a header', async ({ session, openai }) => {
  const { response } = await openai.chat.completions.create({ ...hello, temperature: 1.5, seed: 7 }).withResponse();
  const warnings = JSON.parse(response.headers.get('x-bedrock-warnings'));
  assert.deepEqual(warnings.map(({ code, param }) => [code, param]).sort(), [['unsupported_field', 'seed'], ['value_adjusted', 'temperature']]);
  assert.equal(session.requests[0].body.inferenceConfig.temperature, 1);
  const { response: plain } = await openai.chat.completions.create(hello).withResponse();
  assert.equal(plain.headers.get('x-bedrock-warnings'), null);
});

judgeClient('an answer in chunks', async ({ session, openai }) => {
  session.on('hello', { text: ['Good', ' day', '.'], usage: { inputTokens: 7, outputTokens: 3 } });
  const stream = await openai.chat.completions.create({ ...hello, stream: true, stream_options: { include_usage: true } });
  const chunks = await all(stream);
  assert.equal(new Set(chunks.map(({ id, created, model, object }) => [id, created, model, object].join())).size, 1);
  assert.equal(chunks[0].object, 'chat.completion.chunk');
  assert.deepEqual(chunks.map(({ choices }) => choices[0]?.delta.role), ['assistant', ...chunks.slice(1).map(() => undefined)]);
  assert.deepEqual(chunks.map(({ choices }) => choices[0]?.delta.content).filter((text) => text), ['Good', ' day', '.']);
  assert.deepEqual(chunks.map(({ choices }) => choices[0]?.finish_reason).filter((reason) => reason), ['stop']);
  const last = chunks.pop();
  assert.deepEqual(last.choices, []);
  assert.deepEqual([last.usage.prompt_tokens, last.usage.completion_tokens, last.usage.total_tokens], [7, 3, 10]);
  assert.ok(chunks.every(({ usage }) => usage === null));
  assert.equal(session.requests[0].operation, 'ConverseStream');
});

judgeClient('without stream_options no chunk has usage', async ({ openai }) => {
  const chunks = await all(await openai.chat.completions.create({ ...hello, stream: true }));
  assert.ok(chunks.every((chunk) => !('usage' in chunk) && chunk.choices.length === 1));
});

judgeClient('the stream helper and its events', async ({ session, openai }) => {
  session.on('hello', { text: ['Good', ' day', '.'] });
  const stream = openai.chat.completions.stream({ ...hello, stream_options: { include_usage: true } });
  const events = [];
  const names = ['connect', 'content', 'content.done', 'message', 'chatCompletion', 'finalContent', 'finalMessage', 'totalUsage', 'end'];
  for (const name of names) stream.on(name, (value) => events.push(name === 'content' ? [name, value] : [name]));
  const completion = await stream.finalChatCompletion();
  await stream.done();
  assert.equal(completion.choices[0].message.content, 'Good day.');
  assert.equal(completion.choices[0].finish_reason, 'stop');
  assert.equal(await stream.finalContent(), 'Good day.');
  const { prompt_tokens, completion_tokens, total_tokens } = await stream.totalUsage();
  assert.equal(total_tokens, prompt_tokens + completion_tokens);
  assert.deepEqual(events[0], ['connect']);
  assert.deepEqual(events.filter(([name]) => name === 'content'), [['content', 'Good'], ['content', ' day'], ['content', '.']]);
  for (const name of names) assert.ok(events.some(([seen]) => seen === name), `no event ${name}`);
  assert.deepEqual(events.at(-1), ['end']);
});

judgeClient('a stream passed on as a ReadableStream', async ({ session, openai }) => {
  session.on('hello', { text: ['Good', ' day', '.'] });
  const { ChatCompletionStream } = await import('openai/lib/ChatCompletionStream');
  const passedOn = openai.chat.completions.stream(hello).toReadableStream();
  assert.equal(await ChatCompletionStream.fromReadableStream(passedOn).finalContent(), 'Good day.');
});

judgeClient('both halves of a stream', async ({ session, openai }) => {
  session.on('hello', { text: ['Good', ' day', '.'] });
  const [one, other] = (await openai.chat.completions.create({ ...hello, stream: true })).tee();
  assert.deepEqual(await all(one), await all(other));
});

judgeClient('several answers', async ({ session, openai }) => {
  session.on('hello', ({ operation }) => ({ text: ['One', ' of', ` ${operation}`], usage: { inputTokens: 10, outputTokens: 4 } }));
  const whole = await openai.chat.completions.create({ ...hello, n: 3 });
  assert.deepEqual(whole.choices.map(({ index, message }) => [index, message.content]), [0, 1, 2].map((index) => [index, 'One of Converse']));
  assert.deepEqual([whole.usage.prompt_tokens, whole.usage.completion_tokens], [10, 12]);
  const streamed = await openai.chat.completions.stream({ ...hello, n: 3 }).finalChatCompletion();
  assert.deepEqual(streamed.choices.map(({ index, message }) => [index, message.content]), [0, 1, 2].map((index) => [index, 'One of ConverseStream']));
  session.expectRequests(3, { operation: 'Converse' });
  session.expectRequests(3, { operation: 'ConverseStream' });
});

judgeClient('what ends an answer', async ({ session, openai }) => {
  const reasons = { max_tokens: 'length', stop_sequence: 'stop', content_filtered: 'content_filter', guardrail_intervened: 'content_filter', model_context_window_exceeded: 'length' };
  for (const [stopReason, expected] of Object.entries(reasons)) {
    session.on(stopReason, { text: 'So far', stopReason });
    const request = { model: NOVA, messages: [user(stopReason)] };
    const { choices } = await openai.chat.completions.create(request);
    assert.equal(choices[0].finish_reason, expected, stopReason);
    const chunks = await all(await openai.chat.completions.create({ ...request, stream: true }));
    assert.equal(chunks.at(-1).choices[0].finish_reason, expected, stopReason);
  }
});

judgeClient('parts of messages reach the model', async ({ session, openai }) => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await openai.chat.completions.create({
    model: NOVA,
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'developer', content: 'Be kind.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url: `data:image/jpg;base64,${png}`, detail: 'low' } },
        ],
      },
      { role: 'assistant', content: 'A dot.' },
      user('And now?'),
    ],
    stop: 'END',
    max_completion_tokens: 50,
    top_p: 0.5,
  });
  const { body } = session.requests[0];
  assert.deepEqual(body.system, [{ text: 'Be brief.' }, { text: 'Be kind.' }]);
  assert.deepEqual(body.messages.map(({ role }) => role), ['user', 'assistant', 'user']);
  const [text, image] = body.messages[0].content;
  assert.deepEqual(text, { text: 'What is it?' });
  assert.deepEqual(image, { image: { format: 'png', source: { bytes: png } } });
  assert.deepEqual(body.inferenceConfig, { maxTokens: 50, topP: 0.5, stopSequences: ['END'] });
});

judgeClient('documents reach the model, under names that Bedrock takes', async ({ session, openai }) => {
  const pdf = Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64');
  const file = { type: 'file', file: { filename: 'a_report.pdf', file_data: `data:application/pdf;base64,${pdf}` } };
  await openai.chat.completions.create({ model: NOVA, messages: [user([file, file])] });
  const { content } = session.requests[0].body.messages[0];
  const documents = content.filter(({ document }) => document).map(({ document }) => document);
  assert.deepEqual(documents.map(({ format, source }) => [format, source.bytes]), [['pdf', pdf], ['pdf', pdf]]);
  assert.equal(new Set(documents.map(({ name }) => name)).size, 2);
  for (const { name } of documents) assert.match(name, /^[a-zA-Z0-9\s()[\]-]+$/);
  assert.ok(content.some(({ text }) => text), 'Bedrock wants text beside documents');
});

judgeClient('what Bedrock has besides is asked for by fields of the request', async ({ session, openai }) => {
  const system = { role: 'system', content: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }] };
  const guardrailConfig = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
  session.on('hello', { text: 'Good day.' });
  await openai.chat.completions.create({
    model: CLAUDE,
    messages: [system, user('hello')],
    service_tier: 'priority',
    performanceConfig: { latency: 'optimized' },
    additionalModelRequestFields: { top_k: 7 },
    extra_body: { anthropic_beta: ['some-beta-2025-01-01'], context_management: { edits: [] } },
    user: 'ada',
  });
  const { body } = session.requests[0];
  assert.deepEqual(body.system, [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }]);
  assert.deepEqual(body.serviceTier, { type: 'priority' });
  assert.deepEqual(body.performanceConfig, { latency: 'optimized' });
  assert.deepEqual(body.requestMetadata, { user: 'ada' });
  assert.deepEqual(body.additionalModelRequestFields, { top_k: 7, anthropic_beta: ['some-beta-2025-01-01'], context_management: { edits: [] } });
  await openai.chat.completions.create({ ...hello, guardrailConfig }).catch(() => {});
  assert.deepEqual(session.requests[1].body.guardrailConfig, guardrailConfig);
});

judgeClient('more stop sequences than the model takes are kept all the same', async ({ session, openai }) => {
  session.on('hello', { text: ['One, ', 'two, E', 'ND three'] });
  const request = { ...hello, stop: ['A', 'B', 'C', 'D', 'END'] };
  const { choices } = await openai.chat.completions.create(request);
  assert.deepEqual([choices[0].message.content, choices[0].finish_reason], ['One, two, ', 'stop']);
  assert.equal(await openai.chat.completions.stream(request).finalContent(), 'One, two, ');
  assert.equal(session.requests[0].body.inferenceConfig.stopSequences.length, 4);
});

judgeClient('citations of web pages are annotations', async ({ session, openai }) => {
  const location = { web: { url: 'https://example.com/a', domain: 'example.com' } };
  session.on('hello', { text: 'Good day.', citations: [{ title: 'A page', location, sourceContent: [{ text: 'day' }] }] });
  const annotation = { type: 'url_citation', url_citation: { start_index: 0, end_index: 9, title: 'A page', url: 'https://example.com/a' } };
  const { choices } = await openai.chat.completions.create(hello);
  assert.deepEqual(choices[0].message.annotations, [annotation]);
  const chunks = await all(await openai.chat.completions.create({ ...hello, stream: true }));
  assert.deepEqual(chunks.flatMap((chunk) => chunk.choices[0].delta.annotations ?? []), [annotation]);
});

judgeClient('hidden reasoning goes back as it came', async ({ session, openai }) => {
  session.on('weather', { content: [{ redactedReasoning: Buffer.from('hidden').toString('base64') }, { toolUse: { name: 'weather', input: {} } }] });
  session.on({ toolResult: true }, 'Rain.');
  const tools = [{ type: 'function', function: { name: 'weather' } }];
  const request = { model: CLAUDE, messages: [user('weather?')], tools, reasoning_effort: 'low', max_completion_tokens: 4000 };
  const { message } = (await openai.chat.completions.create(request)).choices[0];
  const [{ reasoningContent }] = session.requests[0].response.output.message.content;
  assert.deepEqual(message.thinking_blocks, [{ type: 'redacted_thinking', data: reasoningContent.redactedContent }]);
  const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'Rain' };
  await openai.chat.completions.create({ ...request, messages: [...request.messages, message, result] });
  assert.deepEqual(session.requests[1].body.messages[1].content[0], { reasoningContent });
});

judgeClient('reasoning comes back signed, and goes back, even where the program drops it', async ({ session, openai }) => {
  session.on('weather', { reasoning: 'I need a tool.', toolUse: { name: 'weather', input: { city: 'Oslo' } } });
  session.on({ toolResult: true }, 'Rain.');
  const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } }];
  const request = { model: CLAUDE, messages: [user('weather?')], tools, reasoning_effort: 'low', max_completion_tokens: 4000 };
  const { message } = (await openai.chat.completions.create(request)).choices[0];
  assert.equal(message.reasoning_content, 'I need a tool.');
  const [block] = message.thinking_blocks;
  assert.deepEqual([block.type, block.thinking, typeof block.signature], ['thinking', 'I need a tool.', 'string']);
  assert.ok(session.requests[0].body.additionalModelRequestFields.thinking.budget_tokens >= 1024);

  const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'Rain' };
  const { role, content, tool_calls } = message;
  for (const said of [message, { role, content, tool_calls }]) {
    const answer = await openai.chat.completions.create({ ...request, messages: [...request.messages, said, result] });
    assert.equal(answer.choices[0].message.content, 'Rain.');
    const [first] = session.requests.at(-1).body.messages[1].content;
    assert.deepEqual(first.reasoningContent, { reasoningText: { text: block.thinking, signature: block.signature } });
  }
});

judgeClient('reasoning in chunks', async ({ session, openai }) => {
  session.on('hello', { reasoning: ['I should', ' greet.'], text: 'Good day.' });
  const chunks = await all(await openai.chat.completions.create({ ...hello, model: CLAUDE, reasoning_effort: 'low', stream: true }));
  const deltas = chunks.map(({ choices }) => choices[0].delta);
  assert.equal(deltas.map(({ reasoning_content: text }) => text ?? '').join(''), 'I should greet.');
  const [block] = deltas.flatMap(({ thinking_blocks: blocks }) => blocks ?? []);
  assert.deepEqual([block.thinking, typeof block.signature], ['I should greet.', 'string']);
  assert.equal(deltas.map(({ content }) => content ?? '').join(''), 'Good day.');
});

judgeClient('fifty streams at once', async ({ session, openai }) => {
  session.on(/^\d+$/, ({ text }) => ({ text: Array.from({ length: 20 }, (_, at) => `${text}.${at} `), physics: { tokensPerSecond: 500 } }));
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) => openai.chat.completions.stream({ model: NOVA, messages: [user(String(at))] }).finalContent()),
  );
  answers.forEach((answer, at) => assert.equal(answer, Array.from({ length: 20 }, (_, piece) => `${at}.${piece} `).join('')));
});
