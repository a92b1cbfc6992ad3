// The table of errors in docs/simulator-clients.md, made of what `npm run test:clients` expects of each client.

import { CLIENTS } from '../../__test__/clients/clients.mjs';
import { NOTHING, RAISES, raised } from '../../__test__/clients/expectations.mjs';
import { SCENARIOS } from '../../__test__/clients/scenarios.mjs';

/** The clients of the table; the others raise what the one does that they are built on. */
const COLUMNS = {
  boto3: 'boto3',
  'aws-cli': 'AWS CLI',
  'aws-sdk-js': 'AWS SDK for JavaScript',
  'aws-sdk-js-h1': '… over HTTP/1.1',
  'aws-sdk-rust': '… for Rust',
  anthropic: 'anthropic, Python',
  'anthropic-js': 'anthropic, JavaScript',
  'langchain-aws': 'langchain-aws',
  litellm: 'LiteLLM',
  strands: 'Strands Agents',
  'pydantic-ai': 'Pydantic AI',
  'ai-sdk': 'AI SDK',
};

/** The table as Markdown, a row for each scenario that ends with an error for somebody. */
export function clientsTable() {
  const clients = Object.keys(COLUMNS);
  const rows = SCENARIOS.filter(({ name }) => name in RAISES).map(({ name, verb }) => [name, ...clients.map((client) => cell(name, verb, client))]);
  const headings = ['what happens', ...Object.values(COLUMNS)];
  return [headings, headings.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Class names; nothing where the client does not have the operation. */
function cell(scenario, verb, name) {
  if (!CLIENTS.find((client) => client.name === name).verbs.includes(verb)) return '';
  const classes = raised(scenario, name).map((entry) => entry.split(': ')[0]);
  return classes.map((entry) => (entry === NOTHING ? 'no error' : `\`${entry}\``)).join(' or ');
}
