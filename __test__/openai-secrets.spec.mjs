// Secrets of a client: they are in nothing that it throws, prints, shows or tells.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { simulate } from '../js/simulator.js';

const simulator = await simulate();
after(() => simulator.close());

/** Each fits nowhere else. */
const SECRETS = {
  secretAccessKey: 'SECRETa1wJalrXUtnFEMIK7MDENG',
  sessionToken: 'SECRETa2FwoGZXIvYXdzEXAMPLE',
  apiKey: 'SECRETa3bedrock-api-key-EXAMPLE',
  provided: 'SECRETa4provided',
  token: 'SECRETa5token',
  header: 'SECRETa6header',
  openai: 'SECRETa7openai',
  proxy: 'SECRETa8proxy',
};

/** A program that does all that may go wrong, and prints all that it sees of it. */
const PROGRAM = fileURLToPath(new URL('support/openai-secrets.mjs', import.meta.url));

test('no secret is in an error, a log, inspect() or a diagnostics event', async () => {
  const env = { PATH: process.env.PATH, RUST_LOG: 'trace', NODE_DEBUG: 'http,net,tls', SECRETS: JSON.stringify(SECRETS), ENDPOINT: simulator.url };
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of Object.keys(texts)) child[name].setEncoding('utf8').on('data', (text) => (texts[name] += text));
  const [status] = await once(child, 'close');
  assert.equal(status, 0, texts.stderr.slice(-2000));
  const printed = texts.stdout + texts.stderr;
  const { errors, events } = JSON.parse(texts.stdout.trimEnd().split('\n').at(-1));
  assert.ok(errors >= 14, `${errors} errors were seen`);
  assert.ok(events > 0, 'events were seen');
  for (const [name, secret] of Object.entries(SECRETS)) {
    const at = printed.indexOf(secret);
    assert.equal(at, -1, `${name} in: ${printed.slice(Math.max(0, at - 300), at + 60)}`);
  }
});
