// A short run of the fuzzer, with a seed of its own each time; `npm run fuzz` is the long one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from 'bedrock-wrapper/simulator';
import { fuzz } from './fuzz.mjs';

for (const auth of ['off', 'strict']) {
  test(`3,000 wrong requests, auth ${auth}, get AWS's answers`, async (t) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const bedrock = await simulate({ auth });
    const statuses = await fuzz({ port: Number(new URL(bedrock.url).port), count: 3_000, seed });
    assert.ok(statuses[404] > 10 && statuses[auth === 'off' ? 400 : 403] > 100, JSON.stringify(statuses));
    if (auth === 'strict') assert.equal(statuses[200], undefined);
    // About 60 of 3,000 happen to be right, 39 to 81 over sixty seeds; that any are shows that the rest were near.
    else assert.ok(statuses[200] > 5, JSON.stringify(statuses));
    await bedrock.close();
  });
}
