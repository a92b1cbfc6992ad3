// The `openai` package on `createFetch`: tools and structured output.

import assert from 'node:assert/strict';
import { z } from 'zod';
import { CLAUDE, NOVA, all, judgeBoth } from './support/openai-judges.mjs';

const { default: OpenAI } = await import('openai').catch(() => ({}));
const { zodFunction, zodResponseFormat } = await import('openai/helpers/zod').catch(() => ({}));

const user = (content) => ({ role: 'user', content });
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const weather = { type: 'function', function: { name: 'weather', description: 'Tells the weather.', parameters } };
const clock = { type: 'function', function: { name: 'clock' } };

function judgeClient(name, run) {
  judgeBoth(name, (given) => run({ ...given, openai: new OpenAI({ fetch: given.fetch, apiKey: 'unused', maxRetries: 0 }) }));
}

/** What the message blocks of a request hold: `text`, `toolUse`, … */
const kinds = ({ content }) => content.map((block) => Object.keys(block)[0]);

judgeClient('parallel tool calls, whole and in chunks', async ({ session, openai }) => {
  const toolUse = [{ name: 'weather', input: { city: 'Oslo' } }, { name: 'clock', input: {} }];
  session.on('Oslo', { text: 'I look.', toolUse });
  const request = { model: NOVA, messages: [user('How is Oslo?')], tools: [weather, clock] };
  const expected = [['weather', { city: 'Oslo' }], ['clock', {}]];
  const read = ({ tool_calls: calls }) => calls.map((call) => [call.function.name, JSON.parse(call.function.arguments)]);

  const whole = (await openai.chat.completions.create(request)).choices[0];
  assert.deepEqual([whole.finish_reason, whole.message.content], ['tool_calls', 'I look.']);
  assert.deepEqual(read(whole.message), expected);

  const streamed = (await openai.chat.completions.stream(request).finalChatCompletion()).choices[0];
  assert.deepEqual([streamed.finish_reason, streamed.message.content], ['tool_calls', 'I look.']);
  assert.deepEqual(read(streamed.message), expected);

  const chunks = await all(await openai.chat.completions.create({ ...request, stream: true }));
  const deltas = chunks.flatMap(({ choices }) => choices[0].delta.tool_calls ?? []);
  const starts = deltas.filter(({ id }) => id !== undefined);
  assert.deepEqual(starts.map(({ index, type, function: { name, arguments: text } }) => [index, type, name, text]), [
    [0, 'function', 'weather', ''],
    [1, 'function', 'clock', ''],
  ]);
  assert.deepEqual([...new Set(deltas.map(({ index }) => index))], [0, 1]);
});

judgeClient('results of parallel calls go back together, as the model wants them', async ({ session, openai }) => {
  session.on({ toolResult: true }, 'Rain at noon.');
  const call = (id, name, text) => ({ id, type: 'function', function: { name, arguments: text } });
  const messages = [
    user('How is Oslo?'),
    { role: 'assistant', content: null, tool_calls: [call('call_a', 'weather', '{"city":"Oslo"}'), call('call_b', 'clock', '')] },
    { role: 'tool', tool_call_id: 'call_b', content: 'Noon' },
    { role: 'tool', tool_call_id: 'call_a', content: [{ type: 'text', text: 'Rain' }] },
    user('Well?'),
  ];
  const { choices } = await openai.chat.completions.create({ model: NOVA, messages, tools: [weather, clock] });
  assert.equal(choices[0].message.content, 'Rain at noon.');
  const { body } = session.requests[0];
  assert.deepEqual(body.messages.map(({ role }) => role), ['user', 'assistant', 'user']);
  assert.deepEqual(body.messages.map(kinds), [['text'], ['toolUse', 'toolUse'], ['toolResult', 'toolResult', 'text']]);
  assert.deepEqual(body.messages[1].content[1].toolUse, { toolUseId: 'call_b', name: 'clock', input: {} });
  assert.deepEqual(body.messages[2].content[0].toolResult.content, [{ text: 'Noon' }]);
});

judgeClient('which tools may be called', async ({ session, openai }) => {
  const ask = async (tool_choice) => {
    await openai.chat.completions.create({ model: CLAUDE, messages: [user('hello')], tools: [weather, clock], tool_choice });
    return session.requests.at(-1).body.toolConfig;
  };
  const names = ({ tools }) => tools.map(({ toolSpec }) => toolSpec.name);
  assert.deepEqual((await ask('required')).toolChoice, { any: {} });
  assert.deepEqual((await ask({ type: 'function', function: { name: 'clock' } })).toolChoice, { tool: { name: 'clock' } });
  const allowed = { mode: 'required', tools: [{ type: 'function', function: { name: 'clock' } }] };
  assert.deepEqual(names(await ask({ type: 'allowed_tools', allowed_tools: allowed })), ['clock']);
  assert.equal(await ask('none'), undefined);
  const [sent] = (await ask('auto')).tools;
  assert.deepEqual(sent.toolSpec, { name: 'weather', description: 'Tells the weather.', inputSchema: { json: parameters } });
});

judgeClient('tool names that Bedrock refuses come back as they were', async ({ session, openai }) => {
  session.on('go', ({ tools }) => ({ toolUse: { name: tools[0], input: {} } }));
  session.on({ toolResult: true }, 'Done.');
  const tools = [{ type: 'function', function: { name: 'files.read/all' } }];
  const request = { model: NOVA, messages: [user('go')], tools };
  const { message } = (await openai.chat.completions.create(request)).choices[0];
  assert.match(session.requests[0].body.toolConfig.tools[0].toolSpec.name, /^[\w-]{1,64}$/);
  assert.equal(message.tool_calls[0].function.name, 'files.read/all');
  const streamed = (await openai.chat.completions.stream(request).finalChatCompletion()).choices[0].message;
  assert.equal(streamed.tool_calls[0].function.name, 'files.read/all');
  const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'All.' };
  await openai.chat.completions.create({ ...request, messages: [...request.messages, message, result] });
  assert.equal(session.requests.at(-1).body.messages[1].content[0].toolUse.name, session.requests[0].body.toolConfig.tools[0].toolSpec.name);
});

judgeClient('custom tools', async ({ session, openai }) => {
  session.on('sum', { toolUse: { name: 'python', input: { input: 'print(1 + 1)' } } });
  const tools = [{ type: 'custom', custom: { name: 'python', description: 'Runs a program.' } }];
  const { choices } = await openai.chat.completions.create({ model: CLAUDE, messages: [user('sum')], tools });
  const [{ id, ...call }] = choices[0].message.tool_calls;
  assert.deepEqual(call, { type: 'custom', custom: { name: 'python', input: 'print(1 + 1)' } });
  assert.equal(typeof id, 'string');
});

judgeClient('functions of old', async ({ session, openai }) => {
  session.on('weather', { toolUse: { name: 'weather', input: { city: 'Oslo' } } });
  session.on({ toolResult: true }, 'Rain.');
  const request = { model: NOVA, messages: [user('weather')], functions: [weather.function], function_call: 'auto' };
  const [{ message, finish_reason }] = (await openai.chat.completions.create(request)).choices;
  assert.equal(finish_reason, 'function_call');
  assert.deepEqual([message.function_call.name, JSON.parse(message.function_call.arguments)], ['weather', { city: 'Oslo' }]);
  assert.equal(message.tool_calls, undefined);
  const messages = [...request.messages, message, { role: 'function', name: 'weather', content: 'Rain' }];
  assert.equal((await openai.chat.completions.create({ ...request, messages })).choices[0].message.content, 'Rain.');
  const chunks = await all(await openai.chat.completions.create({ ...request, stream: true }));
  const calls = chunks.map(({ choices }) => choices[0].delta.function_call).filter(Boolean);
  assert.deepEqual([calls[0].name, JSON.parse(calls.map((call) => call.arguments ?? '').join(''))], ['weather', { city: 'Oslo' }]);
  assert.equal(chunks.at(-1).choices[0].finish_reason, 'function_call');
});

for (const stream of [false, true]) {
  judgeClient(`runTools over several steps, ${stream ? 'streamed' : 'whole'}`, async ({ session, openai }) => {
    session.on({ turn: 1, text: 'pack' }, { toolUse: { name: 'weather', input: { city: 'Oslo' } } });
    session.on({ toolResult: { name: 'weather' } }, { text: 'Now the clock.', toolUse: [{ name: 'clock' }, { name: 'weather', input: { city: 'Rome' } }] }, { times: 1 });
    session.on({ toolResult: { name: 'clock' } }, 'An umbrella.');
    const asked = [];
    const tools = [
      {
        type: 'function',
        function: {
          name: 'weather',
          parse: JSON.parse,
          parameters,
          function: ({ city }) => {
            asked.push(city);
            return `Rain in ${city}`;
          },
        },
      },
      { type: 'function', function: { name: 'clock', parameters: { type: 'object', properties: {} }, function: () => 'Noon' } },
    ];
    const runner = openai.chat.completions.runTools({ model: NOVA, messages: [user('What shall I pack?')], tools, stream });
    const results = [];
    runner.on('functionToolCallResult', (result) => results.push(result));
    assert.equal(await runner.finalContent(), 'An umbrella.');
    assert.deepEqual(asked, ['Oslo', 'Rome']);
    assert.deepEqual(results, ['Rain in Oslo', 'Noon', 'Rain in Rome']);
    assert.deepEqual(session.requests.map(({ body }) => body.messages.map(({ role }) => role[0]).join('')), ['u', 'uau', 'uauau']);
    assert.deepEqual(session.requests.at(-1).body.messages.slice(3).map(kinds), [['text', 'toolUse', 'toolUse'], ['toolResult', 'toolResult']]);
  });
}

const Trip = z.object({ city: z.string(), days: z.number().int(), hotel: z.object({ name: z.string() }).nullable() });
const trip = { city: 'Oslo', days: 3, hotel: { name: 'Bristol' } };

/** The simulator does not know schemas: it says the object as the request wants it, in text or by the forced tool. */
const structured = ({ tools }) => (tools.length > 0 ? { toolUse: { name: tools[0], input: trip } } : JSON.stringify(trip));

for (const [model, way] of [[CLAUDE, 'by the model itself'], [NOVA, 'by a tool']]) {
  judgeClient(`parse with a zod schema, ${way}`, async ({ session, openai }) => {
    session.on('trip', structured);
    const request = { model, messages: [user('A trip')], response_format: zodResponseFormat(Trip, 'trip') };
    const { choices } = await openai.chat.completions.parse(request);
    assert.deepEqual(choices[0].message.parsed, trip);
    assert.deepEqual([choices[0].finish_reason, choices[0].message.tool_calls], ['stop', undefined]);

    const stream = openai.chat.completions.stream(request);
    let done;
    stream.on('content.done', (event) => (done = event));
    const { message, finish_reason } = (await stream.finalChatCompletion()).choices[0];
    assert.deepEqual([message.parsed, finish_reason], [trip, 'stop']);
    assert.deepEqual(done.parsed, trip);
    const { outputConfig, toolConfig } = session.requests[0].body;
    assert.equal(outputConfig !== undefined, model === CLAUDE);
    assert.equal(toolConfig !== undefined, model === NOVA);
  });
}

judgeClient('parse of an answer that was cut', async ({ session, openai }) => {
  session.on('trip', { text: '{"city":"Os', stopReason: 'max_tokens' });
  const request = { model: CLAUDE, messages: [user('A trip')], response_format: zodResponseFormat(Trip, 'trip') };
  await assert.rejects(openai.chat.completions.parse(request), ({ constructor: { name } }) => name === 'LengthFinishReasonError');
});

judgeClient('parse with a strict tool', async ({ session, openai }) => {
  session.on('A trip', { toolUse: { name: 'book', input: trip } });
  const request = { model: CLAUDE, messages: [user('A trip')], tools: [zodFunction({ name: 'book', parameters: Trip })] };
  const { message } = (await openai.chat.completions.parse(request)).choices[0];
  assert.deepEqual(message.tool_calls[0].function.parsed_arguments, trip);
});

judgeClient('a JSON object of any form', async ({ session, openai }) => {
  // Models like to put JSON into a fence.
  session.on('trip', (request) => (request.tools.length > 0 ? structured(request) : `\`\`\`json\n${JSON.stringify(trip)}\n\`\`\``));
  for (const model of [CLAUDE, NOVA]) {
    const request = { model, messages: [user('A trip as JSON')], response_format: { type: 'json_object' } };
    const { message, finish_reason } = (await openai.chat.completions.create(request)).choices[0];
    assert.deepEqual([JSON.parse(message.content), finish_reason], [trip, 'stop'], model);
  }
});
