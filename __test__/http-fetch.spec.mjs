// The option `fetch`: requests leave through the caller's own function, signed, and nothing else changes.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { APIConnectionError, APIConnectionTimeoutError, APIUserAbortError, Bedrock, RateLimitError, simulate } from 'bedrock-wrapper';
import { encode } from './golden/frames.mjs';

const request = { model: 'us.amazon.nova-micro-v1:0', messages: [{ role: 'user', content: 'Count from 1 to 3.' }] };
const converse = {
  output: { message: { role: 'assistant', content: [{ text: 'Yes.' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
};

/** A client whose requests a mock answers. */
function mocked(fetch, options) {
  return new Bedrock({ region: 'us-east-1', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a-secret-never-to-be-shown', fetch, ...options });
}

const ask = (client, options) => client.chat.completions.create(request, options);
const askForStream = (client, options) => client.chat.completions.create({ ...request, stream: true }, options);

async function textOf(stream) {
  let text = '';
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
  return text;
}

/** The events of an answer whose text is `size` bytes long, in pieces of 4 KiB. */
function* events(size) {
  yield encode({ messageStart: { role: 'assistant' } });
  for (let sent = 0; sent < size; sent += 4096) yield encode({ contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'x'.repeat(4096) } } });
  yield encode({ contentBlockStop: { contentBlockIndex: 0 } });
  yield encode({ messageStop: { stopReason: 'end_turn' } });
}

const EVENT_STREAM = { headers: { 'content-type': 'application/vnd.amazon.eventstream' } };

describe('against the simulator, which verifies signatures', () => {
  let bedrock;
  before(async () => { bedrock = await simulate(); });
  after(() => bedrock.close());

  function client(fetch) {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION } = bedrock.env;
    return new Bedrock({ region: AWS_REGION, accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, baseURL: bedrock.url, fetch });
  }

  test('the global fetch carries whole answers, streams and refusals', async () => {
    const calls = [];
    const through = client((url, init) => {
      calls.push([url, init]);
      return fetch(url, init);
    });
    assert.equal((await ask(through)).choices[0].message.content, '1, 2, 3');
    assert.equal(await textOf(await askForStream(through)), '1, 2, 3');
    await assert.rejects(through.chat.completions.create({ ...request, model: 'amazon.no-such-model-v1:0' }), { status: 404 });
    const [url, init] = calls[0];
    assert.equal(url, `${bedrock.url}/model/us.amazon.nova-micro-v1%3A0/converse`);
    assert.deepEqual([init.method, init.redirect, init.signal.aborted], ['POST', 'manual', false]);
    assert.match(init.headers.authorization, /^AWS4-HMAC-SHA256 /);
    assert.ok(JSON.parse(init.body).messages);
  });

  test('headers that a wrapper adds are sent', async () => {
    const through = client((url, init) => fetch(url, { ...init, headers: { ...init.headers, traceparent: '00-trace' } }));
    await ask(through);
    const { requests } = await (await fetch(`${bedrock.url}/_simulator/journal`)).json();
    assert.equal(requests.at(-1).headers.traceparent, '00-trace');
  });
});

describe('with mocks', () => {
  test('a Response is an answer', async () => {
    const { choices, usage } = await ask(mocked(async () => Response.json(converse)));
    assert.deepEqual([choices[0].message.content, usage.total_tokens], ['Yes.', 3]);
  });

  test('what looks like a Response is one, with a stream of Node', async () => {
    const answer = { status: 200, headers: new Map([['content-type', 'application/json']]), body: Readable.from([JSON.stringify(converse)]) };
    assert.equal((await ask(mocked(() => answer))).choices[0].message.content, 'Yes.');
  });

  test('a rejection is a connection error with its cause, after the attempts', async () => {
    const thrown = new TypeError('the cable is cut');
    let attempts = 0;
    const error = await ask(mocked(() => { attempts++; throw thrown; })).catch((error) => error);
    assert.ok(error instanceof APIConnectionError, error.stack);
    assert.equal(error.cause, thrown);
    assert.match(error.message, /the cable is cut/);
    assert.equal(attempts, 3);
  });

  test('an attempt that fails is followed by one that may not', async () => {
    const replies = [() => { throw new Error('no'); }, () => new Response('', { status: 503 }), () => Response.json(converse)];
    assert.equal((await ask(mocked(() => replies.shift()()))).choices[0].message.content, 'Yes.');
    assert.equal(replies.length, 0);
  });

  test('an error of the service is the class of its status', async () => {
    const refusal = () => Response.json({ message: 'Too many requests' }, { status: 429, headers: { 'x-amzn-errortype': 'ThrottlingException' } });
    const error = await ask(mocked(refusal), { maxRetries: 0 }).catch((error) => error);
    assert.ok(error instanceof RateLimitError, error.stack);
    assert.match(error.message, /Too many requests/);
  });

  for (const [what, given] of Object.entries({ nothing: undefined, text: 'yes', 'a body of numbers': { status: 200, headers: [], body: Readable.from([1, 2]) } })) {
    test(`${what} is no Response`, async () => {
      await assert.rejects(ask(mocked(async () => given), { maxRetries: 0 }), APIConnectionError);
    });
  }

  for (const [what, defaultHeaders] of Object.entries({ 'an object': { 'X-Team': 'a', 'x-none': null }, Headers: new Headers({ 'x-team': 'a' }), pairs: [['x-team', 'a']] })) {
    test(`defaultHeaders as ${what} are sent, and signed`, async () => {
      let sent;
      await ask(mocked((_, { headers }) => { sent = headers; return Response.json(converse); }, { defaultHeaders }));
      assert.deepEqual([sent['x-team'], sent['x-none']], ['a', undefined]);
      assert.match(sent.authorization, /SignedHeaders=[^,]*x-team/);
    });
  }

  test('headers that are not the caller\'s to give are refused', () => {
    assert.throws(() => mocked(fetch, { defaultHeaders: { authorization: 'mine' } }), { name: 'ConfigurationError', param: 'options.defaultHeaders.authorization' });
    assert.throws(() => mocked(fetch, { defaultHeaders: 'x-team: a' }), { param: 'options.defaultHeaders' });
  });

  test('a redirect is not followed', async () => {
    const seen = [];
    const client = mocked((url) => {
      seen.push(new URL(url).host);
      return new Response(null, { status: 307, headers: { location: 'https://elsewhere.example/' } });
    });
    await assert.rejects(ask(client), /HTTP status 307/);
    assert.deepEqual(new Set(seen), new Set(['bedrock-runtime.us-east-1.amazonaws.com']));
  });

  test('what is no function is refused', () => {
    assert.throws(() => mocked('fetch'), { name: 'InvalidRequestError', param: 'options.fetch' });
  });
});

describe('leaving', () => {
  test('an aborted call aborts the fetch at once', async () => {
    const controller = new AbortController();
    let aborted;
    const client = mocked((_, { signal }) => new Promise((resolve, reject) => {
      aborted = once(signal, 'abort').then(() => reject(signal.reason));
      controller.abort();
    }));
    await assert.rejects(ask(client, { signal: controller.signal }), APIUserAbortError);
    await aborted;
  });

  test('a limit that elapses aborts the fetch', async () => {
    let aborted = 0;
    const client = mocked((_, { signal }) => new Promise(() => signal.addEventListener('abort', () => { aborted++; })), { firstByteTimeout: 50, maxRetries: 1 });
    await assert.rejects(ask(client), APIConnectionTimeoutError);
    await sleep(20);
    assert.equal(aborted, 2);
  });

  test('a stream that is left cancels the body, also one that knows no signal', async () => {
    let cancelled = false;
    const body = new ReadableStream({
      start(controller) { for (const event of [...events(4096)].slice(0, 2)) controller.enqueue(event); },
      cancel() { cancelled = true; },
    });
    for await (const { choices } of await askForStream(mocked(() => new Response(body, EVENT_STREAM)))) {
      if (choices[0].delta.content) break;
    }
    await sleep(50);
    assert.ok(cancelled);
  });
});

describe('back-pressure', () => {
  test('a body is read no faster than its answer', async () => {
    const all = events(Infinity);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        const { value } = all.next();
        sent += value.length;
        controller.enqueue(value);
      },
    });
    const stream = await askForStream(mocked(() => new Response(body, EVENT_STREAM)));
    let read = 0;
    for await (const { choices } of stream) {
      read += choices[0].delta.content?.length ?? 0;
      if (read === 4096) await sleep(300);
      if (read > 4096) break;
    }
    assert.ok(sent < 4 * 1024 * 1024, `${sent} bytes were read for ${read} bytes of text`);
  });

  test('a body that was held back comes to its end', async () => {
    const size = 8 * 1024 * 1024;
    const body = ReadableStream.from(events(size));
    assert.equal((await textOf(await askForStream(mocked(() => new Response(body, EVENT_STREAM))))).length, size);
  });

  test('a body that breaks off is told with its cause', async () => {
    const thrown = new Error('the wire is cut');
    const body = ReadableStream.from((async function* broken() {
      yield encode({ contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'x' } } });
      throw thrown;
    })());
    const error = await askForStream(mocked(() => new Response(body, EVENT_STREAM))).then(textOf).catch((error) => error);
    assert.ok(error instanceof APIConnectionError, error.stack);
    assert.equal(error.cause, thrown);
  });
});
