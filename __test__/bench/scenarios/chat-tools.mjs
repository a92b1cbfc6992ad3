// C3: many short chat completions that are not streamed, each with five tools.

import { cpuOf, inFlight } from '../measure.mjs';
import { CHAT_WITH_TOOLS } from './conversation.mjs';

export const chatTools = {
  id: 'C3',
  title: '4,000 chat completions with 5 tools, 16 at a time',
  clients: { ours: 'bedrock', sdk: 'converse' },
  variants: [{ name: 'Converse' }],
  repeats: 7,
  full: { calls: 4_000, warmCalls: 2_000, width: 16 },
  quick: { calls: 40, warmCalls: 16, width: 16 },
  plan: () => ({}),
  measures: [{ key: 'cpu', what: 'CPU a call', unit: 'µs', ratio: { must: 0.2, aim: 0.1 } }],
  async run({ open, size, call }) {
    const client = await open();
    const request = client.request(CHAT_WITH_TOOLS);
    await inFlight(size.warmCalls, size.width, () => call(client, request));
    const cpu = await cpuOf(() => inFlight(size.calls, size.width, () => call(client, request)));
    client.close();
    return { cpu: cpu / size.calls };
  },
};
