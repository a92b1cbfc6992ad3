// `npm run test:clients`: real clients of Bedrock against the simulator, and of OpenAI's
// API against the gateway. With names of clients only those, with
// `--scenario words` only the scenarios whose names hold the words.

import { parseArgs } from 'node:util';
import { simulate } from '../../js/simulator.js';
import { styleFor } from '../../scripts/terminal/style.mjs';
import { shortened } from '../../scripts/terminal/table.mjs';
import { CLIENTS } from './clients.mjs';
import { judgeDescription } from './described.mjs';
import { install } from './install.mjs';
import { Judge } from './judge.mjs';
import { play } from './play.mjs';
import { QUICK_STARTS, tryOut } from './quick-starts.mjs';
import { API_KEY, SCENARIOS, isFor } from './scenarios.mjs';

/** Two, for the two cores of a small machine. */
const AT_ONCE = 2;
const LONGEST_LINE = 400;

const style = styleFor(process.stdout);
const print = (line) => process.stdout.write(`${line}\n`);

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`clients: ${error.message}\n`);
  process.exitCode = 1;
}

async function main(argv) {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { scenario: { type: 'string', default: '' } } });
  const unknown = positionals.find((name) => !CLIENTS.some((client) => client.name === name));
  if (unknown !== undefined) throw new Error(`no client is called ${unknown}; there are ${CLIENTS.map(({ name }) => name).join(', ')}`);
  const wanted = CLIENTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const scenarios = SCENARIOS.filter(({ name }) => name.includes(values.scenario));

  const installed = await install(wanted);
  for (const { client, missing } of installed) {
    if (missing !== undefined) print(style.yellow(`${client.name}: left out, because it cannot be installed here: ${missing}`));
  }
  const queue = installed.filter(({ missing }) => missing === undefined).map(({ client }) => client);
  const verdicts = [];
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let client = queue.shift(); client !== undefined; client = queue.shift()) verdicts.push(...(await judged(client, scenarios)));
  });
  await Promise.all(lanes);
  if (positionals.length === 0 && values.scenario === '') verdicts.push(...(await quickStarts(installed)), ...(await described(installed)));
  const failed = verdicts.filter(({ fault }) => fault !== undefined);
  print(`\n${verdicts.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) process.exitCode = 1;
}

/** The gateway by its description, where Python is. */
async function described(installed) {
  if (!installed.some(({ client, missing }) => client.runtime === 'python' && missing === undefined)) return [];
  const fault = await judgeDescription();
  print(fault === undefined ? 'schemathesis: the gateway does what its description says' : style.red(`✗ schemathesis: ${fault}`));
  return [{ fault }];
}

/** The test runners, where the runtime that they belong to is installed. */
async function quickStarts(installed) {
  const runtimes = new Set(installed.filter(({ missing }) => missing === undefined).map(({ client }) => client.runtime));
  const verdicts = [];
  for (const quickStart of QUICK_STARTS.filter(({ runtime }) => runtimes.has(runtime))) {
    const fault = await tryOut(quickStart);
    verdicts.push({ fault });
    print(fault === undefined ? `${quickStart.name}: runs its quick start` : style.red(`✗ ${quickStart.name}: ${fault}`));
  }
  return verdicts;
}

/** Puts one client through the scenarios that it has the verb for. */
async function judged(client, scenarios) {
  const start = performance.now();
  const secure = await simulate({ tls: true, bearerKeys: [API_KEY] });
  const judge = new Judge(client, authorityOf(secure));
  const verdicts = [];
  for (const scenario of scenarios.filter((scenario) => isFor(scenario, client))) {
    const fault = await play(scenario, client, judge, secure);
    verdicts.push({ fault });
    if (fault !== undefined) print(style.red(shortened(`✗ ${client.name} · ${scenario.name}: ${fault}`, LONGEST_LINE)));
  }
  judge.close();
  await secure.close();
  const good = verdicts.filter(({ fault }) => fault === undefined).length;
  print(`${client.name}: ${good} of ${verdicts.length} scenarios in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return verdicts;
}

/** The variables by which clients find the certificate authority; the last is httpx's and OpenSSL's. */
function authorityOf({ env }) {
  const { AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS } = env;
  return { AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE: AWS_CA_BUNDLE };
}
