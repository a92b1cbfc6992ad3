// The yardstick for large conversations: one JSON.stringify of OpenAI's request, and the AWS SDK's call.

import { open as openConverse } from './converse.mjs';

/** As of converse.mjs; only `call` differs. */
export function open(settings) {
  const client = openConverse(settings);
  return {
    ...client,
    request: (body) => ({ body, converse: client.request(body) }),
    call: ({ body, converse }) => {
      JSON.stringify(body);
      return client.call(converse);
    },
  };
}
