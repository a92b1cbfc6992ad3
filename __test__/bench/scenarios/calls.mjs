// S4: many short answers that are not streamed.

import { cpuOf, inFlight } from '../measure.mjs';
import { QUESTION } from './question.mjs';

export const calls = {
  id: 'S4',
  title: '4,000 calls, 16 at a time',
  variants: [{ name: 'Converse', api: 'converse' }],
  repeats: 7,
  full: { calls: 4_000, warmCalls: 2_000, width: 16 },
  quick: { calls: 40, warmCalls: 16, width: 16 },
  plan: () => ({}),
  measures: [{ key: 'cpu', what: 'CPU a call', unit: 'µs', ratio: { must: 0.15, aim: 0.08 } }],
  async run({ open, size, call }) {
    const client = await open();
    const request = client.request(QUESTION);
    await inFlight(size.warmCalls, size.width, () => call(client, request));
    const cpu = await cpuOf(() => inFlight(size.calls, size.width, () => call(client, request)));
    client.close();
    return { cpu: cpu / size.calls };
  },
};
