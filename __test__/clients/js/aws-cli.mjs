// The AWS CLI (version 1, from PyPI): one process a call; it has no streaming operations.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serve, tokens } from './driver.mjs';

const AWS = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'bedrock-clients-aws-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

await serve({
  text: (job) => converse(job, { text: job.text }),
  // Version 1 takes bytes in JSON as text, so that it cannot send an image through Converse.
  image: (job) => invoke(job, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: job.image } }, { type: 'text', text: job.text }),
  tools,
  invoke: (job) => invoke(job, { type: 'text', text: job.text }),
  async *embed(job) {
    yield { vector: (await invoked(job, { inputText: job.text })).embedding };
  },
  async *count(job) {
    const messages = [{ role: 'user', content: [{ text: job.text }] }];
    const { inputTokens } = JSON.parse(await runtime(job, 'count-tokens', '--model-id', job.model, '--input', JSON.stringify({ converse: { messages } })));
    yield `${inputTokens} tokens`;
  },
  async *models(job) {
    const { modelSummaries } = JSON.parse(await aws(job, 'bedrock', 'list-foundation-models', '--by-provider', 'anthropic'));
    yield modelSummaries.find(({ modelId }) => modelId === job.model).modelArn;
  },
  async *guardrail(job) {
    const { guardrailId } = JSON.parse(await aws(job, 'bedrock', 'create-guardrail', '--cli-input-json', JSON.stringify(job.guardrail)));
    const guardrailConfig = { guardrailIdentifier: guardrailId, guardrailVersion: 'DRAFT' };
    yield* told(await answerTo(job, [{ role: 'user', content: [{ text: job.text }] }], { guardrailConfig }));
    await aws(job, 'bedrock', 'delete-guardrail', '--guardrail-identifier', guardrailId);
  },
});

async function* invoke(job, ...content) {
  const messages = [{ role: 'user', content }];
  const answer = await invoked(job, { anthropic_version: 'bedrock-2023-05-31', max_tokens: job.maxTokens, messages });
  for (const { text } of answer.content) yield text;
  yield tokens(answer.usage.input_tokens, answer.usage.output_tokens);
}

async function invoked(job, body) {
  const file = join(folder, 'answer.json');
  await runtime(job, 'invoke-model', '--model-id', job.model, '--body', JSON.stringify(body), file);
  return JSON.parse(readFileSync(file, 'utf8'));
}

async function* converse(job, ...content) {
  yield* told(await answerTo(job, [{ role: 'user', content }]));
}

async function* tools(job) {
  const { name, description, schema } = job.tool;
  const toolConfig = { tools: [{ toolSpec: { name, description, inputSchema: { json: schema } } }] };
  const messages = [{ role: 'user', content: [{ text: job.text }] }];
  const { output } = await answerTo(job, messages, { toolConfig: { ...toolConfig, toolChoice: { tool: { name } } } });
  const { toolUse } = output.message.content.find((block) => block.toolUse);
  yield { call: toolUse.input };
  const toolResult = { toolUseId: toolUse.toolUseId, content: [{ text: '21 degrees' }] };
  yield* told(await answerTo(job, [...messages, output.message, { role: 'user', content: [{ toolResult }] }], { toolConfig }));
}

async function answerTo(job, messages, more) {
  const request = { modelId: job.model, messages, inferenceConfig: { maxTokens: job.maxTokens }, ...more };
  const file = join(folder, 'request.json');
  writeFileSync(file, JSON.stringify(request));
  return JSON.parse(await runtime(job, 'converse', '--cli-input-json', `file://${file}`));
}

function* told({ output, usage }) {
  for (const { text } of output.message.content) yield text;
  yield tokens(usage.inputTokens, usage.outputTokens);
}

function runtime(job, operation, ...args) {
  return aws(job, 'bedrock-runtime', operation, ...args);
}

async function aws(job, service, operation, ...args) {
  const env = {
    ...process.env,
    AWS_REGION: job.region,
    AWS_DEFAULT_REGION: job.region,
    AWS_ACCESS_KEY_ID: job.accessKeyId,
    AWS_SECRET_ACCESS_KEY: job.secretAccessKey,
    ...(job.sessionToken && { AWS_SESSION_TOKEN: job.sessionToken }),
    ...(job.apiKey && { AWS_BEARER_TOKEN_BEDROCK: job.apiKey }),
    AWS_MAX_ATTEMPTS: String(job.attempts),
    AWS_RETRY_MODE: 'standard',
  };
  const timeouts = ['--cli-read-timeout', String(job.timeout), '--cli-connect-timeout', String(job.timeout)];
  const call = [service, operation, '--endpoint-url', job.endpoint, '--output', 'json', ...timeouts, ...args];
  try {
    return (await promisify(execFile)(AWS, call, { env })).stdout;
  } catch (error) {
    throw refusal(error);
  }
}

/** What the CLI prints for an error: `An error occurred (Code) when calling the … operation: message`. */
function refusal({ stderr, message, code }) {
  const [, name, text] = /An error occurred \((\w+)\) when calling .*?: (.*)$/s.exec(stderr?.trim()) ?? [];
  if (name !== undefined) return Object.assign(new Error(text), { name });
  return Object.assign(new Error(stderr?.trim() || message), { name: `exit status ${code}` });
}
