// C1: one long streamed chat completion as chunk objects of OpenAI's API, beside the AWS SDK's event objects.

import { cpuOf } from '../measure.mjs';
import { CHAT } from './conversation.mjs';

export const chatStream = {
  id: 'C1',
  title: 'chat.completions.create, one stream of 20,000 chunks',
  clients: { ours: 'bedrock', sdk: 'converse' },
  variants: [{ name: 'Converse' }],
  repeats: 9,
  full: { chunks: 20_000, warmRounds: 6 },
  quick: { chunks: 400, warmRounds: 1 },
  plan: ({ chunks }) => ({ chunks }),
  measures: [{ key: 'cpu', what: 'CPU a chunk', unit: 'µs', ratio: { must: 0.3, aim: 0.12 } }],
  async run({ open, size, read }) {
    const client = await open();
    const request = client.request(CHAT);
    for (let round = 0; round < size.warmRounds; round += 1) await read(client, request);
    const cpu = await cpuOf(() => read(client, request));
    client.close();
    return { cpu: cpu / size.chunks };
  },
};
