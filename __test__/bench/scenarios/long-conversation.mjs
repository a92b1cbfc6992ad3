// C4: a conversation of 10 MB: what it costs, and for how long it keeps everything else in the process from running. The
// second is measured in calls of its own, since its timer costs CPU.

import { cpuOf, longestBlock } from '../measure.mjs';
import { conversation } from './conversation.mjs';

export const longConversation = {
  id: 'C4',
  title: 'conversation of 10 MB, 1,000 messages, 4 images',
  clients: { ours: 'bedrock', sdk: 'json-and-converse' },
  variants: [{ name: 'Converse' }],
  repeats: 7,
  full: { calls: 20, warmCalls: 10, turns: 250, textLength: 4_200_000, images: 4, imageSide: 590 },
  quick: { calls: 1, warmCalls: 1, turns: 25, textLength: 400_000, images: 1, imageSide: 100 },
  plan: () => ({}),
  measures: [
    { key: 'cpu', what: 'CPU a call', unit: 'ms', scale: 1e-3, ratio: { must: 0.7, aim: 0.4 } },
    { key: 'block', what: 'longest block of the event loop', unit: 'ms', absolute: { must: 10, aim: 3 } },
  ],
  async run({ open, size, call }) {
    const client = await open();
    const request = client.request(conversation(size));
    const calls = async (count, one) => {
      for (let i = 0; i < count; i += 1) await one();
    };
    await calls(size.warmCalls, () => call(client, request));
    const cpu = await cpuOf(() => calls(size.calls, () => call(client, request)));
    const blocks = [];
    await calls(size.calls, async () => blocks.push(await longestBlock(() => call(client, request))));
    client.close();
    return { cpu: cpu / size.calls, block: Math.max(...blocks) };
  },
};
