// One run of one scenario by one client, in a process of its own. Takes its task as JSON in the first argument and
// prints one line of JSON: the scenario's figures, and the characters of text (or numbers of vectors) it received, which
// the server must have sent.

import { scenarioById } from './scenarios/index.mjs';

const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const CREDENTIALS = { region: 'us-east-1', accessKeyId: 'AKIDBENCHMARK', secretAccessKey: 'not-a-secret' };

const { clientUrl, scenarioId, variant, size, endpoint } = JSON.parse(process.argv[2]);
let characters = 0;

const figures = await scenarioById(scenarioId).run({ load, open, size, variant, drain, read, call, embed });
process.stdout.write(`${JSON.stringify({ figures, characters })}\n`);

function load() {
  return import(clientUrl);
}

async function open(settings) {
  const client = await load();
  return client.open({ endpoint, api: variant.api, model: MODEL, credentials: CREDENTIALS, ...settings });
}

/** Reads a stream to its end. */
async function drain(stream, onText) {
  for await (const text of stream) {
    characters += text.length;
    onText?.(text);
  }
}

/** Reads a stream of the client's own objects to its end. */
async function read(client, request) {
  for await (const object of await client.objects(request)) characters += client.textOf(object).length;
}

async function call(client, request) {
  const text = await client.call(request);
  characters += text.length;
}

async function embed(client, texts) {
  for (const vector of await client.embed(texts)) characters += vector.length;
}
