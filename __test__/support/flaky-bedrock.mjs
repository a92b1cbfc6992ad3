// A Converse endpoint that answers one request after the other as a test has it. Not a simulator: it checks nothing.

import { once } from 'node:events';
import { createServer } from 'node:http';

const OK = {
  output: { message: { role: 'assistant', content: [{ text: 'Yes.' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
};

/**
 * @param {Array<object | Function>} answers one for each request, the last for all that follow: `{ status, headers, body }`, or a
 *   function of request and response
 * @returns times: milliseconds at which each request came; creds: of bedrockWrapper
 */
export async function flakyBedrock(...answers) {
  const times = [];
  const server = createServer(async (request, response) => {
    times.push(performance.now());
    const answer = answers[Math.min(times.length, answers.length) - 1] ?? {};
    await request.toArray();
    if (typeof answer === 'function') return answer(request, response);
    const { status = 200, headers = {}, body = status === 200 ? OK : {} } = answer;
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': `request-${times.length}`, ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  return {
    times,
    endpoint,
    creds: { region: 'us-east-1', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a-secret-never-to-be-shown', endpoint },
    close: () => { server.closeAllConnections(); server.close(); },
  };
}

export const throttled = { status: 429, headers: { 'x-amzn-errortype': 'ThrottlingException' }, body: { message: 'Too many requests' } };
export const reset = (request) => request.socket.destroy();
export const silent = () => {};
