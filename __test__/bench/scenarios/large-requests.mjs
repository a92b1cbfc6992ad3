// S7: requests that are large. The text and the images are made once; what is measured is turning them into a request
// and sending it. Each client takes images as its users have them: data URLs for OpenAI's API, bytes for the AWS SDK.

import { cpuOf } from '../measure.mjs';
import { noisePng } from '../png.mjs';

export const largeRequests = {
  id: 'S7',
  title: 'large request',
  variants: [
    { name: '2 MB of text', api: 'converse', textLength: 2_000_000, images: 0 },
    { name: '4 images of 1 MB', api: 'converse', textLength: 40, images: 4 },
  ],
  repeats: 7,
  full: { calls: 40, warmCalls: 20, imageSide: 590 },
  quick: { calls: 2, warmCalls: 1, imageSide: 590 },
  plan: () => ({}),
  measures: [
    {
      key: 'cpu', what: 'CPU a call', unit: 'ms', scale: 1e-3,
      ratio: ({ images }) => (images > 0 ? { must: 1, aim: 0.4 } : { must: 0.7, aim: 0.5 }),
    },
  ],
  async run({ open, size, variant, call }) {
    const client = await open();
    const images = Array.from({ length: variant.images }, (_, i) => noisePng(size.imageSide, i + 1));
    const request = client.request({ text: prose(variant.textLength), images, maxTokens: 4096 });
    for (let i = 0; i < size.warmCalls; i += 1) await call(client, request);
    const cpu = await cpuOf(async () => {
      for (let i = 0; i < size.calls; i += 1) await call(client, request);
    });
    client.close();
    return { cpu: cpu / size.calls };
  },
};

/** English text of `length` characters with the quotes and line ends that JSON must escape. */
function prose(length) {
  const line = 'The Seine runs through Paris; "what a river", he said, and wrote it down in the book he kept.\n';
  return Buffer.from(line.repeat(Math.ceil(length / line.length)).slice(0, length)).toString('latin1');
}
