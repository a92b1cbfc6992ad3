// `npm test` itself: what it counts, and that it cannot pass by running nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsOf } from '../scripts/test/counts.mjs';
import { CURRENT, nodeBinary } from '../scripts/test/nodes.mjs';
import { STEPS } from '../scripts/test/steps.mjs';

const CARGO = `
test result: ok. 154 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.85s
test result: FAILED. 18 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.41s
`;
const SPEC = 'ℹ tests 14\nℹ pass 10\nℹ fail 3\nℹ cancelled 1\nℹ skipped 0\n';
const TAP = '# pass 10\n# fail 0\n# cancelled 0\n';

test('counts are read from each tool\'s closing lines', () => {
  assert.deepEqual(countsOf('cargo', CARGO, false), { passed: 172, failed: 2 });
  assert.deepEqual(countsOf('node', SPEC, false), { passed: 10, failed: 4 });
  assert.deepEqual(countsOf('node', TAP, true), { passed: 10, failed: 0 });
  assert.deepEqual(countsOf('suites', 'a table\n6404 passed, 36 failed\n', false), { passed: 6404, failed: 36 });
  assert.deepEqual(countsOf('check', '', true), { passed: 1, failed: 0 });
});

test('a tool that fails, or runs nothing, is a failure whatever it prints', () => {
  assert.deepEqual(countsOf('cargo', 'error: could not compile', false), { passed: 0, failed: 1 });
  assert.deepEqual(countsOf('node', TAP, false), { passed: 10, failed: 1 });
  assert.deepEqual(countsOf('suites', '', true), { passed: 0, failed: 1 });
  assert.deepEqual(countsOf('check', '', false), { passed: 0, failed: 1 });
});

test('the specs run on every supported Node, this one first', async () => {
  const names = STEPS.filter(({ group }) => group === 'specs').map(({ name }) => name);
  assert.equal(names[0], `specs on Node ${CURRENT}`);
  for (const major of [20, 22, 24]) assert.ok(names.includes(`specs on Node ${major}`));
  assert.equal(await nodeBinary(CURRENT), process.execPath);
});

test('every step knows how it is counted', () => {
  for (const { reader } of STEPS) assert.doesNotThrow(() => countsOf(reader, '', true));
  assert.equal(new Set(STEPS.map(({ name }) => name)).size, STEPS.length);
});
