// The management API of the simulator, judged by boto3.

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { simulate } from '../index.mjs';

const SCRIPT = fileURLToPath(new URL('support/management.py', import.meta.url));
/** Those of docs/simulator-management.md, without guardrails. */
const SERVED = 48;

test('boto3 can do all that the documentation says is served', async (t) => {
  if (spawnSync('python3', ['-c', 'import boto3']).status !== 0) return t.skip('boto3 is not installed: pip install boto3');
  // Long enough for a job to be stopped before it is done, also on a busy machine.
  const bedrock = await simulate({ jobDuration: 1000 });
  t.after(() => bedrock.close());
  const env = { ...process.env, ...bedrock.env, AWS_EC2_METADATA_DISABLED: 'true' };
  const { stdout } = await promisify(execFile)('python3', [SCRIPT], { env, timeout: 120_000 });
  assert.equal(JSON.parse(stdout).length, SERVED, stdout);
});
