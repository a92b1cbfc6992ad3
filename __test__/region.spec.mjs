// Where the region comes from when `awsCreds` does not say: the environment, the profile, or a clear error. The
// simulator refuses a signature that is scoped to another region than its own.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { simulate } from '../index.mjs';

const REGION = 'eu-central-1';
const folder = mkdtempSync(join(tmpdir(), 'bedrock-wrapper-region-'));
const bedrock = await simulate({ region: REGION });
after(async () => {
  await bedrock.close();
  rmSync(folder, { recursive: true, force: true });
});

const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...endpoint } = bedrock.env;
const keys = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
const keysInEnvironment = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };

const config = join(folder, 'config');
writeFileSync(config, `[default]\nregion = ${REGION}\n`);

/** What a program prints that has this environment only. */
async function answer(creds, env) {
  const program = `
    import { bedrockWrapper } from ${JSON.stringify(new URL('../index.mjs', import.meta.url))};
    const request = { model: 'Nova-Micro', messages: [{ role: 'user', content: 'What is 1+1?' }] };
    try {
      for await (const text of bedrockWrapper(${JSON.stringify(creds)}, request)) console.log(text);
    } catch ({ name, param, message }) {
      console.log(name, param, message);
    }
  `;
  const alone = { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', ...endpoint, ...env };
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { env: alone, stdio: ['ignore', 'pipe', 'inherit'] });
  return text(child.stdout);
}

for (const [whose, creds, env] of [['given', keys, {}], ['the chain\'s', {}, keysInEnvironment]]) {
  test(`with ${whose} keys the region is the environment's, or the profile's`, async () => {
    assert.match(await answer(creds, { ...env, AWS_REGION }), /= 2/);
    assert.match(await answer(creds, { ...env, AWS_CONFIG_FILE: config }), /= 2/);
  });

  test(`with ${whose} keys a region that is nowhere is an error that says so`, async () => {
    assert.match(await answer(creds, env), /^ConfigurationError awsCreds\.region Region is missing: set awsCreds\.region/);
  });
}
