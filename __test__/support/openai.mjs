// What the specs of the OpenAI surface share.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

export const MODEL = 'Nova-Micro';

/** A request that asks `text`. */
export const ask = (text, more) => ({ model: MODEL, messages: [{ role: 'user', content: text }], ...more });

/** Options of a client for a scripted or simulated Bedrock. */
export const optionsFor = (bedrock) => (bedrock.creds === undefined ? ofSimulator(bedrock) : ofScript(bedrock.creds));

function ofSimulator({ url, env }) {
  return { baseURL: url, region: env.AWS_REGION, accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY };
}

function ofScript({ endpoint, ...creds }) {
  return { ...creds, baseURL: endpoint };
}

export async function collect(items) {
  const collected = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** The text of the first choice in all chunks. */
export const textOf = (chunks) => chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');

export async function eventually(condition) {
  for (let tries = 0; tries < 400; tries++) {
    if (condition()) return;
    await sleep(5);
  }
  assert.fail(`never became true: ${condition}`);
}

/** What `work` rejects with. */
export async function rejectionOf(work) {
  try {
    await work;
  } catch (error) {
    return error;
  }
  return assert.fail('did not reject');
}
