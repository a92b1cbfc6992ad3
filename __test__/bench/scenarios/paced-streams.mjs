// S3: two hundred answers at the speed of a real model. Each chunk says when it was sent, so its lateness is known.

import { STAMP_LENGTH, monotonicMicroseconds } from '../frames.mjs';
import { cpuOf, together } from '../measure.mjs';
import { quantile } from '../statistics.mjs';
import { QUESTION } from './question.mjs';

export const pacedStreams = {
  id: 'S3',
  title: '200 streams, 20 ms between chunks',
  variants: [{ name: 'Converse', api: 'converse' }],
  repeats: 5,
  full: { streams: 200, chunks: 400, warmChunks: 150, settleChunks: 50 },
  quick: { streams: 10, chunks: 20, warmChunks: 5, settleChunks: 5 },
  plan: ({ streams, chunks, warmChunks }) => ({ every: 20, chunks, warmStreams: streams, warmChunks }),
  measures: [
    { key: 'cpu', what: 'CPU a chunk', unit: 'µs', ratio: { must: 0.45, aim: 0.3 } },
    { key: 'lateness', what: 'p99 lateness', unit: 'ms', scale: 1e-3, ratio: { must: 0.5, aim: 0.1 } },
  ],
  async run({ open, size, drain }) {
    const client = await open();
    const request = client.request(QUESTION);
    const lateness = new Float64Array(size.streams * (size.chunks - size.settleChunks));
    let seen = 0;
    const listen = () => {
      let skip = size.settleChunks; // the burst of two hundred requests is paid for in CPU, but is not lateness
      return drain(client.stream(request), (text) => {
        const arrived = monotonicMicroseconds();
        for (let at = 0; at < text.length; at += STAMP_LENGTH) {
          if (skip > 0) skip -= 1;
          else lateness[seen++] = arrived - Number(text.slice(at, at + STAMP_LENGTH));
        }
      });
    };
    await together(size.streams, () => drain(client.stream(request)));
    const cpu = await cpuOf(() => together(size.streams, listen));
    client.close();
    if (seen !== lateness.length) throw new Error(`${seen} chunks of ${lateness.length} could be timed`);
    return { cpu: cpu / (size.streams * size.chunks), lateness: quantile(lateness, 0.99) };
  },
};
