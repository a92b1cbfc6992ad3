// Images: each way to hand one over. The local Bedrock tells format and size, which shows that the bytes arrived whole;
// a real model tells what it sees.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const FOLDER = new URL('../fixtures/images/', import.meta.url);
const [png, jpeg, webp, gif] = await Promise.all(
  ['rgb-64x48.png', 'rgb-64x48.jpg', 'rgb-64x48.webp', 'anim-32x32.gif'].map((name) => readFile(new URL(name, FOLDER))),
);

const server = createServer((_, response) => response.end(gif)).listen(0, '127.0.0.1').unref();
await once(server, 'listening');
const gifUrl = `http://127.0.0.1:${server.address().port}/anim.gif`;

const question = (...images) => ({
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Which colours do you see in this image?' }, ...images] }],
  max_tokens: 2000,
});
const image = (image_url) => ({ type: 'image_url', image_url });
const dataUrl = (type, bytes) => `data:image/${type};base64,${bytes.toString('base64')}`;

const COLOURS = /red|blue|green|yellow/i;

/** Locally all of `seen` has to be in the answer. */
const judge = (...seen) => ({ text, isLive }) => {
  if (isLive) return COLOURS.test(text) ? undefined : 'no colour of the image is in the answer';
  const missing = seen.filter((part) => !text.includes(part));
  return missing.length === 0 ? undefined : `${missing.join(', ')} is not in the answer`;
};

export const vision = {
  title: 'Images',
  of: ({ vision }) => vision,
  cases: [
    { name: 'data URL', request: question(image({ url: dataUrl('png', png) })), judge: judge('png', '64 by 48') },
    { name: 'base64', request: question(image(jpeg.toString('base64'))), judge: judge('jpeg', '64 by 48') },
    { name: 'bytes', request: question(image({ url: new Uint8Array(webp) })), judge: judge('webp', '64 by 48') },
    { name: 'URL', request: question(image({ url: gifUrl })), judge: judge('gif', '32 by 32') },
    {
      name: 'two',
      request: question(image({ url: dataUrl('png', png) }), image({ url: dataUrl('jpeg', jpeg) })),
      judge: judge('png', 'jpeg'),
    },
  ].map((one) => ({ of: () => true, ...one })),
};
