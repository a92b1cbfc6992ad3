// The recorded behaviour of bedrock-wrapper 2.12.0 and 2.5.0, bugs corrected: what is sent, what comes out, what fails.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHOSEN, sharedFolder } from './golden/cases.mjs';
import { report, run } from './golden/run.mjs';

async function passes(folder, least) {
  const results = await run({ folder });
  const summary = report(results);
  assert.equal(results.failed.length + results.stale.length, 0, summary);
  assert.ok(results.passed >= least, summary);
  return summary;
}

test('the chosen cases', async (t) => {
  t.diagnostic(await passes(CHOSEN, 300));
});

const shared = sharedFolder();
const skip = process.env.GOLDEN === 'chosen' ? 'GOLDEN=chosen' : !shared && 'no folder of golden cases beside the checkout';

test('the whole set', { skip }, async (t) => {
  t.diagnostic(await passes(shared, 4500));
});
