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

/**
 * The longest time, in milliseconds, for which `work` held up the event loop: how late the latest beat of a timer of 1 ms
 * was. A loop that takes every turn it can would compete with the work's own threads for the cores.
 */
export async function longestBlock(work) {
  let longest = 0;
  let last = performance.now();
  const beat = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 1);
    last = now;
  };
  const timer = setInterval(beat, 1);
  await work();
  beat();
  clearInterval(timer);
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
