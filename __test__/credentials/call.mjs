// One case of `cases.mjs`, called: `call.mjs TABLE INDEX HOST`. Prints the error, if there is one, as JSON.

import { Bedrock } from '../../index.mjs';
import { CASES } from './cases.mjs';

const [table, index, host] = process.argv.slice(2);
const { options, model = 'amazon.nova-micro-v1:0' } = CASES[table][index];
const placed = Object.entries(options).map(([name, value]) => [name, typeof value === 'string' ? value.replace('HOST', host) : value]);

try {
  const bedrock = new Bedrock({ ...Object.fromEntries(placed), maxRetries: 0 });
  await bedrock.chat.completions.create({ model, messages: [{ role: 'user', content: 'What is 1+1?' }] });
} catch ({ name, message, code }) {
  console.log(JSON.stringify({ name, message, code }));
}
