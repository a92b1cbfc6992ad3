// The command line of the chat as typed -> options.

import { parseArgs } from 'node:util';

export const USAGE = `npm run interactive -- [options]

  --model NAME    a name, an id or an ARN; otherwise you choose from a list
  --converse      through Converse; otherwise you are asked
  --invoke        through InvokeModel
  --live          ask AWS, with your own credentials, instead of the local Bedrock
  --help          print this
`;

/** Throws an Error with a message for the user when the arguments make no sense. */
export function optionsFrom(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      model: { type: 'string' },
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
