// S6: does memory go on growing? After the first 1,000 answers the process is collected and weighed every 250 answers,
// for 5,000 more; the figure is the trend over those readings times 5,000. The targets are bounds we chose, since readings
// scatter; they would hide a leak of some 200 bytes an answer.

import { inFlight } from '../measure.mjs';
import { slope } from '../statistics.mjs';
import { QUESTION } from './question.mjs';

export const memoryGrowth = {
  id: 'S6',
  title: 'memory growth over 5,000 answers after the first 1,000',
  variants: [
    { name: 'calls', api: 'converse', streamed: false },
    { name: 'streams', api: 'converse', streamed: true },
  ],
  repeats: 3,
  full: { warm: 1_000, answers: 5_000, step: 250, width: 16, chunks: 20 },
  quick: { warm: 20, answers: 100, step: 20, width: 16, chunks: 5 },
  plan: ({ chunks }) => ({ chunks }),
  execArgv: ['--expose-gc'],
  measures: [
    { key: 'rss', what: 'resident', unit: 'MB', scale: 1e-6, absolute: { must: 2, aim: 1 } },
    { key: 'heap', what: 'JS heap', unit: 'MB', scale: 1e-6, absolute: { must: 1, aim: 0.5 } },
  ],
  async run({ open, size, variant, drain, call }) {
    const client = await open();
    const request = client.request(QUESTION);
    const answer = variant.streamed ? () => drain(client.stream(request)) : () => call(client, request);
    await inFlight(size.warm, size.width, answer);
    const readings = [await weigh(0)];
    for (let done = size.step; done <= size.answers; done += size.step) {
      await inFlight(size.step, size.width, answer);
      readings.push(await weigh(done));
    }
    client.close();
    const growth = (key) => slope(readings.map((reading) => [reading.done, reading[key]])) * size.answers;
    return { rss: growth('rss'), heap: growth('heapUsed') };
  },
};

/** Memory once everything that can be collected has been, finalizers included. */
async function weigh(done) {
  for (let round = 0; round < 2; round += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { done, rss, heapUsed };
}
