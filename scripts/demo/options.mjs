// The command line of the demo as typed -> options.

import { callOptions } from '../terminal/call-options.mjs';

export const USAGE = `npm run demo -- [options]

  --model NAME    ask this model only: a name, an id or an ARN
  --prompt TEXT   ask this instead
  --converse      through Converse
  --invoke        through InvokeModel
  --live          ask AWS, with your own credentials, instead of the local Bedrock
  --help          print this
`;

export function optionsFrom(argv) {
  return callOptions(argv, { prompt: { type: 'string' } });
}
