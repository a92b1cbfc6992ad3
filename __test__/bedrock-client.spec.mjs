// `new Bedrock`: OpenAI's client on Bedrock. Objects, streams, HTTP answers, cancellation, and nothing secret to be seen.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, describe, test } from 'node:test';
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect, promisify } from 'node:util';
import { bodyOf } from '../js/openai/body.js';
import { APIUserAbortError, Bedrock, BadRequestError, simulate, Stream } from '../index.mjs';
import { ask, collect, eventually, MODEL, optionsFor, rejectionOf, textOf } from './support/openai.mjs';
import { REQUEST_ID, scriptedBedrock } from './support/scripted-bedrock.mjs';

const simulated = await simulate();
const three = await scriptedBedrock();
const endless = await scriptedBedrock({ chunks: Infinity, pause: 5 });
const silent = await scriptedBedrock({ chunks: 1, pause: 3600_000 });
after(() => Promise.all([simulated, three, endless, silent].map((server) => server.close())));

const bedrock = new Bedrock(optionsFor(simulated));
const { completions } = bedrock.chat;
const scripted = new Bedrock(optionsFor(three)).chat.completions;
const endlessly = new Bedrock(optionsFor(endless)).chat.completions;
const silently = new Bedrock(optionsFor(silent)).chat.completions;

describe('chat completions', () => {
  test('a completion is what OpenAI answers', async () => {
    const completion = await completions.create(ask('What is 1+1?'));
    assert.equal(completion.object, 'chat.completion');
    assert.equal(completion.model, MODEL);
    assert.match(completion.id, /^chatcmpl-/);
    const [choice] = completion.choices;
    assert.deepEqual([choice.index, choice.message.role, choice.finish_reason, choice.logprobs], [0, 'assistant', 'stop', null]);
    assert.match(choice.message.content, /2/);
    const { prompt_tokens, completion_tokens, total_tokens } = completion.usage;
    assert.equal(prompt_tokens + completion_tokens, total_tokens);
  });

  test('chunks are alike but for what they add, and say together what the whole answer says', async () => {
    const request = ask('Count from 1 to 20.');
    const chunks = await collect(await completions.create({ ...request, stream: true }));
    const whole = await completions.create(request);
    assert.equal(textOf(chunks), whole.choices[0].message.content);
    const [first] = chunks;
    assert.equal(first.choices[0].delta.role, 'assistant');
    assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
    for (const chunk of chunks) {
      assert.deepEqual(Object.keys(chunk), Object.keys(first));
      assert.deepEqual([chunk.id, chunk.created, chunk.model, chunk.object], [first.id, first.created, first.model, 'chat.completion.chunk']);
      assert.deepEqual(Object.keys(chunk.choices[0]), ['index', 'delta', 'logprobs', 'finish_reason']);
    }
  });

  test('include_usage adds a chunk with the usage; the others say null', async () => {
    const chunks = await collect(await completions.create(ask('Hi', { stream: true, stream_options: { include_usage: true } })));
    assert.deepEqual(chunks.at(-1).choices, []);
    assert.ok(chunks.at(-1).usage.total_tokens > 0);
    for (const { usage } of chunks.slice(0, -1)) assert.equal(usage, null);
  });

  test('chunks belong to nobody else: one can be changed', async () => {
    const [, second, third] = await collect(await completions.create(ask('Count from 1 to 9.', { stream: true })));
    second.choices[0].delta.content = 'mine';
    second.model = 'mine';
    assert.notEqual(third.choices[0].delta.content, 'mine');
    assert.equal(third.model, MODEL);
  });

  test('the request id is beside the fields', async () => {
    const completion = await completions.create(ask('Hi'));
    assert.ok(completion._request_id.length > 10);
    assert.ok(!Object.keys(completion).includes('_request_id'));
    assert.equal(completion.id, `chatcmpl-${completion._request_id}`);
  });
});

describe('the promise', () => {
  test('withResponse() gives data, response, request id and warnings', async () => {
    const { data, response, request_id, warnings } = await completions.create(ask('Hi', { seed: 1 })).withResponse();
    assert.equal(data.object, 'chat.completion');
    assert.ok(response instanceof Response);
    assert.deepEqual([response.status, response.headers.get('x-request-id')], [200, request_id]);
    assert.deepEqual(warnings.map(({ param }) => param), ['seed']);
    const nothing = await completions.create(ask('Hi')).withResponse();
    assert.deepEqual(nothing.warnings, []);
  });

  test('asResponse() of a whole answer is its JSON', async () => {
    const response = await completions.create(ask('Hi')).asResponse();
    assert.match(response.headers.get('content-type'), /^application\/json/);
    assert.equal((await response.json()).object, 'chat.completion');
  });

  test('asResponse() of a stream is events', async () => {
    const response = await completions.create(ask('Count from 1 to 3.', { stream: true })).asResponse();
    assert.match(response.headers.get('content-type'), /^text\/event-stream/);
    const events = (await response.text()).split('\n\n').filter(Boolean);
    assert.equal(events.pop(), 'data: [DONE]');
    assert.equal(textOf(events.map((event) => JSON.parse(event.slice('data: '.length)))), '1, 2, 3');
  });

  test('it is a Promise, and whoever looks at it twice gets the same object', async () => {
    const promise = completions.create(ask('Hi'));
    assert.ok(promise instanceof Promise);
    assert.equal(await promise, await promise.then((data) => data));
    await promise.finally(() => {});
    assert.equal((await completions.create({}).catch((error) => error)).constructor, BadRequestError);
  });
});

describe('a stream', () => {
  test('is read once', async () => {
    const stream = await completions.create(ask('Hi', { stream: true }));
    await collect(stream);
    await assert.rejects(collect(stream), { code: 'already_consumed', message: /use `.tee\(\)`/ });
  });

  test('break cancels the request at once', async () => {
    const before = endless.cancelled;
    const stream = await endlessly.create(ask('Go on', { stream: true }));
    for await (const chunk of stream) if (chunk.choices[0].delta.content === '3 ') break;
    assert.ok(stream.controller.signal.aborted);
    await eventually(() => endless.cancelled === before + 1);
  });

  test('controller.abort() ends the loop without an error and cancels the request', async () => {
    const before = endless.cancelled;
    const stream = await endlessly.create(ask('Go on', { stream: true }));
    let chunks = 0;
    for await (const chunk of stream) {
      assert.ok(chunk);
      if (++chunks === 3) stream.controller.abort();
    }
    assert.equal(chunks, 3);
    await eventually(() => endless.cancelled === before + 1);
  });

  test('a stream that nobody reads is cancelled with the garbage', { skip: globalThis.gc === undefined }, async () => {
    const before = endless.cancelled;
    await (async () => void (await endlessly.create(ask('Go on', { stream: true }))))();
    for (let round = 0; round < 100 && endless.cancelled === before; round++) {
      globalThis.gc();
      await sleep(10);
    }
    assert.equal(endless.cancelled, before + 1);
  });

  test('tee() gives two streams with everything, each at its own speed', async () => {
    const stream = await completions.create(ask('Count from 1 to 9.', { stream: true }));
    const [left, right] = stream.tee();
    const ahead = await collect(left);
    assert.deepEqual(await collect(right), ahead);
    assert.equal(textOf(ahead), '1, 2, 3, 4, 5, 6, 7, 8, 9');
    await assert.rejects(collect(stream), { code: 'already_consumed' });
  });

  test('when both branches are left, the request is cancelled', async () => {
    const before = endless.cancelled;
    const branches = (await endlessly.create(ask('Go on', { stream: true }))).tee();
    for await (const chunk of branches[0]) if (chunk) break;
    assert.equal(endless.cancelled, before, 'the other one still reads');
    for await (const chunk of branches[1]) if (chunk) break;
    await eventually(() => endless.cancelled === before + 1);
  });

  test('toReadableStream() is lines of JSON, from which fromReadableStream() makes a stream again', async () => {
    const request = ask('Count from 1 to 9.', { stream: true });
    const lines = (await new Response((await completions.create(request)).toReadableStream()).text()).split('\n');
    assert.equal(lines.pop(), '');
    assert.equal(textOf(lines.map((line) => JSON.parse(line))), '1, 2, 3, 4, 5, 6, 7, 8, 9');
    const again = Stream.fromReadableStream((await completions.create(request)).toReadableStream());
    assert.equal(textOf(await collect(again)), '1, 2, 3, 4, 5, 6, 7, 8, 9');
  });

  test('cancelling the readable stream cancels the request', async () => {
    const before = endless.cancelled;
    const reader = (await endlessly.create(ask('Go on', { stream: true }))).toReadableStream().getReader();
    await reader.read();
    await reader.cancel();
    await eventually(() => endless.cancelled === before + 1);
  });
});

describe('abort', () => {
  test('before: nothing is sent', async () => {
    const before = simulated.requests.length;
    const error = await rejectionOf(completions.create(ask('Hi'), { signal: AbortSignal.abort(new Error('changed my mind')) }));
    assert.ok(error instanceof APIUserAbortError);
    assert.equal(error.cause.message, 'changed my mind');
    assert.equal(simulated.requests.length, before);
  });

  test('while the answer is awaited: the promise rejects and the request is cancelled', async () => {
    const controller = new AbortController();
    const pending = rejectionOf(silently.create(ask('Hi'), { signal: controller.signal }));
    await eventually(() => silent.open > 0);
    controller.abort();
    assert.ok((await pending) instanceof APIUserAbortError);
    await eventually(() => silent.open === 0);
  });

  test('within a stream: the loop ends, as in OpenAI\'s client', async () => {
    const controller = new AbortController();
    const stream = await endlessly.create(ask('Go on', { stream: true }), { signal: controller.signal });
    let chunks = 0;
    for await (const chunk of stream) if (++chunks === 2 && chunk) controller.abort();
    assert.equal(chunks, 2);
    assert.ok(stream.controller.signal.aborted);
  });

  test('many calls on one signal: one listener, none left behind', async () => {
    const { signal } = new AbortController();
    const streams = await Promise.all(Array.from({ length: 20 }, () => endlessly.create(ask('Go on', { stream: true }), { signal })));
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    for (const stream of streams) stream.controller.abort();
    assert.equal(getEventListeners(signal, 'abort').length, 0);
    await completions.create(ask('Hi'), { signal });
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});

describe('the other resources', () => {
  test('embeddings come as numbers, by default and when asked for; or as base64', async () => {
    const create = (more) => bedrock.embeddings.create({ model: 'amazon.titan-embed-text-v2:0', input: ['one', 'two'], dimensions: 256, ...more });
    const [numbers, floats, base64] = await Promise.all([create(), create({ encoding_format: 'float' }), create({ encoding_format: 'base64' })]);
    assert.deepEqual(numbers.data.map(({ index, embedding }) => [index, embedding.length]), [[0, 256], [1, 256]]);
    for (const [at, { embedding }] of floats.data.entries()) {
      for (const [place, number] of embedding.entries()) assert.ok(Math.abs(number - numbers.data[at].embedding[place]) < 1e-6);
    }
    assert.equal(Buffer.from(base64.data[0].embedding, 'base64').length, 4 * 256);
    assert.ok(Array.isArray(numbers.data[0].embedding));
    assert.ok(numbers.usage.prompt_tokens > 0);
  });

  test('models are a page, and can be iterated without waiting for it', async () => {
    const page = await bedrock.models.list();
    assert.ok(page.data.length > 50);
    assert.deepEqual([page.object, page.hasNextPage()], ['list', false]);
    assert.deepEqual(await collect(page), page.data);
    assert.deepEqual((await collect(bedrock.models.list())).map(({ id }) => id), page.data.map(({ id }) => id));
    const one = await bedrock.models.retrieve(page.data[0].id);
    assert.equal(one.id, page.data[0].id);
  });

  test('images.generate gives base64', async () => {
    const { data } = await bedrock.images.generate({ model: 'amazon.nova-canvas-v1:0', prompt: 'A red boat', size: '512x512' });
    assert.ok(Buffer.from(data[0].b64_json, 'base64').subarray(1, 4).equals(Buffer.from('PNG')));
  });

  test('rerank.create puts the best first', async () => {
    const documents = ['Trees are green.', 'Paris is the capital of France.'];
    const { results } = await bedrock.rerank.create({ model: 'cohere.rerank-v3-5:0', query: 'capital of France', documents });
    assert.deepEqual(results.map(({ index }) => index), [1, 0]);
  });
});

describe('arguments', () => {
  const cyclic = { role: 'user', content: [] };
  cyclic.content.push({ type: 'text', text: { back: cyclic } });
  const refused = {
    'no object': [undefined, 'request'],
    'a cycle': [{ model: MODEL, messages: [cyclic] }, 'messages[0].content[0].text.back'],
    'a BigInt': [ask('Hi', { max_tokens: 10n }), 'max_tokens'],
    'NaN': [ask('Hi', { temperature: NaN }), 'temperature'],
    'a Map': [ask('Hi', { metadata: new Map() }), 'metadata'],
    'undefined in an array': [{ model: MODEL, messages: [undefined] }, 'messages[0]'],
  };
  for (const [what, [request, param]] of Object.entries(refused)) {
    test(`${what} is a BadRequestError at ${param}`, async () => {
      const before = simulated.requests.length;
      const error = await rejectionOf(completions.create(request));
      assert.ok(error instanceof BadRequestError, String(error));
      assert.deepEqual([error.status, error.type, error.param], [400, 'invalid_request_error', param]);
      assert.equal(simulated.requests.length, before);
    });
  }

  test('a waiting call keeps Node alive, a stream that nobody reads on does not', async () => {
    const program = (body) => ['--input-type=module', '--eval', `
      import { Bedrock } from ${JSON.stringify(new URL('../index.mjs', import.meta.url).href)};
      const { completions } = new Bedrock(${JSON.stringify(optionsFor(endless))}).chat;
      const stream = completions.create(${JSON.stringify(ask('Go on', { stream: true }))});
      ${body}
    `];
    const run = async (body) => (await promisify(execFile)(process.execPath, program(body))).stdout;
    assert.equal(await run('stream.then(({ controller }) => { console.log("begun"); controller.abort(); });'), 'begun\n');
    assert.equal(await run('globalThis.kept = (await stream)[Symbol.asyncIterator](); await kept.next(); console.log("left");'), 'left\n');
  });

  test('what is no signal and what are no headers is refused', async () => {
    assert.equal((await rejectionOf(completions.create(ask('Hi'), { signal: 'stop' }))).param, 'options.signal');
    assert.equal((await rejectionOf(completions.create(ask('Hi'), { headers: 7 }))).param, 'options.headers');
  });

  test('what JSON leaves out is left out, and toJSON is called', async () => {
    const messages = [{ role: 'user', content: { toJSON: () => 'Say exactly: well' }, done() {}, name: undefined }];
    assert.equal((await completions.create({ model: MODEL, messages })).choices[0].message.content, 'well');
  });

  test('half a surrogate pair becomes a replacement character, in short and in long requests', async () => {
    for (const length of [0, 100_000, 900_000]) {
      await scripted.create(ask(`a\ud83d${'b'.repeat(length)}😀`, { stream: true }));
      const [{ content }] = three.requests.at(-1).messages;
      assert.equal(content[0].text, `a\ufffd${'b'.repeat(length)}😀`);
    }
  });

  test('long strings that look like what stands for them arrive as they are', async () => {
    const texts = ['\0' + '0', 'x'.repeat(70_000), '\0' + '1', 'y'.repeat(300_000)];
    const content = texts.map((text) => ({ type: 'text', text }));
    await scripted.create({ model: MODEL, messages: [{ role: 'user', content }], stream: true });
    assert.deepEqual(three.requests.at(-1).messages[0].content.map(({ text }) => text), texts);
  });
});

describe('large requests', () => {
  const messages = Array.from({ length: 1000 }, (_, turn) => ({ role: turn % 2 ? 'assistant' : 'user', content: `${turn} ${'The "Seine" runs through Paris; '.repeat(200)}.` }));
  const request = { model: MODEL, stream: true, messages: [...messages, { role: 'user', content: 'Well?' }] };

  test('they arrive as they are', async () => {
    await collect(await scripted.create(request));
    const sent = three.requests.at(-1).messages;
    assert.deepEqual(sent.map(({ content }) => content[0].text), request.messages.map(({ content }) => content));
  });

  test('others get their turn while they are handed over', async () => {
    const picture = 'iVBO'.repeat(500_000);
    let turns = 0;
    let isOver = false;
    const take = () => {
      turns += 1;
      if (!isOver) setImmediate(take);
    };
    setImmediate(take);
    for (let round = 0; round < 5; round++) await bodyOf({ ...request, pictures: [picture, new URL('http://x'), { data: Buffer.from(picture) }] });
    isOver = true;
    assert.ok(turns >= 5, `${turns} turns`);
  });

  test('a path within them is told', async () => {
    const error = await rejectionOf(scripted.create({ ...request, messages: [...messages, { role: 'user', content: [{ type: 'text', text: 5n }] }] }));
    assert.equal(error.param, 'messages[1000].content[0].text');
    const cycle = { role: 'user', content: [] };
    cycle.content.push(cycle);
    assert.equal((await rejectionOf(scripted.create({ ...request, messages: [...messages, cycle] }))).param, 'messages[1000].content[0]');
  });
});

describe('options', () => {
  test('they are read once, and withOptions() changes some of them', async () => {
    const options = optionsFor(simulated);
    const mine = new Bedrock(options);
    options.baseURL = 'http://127.0.0.1:9';
    assert.ok(await mine.chat.completions.create(ask('Hi')));
    const other = mine.withOptions({ baseURL: options.baseURL, maxRetries: 0 });
    assert.ok(other instanceof Bedrock);
    assert.equal((await rejectionOf(other.chat.completions.create(ask('Hi')))).name, 'APIConnectionError');
  });

  test('withOptions() with other credentials drops the ones before', () => {
    assert.ok(new Bedrock(optionsFor(simulated)).withOptions({ apiKey: 'a-key' }));
  });

  test('no secret is to be seen', () => {
    const secrets = { accessKeyId: 'AKIA-MINE', secretAccessKey: 'a-secret-key', sessionToken: 'a-secret-token' };
    const mine = new Bedrock({ region: 'us-east-1', ...secrets });
    const seen = [inspect(mine, { depth: 9, showHidden: true }), String(mine), JSON.stringify(mine), ...Object.keys(mine)].join();
    for (const secret of Object.values(secrets)) assert.ok(!seen.includes(secret));
  });
});

test('the scripted answer keeps the service\'s request id', async () => {
  const stream = await endlessly.create(ask('Go on', { stream: true })).withResponse();
  assert.equal(stream.request_id, REQUEST_ID);
  stream.data.controller.abort();
});
