// The model suites, proved on wrong answers: that they fail when a model does, and say where.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { simulate } from 'bedrock-wrapper/simulator';
import { allModels } from './models.mjs';
import { optionsFrom } from './options.mjs';
import { callsIn, faultsIn } from './report.mjs';
import { stop } from './stop.mjs';
import { lanesOf, runSuite } from './suite.mjs';
import { text } from './text.mjs';
import { vision } from './vision.mjs';

const RUN = fileURLToPath(new URL('./run.mjs', import.meta.url));

const judged = (suite, name, answer, model = {}) => suite.cases.find((one) => one.name === name).judge(answer, model);

test('wrong answers are refused', () => {
  assert.match(judged(text, 'sum', { text: '1 + 1 = 12' }), /not 2/);
  assert.match(judged(text, 'history', { text: 'Your name is Bob.' }), /not in the answer/);
  assert.match(judged(text, 'limit', { text: '1, 2, 3', stopReason: 'end_turn' }), /end_turn/);
  assert.match(judged(text, 'limit', { text: '1, 2, 3', stopReason: 'max_tokens', usage: { outputTokens: 61 } }), /61 tokens/);
  assert.match(judged(text, 'limit', { text: 'No.', stopReason: 'max_tokens' }, { thinks: false }), /did not count/);
  assert.match(judged(text, 'thinking', { text: '345' }), /no thinking/);
  assert.match(judged(text, 'thinking', { text: '<think>15 * 23 = 345</think>\n\nDone' }), /not 345/);
  assert.match(judged(vision, 'URL', { text: 'The image is a gif of 64 by 48 pixels.' }), /32 by 32/);
  assert.match(judged(vision, 'URL', { text: 'The image is a gif.', isLive: true }), /no colour/);
  assert.match(judged(stop, 'word', { text: 'Monday, Thursday, Friday' }), /"Friday" is in/);
  assert.match(judged(stop, 'word', { text: 'Monday' }), /"Thursday" is not in/);
});

test('right answers are not', () => {
  assert.equal(judged(text, 'sum', { text: 'Two.' }), undefined);
  assert.equal(judged(text, 'thinking', { text: '<reasoning>Hm.</reasoning>It is 345.' }), undefined);
  assert.equal(judged(vision, 'two', { text: 'a png of 64 by 48 pixels; a jpeg of 64 by 48 pixels' }), undefined);
  assert.equal(judged(stop, 'several', { text: '<think>I begin with Z.</think>A, B, C, D, E, F, ' }), undefined);
});

test('every model of the list is called, those with vision by the image suite', async () => {
  const models = await allModels();
  assert.ok(models.length >= 83);
  assert.equal(new Set(models.map(({ name }) => name)).size, models.length);
  assert.ok(models.find(({ name }) => name === 'Nova-Lite').vision && !models.find(({ name }) => name === 'Nova-Micro').vision);
});

test('a model that fails is told by name, lane and case, and the others still pass, in order', async () => {
  const bedrock = await simulate({ faults: [{ fault: 'error', code: 'AccessDeniedException', model: '*nova-lite*', times: 0 }] });
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = bedrock.env;
  const creds = { endpoint: bedrock.url, region, accessKeyId, secretAccessKey };
  const models = ['Nova-Pro', 'Nova-Lite', 'Nova-Micro'].map((name) => ({ name, vision: true, thinks: false, shows: false }));
  const results = [];
  const how = { bedrock: { creds }, models, lanes: lanesOf(['converse']), concurrency: 2, isLive: false };
  for await (const result of runSuite(text, how)) results.push(result);
  await bedrock.close();
  assert.deepEqual(results.map(({ model }) => model), ['Nova-Pro', 'Nova-Lite', 'Nova-Micro']);
  assert.deepEqual(results.map((result) => faultsIn(result).length), [0, callsIn(results[1]), 0]);
  const [first] = faultsIn(results[1]);
  assert.deepEqual([first.lane, first.case], ['converse stream', 'sum']);
  assert.match(first.fault, /^AccessDeniedException: /);
});

test('the command prints a table and the count, and fails without a model', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [RUN, 'stop', '--model', '^Nova-Micro$', '--api', 'invoke']);
  assert.match(stdout, /Nova-Micro +✓ 5\/5 +\d+ ms +✓ 5\/5/);
  assert.match(stdout, /\n10 passed, 0 failed\n$/);
  await assert.rejects(promisify(execFile)(process.execPath, [RUN, '--model', 'no such']), { code: 1, stderr: /no name matches/ });
});

test('the command line says what is wrong with it', () => {
  assert.throws(() => optionsFrom(['speech'], ['text']), /no suite speech; there are text/);
  assert.throws(() => optionsFrom(['--api', 'chat'], ['text']), /no API chat/);
  assert.throws(() => optionsFrom(['--model', '('], ['text']), /no regular expression/);
  assert.throws(() => optionsFrom(['--concurrency', '0'], ['text']), /above 0/);
  assert.deepEqual(optionsFrom([], ['text', 'stop']).suites, ['text', 'stop']);
});
