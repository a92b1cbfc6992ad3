// The same scenarios with the AI SDK's provider for Bedrock and with ours: each place where they differ is explained in
// ai-sdk/differences.json, and each explanation is of something that differs. To read all of them:
// `node __test__/ai-sdk/compare.mjs`.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare, lineOf } from './ai-sdk/compare.mjs';
import { differences } from './ai-sdk/differ.mjs';
import { stale, unexplained } from './ai-sdk/explained.mjs';
import { endWithTests, isOldNode } from './ai-sdk/providers.mjs';
import { SCENARIOS } from './ai-sdk/scenarios.mjs';

endWithTests();

describe('differences from @ai-sdk/amazon-bedrock', { skip: isOldNode }, () => {
  let differing = 0;

  for (const scenario of SCENARIOS) {
    test(scenario.name, async () => {
      const found = await compare(scenario);
      if (found.length > 0) differing++;
      assert.deepEqual(unexplained(scenario.name, found).map(lineOf), []);
    });
  }

  test('every explanation is of something that differs', (t) => {
    t.diagnostic(`the same in ${SCENARIOS.length - differing} of ${SCENARIOS.length} scenarios`);
    assert.deepEqual(stale(), []);
  });

  test('scenarios have names of their own', () => {
    assert.equal(new Set(SCENARIOS.map(({ name }) => name)).size, SCENARIOS.length);
  });
});

test('a difference is told by what the items of a list are', () => {
  const present = { parts: [{ type: 'text', text: 'a' }, { type: 'finish', usage: 1 }] };
  const ours = { parts: [{ type: 'text', text: 'b' }, { type: 'source', id: '1' }, { type: 'finish', usage: 1 }] };
  assert.deepEqual(differences(present, ours), [
    { at: 'parts.text.text', present: 'a', ours: 'b' },
    { at: 'parts.source', present: undefined, ours: { type: 'source', id: '1' } },
  ]);
  assert.deepEqual(differences(present, structuredClone(present)), []);
});
