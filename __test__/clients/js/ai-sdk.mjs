// Vercel's AI SDK with @ai-sdk/amazon-bedrock, over Converse.

import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { embed, generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { serve, tokens } from './driver.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;

await serve({
  async *text(job) {
    yield* told(await generateText(request(job, { type: 'text', text: job.text })));
  },
  async *image(job) {
    const image = { type: 'image', image: Buffer.from(job.image, 'base64'), mediaType: 'image/png' };
    yield* told(await generateText(request(job, image, { type: 'text', text: job.text })));
  },
  async *stream(job) {
    const { fullStream } = streamText({ ...request(job, { type: 'text', text: job.text }), onError: () => {} });
    yield* pieces(fullStream);
  },
  async *tools(job) {
    const { tools, calls } = withTool(job);
    const asked = { ...request(job, { type: 'text', text: job.text }), tools };
    const { response } = await generateText({ ...asked, toolChoice: { type: 'tool', toolName: job.tool.name } });
    yield { call: calls[0] };
    yield* told(await generateText({ ...asked, messages: [...asked.messages, ...response.messages] }));
  },
  async *toolsStream(job) {
    const { tools, calls } = withTool(job);
    const asked = request(job, { type: 'text', text: job.text });
    yield* pieces(streamText({ ...asked, tools, stopWhen: stepCountIs(2), onError: () => {} }).fullStream);
    yield { call: calls[0] };
  },
  async *embed(job) {
    const { embedding } = await embed({ model: provider(job).embedding(job.model), value: job.text });
    yield { vector: embedding };
  },
});

function withTool({ tool: { name, description, schema } }) {
  const calls = [];
  const execute = (input) => {
    calls.push(input);
    return '21 degrees';
  };
  return { calls, tools: { [name]: tool({ description, inputSchema: jsonSchema(schema), execute }) } };
}

async function* pieces(parts) {
  for await (const part of parts) {
    if (part.type === 'text-delta') yield part.text;
    if (part.type === 'finish') yield tokens(part.totalUsage.inputTokens, part.totalUsage.outputTokens);
    if (part.type === 'error') throw part.error;
    if (part.type === 'abort') throw new DOMException('The stream was aborted.', 'AbortError');
  }
}

function provider({ endpoint, region, accessKeyId, secretAccessKey, sessionToken, apiKey }) {
  const keys = apiKey ? { apiKey } : { accessKeyId, secretAccessKey, sessionToken };
  return createAmazonBedrock({ baseURL: endpoint, region, ...keys });
}

function request(job, ...content) {
  return {
    model: provider(job)(job.model),
    messages: [{ role: 'user', content }],
    maxOutputTokens: job.maxTokens,
    maxRetries: job.attempts - 1,
    abortSignal: AbortSignal.timeout(job.timeout * 1000),
  };
}

function* told({ text, usage }) {
  yield text;
  yield tokens(usage.inputTokens, usage.outputTokens);
}
