// The gateway's routes, with the key where one is asked for.

import { ask, key } from './key.js';

let base = '/v1';

/** What the gateway refused, in OpenAI's words. */
export class Refused extends Error {
  constructor(status, body, id) {
    const error = body?.error ?? {};
    super(error.message ?? `The gateway answered with status ${status}.`);
    this.status = status;
    this.code = error.code ?? error.type;
    this.id = id;
  }
}

async function call(path, options = {}) {
  for (;;) {
    const shown = key();
    const headers = { ...options.headers, ...(shown !== null && { authorization: `Bearer ${shown}` }) };
    const answer = await fetch(path, { ...options, headers });
    if (answer.status !== 401) return answer;
    await ask(shown === null ? undefined : (await problem(answer)).message);
  }
}

async function problem(answer) {
  const body = await answer.json().catch(() => null);
  return new Refused(answer.status, body, answer.headers.get('x-request-id'));
}

async function json(path) {
  const answer = await call(path);
  if (!answer.ok) throw await problem(answer);
  return answer.json();
}

/** What the gateway knows of the last hour. */
export async function stats() {
  const stats = await json('_gateway/stats');
  base = stats.basePath;
  return stats;
}

export const models = async () => (await json(`${base}/models`)).data;

/** The chunks of a streamed answer, as they come. */
export async function* chat(body, signal) {
  const answer = await call(`${base}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
    signal,
  });
  if (!answer.ok) throw await problem(answer);
  const id = answer.headers.get('x-request-id');
  for await (const data of events(answer.body)) {
    if (data === '[DONE]') return;
    const chunk = JSON.parse(data);
    if (chunk.error) throw new Refused(answer.status, chunk, id);
    yield chunk;
  }
  throw new Refused(answer.status, { error: { message: 'The stream ended before its end.' } }, id);
}

/** The data of server-sent events. */
async function* events(body) {
  let rest = '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop();
      for (const line of lines) if (line.startsWith('data: ')) yield line.slice(6);
    }
  } finally {
    // Whoever stops reading wants no more of it.
    reader.cancel().catch(() => {});
  }
}
