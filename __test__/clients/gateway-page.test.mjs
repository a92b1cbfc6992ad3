// The page of the gateway, in a real browser.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serve } from '../../js/gateway.js';
import { simulate } from '../../js/simulator.js';
import { opened, skip } from './browser.mjs';

const ARTIFACTS = new URL('../../artifacts/', import.meta.url);
const MODEL = 'amazon.nova-micro-v1:0';
const KEY = 'sk-page';

let bedrock;
let gateway;
let browser;
let page;
let problems;

before(async () => {
  if (skip) return;
  bedrock = await simulate({ physics: { tokensPerSecond: 40 } });
  gateway = await serve({
    port: 0,
    apiKeys: [KEY],
    baseUrl: bedrock.url,
    region: bedrock.env.AWS_REGION,
    accessKeyId: bedrock.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: bedrock.env.AWS_SECRET_ACCESS_KEY,
  });
  ({ browser, page, problems } = await opened({ height: 900 }));
  mkdirSync(ARTIFACTS, { recursive: true });
});

after(async () => {
  await browser?.close();
  await gateway?.close();
  await bedrock?.close();
});

const text = (selector) => page.$eval(selector, (found) => found.textContent);
const shows = (selector, wanted) =>
  page.waitForFunction((one, words) => [...document.querySelectorAll(one)].at(-1)?.textContent.includes(words), {}, selector, wanted);

async function screenshot(name, scheme) {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.screenshot({ path: fileURLToPath(new URL(`gateway-${name}.png`, ARTIFACTS)) });
}

async function ask(prompt) {
  await page.type('#prompt', prompt);
  await page.keyboard.press('Enter');
}

test('a key is asked for until one is right', { skip }, async () => {
  await page.goto(gateway.url);
  await page.waitForSelector('#ask-key[open]');
  await page.type('#key', 'sk-wrong');
  await page.keyboard.press('Enter');
  await shows('#key-problem', 'Incorrect API key');
  await page.type('#key', KEY);
  await page.keyboard.press('Enter');
  await shows('#state', 'in flight');
  assert.equal(await page.$eval('#ask-key', (dialog) => dialog.open), false);
  problems.splice(0); // the browser reports the statuses 401
});

test('an answer is shown while it comes, and with what it took', { skip }, async () => {
  await page.type('#model', MODEL);
  await ask('Count from 1 to 10.');
  await shows('.said', '1, 2');
  await shows('.assistant footer', 'stop');
  assert.equal(await text('.said'), '1, 2, 3, 4, 5, 6, 7, 8, 9, 10');
  assert.match(await text('.assistant footer'), /first content .* in all · \d+ → \d+ tokens/);
  await screenshot('playground', 'light');
});

test('stopping ends the answer here and at Bedrock', { skip }, async () => {
  await ask('Count from 1 to 500.');
  await page.waitForFunction(() => document.querySelectorAll('.said')[1]?.textContent.includes('1, 2'));
  await page.click('#stop');
  await shows('.assistant footer', 'stopped');
  const stopped = await page.$$eval('.said', (said) => said.at(-1).textContent);
  assert.ok(!stopped.includes('500'), stopped);
  const asked = bedrock.requests.at(-1);
  for (let tries = 0; tries < 100 && !asked.disconnectedEarly; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(asked.disconnectedEarly, true);
});

test('what a model says is shown and never run', { skip }, async () => {
  await ask('Repeat after me: <img src=x onerror="document.title=\'run\'"><script>document.title="run"</script>');
  await page.waitForFunction(() => document.querySelectorAll('.assistant footer')[2]?.textContent.includes('stop'));
  assert.equal(await page.$$eval('#messages img, #messages script', (found) => found.length), 0);
  assert.equal(await page.title(), 'Bedrock gateway');
});

test('a failure is shown with its cause, and in the list of failures', { skip }, async () => {
  bedrock.addFaults({ fault: 'error', code: 'AccessDeniedException', times: 1 });
  await ask('Hello');
  await shows('.assistant .bad', 'status 403');
  await page.click('nav a[href="#watch"]');
  await shows('#failures .error', 'AccessDeniedException');
  problems.splice(0); // the browser reports the status 403
});

test('the last hour is plotted', { skip }, async () => {
  await page.waitForSelector('#charts .card svg');
  assert.match(await text('#charts h3'), new RegExp(`${MODEL}.*requests`));
  const titles = await page.$$eval('#charts .card:first-child figcaption b', (found) => found.map((one) => one.textContent));
  assert.deepEqual(titles, ['First content', 'Duration', 'Requests a minute', 'Tokens a second']);
  await page.waitForSelector('#targets tbody tr');
  await screenshot('watch', 'dark');
  await page.setViewport({ width: 390, height: 844 });
  const { wide, room } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, room: innerWidth }));
  assert.ok(wide <= room, `${wide} in ${room}`);
  await screenshot('narrow', 'light');
  await page.setViewport({ width: 1400, height: 900 });
});

test('models are listed, filtered and tried', { skip }, async () => {
  await page.click('nav a[href="#models"]');
  await page.waitForSelector('#list tbody tr');
  await page.type('#filter', 'nova-lite');
  await page.waitForFunction(() => document.querySelectorAll('#list tbody tr').length < 10);
  const id = await text('#list tbody code');
  await page.click('#list tbody button');
  assert.equal(await page.$eval('#model', (input) => input.value), id);
  assert.equal(await page.$eval('#playground', (view) => view.hidden), false);
  assert.deepEqual(problems, []);
});
