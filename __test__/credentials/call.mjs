// One case of the tables, called: `call.mjs TABLE INDEX HOST`. Prints the error, if there is one, as JSON.

import { createBedrock } from 'bedrock-wrapper/ai-sdk';
import { Bedrock } from '../../index.mjs';
import { CASES } from './cases.mjs';
import { PROVIDER_CASES } from './provider-cases.mjs';

const [table, index, host] = process.argv.slice(2);
const call = Object.hasOwn(CASES, table) ? callClient : callProvider;
const { options, model = 'amazon.nova-micro-v1:0' } = { ...CASES, ...PROVIDER_CASES }[table][index];
const placed = Object.entries(options).map(([name, value]) => [name, typeof value === 'string' ? value.replace('HOST', host) : value]);

try {
  await call(Object.fromEntries(placed));
} catch ({ name, message, code }) {
  console.log(JSON.stringify({ name, message, code }));
}

async function callClient(options) {
  const bedrock = new Bedrock({ ...options, maxRetries: 0 });
  await bedrock.chat.completions.create({ model, messages: [{ role: 'user', content: 'What is 1+1?' }] });
}

async function callProvider(settings) {
  const prompt = [{ role: 'user', content: [{ type: 'text', text: 'What is 1+1?' }] }];
  await createBedrock(settings).languageModel(model).doGenerate({ prompt });
}
