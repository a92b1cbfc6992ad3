// S8: how many connections do 5,000 calls open? The mock server counts them.

import { inFlight } from '../measure.mjs';
import { QUESTION } from './question.mjs';

export const connections = {
  id: 'S8',
  title: 'connections opened by 5,000 calls, 16 at a time',
  variants: [{ name: 'Converse', api: 'converse' }],
  repeats: 5,
  full: { calls: 5_000, width: 16 },
  quick: { calls: 64, width: 16 },
  plan: () => ({}),
  measures: [{ key: 'connections', unit: '', absolute: { must: 16, aim: 16 } }],
  async run({ open, size, call }) {
    const client = await open();
    const request = client.request(QUESTION);
    await inFlight(size.calls, size.width, () => call(client, request));
    client.close();
    return {};
  },
};
