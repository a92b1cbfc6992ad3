// The AWS SDK for JavaScript, client-bedrock-runtime and client-bedrock: over HTTP/2, its default, or over HTTP/1.1 (first argument `h1`).

import { BedrockClient, CreateGuardrailCommand, DeleteGuardrailCommand, ListFoundationModelsCommand } from '@aws-sdk/client-bedrock';
import {
  BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, CountTokensCommand, InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { serve, tokens } from './driver.mjs';

const isHttp1 = process.argv[2] === 'h1';

await serve({
  async *text(job) {
    yield* told(await client(job).send(new ConverseCommand(request(job, { text: job.text }))));
  },
  async *image(job) {
    const image = { format: 'png', source: { bytes: Buffer.from(job.image, 'base64') } };
    yield* told(await client(job).send(new ConverseCommand(request(job, { image }, { text: job.text }))));
  },
  async *stream(job) {
    yield* pieces(await client(job).send(new ConverseStreamCommand(request(job, { text: job.text }))));
  },
  async *tools(job) {
    const sdk = client(job);
    const { messages, toolConfig, forced } = withTool(job);
    const { output } = await sdk.send(new ConverseCommand(conversation(job, messages, forced)));
    const { toolUse } = output.message.content.find((block) => block.toolUse);
    yield { call: toolUse.input };
    messages.push(output.message, resultOf(toolUse));
    yield* told(await sdk.send(new ConverseCommand(conversation(job, messages, toolConfig))));
  },
  async *toolsStream(job) {
    const sdk = client(job);
    const { messages, toolConfig, forced } = withTool(job);
    let toolUse;
    let input = '';
    const { stream } = await sdk.send(new ConverseStreamCommand(conversation(job, messages, forced)));
    for await (const { contentBlockStart, contentBlockDelta } of stream) {
      if (contentBlockStart) toolUse = contentBlockStart.start.toolUse;
      input += contentBlockDelta?.delta.toolUse?.input ?? '';
    }
    toolUse.input = JSON.parse(input);
    yield { call: toolUse.input };
    messages.push({ role: 'assistant', content: [{ toolUse }] }, resultOf(toolUse));
    yield* pieces(await sdk.send(new ConverseStreamCommand(conversation(job, messages, toolConfig))));
  },
  async *invoke(job) {
    const answer = await client(job).send(new InvokeModelCommand(claude(job)));
    const { content, usage } = JSON.parse(new TextDecoder().decode(answer.body));
    for (const { text } of content) yield text;
    yield tokens(usage.input_tokens, usage.output_tokens);
  },
  async *invokeStream(job) {
    const answer = await client(job).send(new InvokeModelWithResponseStreamCommand(claude(job)));
    for await (const { chunk } of answer.body) {
      const event = JSON.parse(new TextDecoder().decode(chunk.bytes));
      if (event.type === 'content_block_delta') yield event.delta.text;
      const metrics = event['amazon-bedrock-invocationMetrics'];
      if (metrics) yield tokens(metrics.inputTokenCount, metrics.outputTokenCount);
    }
  },
  async *embed(job) {
    const { body } = await client(job).send(new InvokeModelCommand({ modelId: job.model, body: JSON.stringify({ inputText: job.text }) }));
    yield { vector: JSON.parse(new TextDecoder().decode(body)).embedding };
  },
  async *count(job) {
    const messages = [{ role: 'user', content: [{ text: job.text }] }];
    const { inputTokens } = await client(job).send(new CountTokensCommand({ modelId: job.model, input: { converse: { messages } } }));
    yield `${inputTokens} tokens`;
  },
  async *models(job) {
    const { modelSummaries } = await new BedrockClient(settings(job)).send(new ListFoundationModelsCommand({ byProvider: 'anthropic' }));
    yield modelSummaries.find(({ modelId }) => modelId === job.model).modelArn;
  },
  async *guardrail(job) {
    const bedrock = new BedrockClient(settings(job));
    const { guardrailId: guardrailIdentifier } = await bedrock.send(new CreateGuardrailCommand(job.guardrail));
    const guardrailConfig = { guardrailIdentifier, guardrailVersion: 'DRAFT' };
    yield* told(await client(job).send(new ConverseCommand({ ...request(job, { text: job.text }), guardrailConfig })));
    await bedrock.send(new DeleteGuardrailCommand({ guardrailIdentifier }));
  },
});

function client(job) {
  const limits = { requestTimeout: job.timeout * 1000, socketTimeout: job.timeout * 1000, throwOnRequestTimeout: true };
  return new BedrockRuntimeClient({ ...settings(job), requestHandler: isHttp1 ? new NodeHttpHandler(limits) : limits });
}

function settings(job) {
  return { endpoint: job.endpoint, region: job.region, maxAttempts: job.attempts, ...keys(job) };
}

function keys({ accessKeyId, secretAccessKey, sessionToken, apiKey }) {
  if (apiKey) return { token: { token: apiKey }, authSchemePreference: ['httpBearerAuth'] };
  return { credentials: { accessKeyId, secretAccessKey, sessionToken } };
}

function request(job, ...content) {
  return conversation(job, [{ role: 'user', content }]);
}

function conversation({ model, maxTokens }, messages, toolConfig) {
  return { modelId: model, messages, inferenceConfig: { maxTokens }, toolConfig };
}

function withTool({ text, tool: { name, description, schema } }) {
  const toolConfig = { tools: [{ toolSpec: { name, description, inputSchema: { json: schema } } }] };
  return { messages: [{ role: 'user', content: [{ text }] }], toolConfig, forced: { ...toolConfig, toolChoice: { tool: { name } } } };
}

function resultOf({ toolUseId }) {
  return { role: 'user', content: [{ toolResult: { toolUseId, content: [{ text: '21 degrees' }] } }] };
}

async function* pieces({ stream }) {
  for await (const { contentBlockDelta, metadata } of stream) {
    if (contentBlockDelta) yield contentBlockDelta.delta.text ?? '';
    if (metadata) yield tokens(metadata.usage.inputTokens, metadata.usage.outputTokens);
  }
}

function claude({ model, maxTokens, text }) {
  const body = { anthropic_version: 'bedrock-2023-05-31', max_tokens: maxTokens, messages: [{ role: 'user', content: text }] };
  return { modelId: model, contentType: 'application/json', body: JSON.stringify(body) };
}

function* told({ output, usage }) {
  for (const { text } of output.message.content) yield text ?? '';
  yield tokens(usage.inputTokens, usage.outputTokens);
}
