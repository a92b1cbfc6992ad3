// The two providers that run the same scenarios: the AI SDK's own for Bedrock, and ours.

import { after } from 'node:test';
import { simulate } from '../../js/simulator.js';

const MAJOR = Number(process.versions.node.split('.')[0]);

/** Why `ai` 7 and its provider cannot run here, or `false`. */
export const isOldNode = MAJOR < 22 ? `ai 7 needs Node 22, this is ${process.version}` : false;

export const ai = isOldNode ? {} : await import('ai');
const present = isOldNode ? {} : await import('@ai-sdk/amazon-bedrock');
const ours = await import('bedrock-wrapper/ai-sdk');

/** What `ai` prints of warnings is compared, and need not be read besides. */
globalThis.AI_SDK_LOG_WARNINGS = false;

/** By the names that reports use. Programs that change the import line alone call ours by the same name. */
export const PROVIDERS = { present: present.createAmazonBedrock, ours: ours.createAmazonBedrock };

export const simulator = await simulate();

/** Lets the simulator end with the tests of the file that calls this. */
export function endWithTests() {
  after(() => simulator.close());
}

/** Settings of either provider that lead to an account of a simulator. */
export function settingsFor({ url, env }) {
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  return { region, accessKeyId, secretAccessKey, baseURL: url };
}
