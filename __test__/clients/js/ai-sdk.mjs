// Vercel's AI SDK with @ai-sdk/amazon-bedrock, over Converse.

import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { generateText, streamText } from 'ai';
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
    for await (const part of fullStream) {
      if (part.type === 'text-delta') yield part.text;
      if (part.type === 'finish') yield tokens(part.totalUsage.inputTokens, part.totalUsage.outputTokens);
      if (part.type === 'error') throw part.error;
      if (part.type === 'abort') throw new DOMException('The stream was aborted.', 'AbortError');
    }
  },
});

function request(job, ...content) {
  const { endpoint, region, accessKeyId, secretAccessKey, sessionToken, apiKey } = job;
  const keys = apiKey ? { apiKey } : { accessKeyId, secretAccessKey, sessionToken };
  const bedrock = createAmazonBedrock({ baseURL: endpoint, region, ...keys });
  return {
    model: bedrock(job.model),
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
