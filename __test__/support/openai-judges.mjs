// What the specs share that let clients of OpenAI's API judge `createFetch` and the gateway: a simulator, an account in it
// for each test, and the clients, which need Node 22.

import { after, test } from 'node:test';
import { createFetch } from '../../index.mjs';
import { serve } from '../../js/gateway.js';
import { simulate } from '../../js/simulator.js';

/** Reasons, has tools and structured output of its own; takes no `temperature` beside `top_p`. */
export const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
/** Has tools, but no structured output of its own. */
export const NOVA = 'us.amazon.nova-lite-v1:0';

const MAJOR = Number(process.versions.node.split('.')[0]);
const isOldNode = MAJOR < 22 ? `this client needs Node 22, this is ${process.version}` : false;

/** Its main account is for specs whose tests need not be apart. */
export const simulator = await simulate();
after(() => simulator.close());

/**
 * A test with an account of its own: `judge(name, async ({ session, options, fetch }) => …)`. `session` has rules, faults
 * and journal, `options` lead `Bedrock` and `createFetch` to it, `fetch` is made with them.
 */
export function judge(name, run) {
  test(name, { skip: isOldNode }, () => inProcess(run));
}

/** The same once more with a `fetch` that goes over HTTP to a gateway with these options; `gateway` is that. */
export function judgeBoth(name, run) {
  judge(name, run);
  test(`${name}, through the gateway`, { skip: isOldNode }, () => throughGateway(run));
}

/** The request id that Bedrock has given: the gateway has ids of its own besides. */
export function bedrockRequestId({ headers }) {
  return headers.get('x-amzn-requestid') ?? headers.get('x-request-id');
}

async function inProcess(run) {
  const session = await simulator.session();
  const options = optionsFor(session);
  try {
    await run({ session, options, fetch: createFetch(options) });
  } finally {
    await session.close();
  }
}

async function throughGateway(run) {
  const session = await simulator.session();
  const { endpoint, maxRetries, ...options } = optionsFor(session);
  const gateway = await serve({ port: 0, baseUrl: endpoint, ...options });
  const fetch = (url, init) => globalThis.fetch(String(url).replace(/^https:\/\/[^/]+/, gateway.url), init);
  try {
    await run({ session, options: { endpoint, ...options }, fetch, gateway });
  } finally {
    await gateway.close();
    await session.close();
  }
}

/** Options that lead to an account of a simulator. One attempt, so that what a test counts are the client's. */
export function optionsFor({ url, env }) {
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  return { region, accessKeyId, secretAccessKey, endpoint: url, maxRetries: 0 };
}

/** All items of an async iterable. */
export async function all(iterable) {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
}
