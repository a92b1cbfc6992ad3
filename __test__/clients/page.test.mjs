// The page at /_simulator/, in a real browser.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { simulate } from '../../js/simulator.js';
import { opened, skip } from './browser.mjs';

const SCREENSHOT = fileURLToPath(new URL('../../artifacts/simulator-page.png', import.meta.url));
const NOVA = 'us.amazon.nova-lite-v1%3A0';

let bedrock;
let browser;
let page;
let problems;

before(async () => {
  if (skip) return;
  bedrock = await simulate({ auth: 'off', physics: { tokensPerSecond: 500 } });
  ({ browser, page, problems } = await opened({ height: 800 }));
});

after(async () => {
  await browser?.close();
  await bedrock?.close();
});

function ask(operation, text, model = NOVA) {
  const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text }] }] });
  return fetch(`${bedrock.url}/model/${model}/${operation}`, { method: 'POST', body }).then((answer) => answer.arrayBuffer());
}

const texts = (selector) => page.$$eval(selector, (found) => found.map((one) => one.textContent));
const rows = (count) => page.waitForFunction((n) => document.querySelectorAll('#rows tr').length === n, {}, count);

test('requests appear as they come, with what became of them', { skip }, async () => {
  await page.goto(`${bedrock.url}/_simulator/`);
  assert.equal(await page.title(), 'Bedrock simulator');
  await ask('converse', 'What is 1+1?');
  await ask('converse-stream', 'Count from 1 to 5.');
  await ask('converse', 'Hello', 'no.such-model');
  await rows(3);
  const [refused, streamed, answered] = await texts('#rows tr');
  assert.match(refused, /Converse.*no\.such-model.*400/);
  assert.match(streamed, /ConverseStream.*nova-lite.*200/);
  assert.match(answered, /^0.*Converse.*200/);
});

test('a stream opens with its frames and their times', { skip }, async () => {
  await page.click('#rows tr[data-id="1"]');
  await page.waitForSelector('.frames tr');
  const events = await texts('.frames td:nth-child(2)');
  assert.deepEqual([events[0], events.at(-2), events.at(-1)], ['messageStart', 'messageStop', 'metadata']);
  assert.match((await texts('.frames'))[0], /"text":"1"/);
  assert.match((await texts('#detail pre'))[0], /Count from 1 to 5\./);
  mkdirSync(new URL('.', `file://${SCREENSHOT}`), { recursive: true });
  await page.screenshot({ path: SCREENSHOT });
});

test('what a prompt holds is shown and never run', { skip }, async () => {
  await ask('converse', '<img src=x onerror="document.title=\'run\'"><script>document.title="run"</script>');
  await rows(4);
  await page.click('#rows tr[data-id="3"]');
  await page.waitForFunction(() => document.querySelector('#detail pre').textContent.includes('<img src=x'));
  assert.equal(await page.title(), 'Bedrock simulator');
});

test('a fault is switched on, met and removed', { skip }, async () => {
  await page.click('#fault button[type="submit"]');
  await page.waitForSelector('#faults li');
  assert.match((await texts('#faults li'))[0], /error code: ThrottlingException/);
  await ask('converse', 'Hello');
  await rows(5);
  assert.match((await texts('#rows tr'))[0], /429.*error/);
  await page.waitForFunction(() => document.querySelectorAll('#faults li').length === 0);
  await page.select('#kind', 'truncate');
  await page.click('#fault button[type="submit"]');
  await page.waitForSelector('#faults li');
  await page.click('#nofaults');
  await page.waitForFunction(() => document.querySelectorAll('#faults li').length === 0);
});

test('a senseless fault is refused with a reason', { skip }, async () => {
  await page.select('#kind', 'error');
  await page.$eval('[name="code"]', (input) => { input.value = 'Nope'; });
  await page.click('#fault button[type="submit"]');
  await page.waitForFunction(() => document.getElementById('problem').textContent.includes('ThrottlingException'));
  problems.splice(0); // the browser reports the status 400
});

test('the list is filtered and forgotten', { skip }, async () => {
  await page.type('#filter', 'stream');
  assert.equal((await texts('#rows tr:not([hidden])')).length, 1);
  await page.click('#clear');
  await rows(0);
  assert.deepEqual(problems, []);
});
