// Arguments: what JSON cannot carry is refused with its path, bytes become base64, nothing is changed, nothing throws
// before the first next().

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { bedrockWrapper } from '../index.mjs';
import { options, request, scriptedBedrock } from './support/scripted-bedrock.mjs';

const bedrock = await scriptedBedrock();
after(() => bedrock.close());

const PNG = readFileSync(new URL('fixtures/images/rgb-64x48.png', import.meta.url));

const part = (value) => ({ messages: [{ role: 'user', content: 'Hi' }, { role: 'user', content: [value] }] });
const cyclic = { type: 'text' };
cyclic.text = { back: cyclic };
const deep = (levels) => (levels === 0 ? 'x' : [deep(levels - 1)]);

const REFUSED = [
  ['a function', part({ type: 'image_url', image_url: { url: () => 1 } }), 'messages[1].content[0].image_url.url'],
  ['a symbol', part({ type: Symbol('x') }), 'messages[1].content[0].type'],
  ['a BigInt', { max_tokens: 10n }, 'max_tokens'],
  ['NaN', { temperature: NaN }, 'temperature'],
  ['Infinity', { temperature: Infinity }, 'temperature'],
  ['a Date', part(new Date()), 'messages[1].content[0]'],
  ['a Map', { metadata: new Map() }, 'metadata'],
  ['a Promise', part({ type: 'image_url', image_url: Promise.resolve('x') }), 'messages[1].content[0].image_url'],
  ['undefined in an array', { messages: [undefined] }, 'messages[0]'],
  ['a cycle', part(cyclic), 'messages[1].content[0].text.back'],
  ['bytes as text', part({ type: 'text', text: PNG }), 'messages[1].content[0].text'],
  ['a Float32Array', part({ type: 'image_url', image_url: new Float32Array(1) }), 'messages[1].content[0].image_url'],
];

for (const [what, fields, path] of REFUSED) {
  test(`${what} is refused at ${path}`, async () => {
    await assert.rejects(bedrockWrapper(bedrock.creds, { ...request, ...fields }, options).next(), (error) => {
      assert.deepEqual([error.name, error.code, error.param], ['InvalidRequestError', 'invalid_request', path]);
      assert.ok(error.message.startsWith(`${path}: `), error.message);
      return true;
    });
    assert.equal(bedrock.requests.length, 0);
  });
}

const WRONG = [
  ['a missing request', [{}], 'request'],
  ['null as request', [{}, null], 'request'],
  ['an array as request', [{}, []], 'request'],
  ['a string as awsCreds', ['key', request], 'awsCreds'],
  ['a function in awsCreds', [{ region: () => 1 }, request], 'awsCreds.region'],
  ['a string as options', [{}, request, 'fast'], 'options'],
  ['a function in options', [{}, request, { idleTimeout: () => 1 }], 'options.idleTimeout'],
];

for (const [what, args, param] of WRONG) {
  test(`${what} is refused at the first next(), not before`, async () => {
    const answer = bedrockWrapper(...args);
    await assert.rejects(answer.next(), { name: 'InvalidRequestError', param });
  });
}

test('awsCreds and options may be null or left out', async () => {
  const unknown = { ...request, model: 'no-such' };
  for (const args of [[undefined, unknown], [null, unknown, null]]) {
    await assert.rejects(bedrockWrapper(...args).next(), { code: 'model_not_found' });
  }
});

test('120 levels pass, more are refused', async () => {
  const nested = (levels) => bedrockWrapper(bedrock.creds, { ...request, metadata: deep(levels) }, options);
  await nested(119).next().then(({ value }) => assert.equal(value, '1 '));
  await assert.rejects(nested(120).next(), { name: 'InvalidRequestError', message: /nested deeper than 120 levels/ });
});

const BYTES = {
  'a Buffer': PNG,
  'a Uint8Array': new Uint8Array(PNG),
  'a view into a larger buffer': new Uint8Array([...Buffer.alloc(7), ...PNG, 0]).subarray(7, 7 + PNG.length),
  'an ArrayBuffer': new Uint8Array(PNG).buffer,
};

for (const [what, bytes] of Object.entries(BYTES)) {
  test(`${what} is an image`, async () => {
    for (const image_url of [bytes, { url: bytes }]) {
      const messages = [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, { type: 'image_url', image_url }] }];
      await bedrockWrapper(bedrock.creds, { model: 'Nova-Lite', stream: true, messages }, options).next();
      const { image } = bedrock.requests.at(-1).messages[0].content[1];
      assert.equal(image.source.bytes, PNG.toString('base64'));
    }
  });
}

test('frozen arguments are accepted and nothing is changed', async () => {
  const freeze = (value) => (typeof value === 'object' && value !== null ? Object.freeze(Object.fromEntries(Object.entries(value).map(([k, v]) => [k, Array.isArray(v) ? Object.freeze(v.map(freeze)) : freeze(v)]))) : value);
  const given = freeze({ ...request, messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] });
  const before = JSON.stringify(given);
  await bedrockWrapper(Object.freeze({ ...bedrock.creds }), given, Object.freeze({ ...options })).next();
  assert.equal(JSON.stringify(given), before);
});

test('fields that are undefined are left out, __proto__ is a field like any other', async () => {
  const answer = bedrockWrapper(bedrock.creds, { ...request, temperature: undefined, ...JSON.parse('{"__proto__": 1}') }, options);
  for await (const chunk of answer) assert.ok(chunk);
  assert.ok(!('temperature' in (bedrock.requests.at(-1).inferenceConfig ?? {})));
});

test('half a surrogate pair becomes a replacement character, and long requests arrive like short ones', async () => {
  for (const length of [0, 50_000]) {
    const text = `Say exactly: a\ud83d${'b'.repeat(length)}`;
    await bedrockWrapper(bedrock.creds, { ...request, messages: [{ role: 'user', content: text }] }, options).next();
    const [{ content }] = bedrock.requests.at(-1).messages;
    assert.equal(typeof content === 'string' ? content : content[0].text, text.toWellFormed());
  }
});
