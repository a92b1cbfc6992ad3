// The yardstick for createFetch: `openai` with its own fetch, reading OpenAI's server-sent events from the mock server.

import OpenAI from 'openai';

export function open({ endpoint }) {
  return openaiClient({ baseURL: `${endpoint}/v1` });
}

/** The client for one process. Requests are OpenAI's, as they stand. */
export function openaiClient(options) {
  const client = new OpenAI({ apiKey: 'not-a-key', maxRetries: 0, ...options });
  return {
    request: (body) => body,
    objects: (body) => client.chat.completions.create({ ...body, stream: true }),
    textOf: (chunk) => chunk.choices[0]?.delta.content ?? '',
    close: () => {},
  };
}
