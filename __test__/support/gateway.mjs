// A simulator with gateways on it, and what tests ask of them.

import OpenAI from 'openai';
import { serve } from '../../js/gateway.js';
import { simulate } from '../../js/simulator.js';

export const MODEL = 'amazon.nova-micro-v1:0';

/** A simulator for one test. `gateway(options)` starts a gateway on it; all of them end with the test. */
export async function simulated(t, options) {
  const bedrock = await simulate(options);
  t.after(() => bedrock.close());
  const behind = {
    baseUrl: bedrock.url,
    region: bedrock.env.AWS_REGION,
    accessKeyId: bedrock.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: bedrock.env.AWS_SECRET_ACCESS_KEY,
  };
  const gateway = async (more) => {
    const options = { port: 0, ...behind, ...more };
    const gateway = await serve(options);
    t.after(() => gateway.close());
    return Object.assign(gateway, { options });
  };
  return { bedrock, gateway };
}

export function client(gateway, apiKey) {
  return new OpenAI({ baseURL: gateway.baseURL, apiKey, maxRetries: 0 });
}

export function counting(to, more) {
  return { model: MODEL, messages: [{ role: 'user', content: `Count from 1 to ${to}.` }], ...more };
}

/** A chat as it comes over the wire: `{ status, headers, body }`. */
export async function chat(gateway, headers, body = counting(2)) {
  return post(`${gateway.baseURL}/chat/completions`, headers, body);
}

export const bearer = (key) => ({ authorization: `Bearer ${key}` });

async function post(url, headers, body) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}
