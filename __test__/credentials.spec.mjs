// Where region, keys and endpoint come from when the program gives none: each case is a process with its own AWS profile.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { simulate } from '../index.mjs';

const API_KEY = 'ABSKexample';
const PROGRAM = `
  import { bedrockWrapper } from ${JSON.stringify(new URL('../index.mjs', import.meta.url).href)};
  const request = { model: 'Nova-Micro', messages: [{ role: 'user', content: 'What is 1+1?' }] };
  try {
    for await (const text of bedrockWrapper(null, request)) console.log(text);
  } catch ({ name, param }) {
    console.log(name, param);
  }
`;

const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-credentials-'));
const bedrock = await simulate({ bearerKeys: [API_KEY] });
const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = bedrock.env;
const KEYS = `aws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}`;
after(async () => {
  await bedrock.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the program prints with these lines in its AWS profile and these variables in its environment. */
async function ask(profile, variables = {}) {
  const config = join(folder, 'config');
  writeFileSync(config, `[default]\n${profile}\n`);
  const env = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'), AWS_EC2_METADATA_DISABLED: 'true', ...variables };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', PROGRAM], { env });
  assert.equal(stderr, '');
  return stdout.trim();
}

test('region and keys from the profile', async () => {
  assert.equal(await ask(`region = ${AWS_REGION}\n${KEYS}`, { AWS_ENDPOINT_URL: bedrock.url }), '1 + 1 = 2');
});

test('an API key from the environment', async () => {
  const variables = { AWS_REGION, AWS_ENDPOINT_URL: bedrock.url, AWS_BEARER_TOKEN_BEDROCK: API_KEY };
  assert.equal(await ask('', variables), '1 + 1 = 2');
});

test('no region anywhere', async () => {
  assert.equal(await ask(KEYS, { AWS_ENDPOINT_URL: bedrock.url }), 'ConfigurationError awsCreds.region');
});

test('no keys anywhere', async () => {
  assert.equal(await ask(`region = ${AWS_REGION}`, { AWS_ENDPOINT_URL: bedrock.url }), 'ConfigurationError awsCreds');
});
