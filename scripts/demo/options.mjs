// The command line of the demo as typed -> options.

import { parseArgs } from 'node:util';

export const USAGE = `npm run demo -- [options]

  --model NAME    ask this model only: a name, an id or an ARN
  --prompt TEXT   ask this instead
  --converse      through Converse
  --invoke        through InvokeModel
  --live          ask AWS, with your own credentials, instead of the local Bedrock
  --help          print this
`;

/** Throws an Error with a message for the user when the arguments make no sense. `api` is undefined when none is asked for. */
export function optionsFrom(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      model: { type: 'string' },
      prompt: { type: 'string' },
      converse: { type: 'boolean', default: false },
      invoke: { type: 'boolean', default: false },
      live: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { converse, invoke, ...options } = values;
  if (converse && invoke) throw new Error('--converse and --invoke: choose one');
  return { ...options, api: converse ? 'converse' : invoke ? 'invoke' : undefined };
}
