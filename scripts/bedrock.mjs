// Where the commands of this folder send their calls: a local Bedrock that they start, or AWS.

import { simulate } from 'bedrock-wrapper/simulator';

/** Delays that let an answer of the local Bedrock be watched coming. Milliseconds. */
export const WATCHABLE = { physics: { timeToFirstToken: 150, tokensPerSecond: 66 } };

/**
 * @param {{live?: boolean, delays?: import('bedrock-wrapper/simulator').SimulatorOptions}} choice
 *   `live`: AWS, with what AWS's default chain finds; else a simulator with these delays
 * @returns {Promise<{creds: object, place: string, close: () => Promise<void>}>}
 */
export async function openBedrock({ live = false, delays = {} } = {}) {
  if (live) return { creds: {}, place: `AWS${regionOf(process.env)}`, close: async () => {} };
  const bedrock = await simulate(delays);
  return { creds: credsFrom(bedrock), place: `local Bedrock at ${bedrock.url}`, close: () => bedrock.close() };
}

function credsFrom({ url, env }) {
  return {
    endpoint: url,
    region: env.AWS_REGION,
    accessKeyId: env.AWS_ACCESS_KEY_ID,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
  };
}

function regionOf({ AWS_REGION, AWS_DEFAULT_REGION }) {
  const region = AWS_REGION || AWS_DEFAULT_REGION;
  return region ? `, ${region}` : '';
}
