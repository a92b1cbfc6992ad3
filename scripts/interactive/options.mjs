// The command line of the chat as typed -> options.

import { callOptions } from '../terminal/call-options.mjs';

export const USAGE = `npm run interactive -- [options]

  --model NAME    a name, an id or an ARN; otherwise you choose from a list
  --converse      through Converse; otherwise you are asked
  --invoke        through InvokeModel
  --live          ask AWS, with your own credentials, instead of the local Bedrock
  --help          print this
`;

export function optionsFrom(argv) {
  return callOptions(argv);
}
