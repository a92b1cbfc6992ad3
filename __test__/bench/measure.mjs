// What a client process can say about itself: CPU, memory, and the little loops that all scenarios share.

import { readFileSync } from 'node:fs';

/** CPU of this process so far in microseconds: user and system, all threads, native ones included. */
export function cpuNow() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The most memory this process has ever had resident, in bytes. */
export function peakMemory() {
  // getrusage would also count what the parent had at the fork; VmHWM belongs to this process alone.
  const own = process.platform === 'linux' && /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'latin1'));
  return 1024 * (own ? Number(own[1]) : process.resourceUsage().maxRSS);
}

/** CPU that `work` costs, in microseconds. */
export async function cpuOf(work) {
  const before = cpuNow();
  await work();
  return cpuNow() - before;
}

/** The longest time, in milliseconds, that `work` kept the event loop from its next turn. Takes a turn whenever it can. */
export async function longestBlock(work) {
  let isOver = false;
  let longest = 0;
  let last = performance.now();
  const note = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const turn = () => {
    note();
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  note();
  isOver = true;
  return longest;
}

/** Makes `total` calls of `work`, never more than `width` at once. */
export async function inFlight(total, width, work) {
  let left = total;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** Starts `width` runs of `work` at once and waits for all. */
export function together(width, work) {
  return Promise.all(Array.from({ length: width }, work));
}
