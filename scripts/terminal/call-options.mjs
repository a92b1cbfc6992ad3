// The options that the demo and the chat share: which model, through which API, where.

import { parseArgs } from 'node:util';

const SHARED = {
  model: { type: 'string' },
  converse: { type: 'boolean', default: false },
  invoke: { type: 'boolean', default: false },
  live: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/**
 * The command line as typed -> options; `own` are those a program has besides. Throws an Error with a message for the user
 * when the arguments make no sense. `api` is undefined when none is asked for.
 */
export function callOptions(argv, own = {}) {
  const { values } = parseArgs({ args: argv, options: { ...SHARED, ...own } });
  const { converse, invoke, ...options } = values;
  if (converse && invoke) throw new Error('--converse and --invoke: choose one');
  return { ...options, api: converse ? 'converse' : invoke ? 'invoke' : undefined };
}
