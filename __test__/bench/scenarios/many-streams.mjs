// S2: a hundred answers at once, as fast as they can be read.

import { cpuOf, peakMemory, together } from '../measure.mjs';
import { QUESTION } from './question.mjs';

export const manyStreams = {
  id: 'S2',
  title: '100 streams at once of 500 chunks',
  variants: [{ name: 'Converse', api: 'converse' }],
  repeats: 9,
  full: { streams: 100, chunks: 500, warmRounds: 3 },
  quick: { streams: 10, chunks: 50, warmRounds: 1 },
  plan: ({ chunks }) => ({ chunks }),
  measures: [
    { key: 'cpu', what: 'CPU a chunk', unit: 'µs', ratio: { must: 0.25, aim: 0.1 } },
    { key: 'memory', what: 'peak memory', unit: 'MB', scale: 1e-6, ratio: { must: 0.8, aim: 0.7 } },
  ],
  async run({ open, size, drain }) {
    const client = await open();
    const request = client.request(QUESTION);
    const round = () => together(size.streams, () => drain(client.stream(request)));
    for (let warm = 0; warm < size.warmRounds; warm += 1) await round();
    const cpu = await cpuOf(round);
    client.close();
    return { cpu: cpu / (size.streams * size.chunks), memory: peakMemory() };
  },
};
