// The command line of the model suites as typed -> options.

import { parseArgs } from 'node:util';

export const USAGE = `npm run test:all -- [options]         (and test:invoke, test-vision:converse, …)

  --live              ask AWS, with your own credentials, instead of the local Bedrock
  --model REGEX       models whose name matches, case ignored
  --concurrency N     models at once (default: 8 on the local Bedrock, 2 on AWS)
  --failures          print the models that fail only
  --help              print this
`;

const APIS = ['invoke', 'converse'];

/** Throws an Error with a message for the user when the arguments make no sense. `names` are the suites that exist. */
export function optionsFrom(argv, names) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      api: { type: 'string', multiple: true, default: APIS },
      live: { type: 'boolean', default: false },
      model: { type: 'string', default: '' },
      concurrency: { type: 'string' },
      failures: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`no suite ${unknown}; there are ${names.join(', ')}`);
  const strange = values.api.find((api) => !APIS.includes(api));
  if (strange !== undefined) throw new Error(`--api: no API ${strange}; there are ${APIS.join(', ')}`);
  return {
    suites: positionals.length > 0 ? positionals : names,
    apis: values.api,
    live: values.live,
    model: pattern(values.model),
    concurrency: wholeNumber(values.concurrency ?? (values.live ? '2' : '8')),
    failures: values.failures,
    help: values.help,
  };
}

function pattern(source) {
  try {
    return new RegExp(source, 'i');
  } catch {
    throw new Error(`--model: ${source} is no regular expression`);
  }
}

function wholeNumber(text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error('--concurrency: give a whole number above 0');
  return number;
}
