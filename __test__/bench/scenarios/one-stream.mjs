// S1: one long answer as fast as it can be read.

import { cpuOf } from '../measure.mjs';
import { QUESTION } from './question.mjs';

export const oneStream = {
  id: 'S1',
  title: 'one stream of 20,000 chunks',
  variants: [
    { name: 'Converse', api: 'converse' },
    { name: 'Invoke', api: 'invoke' },
  ],
  repeats: 9,
  full: { chunks: 20_000, warmRounds: 6 },
  quick: { chunks: 400, warmRounds: 1 },
  plan: ({ chunks }) => ({ chunks }),
  measures: [{ key: 'cpu', what: 'CPU a chunk', unit: 'µs', ratio: { must: 0.25, aim: 0.1 } }],
  async run({ open, size, drain }) {
    const client = await open();
    const request = client.request(QUESTION);
    for (let round = 0; round < size.warmRounds; round += 1) await drain(client.stream(request));
    const cpu = await cpuOf(() => drain(client.stream(request)));
    client.close();
    return { cpu: cpu / size.chunks };
  },
};
