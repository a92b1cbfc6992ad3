// Rules from JavaScript: patterns, functions, handles, sessions; and what becomes of functions that fail or never end.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { simulate } from 'bedrock-wrapper/simulator';

const MODEL = 'us.amazon.nova-lite-v1:0';
const SUBPATH = new URL('../js/simulator.js', import.meta.url).href;

/** Status and text, or message, of a Converse request by the account of `env`. */
async function ask({ url, env }, text, { headers = {}, more = {} } = {}) {
  const credential = `${env.AWS_ACCESS_KEY_ID}/20250101/us-east-1/bedrock/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`;
  const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text }] }], ...more });
  const response = await fetch(`${url}/model/${MODEL}/converse`, { method: 'POST', headers: { authorization, ...headers }, body });
  const answer = await response.json();
  return response.status === 200 ? answer.output.message.content[0].text : `${response.status} ${answer.message}`;
}

const start = (options) => simulate({ auth: 'lenient', ...options });

test('texts, regular expressions, objects and functions say which requests are meant', async () => {
  const bedrock = await start();
  bedrock.on('weather', 'Sunny.');
  bedrock.on(/^how are (you|they)\?$/i, 'Fine.');
  bedrock.on({ header: { 'x-test': /^a\/b$/ }, body: { '/inferenceConfig/maxTokens': 9 } }, 'By header.');
  bedrock.on((request) => request.text.length === 3, ({ text, model, turn }) => `${text} ${model} ${turn}`);
  bedrock.on({ text: 'later', predicate: async ({ tools }) => tools.length === 0 }, ['one', 'two']);
  assert.equal(await ask(bedrock, 'The weather, please'), 'Sunny.');
  assert.equal(await ask(bedrock, 'HOW are they?'), 'Fine.');
  assert.equal(await ask(bedrock, 'hm', { headers: { 'x-test': 'a/b' }, more: { inferenceConfig: { maxTokens: 9 } } }), 'By header.');
  assert.equal(await ask(bedrock, 'abc'), `abc ${MODEL} 1`);
  assert.deepEqual([await ask(bedrock, 'later'), await ask(bedrock, 'later'), await ask(bedrock, 'later')], ['one', 'two', 'two']);
  assert.equal(await ask(bedrock, 'What is 1+1?'), '1 + 1 = 2');
  await bedrock.close();
});

test('a handle counts and removes', async () => {
  const bedrock = await start();
  const once = bedrock.on('hello', 'Once.', { times: 1 });
  const rule = bedrock.rule({ name: 'greeting', match: { text: 'hello' }, answer: () => 'Again.', priority: -1 });
  assert.deepEqual([await ask(bedrock, 'hello'), await ask(bedrock, 'hello')], ['Once.', 'Again.']);
  assert.deepEqual([once.calls, rule.calls], [1, 1]);
  rule.remove();
  rule.remove();
  assert.match(await ask(bedrock, 'hello'), /^Hello!/);
  assert.equal(rule.calls, 1);
  await bedrock.close();
});

test('rules may stand in the options, functions and all', async () => {
  const rules = [{ match: /sum/, answer: async ({ text }) => ({ text: ['It is ', String(eval(text.replace('sum', '')))] }) }];
  const bedrock = await start({ rules, scripts: { polite: ['Please?', 'Thank you.'] } });
  assert.equal(await ask(bedrock, 'sum 2+3'), 'It is 5');
  assert.equal(await ask(bedrock, 'Hello', { headers: { 'x-simulator-script': 'polite' } }), 'Please?');
  await bedrock.close();
});

test('functions that throw, never end or say nonsense are answered with a clear 500', async () => {
  const bedrock = await start();
  const failing = { throws: () => { throw new RangeError('out of words'); }, nonsense: () => ({ txt: 'a' }), bigint: () => 7n, never: () => new Promise(() => {}) };
  for (const [name, answer] of Object.entries(failing)) bedrock.rule({ name, match: name, answer, timeout: 50 });
  for (const [name, problem] of [
    ['throws', 'RangeError: out of words'],
    ['nonsense', 'its answer: unknown field `txt`'],
    ['bigint', 'InvalidRequestError: answer: expected a JSON value, got a bigint'],
    ['never', 'it gave no answer within 50 ms'],
  ]) {
    const told = await ask(bedrock, name);
    assert.ok(told.startsWith(`500 The function of rule "${name}": ${problem}`), told);
  }
  await bedrock.close();
});

test('what is no rule is refused where it is made', async () => {
  const bedrock = await start();
  for (const [make, message] of [
    [() => bedrock.on({ modle: '*' }, 'a'), /rule\.match: unknown field `modle`/],
    [() => bedrock.on('a', { txt: 'a' }), /rule\.answer: unknown field `txt`/],
    [() => bedrock.on('a'), /a rule has either `answer` or `sequence`/],
    [() => bedrock.on(/a/v, 'a'), /rule\.match: the flag v/],
    [() => bedrock.on({ system: /(?<=a)b/ }, 'a'), /rule\.match: the regular expression/],
    [() => bedrock.on(7, 'a'), /rule\.match: expected a string, a RegExp, an object or a function/],
    [() => bedrock.on(() => true, { txt: 'a' }), /unknown field `txt`/],
  ]) {
    assert.throws(make, (error) => error.name === 'InvalidRequestError' && message.test(error.message), String(message));
  }
  await assert.rejects(start({ rules: [{ answer: 'a' }, { answer: 'a', when: {} }] }), { param: 'options.rules[1].when', message: /^options\.rules\[1\]\.when: unknown field/ });
  await bedrock.close();
  assert.throws(() => bedrock.on('a', 'b'), { name: 'InvalidRequestError', message: /closed/ });
});

test('sessions have keys and rules of their own, and share those of the simulator', async () => {
  const bedrock = await start();
  const [one, other] = await Promise.all([bedrock.session(), bedrock.session()]);
  assert.notEqual(one.env.AWS_ACCESS_KEY_ID, other.env.AWS_ACCESS_KEY_ID);
  bedrock.on('hello', 'For all.');
  one.on('hello', ({ account }) => `For ${account === one.account}.`);
  assert.deepEqual(await Promise.all([ask(one, 'hello'), ask(other, 'hello'), ask(bedrock, 'hello')]), ['For true.', 'For all.', 'For all.']);
  await one.close();
  assert.throws(() => one.on('a', 'b'), { message: /closed/ });
  await bedrock.close();
  await assert.rejects(bedrock.session(), { message: /closed/ });
});

test('a worker may end while its functions are being asked', async () => {
  const program = `
    import { parentPort } from 'node:worker_threads';
    import { simulate } from ${JSON.stringify(SUBPATH)};
    const bedrock = await simulate({ auth: 'off' });
    bedrock.on('a', () => { parentPort.postMessage('asked'); return new Promise(() => {}); });
    parentPort.postMessage(bedrock.url);
    bedrock.ref();
  `;
  for (let round = 0; round < 5; round++) {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`));
    const [url] = await once(worker, 'message');
    const asked = once(worker, 'message');
    const answer = ask({ url, env: {} }, 'a').catch((error) => error);
    await asked;
    await worker.terminate();
    assert.ok((await answer) instanceof Error);
  }
});

test('functions do not keep Node alive', () => {
  const program = `import { simulate } from ${JSON.stringify(SUBPATH)}; (await simulate()).on('a', () => 'b');`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { timeout: 10_000 });
  assert.equal(status, 0);
});
