// S5: from a fresh process to the first chunk: import the package, make a client, ask, receive. There is no warm-up
// here; the want of one is what is measured. Node's own start, which is the same for all, is counted in the second pair
// only.

import { cpuNow } from '../measure.mjs';
import { QUESTION } from './question.mjs';

export const startup = {
  id: 'S5',
  title: 'fresh process to first chunk',
  variants: [{ name: 'Converse', api: 'converse' }],
  repeats: 15,
  full: { chunks: 20 },
  quick: { chunks: 5 },
  plan: ({ chunks }) => ({ chunks }),
  measures: [
    { key: 'cpu', what: 'CPU', unit: 'ms', scale: 1e-3, ratio: { must: 0.35, aim: 0.25 } },
    { key: 'wall', what: 'wall', unit: 'ms', ratio: { must: 0.35, aim: 0.22 } },
    { key: 'cpuWithNode', what: "CPU with Node's own start", unit: 'ms', scale: 1e-3 },
    { key: 'wallWithNode', what: "wall with Node's own start", unit: 'ms' },
  ],
  async run({ open, drain }) {
    const cpu = cpuNow();
    const wall = performance.now();
    let first = null;
    const client = await open();
    await drain(client.stream(client.request(QUESTION)), () => {
      first ??= { cpu: cpuNow(), wall: performance.now() };
    });
    client.close();
    return { cpu: first.cpu - cpu, wall: first.wall - wall, cpuWithNode: first.cpu, wallWithNode: first.wall };
  },
};
