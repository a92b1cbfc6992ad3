// Requests as bytes, as the AWS SDK for JavaScript sends them over HTTP/1.1: signed with real keys, valid for five minutes.

import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';

const MODEL = 'us.amazon.nova-micro-v1:0';

/** The bytes of a Converse request, streamed or not, to a simulator that `simulate --json` described. */
export async function requestBytes({ url, env }, text, streamed = false) {
  let bytes = null;
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async ({ method, path, headers, body }) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const payload = Buffer.from(body);
      bytes = Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), payload]);
      throw new Error('captured');
    },
  };
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY };
  const client = new BedrockRuntimeClient({ region: env.AWS_REGION, endpoint: url, credentials, requestHandler, maxAttempts: 1 });
  const input = { modelId: MODEL, messages: [{ role: 'user', content: [{ text }] }], inferenceConfig: { maxTokens: 4096 } };
  await client.send(streamed ? new ConverseStreamCommand(input) : new ConverseCommand(input)).catch(() => {});
  return bytes;
}
