// `createFetch`: OpenAI's REST API behind fetch, whoever calls it and however.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFetch, simulate } from '../index.mjs';
import { ask, eventually, MODEL, optionsFor, rejectionOf, textOf } from './support/openai.mjs';
import { scriptedBedrock } from './support/scripted-bedrock.mjs';

const simulated = await simulate();
const three = await scriptedBedrock();
const endless = await scriptedBedrock({ chunks: Infinity, pause: 5 });
const flood = await scriptedBedrock({ chunks: Infinity });
const silent = await scriptedBedrock({ chunks: 1, pause: 3600_000 });
after(() => Promise.all([simulated, three, endless, flood, silent].map((server) => server.close())));

const fetch = createFetch(optionsFor(simulated));
const endlessly = createFetch(optionsFor(endless));
const silently = createFetch(optionsFor(silent));

const CHAT = 'https://api.openai.com/v1/chat/completions';
const post = (body, more) => ({ method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer unused' }, body: JSON.stringify(body), ...more });
const stream = (text) => ask(text, { stream: true });

/** The chunks of a stream of events, which must end as OpenAI's do. */
function chunksOf(events) {
  const data = events.split('\n\n').filter(Boolean).map((event) => event.slice('data: '.length));
  assert.equal(data.pop(), '[DONE]');
  return data.map((json) => JSON.parse(json));
}

describe('requests', () => {
  for (const base of ['https://api.openai.com/v1', 'http://localhost/openai/v1', 'http://x', 'http://x/any/base']) {
    test(`${base} is a base`, async () => {
      const response = await fetch(`${base}/chat/completions?api-version=1`, post(ask('Say exactly: well')));
      assert.equal((await response.json()).choices[0].message.content, 'well');
      assert.equal(response.url, `${base}/chat/completions?api-version=1`);
    });
  }

  const json = JSON.stringify(ask('Say exactly: well'));
  const bytes = new TextEncoder().encode(json);
  const bodies = {
    'a string': () => json,
    'a Uint8Array': () => bytes,
    'a Buffer': () => Buffer.from(json),
    'a DataView': () => new DataView(bytes.buffer),
    'an ArrayBuffer': () => bytes.buffer,
    'a Blob': () => new Blob([json]),
    'a stream': () => new Blob([json]).stream(),
  };
  for (const [what, body] of Object.entries(bodies)) {
    test(`${what} is a body`, async () => {
      const response = await fetch(CHAT, { method: 'POST', body: body() });
      assert.equal((await response.json()).choices[0].message.content, 'well');
    });
  }

  test('a Request, a URL, and what the second argument changes of a Request', async () => {
    const request = () => new Request(CHAT, post(ask('Say exactly: one')));
    const asked = [fetch(request()), fetch(new URL(CHAT), post(ask('Say exactly: two'))), fetch(request(), { body: JSON.stringify(ask('Say exactly: three')) })];
    const answers = await Promise.all((await Promise.all(asked)).map((response) => response.json()));
    assert.deepEqual(answers.map(({ choices }) => choices[0].message.content), ['one', 'two', 'three']);
  });

  test('a body that cannot be JSON is a TypeError', async () => {
    for (const body of [new URLSearchParams('a=b'), new FormData()]) {
      await assert.rejects(fetch(CHAT, { method: 'POST', body }), TypeError);
    }
    await assert.rejects(fetch('no url'), TypeError);
  });

  test('a long body arrives whole', async () => {
    const text = 'The "Seine" – 😀\n'.repeat(100_000);
    for (const body of [JSON.stringify(stream(text)), new Blob([JSON.stringify(stream(text))])]) {
      await (await createFetch(optionsFor(three))(CHAT, { method: 'POST', body })).text();
      assert.equal(three.requests.at(-1).messages[0].content[0].text, text);
    }
  });

  test('the key for OpenAI stays here', async () => {
    await fetch(CHAT, post(ask('Hi'), { headers: { Authorization: 'Bearer sk-never-sent', 'api-key': 'sk-never-sent' } }));
    assert.ok(!JSON.stringify(simulated.requests.at(-1)).includes('sk-never-sent'));
  });
});

describe('answers', () => {
  test('a whole answer is JSON', async () => {
    const response = await fetch(CHAT, post(ask('Hi', { seed: 1 })));
    assert.ok(response instanceof Response);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type'), /^application\/json/);
    assert.ok(response.headers.get('x-request-id'));
    assert.equal(response.headers.get('x-bedrock-model-id'), 'us.amazon.nova-micro-v1:0');
    assert.deepEqual(JSON.parse(response.headers.get('x-bedrock-warnings')).map(({ param }) => param), ['seed']);
    assert.equal((await response.json()).model, MODEL);
  });

  test('a stream is events', async () => {
    const response = await fetch(CHAT, post(stream('Count from 1 to 9.')));
    assert.match(response.headers.get('content-type'), /^text\/event-stream/);
    assert.equal(textOf(chunksOf(await response.text())), '1, 2, 3, 4, 5, 6, 7, 8, 9');
  });

  test('a body is bytes, for readers that bring their own buffer too', async () => {
    const { body } = await fetch(CHAT, post(stream('Count from 1 to 9.')));
    const reader = body.getReader({ mode: 'byob' });
    let events = '';
    const decoder = new TextDecoder();
    for (;;) {
      const { value, done } = await reader.read(new Uint8Array(50));
      if (done) break;
      events += decoder.decode(value, { stream: true });
    }
    assert.equal(textOf(chunksOf(events)), '1, 2, 3, 4, 5, 6, 7, 8, 9');
  });

  test('what is wrong is an answer with OpenAI\'s status and body', async () => {
    const wrong = async (url, init) => {
      const response = await fetch(url, init);
      const { error } = await response.json();
      assert.deepEqual(Object.keys(error).sort(), ['code', 'message', 'param', 'type']);
      return [response.status, error.type, error.param];
    };
    assert.deepEqual(await wrong(CHAT, post({ model: MODEL })), [400, 'invalid_request_error', 'messages']);
    assert.deepEqual(await wrong(CHAT, { method: 'POST', body: '{' }), [400, 'invalid_request_error', null]);
    assert.deepEqual(await wrong('http://x/v1/no-such-thing', post({})), [404, 'invalid_request_error', null]);
    assert.deepEqual((await wrong(CHAT, { method: 'DELETE' }))[0], 405);
  });

  test('a failure before the first event has its status, and one attempt was made', async () => {
    const before = simulated.requests.length;
    simulated.addFaults({ fault: 'error', code: 'ThrottlingException', times: 0 });
    const response = await fetch(CHAT, post(stream('Hi')));
    simulated.clearFaults();
    assert.equal(response.status, 429);
    assert.equal((await response.json()).error.code, 'rate_limit_exceeded');
    assert.equal(simulated.requests.length, before + 1);
  });

  test('a failure within a stream is an event, and the end', async () => {
    simulated.addFaults({ fault: 'exception', code: 'ModelStreamErrorException', message: 'It broke.', frame: 3 });
    const response = await fetch(CHAT, post(stream('Count from 1 to 9.')));
    simulated.clearFaults();
    assert.equal(response.status, 200);
    const events = (await response.text()).split('\n\n').filter(Boolean);
    assert.match(JSON.parse(events.pop().slice('data: '.length)).error.message, /It broke\./);
    assert.ok(events.length > 0 && !events.includes('data: [DONE]'));
  });
});

describe('back-pressure', () => {
  test('what nobody reads is not asked for', async () => {
    const response = await createFetch(optionsFor(flood))(CHAT, post(stream('Go on')));
    const reader = response.body.getReader();
    await reader.read();
    await sleep(300);
    const memory = process.memoryUsage().rss;
    await sleep(700);
    assert.ok(process.memoryUsage().rss < memory + 50e6, 'an endless answer must not pile up');
    await reader.cancel();
    await eventually(() => flood.open === 0);
  });

  test('cancel() cancels the request', async () => {
    const before = endless.cancelled;
    const { body } = await endlessly(CHAT, post(stream('Go on')));
    for await (const bytes of body) if (bytes) break;
    await eventually(() => endless.cancelled === before + 1);
  });

  test('an answer that nobody reads is cancelled with the garbage', { skip: globalThis.gc === undefined }, async () => {
    const before = endless.cancelled;
    await (async () => void (await endlessly(CHAT, post(stream('Go on')))))();
    for (let round = 0; round < 100 && endless.cancelled === before; round++) {
      globalThis.gc();
      await sleep(10);
    }
    assert.equal(endless.cancelled, before + 1);
  });
});

describe('abort', () => {
  const reason = new Error('enough');

  test('before: nothing is sent', async () => {
    const before = simulated.requests.length;
    assert.equal(await rejectionOf(fetch(CHAT, post(ask('Hi'), { signal: AbortSignal.abort(reason) }))), reason);
    assert.equal(simulated.requests.length, before);
  });

  test('while the answer is awaited', async () => {
    const controller = new AbortController();
    const pending = rejectionOf(silently(CHAT, post(ask('Hi'), { signal: controller.signal })));
    await eventually(() => silent.open > 0);
    controller.abort(reason);
    assert.equal(await pending, reason);
    await eventually(() => silent.open === 0);
  });

  test('while the body is read, with a read that waits and without', async () => {
    for (const isWaiting of [true, false]) {
      const before = endless.cancelled;
      const controller = new AbortController();
      const { body } = await endlessly(new Request(CHAT, post(stream('Go on'), { signal: controller.signal })));
      const reader = body.getReader();
      await reader.read();
      const pending = isWaiting ? rejectionOf((async () => { for (;;) await reader.read(); })()) : undefined;
      controller.abort(reason);
      assert.equal(await (pending ?? rejectionOf(reader.read())), reason);
      await eventually(() => endless.cancelled === before + 1);
    }
  });

  test('nothing is left on the signal', async () => {
    const { signal } = new AbortController();
    await (await fetch(CHAT, post(stream('Hi'), { signal }))).text();
    await (await fetch(CHAT, post(ask('Hi'), { signal }))).text();
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});

describe('the other paths', () => {
  test('models, one of them, embeddings', async () => {
    const list = await (await fetch('http://x/v1/models')).json();
    assert.equal(list.object, 'list');
    const one = await (await fetch(`http://x/v1/models/${encodeURIComponent(list.data[0].id)}`)).json();
    assert.deepEqual(one, list.data[0]);
    const embeddings = await fetch('http://x/v1/embeddings', post({ model: 'amazon.titan-embed-text-v2:0', input: 'Hi' }));
    assert.equal((await embeddings.json()).data[0].embedding.length, 1024);
  });
});
