// A short run of the fuzzer of the gateway, with a seed of its own each time; `npm run fuzz:gateway` is the long one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../../js/gateway.js';
import { fuzzGateway } from './gateway.mjs';

test('600 wrong requests get OpenAI\'s answers', async (t) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const gateway = await serve({ port: 0, simulate: true });
  const statuses = await fuzzGateway({ url: gateway.url, count: 600, seed });
  // Right by chance, wrong, and nowhere: hundreds each; that there are any shows that requests reach where they should.
  for (const status of [200, 400, 404]) assert.ok(statuses[status] > 10, JSON.stringify(statuses));
  await gateway.close();
});
