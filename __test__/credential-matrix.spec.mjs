// As whom and where clients call: `Bedrock`, and the provider for the AI SDK.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CASES } from './credentials/cases.mjs';
import { run } from './credentials/matrix.mjs';
import { PROVIDER_CASES } from './credentials/provider-cases.mjs';

for (const [table, cases] of Object.entries({ ...CASES, ...PROVIDER_CASES })) {
  describe(table, { concurrency: 4 }, () => {
    cases.forEach((each, index) => {
      test(`${index} ${JSON.stringify(each.options)} ${JSON.stringify(each.env ?? {})}`, async () => {
        const { seen, error } = await run(table, index, each);
        if (each.error !== undefined) {
          assert.ok(error?.message.startsWith(each.error), JSON.stringify(error));
          assert.deepEqual([error.name, error.code], [each.name ?? 'ConfigurationError', each.code ?? 'invalid_configuration']);
          return assert.deepEqual(seen, []);
        }
        if (each.connect !== undefined) return assert.equal(seen[0]?.connect, each.connect, JSON.stringify(error));
        assert.equal(seen.length, 1, JSON.stringify(error));
        const { body: _, method: __, path, ...identity } = seen[0];
        assert.deepEqual({ ...identity, ...(each.sent.path && { path }) }, each.sent);
        assert.equal(error, undefined);
      });
    });
  });
}
