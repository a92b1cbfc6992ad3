// The processes of a benchmark: the mock server, and one process for each run of a client.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const RUN_LIMIT_MS = 180_000;

/** Starts the mock server; answers its URL, its two controls and a way to end it. */
export async function startServer() {
  const child = spawn(process.execPath, [path('./server.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const url = `http://127.0.0.1:${await portOf(child)}`;
  return {
    url,
    plan: (plan) => fetch(`${url}/_bench/plan?${new URLSearchParams(plan)}`, { method: 'POST' }),
    stats: async () => (await fetch(`${url}/_bench/stats`)).json(),
    stop: () => child.stdin.end(),
  };
}

/** Runs one client through one scenario, in this Node or in the one at `node`, and answers its figures. */
export async function runClient({ clientUrl, scenario, variant, size, server, node = process.execPath }) {
  await server.plan(scenario.plan(size));
  const task = { clientUrl, scenarioId: scenario.id, variant, size, endpoint: server.url };
  const argv = [...(scenario.execArgv ?? []), path('./worker.mjs'), JSON.stringify(task)];
  const { figures, characters } = await outcome(node, argv);
  const sent = await server.stats();
  if (characters !== sent.characters) {
    const difference = `the server sent ${sent.characters} characters of text, the client gave ${characters}`;
    throw new Error(`${scenario.id}: ${difference}`);
  }
  return { ...figures, connections: sent.connections };
}

async function portOf(child) {
  for await (const line of createInterface(child.stdout)) return JSON.parse(line).port;
  throw new Error('the mock server did not start');
}

async function outcome(node, argv) {
  const child = spawn(node, argv, { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
  const limit = setTimeout(() => child.kill('SIGKILL'), RUN_LIMIT_MS);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const [code, signal] = await once(child, 'close');
  clearTimeout(limit);
  if (code !== 0) throw new Error(`a client process ended with ${signal ?? `exit code ${code}`}: ${argv.at(-1)}`);
  return JSON.parse(output.trimEnd().split('\n').at(-1));
}

/** Without the settings of the machine's own AWS account and proxies, which only some clients would heed. */
function cleanEnvironment() {
  const foreign = /^(AWS_|(https?|all|no)_proxy$|NODE_OPTIONS$)/i;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

function path(relative) {
  return fileURLToPath(new URL(relative, import.meta.url));
}
