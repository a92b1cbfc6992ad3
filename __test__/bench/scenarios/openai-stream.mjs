// C2: the same stream through `openai`: with the package's fetch, beside its own fetch from a server of OpenAI's API that
// sends the same server-sent events. `openai` wants a newer Node than the package.

import { chatStream } from './chat-stream.mjs';

export const openaiStream = {
  ...chatStream,
  id: 'C2',
  title: 'openai, one stream of 20,000 chunks, with createFetch and with plain HTTP',
  clients: { ours: 'openai-fetch', sdk: 'openai-http' },
  atLeastNode: 22,
  measures: [{ key: 'cpu', what: 'CPU a chunk', unit: 'µs', ratio: { must: 1.3, aim: 1 } }],
};
