// Requests for OpenAI's API that cannot be carried out, or that are very large: an error that names what is wrong, or an
// answer; in bounded time, and never holding up the event loop.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APIError, BadRequestError, Bedrock, createFetch } from '../index.mjs';
import { noisePng } from './bench/png.mjs';
import { failureOf } from './support/caught.mjs';
import { longestBlock } from './support/event-loop.mjs';
import { CLAUDE, NOVA, optionsFor, simulator } from './support/openai-judges.mjs';

const bedrock = new Bedrock(optionsFor(simulator));
const fetch = createFetch(optionsFor(simulator));

const user = (content) => ({ role: 'user', content });
const hello = { model: NOVA, messages: [user('hello')] };
const said = (...messages) => ({ messages: [user('hello'), ...messages] });
const part = (value) => ({ messages: [user([{ type: 'text', text: 'hello' }, value])] });
const called = (call) => said({ role: 'assistant', content: null, tool_calls: [call] });
const fn = { name: 'f', parameters: { type: 'object' } };
const tool = { type: 'function', function: fn };

async function post(path, body) {
  const response = await fetch(`https://openai.invalid/v1${path}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { status: response.status, ...(await response.json()) };
}

/** Fields of a chat request, and the path and code that the error names. */
const WRONG = [
  [{ model: undefined }, 'model', 'missing_required_parameter'],
  [{ model: null }, 'model', 'missing_required_parameter'],
  [{ model: 7 }, 'model', 'invalid_type'],
  [{ messages: undefined }, 'messages', 'missing_required_parameter'],
  [{ messages: 'hello' }, 'messages', 'invalid_type'],
  [{ messages: {} }, 'messages', 'invalid_type'],
  [{ messages: [] }, 'messages', 'invalid_value'],
  [{ messages: [{ role: 'system', content: 'Be brief.' }] }, 'messages', 'invalid_value'],
  [{ messages: ['hello'] }, 'messages[0]', 'invalid_type'],
  [{ messages: [null] }, 'messages[0]', 'invalid_type'],
  [said({ content: 'x' }), 'messages[1].role', 'missing_required_parameter'],
  [said({ role: 1, content: 'x' }), 'messages[1].role', 'invalid_type'],
  [said({ role: 'robot', content: 'x' }), 'messages[1].role', 'invalid_value'],
  [said({ role: 'user' }), 'messages[1].content', 'missing_required_parameter'],
  [said(user(7)), 'messages[1].content', 'invalid_type'],
  [said(user(['x'])), 'messages[1].content[0]', 'invalid_type'],
  [part({ text: 'x' }), 'messages[0].content[1].type', 'missing_required_parameter'],
  [part({ type: 'poem' }), 'messages[0].content[1].type', 'invalid_value'],
  [part({ type: 'text' }), 'messages[0].content[1].text', 'missing_required_parameter'],
  [part({ type: 'text', text: 1 }), 'messages[0].content[1].text', 'invalid_type'],
  [part({ type: 'image_url' }), 'messages[0].content[1].image_url', 'missing_required_parameter'],
  [part({ type: 'image_url', image_url: {} }), 'messages[0].content[1].image_url.url', 'missing_required_parameter'],
  [part({ type: 'image_url', image_url: { url: 7 } }), 'messages[0].content[1].image_url.url', 'invalid_type'],
  [part({ type: 'file', file: { file_id: 'file-1' } }), 'messages[0].content[1].file.file_id', 'unsupported_value'],
  [part({ type: 'file', file: {} }), 'messages[0].content[1].file.file_data', 'missing_required_parameter'],
  [part({ type: 'input_audio', input_audio: { format: 'wav' } }), 'messages[0].content[1].input_audio.data', 'missing_required_parameter'],
  [said({ role: 'assistant', audio: { id: 'a' } }), 'messages[1].audio', 'unsupported_parameter'],
  [said({ role: 'assistant', tool_calls: {} }), 'messages[1].tool_calls', 'invalid_type'],
  [called('x'), 'messages[1].tool_calls[0]', 'invalid_type'],
  [called({ type: 'function', function: { name: 'f', arguments: '{}' } }), 'messages[1].tool_calls[0].id', 'missing_required_parameter'],
  [called({ id: 'a', type: 'function' }), 'messages[1].tool_calls[0].function', 'missing_required_parameter'],
  [called({ id: 'a', type: 'function', function: {} }), 'messages[1].tool_calls[0].function.name', 'missing_required_parameter'],
  [called({ id: 'a', type: 'function', function: { name: 'f', arguments: 7 } }), 'messages[1].tool_calls[0].function.arguments', 'invalid_type'],
  [said({ role: 'tool', content: 'x' }), 'messages[1].tool_call_id', 'missing_required_parameter'],
  [said({ role: 'function', content: 'x' }), 'messages[1].name', 'missing_required_parameter'],
  [{ tools: {} }, 'tools', 'invalid_type'],
  [{ tools: [7] }, 'tools[0]', 'invalid_type'],
  [{ tools: [{ function: fn }] }, 'tools[0].type', 'missing_required_parameter'],
  [{ tools: [{ type: 'web_search' }] }, 'tools[0].type', 'invalid_value'],
  [{ tools: [tool, { type: 'function' }] }, 'tools[1].function', 'missing_required_parameter'],
  [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name', 'missing_required_parameter'],
  [{ tools: [{ type: 'function', function: { ...fn, parameters: 'x' } }] }, 'tools[0].function.parameters', 'invalid_type'],
  [{ tools: [tool], tool_choice: 'maybe' }, 'tool_choice', 'invalid_value'],
  [{ tools: [tool], tool_choice: { type: 'function', function: { name: 'g' } } }, 'tool_choice.function.name', 'invalid_value'],
  [{ response_format: 'json' }, 'response_format', 'invalid_type'],
  [{ response_format: { type: 'xml' } }, 'response_format.type', 'invalid_value'],
  [{ response_format: { type: 'json_schema' } }, 'response_format.json_schema', 'missing_required_parameter'],
  [{ response_format: { type: 'json_schema', json_schema: { schema: {} } } }, 'response_format.json_schema.name', 'missing_required_parameter'],
  [{ reasoning_effort: 'hard' }, 'reasoning_effort', 'invalid_value'],
  [{ service_tier: 'first' }, 'service_tier', 'invalid_value'],
  [{ metadata: { a: 1 } }, 'metadata.a', 'invalid_type'],
  [{ metadata: { a: 'x'.repeat(513) } }, 'metadata.a', 'string_above_max_length'],
  [{ modalities: ['text', 'audio'] }, 'modalities[1]', 'unsupported_value'],
  [{ moderation: { model: 'm' } }, 'moderation', 'unsupported_parameter'],
  [{ logprobs: true }, 'logprobs', 'unsupported_parameter'],
  [{ n: 0 }, 'n', 'invalid_value'],
  [{ n: 129 }, 'n', 'invalid_value'],
  [{ n: 1.5 }, 'n', 'invalid_type'],
  [{ stream: 'yes' }, 'stream', 'invalid_type'],
  [{ stream_options: { include_usage: 1 } }, 'stream_options.include_usage', 'invalid_type'],
  [{ max_tokens: 0 }, 'max_tokens', 'invalid_value'],
  [{ max_completion_tokens: '5' }, 'max_completion_tokens', 'invalid_type'],
  [{ temperature: 2.1 }, 'temperature', 'invalid_value'],
  [{ temperature: '1' }, 'temperature', 'invalid_type'],
  [{ top_p: 1.1 }, 'top_p', 'invalid_value'],
  [{ stop: ['a', 7] }, 'stop[1]', 'invalid_type'],
  [{ seed: 'x' }, 'seed', 'invalid_type'],
  [{ logit_bias: 7 }, 'logit_bias', 'invalid_type'],
  [{ user: 7 }, 'user', 'invalid_type'],
  [{ guardrailConfig: 'x' }, 'guardrailConfig', 'invalid_type'],
  [{ extra_body: 'x' }, 'extra_body', 'invalid_type'],
];

test('what is wrong is refused with its path, before anything is sent', async () => {
  simulator.forgetRequests();
  for (const [fields, param, code] of WRONG) {
    const body = { ...hello, ...fields };
    const what = JSON.stringify(fields).slice(0, 100);
    const { status, error } = await post('/chat/completions', body);
    assert.deepEqual([status, error.type, error.param, error.code], [400, 'invalid_request_error', param, code], what);
    assert.ok(error.message.includes(param), `${what}: ${error.message}`);
    const thrown = await failureOf(bedrock.chat.completions.create(body));
    assert.ok(BadRequestError.isInstance(thrown), `${what}: ${thrown}`);
    assert.deepEqual([thrown.status, thrown.param, thrown.code], [400, param, code], what);
  }
  simulator.expectRequests(0);
});

test('a body that is no JSON, and paths and methods that do not exist', async () => {
  for (const body of ['', '{', '[]', '7', '{"model":"x","messages":[}', '\u0000']) {
    const { status, error } = await post('/chat/completions', body);
    assert.deepEqual([status, error.type], [400, 'invalid_request_error'], body);
  }
  assert.deepEqual(await post('/nothing', {}).then(({ status, error }) => [status, error.code]), [404, 'unknown_url']);
  const response = await fetch('https://openai.invalid/v1/chat/completions');
  assert.ok([404, 405].includes(response.status), String(response.status));
});

test('a model without a name is not asked for', () => {
  for (const model of ['', undefined, null, 7]) assert.throws(() => bedrock.models.retrieve(model), { param: 'model', status: 400 });
});

test('what JavaScript has and JSON has not is refused with its path', async () => {
  const circle = { type: 'object', properties: {} };
  circle.properties.self = circle;
  const path = 'tools[0].function.parameters.properties.self';
  const thrown = await failureOf(bedrock.chat.completions.create({ ...hello, tools: [{ type: 'function', function: { ...fn, parameters: circle } }] }));
  assert.ok(BadRequestError.isInstance(thrown), String(thrown));
  assert.ok(thrown.param.startsWith(path), thrown.param);
  for (const value of [7n, () => 1, Symbol('x'), new Map(), new Date(NaN)]) {
    const error = await failureOf(bedrock.chat.completions.create({ ...hello, messages: [user(value)] }));
    assert.ok(BadRequestError.isInstance(error), `${String(value)}: ${error}`);
    assert.equal(error.param, 'messages[0].content', String(value));
  }
  for (const body of [undefined, null, 'x', 7, []]) assert.ok(BadRequestError.isInstance(await failureOf(bedrock.chat.completions.create(body))), String(body));
});

test('a text that was cut in an emoji is sent with U+FFFD in its place', async () => {
  const texts = ['cut \ud83d', '\udc00 cut', '😀 whole', 'no escape: \\ud83d', '\\\ud83d', 'a\ud83d\ud83d\ude00b'];
  for (const text of texts) {
    const body = { ...hello, messages: [user(text)] };
    simulator.forgetRequests();
    await bedrock.chat.completions.create(body);
    await post('/chat/completions', body);
    const sent = simulator.expectRequests(2).map((request) => request.body.messages[0].content[0].text);
    assert.deepEqual(sent, [text.toWellFormed(), text.toWellFormed()]);
  }
});

test('schemas with cycles and of great depth have an answer or an error soon', async () => {
  const tree = { type: 'object', properties: { next: { $ref: '#' }, again: { $ref: '#/$defs/node' } }, $defs: { node: { type: 'object', properties: { node: { $ref: '#/$defs/node' } } } } };
  // Each level names the one below it twice: written out, 2^30 schemas.
  const wide = { type: 'object', properties: { a: { $ref: '#/$defs/l0' } }, $defs: {} };
  for (let level = 0; level < 30; level++) {
    const below = { $ref: `#/$defs/l${level + 1}` };
    wide.$defs[`l${level}`] = { type: 'object', properties: { a: below, b: below } };
  }
  wide.$defs.l30 = { type: 'string' };
  let deep = { type: 'string' };
  for (let level = 0; level < 5000; level++) deep = { type: 'object', properties: { a: deep } };
  const nowhere = { type: 'object', properties: { a: { $ref: '#/$defs/none' }, b: { $ref: 'https://example.com/schema' }, c: { $ref: 7 } } };
  for (const [name, schema] of Object.entries({ tree, wide, deep, nowhere })) {
    for (const model of [CLAUDE, NOVA]) {
      for (const fields of [
        { tools: [{ type: 'function', function: { ...fn, parameters: schema, strict: true } }] },
        { response_format: { type: 'json_schema', json_schema: { name: 'x', schema, strict: true } } },
      ]) {
        const { milliseconds, error } = await answered({ ...hello, model, ...fields });
        assert.ok(error === undefined || APIError.isInstance(error), `${name} ${model}: ${error}`);
        assert.ok(error === undefined || error.status < 500, `${name} ${model}: ${error}`);
        assert.ok(milliseconds < 5000, `${name} ${model} took ${milliseconds} ms`);
      }
    }
  }
});

test('results without a call, calls without a result and arguments that are no JSON are carried out', async () => {
  const session = await simulator.session();
  const client = new Bedrock(optionsFor(session));
  const ask = (...messages) => client.chat.completions.create({ model: NOVA, messages: [user('hello'), ...messages], tools: [tool] }).withResponse();
  const call = (id, text) => ({ role: 'assistant', content: null, tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: text } }] });
  const result = (id) => ({ role: 'tool', tool_call_id: id, content: 'found' });
  const sent = () => session.requests.at(-1).body.messages;
  const blocks = () => sent().flatMap(({ content }) => content);

  await ask(result('nobody'), user('Well?'));
  assert.ok(!blocks().some(({ toolResult }) => toolResult), 'the result answers no call');
  assert.ok(JSON.stringify(blocks()).includes('found'));

  await ask(call('a', '{}'), user('Well?'));
  assert.deepEqual(blocks().filter(({ toolResult }) => toolResult).map(({ toolResult: { toolUseId, status } }) => [toolUseId, status]), [['a', 'error']]);

  const { warnings } = await ask(call('a', '{"city":"Os'), result('a'));
  assert.deepEqual(blocks().find(({ toolUse }) => toolUse).toolUse.input, { _raw_arguments: '{"city":"Os' });
  assert.ok(warnings.some(({ param }) => param === 'messages[1].tool_calls[0].function.arguments'));
  await session.close();
});

/** An error if there was one, and how long the call took, in milliseconds. */
async function answered(body) {
  const start = performance.now();
  const error = await bedrock.chat.completions.create(body).then(
    ({ choices }) => assert.equal(choices.length, 1),
    (thrown) => thrown,
  );
  return { error, milliseconds: performance.now() - start };
}

/** The same through `createFetch`, with a body that is JSON already. */
async function fetched(json) {
  const start = performance.now();
  const { status, choices, error } = await post('/chat/completions', json);
  if (error === undefined) assert.deepEqual([status, choices.length], [200, 1]);
  return { error: error && Object.assign(new Error(error.message), { status }), milliseconds: performance.now() - start };
}

const LARGE = {
  'a message of 10 MB': () => ({ messages: [user('word '.repeat(2_000_000))] }),
  '10,000 messages': () => ({ messages: Array.from({ length: 10_001 }, (_, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content: `This is message ${at}.` })) }),
  '10,000 tool results': () => ({
    messages: [user('hello'), ...Array.from({ length: 5000 }, (_, at) => [
      { role: 'assistant', content: null, tool_calls: [{ id: `call_${at}`, type: 'function', function: { name: 'f', arguments: `{"at":${at}}` } }] },
      { role: 'tool', tool_call_id: `call_${at}`, content: 'found' },
    ]).flat()],
    tools: [tool],
  }),
  '1,000 tools': () => ({ tools: Array.from({ length: 1000 }, (_, at) => ({ type: 'function', function: { ...fn, name: `tool.${at}`, description: 'x'.repeat(1000) } })) }),
  '1,000 messages with images, 10 MB in all': () => {
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${noisePng(800, 1).toString('base64')}` } };
    const messages = Array.from({ length: 1001 }, (_, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content: `This is message ${at}.` }));
    for (const at of [0, 2, 4, 6]) messages[at] = user([{ type: 'text', text: 'What is it?' }, image]);
    return { messages };
  },
};

/** The engine collects garbage as well, when it likes: the best of some tries tells what this package does. */
const TRIES = 5;
const LONGEST_BLOCK = 10;
const LONGEST_CALL = 20_000;

for (const [what, fields] of Object.entries(LARGE)) {
  for (const way of ['Bedrock', 'createFetch']) {
    test(`${what}, by ${way}: an answer or an error soon, and the event loop goes on`, async () => {
      const body = { ...hello, ...fields() };
      const json = JSON.stringify(body);
      let best = Infinity;
      for (let round = 0; round < TRIES && best >= LONGEST_BLOCK; round++) {
        const { value, longest } = await longestBlock(() => (way === 'Bedrock' ? answered(body) : fetched(json)));
        best = Math.min(best, longest);
        assert.ok(value.milliseconds < LONGEST_CALL, `${value.milliseconds} ms`);
        assert.ok(value.error === undefined || value.error.status < 500, String(value.error));
      }
      assert.ok(best < LONGEST_BLOCK, `the event loop stood still for ${best.toFixed(1)} ms`);
    });
  }
}
