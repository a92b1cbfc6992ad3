// `npm run interactive`: driven through pipes and signals as a process, and key by key through a terminal of our own.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chosenBy, matching, pickerLines, pressed, startPicking } from '../scripts/interactive/picker.mjs';
import { Terminal } from '../scripts/interactive/terminal.mjs';

const PROGRAM = fileURLToPath(new URL('../scripts/interactive.mjs', import.meta.url));

function start(...args) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  let seen = '';
  child.stdout.on('data', (piece) => (seen += piece));
  /** Waits for text that has not been waited for yet. */
  const until = async (pattern) => {
    for (;;) {
      const found = pattern.exec(seen);
      if (found) {
        seen = seen.slice(found.index + found[0].length);
        return found[0];
      }
      await once(child.stdout, 'data');
    }
  };
  return { child, until };
}

test('lines from a pipe: model and API are chosen, and what was said is kept', async () => {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end('zzz\nnova-mi\nconverse\nMy name is Ada.\nWhat is my name?\n/api\n/new\nWhat is my name?\n/nonsense\n');
  const shown = await text(child.stdout);
  assert.match(shown, /Nothing matches "zzz"/);
  assert.match(shown, /Nova-Micro through converse on local Bedrock at http/);
  assert.match(shown, /Your name is Ada\.\n\d+ tokens in, \d+ out, end_turn\n/);
  assert.match(shown, /API: invoke\n/);
  assert.match(shown, /You have not told me your name\./);
  assert.match(shown, /\/quit +leave/);
  assert.equal(child.exitCode ?? (await once(child, 'close'))[0], 0);
});

test('the first Ctrl-C cancels the answer, whose beginning is kept; the second leaves', async () => {
  const { child, until } = start('--model', 'Nova-Micro', '--invoke');
  child.stdin.write('Tell me a story of 5000 words.\n');
  await until(/brave knight/);
  child.kill('SIGINT');
  await until(/cancelled/);
  child.stdin.write('What is 1+1?\n');
  await until(/= 2\n(\d+) tokens in/);
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'close'), [0, null]);
});

test('an error is told and the chat goes on', async () => {
  const child = spawn(process.execPath, [PROGRAM, '--model', 'Nova-Mikro', '--converse'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end('Hi\n/quit\nHi\n');
  const shown = await text(child.stdout);
  assert.equal(shown.match(/Error: .*Did you mean Nova-Micro/g).length, 1);
});

test('senseless arguments', async () => {
  const child = spawn(process.execPath, [PROGRAM, '--converse', '--invoke'], { stdio: ['ignore', 'inherit', 'pipe'] });
  const [said, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  assert.deepEqual([said, status], ['interactive: --converse and --invoke: choose one\n', 1]);
});

const ITEMS = ['Nova-Pro', 'Nova-Micro', 'Claude-3-Haiku'];

const typed = (state, ...keys) => keys.reduce((before, key) => {
  const name = { '\r': 'return', '\u0003': 'c' }[key] ?? key;
  return pressed(before, key, { name, ctrl: key === '\u0003' });
}, state);

test('picking by keys', () => {
  const start = startPicking(ITEMS);
  assert.deepEqual(typed(start, 'm', 'i', '\r'), { chosen: 'Nova-Micro' });
  assert.deepEqual(typed(start, 'down', 'down', 'down', '\r'), { chosen: 'Claude-3-Haiku' });
  assert.deepEqual(typed(start, 'down', 'up', 'up', '\r'), { chosen: 'Nova-Pro' });
  assert.deepEqual(typed(start, 'z', 'backspace', '\r'), { chosen: 'Nova-Pro' });
  assert.deepEqual(typed(start, 'down', 'x', '\r', 'down').at, 0, 'nothing matches, nothing is chosen');
  assert.deepEqual(typed(start, '\u0003'), { left: true });
  assert.deepEqual(matching(ITEMS, 'MIC nova'), ['Nova-Micro']);
});

test('the list scrolls with the mark', () => {
  const many = Array.from({ length: 30 }, (_, n) => `model-${n}`);
  const state = typed(startPicking(many), ...Array(15).fill('down'));
  const lines = pickerLines(state, 'Model');
  assert.equal(lines.length, 12);
  assert.ok(lines.includes('> model-15') && lines.at(-1).includes('16 of 30'));
});

test('picking by a line', () => {
  assert.deepEqual(chosenBy('nova-pro', ITEMS), { chosen: 'Nova-Pro' });
  assert.deepEqual(chosenBy(' 3 ', ITEMS), { chosen: 'Claude-3-Haiku' });
  assert.deepEqual(chosenBy('haiku', ITEMS), { chosen: 'Claude-3-Haiku' });
  assert.deepEqual(chosenBy('nova', ITEMS), { candidates: ['Nova-Pro', 'Nova-Micro'] });
  assert.deepEqual(chosenBy('4', ITEMS), { candidates: [] });
});

test('on a terminal: a choice by keys, lines, another choice, Ctrl-C', async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true, isRaw: false });
  input.setRawMode = (isRaw) => (input.isRaw = isRaw);
  const output = new PassThrough().setEncoding('utf8');
  const terminal = new Terminal(input, output);
  const picked = terminal.choose('Model', ITEMS);
  input.write('hai\r');
  assert.equal(await picked, 'Claude-3-Haiku');
  assert.equal(input.isRaw, false);
  const first = terminal.line('> ');
  input.write('hello\rtyped ahead\r');
  assert.equal(await first, 'hello');
  assert.equal(input.isRaw, true, 'Ctrl-C stays a key while an answer runs');
  assert.equal(await terminal.line('> '), 'typed ahead');
  const again = terminal.choose('Model', ITEMS);
  input.write('\u001b[B\r');
  assert.equal(await again, 'Nova-Micro');
  const last = terminal.line('> ');
  input.write('\u0003');
  assert.equal(await last, null);
  terminal.close();
  assert.match(output.read(), /> Claude-3-Haiku\n/);
});
