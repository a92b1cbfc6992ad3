// One case of credentials, called in a process of its own with a server that verifies signatures.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { verifyingServer } from '../support/verifying-server.mjs';
import { SIGNED_IN } from './cases.mjs';

const CALL = fileURLToPath(new URL('./call.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-credentials-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const cache = join(folder, '.aws/sso/cache');
mkdirSync(cache, { recursive: true });
const session = { accessToken: 'token', expiresAt: '2099-01-01T00:00:00Z', region: 'us-east-1', startUrl: SIGNED_IN };
writeFileSync(join(cache, `${createHash('sha1').update(SIGNED_IN).digest('hex')}.json`), JSON.stringify(session));

const CONVERSED = { output: { message: { role: 'assistant', content: [{ text: '2' }] } }, stopReason: 'end_turn', usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } };
const COMPLETED = { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm', choices: [{ index: 0, message: { role: 'assistant', content: '2' }, finish_reason: 'stop' }] };

function roleOf(name, id) {
  return `<${name}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${name}Result><Credentials><AccessKeyId>${id}</AccessKeyId>`
    + `<SecretAccessKey>secret-of-${id}</SecretAccessKey><SessionToken>session-${id.slice(4).toLowerCase()}</SessionToken>`
    + `<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></${name}Result></${name}Response>`;
}

function answer({ path, body }) {
  if (path === '/' && body.includes('AssumeRoleWithWebIdentity')) return { body: roleOf('AssumeRoleWithWebIdentity', 'ASIAWEB') };
  if (path === '/' && body.includes('AssumeRole')) return { body: roleOf('AssumeRole', 'ASIAROLE') };
  if (path.startsWith('/federation/credentials')) return { body: { roleCredentials: { accessKeyId: 'ASIASSO', secretAccessKey: 'secret-of-ASIASSO', sessionToken: 'session-sso', expiration: 4e12 } } };
  return { body: path.includes('completions') ? COMPLETED : CONVERSED };
}

/**
 * @param {string} table of `call.mjs`
 * @returns what got to the server, and the error
 */
export async function run(table, index, { env = {}, profile = '' }) {
  const server = await verifyingServer(answer);
  const file = (name, text) => {
    const path = join(folder, `${table}-${index}-${name}`);
    writeFileSync(path, text);
    return path;
  };
  const placed = (text) => text.replace('HOST', server.url).replace('FILE', file('token', 'token'));
  const base = {
    PATH: process.env.PATH,
    HOME: folder,
    AWS_CONFIG_FILE: file('config', placed(profile)),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    AWS_EC2_METADATA_DISABLED: 'true',
    HTTPS_PROXY: server.url,
  };
  const given = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, placed(value)]));
  const args = [CALL, table, String(index), server.url];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: { ...base, ...given } });
  server.close();
  assert.equal(stderr, '');
  return { seen: server.seen.filter(({ path }) => path !== '/' && !path?.startsWith('/federation')), error: stdout === '' ? undefined : JSON.parse(stdout) };
}
