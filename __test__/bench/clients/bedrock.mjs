// The package's OpenAI client under test, imported as its users import it.

import { Bedrock } from '../../../index.mjs';

/** The client for one process. Requests are OpenAI's, as they stand. */
export function open({ endpoint, credentials }) {
  const client = new Bedrock({ ...credentials, baseURL: endpoint });
  return {
    request: (body) => body,
    objects: (body) => client.chat.completions.create({ ...body, stream: true }),
    textOf: (chunk) => chunk.choices[0]?.delta.content ?? '',
    call: async (body) => (await client.chat.completions.create(body)).choices[0].message.content,
    close: () => {},
  };
}
