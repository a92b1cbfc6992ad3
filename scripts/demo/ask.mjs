// One streamed answer: the pieces as they come, and what a clock saw of them.

import { readFile } from 'node:fs/promises';
import { bedrockWrapper } from 'bedrock-wrapper';

const MAX_TOKENS = 2000;

/** Asks, hands every piece to `show` as it comes, and resolves to the figures of the call. Times are milliseconds. */
export async function ask(creds, scene, show) {
  const request = { model: scene.model, messages: await messagesOf(scene), max_tokens: MAX_TOKENS, stream: true, ...scene.more };
  const answer = bedrockWrapper(creds, request, { useConverseAPI: scene.api === 'converse' });
  const start = performance.now();
  const arrivals = [];
  for await (const text of answer) {
    arrivals.push(performance.now() - start);
    show(text);
  }
  const [usage, warnings] = await Promise.all([answer.usage, answer.warnings]);
  return { ...paceOf(arrivals), usage, warnings };
}

/** `perSecond` is undefined for an answer that came in one piece. */
export function paceOf(arrivals) {
  const [first] = arrivals;
  const lasted = arrivals.at(-1) - first;
  return { first, chunks: arrivals.length, perSecond: lasted > 0 ? ((arrivals.length - 1) / lasted) * 1000 : undefined };
}

async function messagesOf({ prompt, image }) {
  if (!image) return [{ role: 'user', content: prompt }];
  const picture = { type: 'image_url', image_url: await readFile(image) };
  return [{ role: 'user', content: [{ type: 'text', text: prompt }, picture] }];
}
