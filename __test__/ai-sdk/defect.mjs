// Tests that prove a difference: the same thing is looked at with @ai-sdk/amazon-bedrock and with ours, and what it is with
// either is written down. The day that a defect is mended there, its test fails.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLAUDE, HELLO, always, streamed } from './kit.mjs';
import { observe } from './observe.mjs';

/** `look` sees what was observed of a scenario; it is `present` with their provider and `ours` with ours. */
export function defect(name, scenario, look, { present, ours }) {
  test(name, async () => {
    const seen = { present: look(await observe(scenario, 'present')), ours: look(await observe(scenario, 'ours')) };
    assert.deepEqual(seen, { present, ours });
    assert.notDeepEqual(seen.ours, seen.present);
  });
}

/** A call of `doGenerate`. */
export const generating = (options, { model = CLAUDE, arrange = always('So.'), ...scenario } = {}) => ({
  arrange,
  ...scenario,
  run: ({ provider }) => provider(model).doGenerate({ prompt: HELLO, ...options }),
});

/** A stream that is read to its end. */
export const streaming = (arrange, options) => ({
  arrange,
  run: ({ ai, provider }) => streamed(ai.streamText({ model: provider(CLAUDE), prompt: 'hello', onError: () => {}, ...options })),
});

/** The body of the first request. */
export const body = ({ wire }) => wire[0].body;

/** Stream parts of a kind. */
export const parts = ({ answers }, type) => answers[0].parts.filter((part) => part.type === type);
