// `npm run demo`, as a user runs it, into a pipe.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { paceOf } from '../scripts/demo/ask.mjs';
import { optionsFrom } from '../scripts/demo/options.mjs';
import { styleFor } from '../scripts/terminal/style.mjs';

const DEMO = fileURLToPath(new URL('../scripts/demo.mjs', import.meta.url));

const run = (args, env = {}) => promisify(execFile)(process.execPath, [DEMO, ...args], { env: { ...process.env, ...env } });

test('it shows a streamed answer, thinking, an image and what each took', async () => {
  const { stdout, stderr } = await run([]);
  assert.equal(stderr, '');
  assert.match(stdout, /a brave knight .* asked for a song\./);
  assert.match(stdout, /<think>.+<\/think>\s+15 \* 23 = 345/s);
  assert.match(stdout, /a png of 64 by 48 pixels/);
  assert.match(stdout, /Claude-4-5-Sonnet +invoke +\d+ ms +\d\d +\d+ +\d+ +\d\d\n/);
  assert.ok(!stdout.includes('\u001b') && !stdout.includes('Warning'));
});

test('one question for a model of one\'s choice', async () => {
  const { stdout } = await run(['--model', 'Nova-Micro', '--prompt', 'What is 1+1?', '--converse']);
  assert.match(stdout, /> What is 1\+1\?\n1 \+ 1 = 2\n/);
  assert.match(stdout, /Nova-Micro +converse/);
});

test('without credentials --live says what is missing, in a sentence', async () => {
  const none = { HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '', AWS_REGION: 'us-east-1' };
  const cleared = Object.fromEntries(Object.keys(process.env).filter((name) => name.startsWith('AWS_')).map((name) => [name, undefined]));
  await assert.rejects(run(['--live'], { ...cleared, ...none }), ({ code, stderr }) => {
    assert.match(stderr, /^\ndemo: No usable AWS credentials were found/);
    return code === 1 && !stderr.includes('    at ');
  });
});

test('a model that does not exist and senseless arguments', async () => {
  await assert.rejects(run(['--model', 'Nova-Mikro']), { code: 1, stderr: /demo: .*Nova-Micro/ });
  await assert.rejects(run(['--lives']), { code: 1, stderr: /demo: Unknown option '--lives'/ });
  assert.throws(() => optionsFrom(['--invoke', '--converse']), /choose one/);
});

test('pace: the first piece is what everything counts from', () => {
  assert.deepEqual(paceOf([100, 150, 200]), { first: 100, chunks: 3, perSecond: 20 });
  assert.deepEqual(paceOf([100]), { first: 100, chunks: 1, perSecond: undefined });
  assert.deepEqual(paceOf([]), { first: undefined, chunks: 0, perSecond: undefined });
});

test('colours: on terminals, unless NO_COLOR', () => {
  const red = (stream, env) => styleFor(stream, env).red('x');
  assert.equal(red({ isTTY: true }, {}), '\u001b[31mx\u001b[39m');
  assert.equal(red({ isTTY: true }, { NO_COLOR: '1' }), 'x');
  assert.equal(red({ isTTY: true }, { TERM: 'dumb' }), 'x');
  assert.equal(red({}, {}), 'x');
  assert.equal(red({}, { FORCE_COLOR: '1' }), '\u001b[31mx\u001b[39m');
});
