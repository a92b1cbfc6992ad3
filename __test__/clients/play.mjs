// One scenario on one client: a simulator of its own, with a gateway in front for clients of OpenAI's API; one job, and the
// verdict.

import { isDeepStrictEqual } from 'node:util';
import { serve } from '../../js/gateway.js';
import { simulate } from '../../js/simulator.js';
import { NOTHING, raised } from './expectations.mjs';
import { jobOf } from './scenarios.mjs';

/** Seconds in which a client must come to an end, whatever happens to it. */
const LIMIT = 30;

/**
 * @param secure the simulator with TLS, whose authority the client trusts
 * @returns {Promise<string | undefined>} what is wrong, if anything
 */
export async function play(scenario, client, judge, secure) {
  if (scenario.secure) return faultIn(await judge.ask(jobOf(scenario, secure), LIMIT), scenario, client);
  const bedrock = await simulate(scenario.simulator ?? {});
  try {
    const job = jobOf(scenario, bedrock);
    const outcome = client.gateway ? await throughGateway(job, judge) : await judge.ask(job, LIMIT);
    return faultIn(outcome, scenario, client) ?? (await faultInRequests(scenario, bedrock));
  } finally {
    await bedrock.close();
  }
}

/** The gateway has the credentials of the job; the client needs none. */
async function throughGateway({ endpoint, region, accessKeyId, secretAccessKey, sessionToken, apiKey: _, ...job }, judge) {
  const gateway = await serve({ port: 0, baseUrl: endpoint, region, accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) });
  try {
    return await judge.ask({ ...job, endpoint: gateway.url }, LIMIT);
  } finally {
    await gateway.close();
  }
}

function faultIn(outcome, scenario, client) {
  if (outcome.hang) return `hangs: ${outcome.hang}`;
  return 'answers' in scenario ? faultInAnswer(outcome, scenario) : faultInError(outcome, scenario, client);
}

function faultInAnswer({ text, vector, tokens, call, error }, { answers, calls, usage }) {
  if (error) return `raises ${error.class}: ${error.message}`;
  if (calls && !isDeepStrictEqual(call, calls)) return `calls the tool with ${JSON.stringify(call)} instead of ${JSON.stringify(calls)}`;
  const given = vector === undefined ? text : `${vector.length} numbers of length ${Math.hypot(...vector).toFixed(3)}`;
  if (given !== answers) return `answers ${JSON.stringify(given)} instead of ${JSON.stringify(answers)}`;
  if (usage && !tokens?.every((count) => count > 0)) return `tells no usage: ${JSON.stringify(tokens)}`;
  return undefined;
}

function faultInError({ text, error }, { name, says }, client) {
  const expected = raised(name, client.name);
  const [match] = expected.map((entry) => entry.split(': ')).filter(([known]) => known === error?.class);
  if (!error && expected.includes(NOTHING)) return undefined;
  if (!error) return `answers ${JSON.stringify(text)} instead of raising ${expected.join(' or ')}`;
  if (!match) return `raises ${error.class} instead of ${expected.join(' or ')}: ${error.message}`;
  const [, words = says] = match;
  if (!error.message.includes(words)) return `does not say ${JSON.stringify(words)} but ${JSON.stringify(error.message)}`;
  return undefined;
}

async function faultInRequests({ requests: expected }, { url }) {
  if (expected === undefined) return undefined;
  const { requests } = await (await fetch(`${url}/_simulator/journal`)).json();
  return requests.length === expected ? undefined : `made ${requests.length} requests instead of ${expected}`;
}
