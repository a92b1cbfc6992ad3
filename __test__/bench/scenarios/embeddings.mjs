// C5: vectors of a thousand texts, from a model that takes one text a call and a service that takes its time.

export const embeddings = {
  id: 'C5',
  title: 'embeddings of 1,000 texts, 50 ms a call',
  variants: [{ name: 'Titan' }],
  repeats: 3,
  full: { texts: 1_000, warmTexts: 40 },
  quick: { texts: 8, warmTexts: 2 },
  plan: () => ({ latency: 50 }),
  measures: [{ key: 'wall', what: 'time', unit: 's', scale: 1e-3, ratio: { must: 0.15, aim: 0.05 } }],
  async run({ open, size, embed }) {
    const client = await open();
    const texts = Array.from({ length: size.texts }, (_, i) => `Text number ${i} of a thousand.`);
    await embed(client, texts.slice(0, size.warmTexts));
    const start = performance.now();
    await embed(client, texts);
    const wall = performance.now() - start;
    client.close();
    return { wall };
  },
};
