// How long a program keeps the event loop from going on.

import { openSync, readSync } from 'node:fs';

/**
 * Milliseconds that this thread has worked. Where Linux tells, without the time that other programs had the processor: on a
 * busy machine a thread that does nothing stands still for 30 ms and more.
 */
const worked = threadTime() ?? (() => performance.now());

function threadTime() {
  let file;
  try {
    file = openSync(`/proc/self/task/${process.pid}/schedstat`);
  } catch {
    return undefined;
  }
  const bytes = Buffer.alloc(128);
  return () => Number(bytes.latin1Slice(0, readSync(file, bytes, 0, bytes.length, 0)).split(' ')[0]) / 1e6;
}

/** What `act` gives, and the longest that the event loop stood still meanwhile, in milliseconds. */
export async function longestBlock(act) {
  let longest = 0;
  let last = worked();
  let isOver = false;
  const tick = () => {
    const now = worked();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(tick);
  };
  setImmediate(tick);
  const value = await act();
  await new Promise(setImmediate);
  isOver = true;
  return { value, longest };
}
