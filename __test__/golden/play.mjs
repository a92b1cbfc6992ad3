// Plays cases in a process of its own, one after the other: the script answers in the order of the requests.
// Forked by run.mjs: gets `{folder, only, part, parts}`, sends one `{id, verdict, faults}` for each case, then leaves.

import { filler, imagesOf, readCases } from './cases.mjs';
import { compare } from './compare.mjs';
import { ScriptedBedrock } from './server.mjs';

const CREDENTIALS = { region: 'us-west-2', accessKeyId: 'AKIAGOLDENEXAMPLE001', secretAccessKey: 'goldenSecretKeyExampleDoNotUse0000000001' };
const PATIENCE = 60_000;

const [{ folder, only, part, parts }] = await new Promise((resolve) => { process.once('message', (...given) => resolve(given)); });
const bedrock = await new ScriptedBedrock(imagesOf(folder)).start();
isolate(bedrock.url);
const { bedrockWrapper } = await import('../../index.mjs');
const fill = filler(imagesOf(folder), bedrock.url);

const cases = readCases(folder).filter(({ id }) => new RegExp(only).test(id));
for (const [index, expected] of cases.entries()) {
  if (index % parts !== part) continue;
  const faults = compare(expected, await play(expected));
  process.send({ id: expected.id, verdict: expected.verdict, faults });
}
bedrock.close();
process.disconnect();

/** No credentials, region or settings but those of the case; nothing printed that a case asks for. */
function isolate(endpoint) {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  const nowhere = { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  Object.assign(process.env, nowhere, { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: endpoint });
  console.log = () => {};
}

async function play(expected) {
  for (const { input, options, response } of expected.preceding_calls ?? []) {
    bedrock.script = () => response;
    await call([CREDENTIALS, fill(input), options]);
  }
  const answers = expected.response?.sequence ?? [expected.response];
  let asked = 0;
  bedrock.script = ({ path }) => {
    const isCorrected = expected.correct_response && path === expected.correct_request?.path;
    return isCorrected ? expected.correct_response : answers[Math.min(asked++, answers.length - 1)];
  };
  bedrock.requests.length = 0;
  const outcome = await call(argumentsOf(expected));
  return { ...outcome, requests: [...bedrock.requests] };
}

/** `__undefined__` stands for an argument that is undefined; options that are it are left out. */
function argumentsOf({ creds = CREDENTIALS, input, options }) {
  const given = [creds, input].map((argument) => (argument === '__undefined__' ? undefined : argument));
  const [credentials, request] = [given[0], fill(given[1])];
  return options === '__undefined__' ? [credentials, request] : [credentials, request, options];
}

async function call(args) {
  const chunks = [];
  const read = async () => {
    for await (const chunk of bedrockWrapper(...args)) chunks.push(chunk);
  };
  let timer;
  const overdue = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`no end after ${PATIENCE} ms`)), PATIENCE); });
  try {
    await Promise.race([read(), overdue]);
    return { chunks, error: null };
  } catch (error) {
    return { chunks, error };
  } finally {
    clearTimeout(timer);
  }
}
