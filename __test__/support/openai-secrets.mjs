// A program with secrets that does all that may go wrong with `Bedrock` and `createFetch`, and prints all that it sees of
// it. Its last line is JSON: how many errors there were and how many diagnostics events.

import diagnostics from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { Bedrock, createFetch } from '../../index.mjs';

const secrets = JSON.parse(process.env.SECRETS);
delete process.env.SECRETS;
const endpoint = process.env.ENDPOINT;

const region = 'us-east-1';
const keys = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: secrets.secretAccessKey, sessionToken: secrets.sessionToken };
const request = { model: 'us.amazon.nova-lite-v1:0', messages: [{ role: 'user', content: 'hello' }] };

let errors = 0;
let events = 0;

function show(value) {
  console.log(String(value), inspect(value, { depth: null, showHidden: true, getters: true }));
  console.log(JSON.stringify(value));
}

for (const name of ['bedrock-wrapper:request', 'bedrock-wrapper:retry', 'bedrock-wrapper:response', 'bedrock-wrapper:error']) {
  diagnostics.subscribe(name, (message) => {
    events += 1;
    show(message);
  });
}

async function attempt(act) {
  try {
    const value = await act();
    if (value instanceof Response && value.ok) show([...value.headers]);
    else if (value instanceof Response) throw new Error(`${value.status} ${await value.text()}`);
    else show(value);
  } catch (error) {
    errors += 1;
    show(error);
    console.log(error.stack, error.cause);
  }
}

/** A client in each way that it can be made, shown, and asked in all ways. */
async function tryClient(options) {
  let client;
  await attempt(() => {
    client = new Bedrock({ region, endpoint, maxRetries: 1, ...options });
    return client;
  });
  if (client === undefined) return;
  const options_ = { headers: { 'x-secret': secrets.header } };
  await attempt(() => client.chat.completions.create(request, options_));
  await attempt(async () => {
    for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) show(chunk);
  });
  await attempt(() => client.models.list());
  await attempt(() => {
    const fetch = createFetch({ region, endpoint, ...options });
    show(fetch);
    return fetch('https://openai.invalid/v1/chat/completions', { method: 'POST', headers: { authorization: `Bearer ${secrets.openai}` }, body: JSON.stringify(request) });
  });
}

// Credentials that the service refuses, and that nobody can be asked with.
await tryClient(keys);
await tryClient({ apiKey: secrets.apiKey });
await tryClient({ ...keys, endpoint: 'http://127.0.0.1:1' });
await tryClient({ apiKey: secrets.apiKey, endpoint: 'mantle', baseURL: 'http://127.0.0.1:1' });
await tryClient({ credentialProvider: async () => ({ ...keys, secretAccessKey: secrets.provided }) });
await tryClient({ credentialProvider: async () => ({ secretAccessKey: secrets.provided }) });
await tryClient({ tokenProvider: async () => secrets.token });
await tryClient({ tokenProvider: async () => `${secrets.token}\n` });

// Options that contradict each other.
await tryClient({ ...keys, apiKey: secrets.apiKey });
await tryClient({ secretAccessKey: secrets.secretAccessKey });
await tryClient({ accessKeyId: 'AKIAEXAMPLE', sessionToken: secrets.sessionToken });
await tryClient({ apiKey: `${secrets.apiKey}\n` });
await tryClient({ ...keys, secretAccessKey: [secrets.secretAccessKey] });
await tryClient({ ...keys, region: 'nowhere' });

process.env.HTTP_PROXY = `http://user:${secrets.proxy}@127.0.0.1:1`;
await tryClient({ ...keys, endpoint: 'http://bedrock.invalid' });
process.env.HTTP_PROXY = `ftp://user:${secrets.proxy}@127.0.0.1:1`;
await tryClient({ ...keys, endpoint: 'http://bedrock.invalid/other' });

console.log(JSON.stringify({ errors, events }));
