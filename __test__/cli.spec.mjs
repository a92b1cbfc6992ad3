// `bedrock-wrapper` as a user types it: what it prints, how it starts and stops, what it answers to mistakes.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bedrockWrapper } from '../index.mjs';
import { simulate } from '../js/simulator.js';

const CLI = fileURLToPath(new URL('../js/cli.js', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(...args) {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });
}

/** Starts `simulate --json`; gives what it said and its process. */
async function started(...args) {
  const child = spawn(process.execPath, [CLI, 'simulate', '--json', '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, about: JSON.parse(line) };
}

async function stopped(child, signal) {
  child.kill(signal);
  return once(child, 'exit');
}

test('help and version', async () => {
  const help = await run('--help');
  assert.deepEqual([help.code, help.stderr], [0, '']);
  assert.equal((await run()).stdout, help.stdout);
  assert.deepEqual(await run('--version'), { code: 0, stdout: `${version}\n`, stderr: '' });
  const flags = await run('simulate', '--help');
  for (const flag of ['--port <n>', '--tls', '--auth <mode>', '--seed <n>', '--json']) assert.ok(flags.stdout.includes(`  ${flag} `), flag);
});

test('the documentation lists the flags: UPDATE_DOCS=1 puts them in', async () => {
  const page = new URL('../docs/simulator-server.md', import.meta.url);
  const { stdout } = await run('simulate', '--help');
  const block = /(<!-- help: .* -->\n\n```text\n)[^`]*```/;
  const text = readFileSync(page, 'utf8');
  const fresh = text.replace(block, (_, begin) => `${begin}${stdout}\`\`\``);
  if (process.env.UPDATE_DOCS) writeFileSync(page, fresh);
  assert.equal(process.env.UPDATE_DOCS ? fresh : text, fresh);
});

test('mistakes exit with 2 and a way out, a taken port with 1', async () => {
  assert.deepEqual(await run('simulate', '--prot', '1'), { code: 2, stdout: '', stderr: 'bedrock-wrapper: There is no flag --prot; did you mean --port?\n' });
  assert.deepEqual(await run('simulat'), { code: 2, stdout: '', stderr: 'bedrock-wrapper: There is no command `simulat`; `bedrock-wrapper --help` lists them.\n' });
  const bedrock = await simulate();
  const taken = await run('simulate', '--port', new URL(bedrock.url).port);
  assert.equal(taken.code, 1);
  assert.match(taken.stderr, /^bedrock-wrapper: The simulator cannot listen on 127\.0\.0\.1:\d+, where .*--port 0/);
  await bedrock.close();
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`simulate answers, and ${signal} ends it cleanly`, { skip: process.platform === 'win32' && 'Windows has no signals' }, async () => {
    const { child, about } = await started('--tls', '--seed', '7');
    assert.equal(about.pid, child.pid);
    const { url: endpoint, env } = about;
    const creds = { endpoint, region: env.AWS_REGION, accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY };
    let text = '';
    for await (const chunk of bedrockWrapper(creds, { model: 'Nova-Micro', messages: [{ role: 'user', content: 'Count from 1 to 3.' }] })) text += chunk;
    assert.equal(text, '1, 2, 3');
    assert.ok(existsSync(about.caFile));
    assert.deepEqual(await stopped(child, signal), [0, null]);
    assert.ok(!existsSync(about.caFile), 'the temporary certificate is removed');
  });
}

test('--env prints commands for a shell', { skip: process.platform === 'win32' && 'there is no such shell' }, async () => {
  const secret = "it's $HOME";
  const child = spawn(process.execPath, [CLI, 'simulate', '--env', '--port', '0', '--access-key-id', 'AKIA1', '--secret-access-key', secret]);
  const [exports] = await once(child.stdout, 'data');
  await stopped(child, 'SIGTERM');
  const shell = await new Promise((resolve) => execFile('/bin/sh', ['-c', `${exports}printf %s "$AWS_SECRET_ACCESS_KEY"`], (error, stdout) => resolve(stdout)));
  assert.equal(shell, secret);
});

test('flags and a file of options', async () => {
  const options = join(folder, 'options.json');
  const caFile = join(folder, 'ca.pem');
  writeFileSync(options, JSON.stringify({ region: 'eu-west-1', tls: { caFile } }));
  const { child, about } = await started('--options', options, '--region', 'eu-central-1');
  assert.equal(about.region, 'eu-central-1');
  assert.match(readFileSync(caFile, 'utf8'), /^-----BEGIN CERTIFICATE-----\n/);
  await stopped(child, 'SIGTERM');
  assert.ok(existsSync(caFile), 'a file that was asked for stays');
});
