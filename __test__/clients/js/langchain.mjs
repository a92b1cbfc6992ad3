// @langchain/aws: ChatBedrockConverse over Converse.

import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { ChatBedrockConverse } from '@langchain/aws';
import { serve, tokens } from './driver.mjs';

await serve({
  async *text(job) {
    yield* told(await chat(job).invoke(job.text));
  },
  async *image(job) {
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${job.image}` } };
    yield* told(await chat(job).invoke([{ role: 'user', content: [image, { type: 'text', text: job.text }] }]));
  },
  async *stream(job) {
    for await (const chunk of await chat(job).stream(job.text)) {
      yield chunk.text;
      if (chunk.usage_metadata?.output_tokens) yield usage(chunk);
    }
  },
});

function chat({ endpoint, region, model, maxTokens, attempts, timeout, accessKeyId, secretAccessKey, sessionToken, apiKey }) {
  const keys = apiKey ? { token: { token: apiKey }, authSchemePreference: ['httpBearerAuth'] } : { credentials: { accessKeyId, secretAccessKey, sessionToken } };
  // Its own option for the endpoint takes a host name only and speaks https.
  const client = new BedrockRuntimeClient({
    endpoint,
    region,
    maxAttempts: attempts,
    ...keys,
    requestHandler: { requestTimeout: timeout * 1000 },
  });
  return new ChatBedrockConverse({ model, client, region, maxRetries: 0, maxTokens });
}

function* told(message) {
  yield message.text;
  yield usage(message);
}

function usage({ usage_metadata }) {
  return tokens(usage_metadata.input_tokens, usage_metadata.output_tokens);
}
