// `npm run bench`: our package against the AWS SDK for JS on the same local server, and the simulator and the gateway,
// each beside a bare server. What each row means and what the method cannot tell is in docs/performance.md. A target that is missed is printed, and is no failure of this command.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { CURRENT, nodeBinary } from '../../scripts/test/nodes.mjs';
import { builtAddon } from './addon.mjs';
import { USAGE, optionsFrom } from './options.mjs';
import { runClient, startServer } from './processes.mjs';
import { ownSize, sizeBesideAi } from './installed.mjs';
import { addonRow, installedRow, judged, markdown, rowsOf, withReport } from './report.mjs';
import { SCENARIOS } from './scenarios/index.mjs';
import { measureGateway } from './gateway/run.mjs';
import { SCENARIOS as GATEWAY } from './gateway/scenarios.mjs';
import { measureSimulator } from './simulator/run.mjs';
import { SCENARIOS as SIMULATOR } from './simulator/scenarios.mjs';
import { markdown as tableOf, withTable } from './table.mjs';

const ADDON = 'S9';
const INSTALLED = 'A5';
const SERVERS = [
  { name: 'simulator', sides: ['simulator', 'bare hyper'], measure: measureSimulator },
  { name: 'gateway', sides: ['gateway', 'bare pass-through'], measure: measureGateway },
];
const PAGE = new URL('../../docs/performance.md', import.meta.url);

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
}

async function main(argv) {
  const options = optionsFrom(argv, {
    ids: [...SCENARIOS, { id: ADDON }, { id: INSTALLED }, ...SIMULATOR, ...GATEWAY].map(({ id }) => id),
    onRequest: GATEWAY.filter(({ onRequest }) => onRequest).map(({ id }) => id),
  });
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const addon = options.clients.includes('ours') ? builtAddon() : null;
  const about = aboutThisRun(options, addon);
  const { rows: measured, skipped } = await measureAll(options, addon);
  const rows = options.quick || options.clients[0] !== 'ours' ? measured : measured.map(judged);
  const report = markdown({ about, rows, clients: options.clients });
  if (rows.length > 0) process.stdout.write(report);
  let page = readFileSync(PAGE, 'utf8');
  const servers = {};
  for (const { name, sides, measure } of SERVERS) {
    servers[name] = await measure(options);
    const table = tableOf(about.slice(0, -1), servers[name], sides);
    if (servers[name].length > 0) process.stdout.write(`\n${table}`);
    if (options.markdown) page = withTable(page, name, table);
  }
  const { clients, quick } = options;
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ about, clients, quick, rows, skipped, ...servers }, null, 2)}\n`);
  if (options.markdown) writeFileSync(PAGE, withReport(page, report));
}

async function measureAll(options, addon) {
  const rows = [];
  const skipped = [];
  const server = await startServer();
  try {
    for (const scenario of SCENARIOS.filter(({ id }) => options.only.includes(id))) {
      const node = await nodeFor(scenario);
      if (node === null) {
        skipped.push(scenario.id);
        continue;
      }
      for (const variant of scenario.variants) {
        process.stderr.write(`${scenario.id} ${scenario.title}, ${variant.name} `);
        rows.push(...rowsOf(scenario, variant, await measure(scenario, variant, options, { server, node })));
        process.stderr.write('\n');
      }
    }
  } finally {
    server.stop();
  }
  if (addon && options.only.includes(INSTALLED)) rows.push(installedRow(ownSize(addon.size), sizeBesideAi('@ai-sdk/amazon-bedrock')));
  if (addon && options.only.includes(ADDON)) rows.push(addonRow(addon.size));
  return { rows, skipped };
}

/** Path of a Node that the scenario's clients run on; null, and a line that says so, where there is none. */
async function nodeFor({ id, atLeastNode = CURRENT }) {
  if (CURRENT >= atLeastNode) return process.execPath;
  try {
    return await nodeBinary(atLeastNode);
  } catch (error) {
    process.stderr.write(`${id} is skipped: it needs Node ${atLeastNode}, which npx did not fetch (${error.message})\n`);
    return null;
  }
}

/** Both sides in turn, A B A B …, so that whatever else the machine does meets both alike. */
async function measure(scenario, variant, options, { server, node }) {
  const size = options.quick ? scenario.quick : scenario.full;
  const repeats = options.repeats ?? (options.quick ? 1 : scenario.repeats);
  const modules = options.clients.map((name) => scenario.clients?.[name] ?? name);
  const urls = modules.map((name) => new URL(`./clients/${name}.mjs`, import.meta.url).href);
  const runs = urls.map(() => []);
  for (let round = 0; round < repeats; round += 1) {
    for (const [side, clientUrl] of urls.entries()) {
      runs[side].push(await runClient({ clientUrl, scenario, variant, size, server, node }));
      process.stderr.write('.');
    }
  }
  return runs;
}

function aboutThisRun({ quick }, addon) {
  const { model } = cpus()[0];
  const { version } = createRequire(import.meta.url)('@aws-sdk/client-bedrock-runtime/package.json');
  return [
    ...(quick ? ['**Smoke run: these figures mean nothing.**'] : []),
    ...(addon?.isDebug ? ['**The add-on is a debug build and slow: run `npm run build` first.**'] : []),
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${process.platform} ${process.arch}, ` +
      `${cpus().length} × ${model.trim()}, load ${loadavg()[0].toFixed(1)} at the start`,
    `@aws-sdk/client-bedrock-runtime ${version}, one client, HTTP/1.1; medians, in brackets the smallest and ` +
      'largest run',
  ];
}
