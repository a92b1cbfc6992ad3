// What a call fails with, checked as a caller would use it.

import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { bedrockWrapper, BedrockWrapperError } from '../../index.mjs';

export const SECRET = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY';
export const TOKEN = 'FwoGZXIvYXdzEXAMPLETOKEN';

/** Credentials of a call to `endpoint`. */
export function creds(endpoint) {
  return { region: 'us-east-1', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: SECRET, sessionToken: TOKEN, endpoint };
}

/** Reads an answer to its end: the chunks that came, and the error that ended it. */
export async function read(...args) {
  const chunks = [];
  try {
    for await (const chunk of bedrockWrapper(...args)) chunks.push(chunk);
    return { chunks, error: undefined };
  } catch (error) {
    return { chunks, error };
  }
}

/** The error of a call that must fail, after the checks that hold for every error. */
export async function caught(...args) {
  const { error } = await read(...args);
  checkError(error);
  return error;
}

/** What a promise that must fail fails with. */
export async function failureOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail('the call did not fail');
}

export function checkError(error) {
  assert.ok(error instanceof BedrockWrapperError, `an error was expected, got ${inspect(error)}`);
  assert.equal(typeof error.code, 'string');
  assert.equal(typeof error.retryable, 'boolean');
  assert.ok(error.message.length > 0);
  assert.deepEqual(error.$metadata, { httpStatusCode: error.status, requestId: error.requestId });
  const shown = [error.message, error.stack, inspect(error, { depth: null, showHidden: true }), JSON.stringify(error)].join('\n');
  assert.ok(!shown.includes(SECRET) && !shown.includes(TOKEN), 'a secret is in the error');
}
