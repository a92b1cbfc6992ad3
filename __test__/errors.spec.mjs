// Errors: one class, the service's fields, the caller's stack, and never an unhandled rejection.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bedrockWrapper, BedrockWrapperError } from '../index.mjs';
import { options, request, REQUEST_ID, scriptedBedrock } from './support/scripted-bedrock.mjs';

const failing = await scriptedBedrock({ chunks: 2, fail: { code: 'throttlingException', message: 'Too many requests' } });
after(() => failing.close());

test('an exception in mid-stream comes after the chunks before it, with all it is known by', async () => {
  const chunks = [];
  const answer = bedrockWrapper(failing.creds, request, options);
  let caught;
  try {
    for await (const chunk of answer) chunks.push(chunk);
  } catch (error) {
    caught = error;
  }
  assert.deepEqual(chunks, ['1 ', '2 ']);
  assert.ok(caught instanceof BedrockWrapperError && caught instanceof Error);
  assert.ok(BedrockWrapperError.isInstance(caught));
  assert.equal(caught.name, 'ThrottlingException');
  assert.equal(caught.code, 'rate_limit_exceeded');
  assert.equal(caught.message, 'Too many requests');
  assert.equal(caught.retryable, true);
  assert.equal(caught.requestId, REQUEST_ID);
  assert.equal(caught.$metadata.requestId, REQUEST_ID);
  assert.equal(caught.$metadata.httpStatusCode, caught.status);
  await assert.rejects(answer.usage, (error) => error === caught, 'the promises reject with the same error');
});

test('the stack leads to the caller', async () => {
  async function theCaller() {
    for await (const chunk of bedrockWrapper(failing.creds, request, options)) assert.ok(chunk);
  }
  await assert.rejects(theCaller, ({ stack }) => /theCaller/.test(stack) && stack.startsWith('ThrottlingException: Too many'));
});

test('isInstance is false for anything else', () => {
  for (const other of [null, undefined, 'x', new Error('x'), {}]) assert.equal(BedrockWrapperError.isInstance(other), false);
});

test('no secret is in an error', async () => {
  const creds = { ...failing.creds, endpoint: 'http://127.0.0.1:9' };
  await assert.rejects(bedrockWrapper(creds, request, options).next(), (error) => {
    const shown = [error.message, error.stack, JSON.stringify(error)].join();
    return error.code === 'connection_error' && !shown.includes(creds.secretAccessKey);
  });
});

test('a failure nobody looks at is no unhandled rejection', () => {
  const module = new URL('../index.mjs', import.meta.url);
  const program = `
    import { bedrockWrapper } from ${JSON.stringify(module)};
    const answer = bedrockWrapper({}, { model: 'no-such-model', messages: [{ role: 'user', content: 'Hi' }] });
    void answer.usage; void answer.stopReason; void answer.requestId; void answer.warnings;
    await answer.next().catch((error) => console.log(error.code));
  `;
  const { stdout, stderr, status } = run(program);
  assert.deepEqual({ stdout, stderr, status }, { stdout: 'model_not_found\n', stderr: '', status: 0 });
});

function run(program) {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { cwd, encoding: 'utf8' });
  return { stdout, stderr, status };
}
