// Records answers once and plays them back for ever: node examples/simulator-cassette.mjs
//
// Here a second simulator stands for AWS. Without `upstream` it is Bedrock itself, asked with your AWS credentials.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bedrockWrapper } from 'bedrock-wrapper';
import { simulate } from 'bedrock-wrapper/simulator';

const folder = mkdtempSync(join(tmpdir(), 'cassette-'));
const path = join(folder, 'capitals.jsonl');

async function ask(bedrock, content) {
  Object.assign(process.env, bedrock.env);
  let answer = '';
  const request = { model: 'Claude-4-5-Haiku', messages: [{ role: 'user', content }], stream: true };
  for await (const text of bedrockWrapper(null, request)) answer += text;
  return answer;
}

const aws = await simulate({ auth: 'off', rules: [{ match: 'Norway', answer: { text: ['Os', 'lo.'] } }] });
const recording = await simulate({ record: { path, upstream: aws.url } });
console.log('recorded:', await ask(recording, 'What is the capital of Norway?'));
await recording.close();
await aws.close();

const replaying = await simulate({ replay: { path, strict: true } });
console.log('replayed:', await ask(replaying, 'What is the capital of Norway?'));
try {
  await ask(replaying, 'What is the capital of Sweden?');
} catch ({ status, message }) {
  console.log('not recorded:', status, message.split('. ')[0]);
}
await replaying.close();
rmSync(folder, { recursive: true });
