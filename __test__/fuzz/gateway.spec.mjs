// A short run of the fuzzer of the gateway, always the same; `npm run fuzz:gateway` is the long one, another each time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../../js/gateway.js';
import { fuzzGateway } from './gateway.mjs';

/** It has found a model without a name. */
const SEED = 640109160;

test('600 wrong requests get OpenAI\'s answers', async (t) => {
  const gateway = await serve({ port: 0, simulate: true });
  t.after(() => gateway.close());
  const statuses = await fuzzGateway({ url: gateway.url, count: 600, seed: SEED });
  // Right by chance, wrong, and nowhere: hundreds each; that there are any shows that requests reach where they should.
  for (const status of [200, 400, 404]) assert.ok(statuses[status] > 10, JSON.stringify(statuses));
});
