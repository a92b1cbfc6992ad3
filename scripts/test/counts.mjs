// How many tests a tool says it has run, read from what it prints.

/** @typedef {{passed: number, failed: number}} Counts */

const sum = (output, pattern) => [...output.matchAll(pattern)].reduce((total, [, number]) => total + Number(number), 0);

/** What each tool's closing lines look like. A tool that only says yes or no counts as one. */
const READERS = {
  cargo: (output) => ({
    passed: sum(output, /^test result: .* (\d+) passed;/gm),
    failed: sum(output, /^test result: .*; (\d+) failed;/gm),
  }),
  node: (output) => ({
    passed: sum(output, /^(?:#|ℹ) pass (\d+)$/gm),
    failed: sum(output, /^(?:#|ℹ) (?:fail|cancelled) (\d+)$/gm),
  }),
  suites: (output) => ({ passed: sum(output, /^(\d+) passed, \d+ failed$/gm), failed: sum(output, /^\d+ passed, (\d+) failed$/gm) }),
  check: () => ({ passed: 1, failed: 0 }),
};

/**
 * @param {keyof typeof READERS} reader
 * @returns {Counts} at least one failure when the tool failed, or ran nothing
 */
export function countsOf(reader, output, hasSucceeded) {
  if (reader === 'check' && !hasSucceeded) return { passed: 0, failed: 1 };
  const { passed, failed } = READERS[reader](output);
  const isSound = hasSucceeded && passed > 0;
  return { passed, failed: isSound ? failed : Math.max(failed, 1) };
}
