// The command line of the benchmark as typed -> options.

import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [options]

  --only S1,M3        run these scenarios only (C1 to C5 are OpenAI's API, A1 to A5 the AI SDK, S9 the size of the add-on, M1 to M7 the simulator,
                      G1 to G9 the gateway; G9 runs only when it is named)
  --quick             smoke run: every scenario small and once; its figures mean nothing
  --json FILE         write all figures, every single run included, to FILE
  --markdown          put the table into docs/performance.md (full runs only)
  --clients A,B       compare A with B, modules of __test__/bench/clients (default: ours,sdk)
  --repeats N         runs of each side, in place of each scenario's own number
  --help              print this
`;

/**
 * Throws an Error with a message for the user when the arguments make no sense. `ids` are the scenarios that exist,
 * `onRequest` those of them that are left out unless they are named.
 */
export function optionsFrom(argv, { ids, onRequest = [] }) {
  const { values } = parseArgs({
    args: argv,
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      clients: { type: 'string', default: 'ours,sdk' },
      repeats: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',').map((id) => id.trim().toUpperCase()) ?? ids.filter((id) => !onRequest.includes(id));
  const unknown = only.filter((id) => !ids.includes(id));
  if (unknown.length > 0) throw new Error(`--only: no scenario ${unknown.join(', ')}; there are ${ids.join(', ')}`);
  const clients = values.clients.split(',').map((name) => name.trim());
  if (clients.length !== 2) throw new Error('--clients: give two names, as in ours,sdk');
  const repeats = values.repeats === undefined ? null : Number(values.repeats);
  if (repeats !== null && !(Number.isInteger(repeats) && repeats > 0)) {
    throw new Error('--repeats: give a whole number above 0');
  }
  if (values.markdown && (values.quick || values.only)) {
    throw new Error('--markdown: the table in docs/performance.md is made by a full run, without --quick and --only');
  }
  const { quick, json, markdown, help } = values;
  return { only, quick, json, markdown, clients, repeats, help };
}
