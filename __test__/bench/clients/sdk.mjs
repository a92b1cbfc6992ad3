// The yardstick: `@aws-sdk/client-bedrock-runtime`, one client for the whole process, over HTTP/1.1 as NodeHttpHandler
// speaks it. Its default of 50 sockets is raised, else 100 streams at once would be two times 50.

import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** The client for one process. `request` shapes a question once; `stream` and `call` send it; `embed` makes vectors. */
export function open({ endpoint, api, model, credentials }) {
  const client = runtimeClient({ endpoint, credentials });
  const streams = { converse: converseStream, invoke: invokeStream };
  const shapes = { converse: converseRequest, invoke: invokeRequest };
  return {
    request: (question) => shapes[api](model, question),
    stream: (request) => streams[api](client, request),
    call: async (request) => {
      const answer = await client.send(new ConverseCommand(request));
      return answer.output.message.content[0].text;
    },
    embed: (texts) => vectors(client, texts),
    close: () => client.destroy(),
  };
}

export function runtimeClient({ endpoint, credentials: { region, accessKeyId, secretAccessKey } }) {
  return new BedrockRuntimeClient({
    region,
    endpoint,
    credentials: { accessKeyId, secretAccessKey },
    requestHandler: new NodeHttpHandler({ httpAgent: { keepAlive: true, maxSockets: 256 } }),
  });
}

function converseRequest(modelId, { text, images, maxTokens }) {
  const pictures = images.map((bytes) => ({ image: { format: 'png', source: { bytes } } }));
  return { modelId, messages: [{ role: 'user', content: [{ text }, ...pictures] }], inferenceConfig: { maxTokens } };
}

function invokeRequest(modelId, { text, maxTokens }) {
  const body = {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: maxTokens,
    messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  };
  return { modelId, body: JSON.stringify(body), contentType: 'application/json', accept: 'application/json' };
}

/** One after the other, as in AWS's own examples of Titan. */
async function vectors(client, texts) {
  const made = [];
  for (const inputText of texts) {
    const body = JSON.stringify({ inputText, dimensions: 256 });
    const request = { modelId: 'amazon.titan-embed-text-v2:0', body, contentType: 'application/json', accept: 'application/json' };
    const answer = await client.send(new InvokeModelCommand(request));
    made.push(JSON.parse(answer.body.transformToString()).embedding);
  }
  return made;
}

async function* converseStream(client, request) {
  const { stream } = await client.send(new ConverseStreamCommand(request));
  for await (const event of stream) {
    const text = event.contentBlockDelta?.delta?.text;
    if (text) yield text;
  }
}

async function* invokeStream(client, request) {
  const decoder = new TextDecoder();
  const { body } = await client.send(new InvokeModelWithResponseStreamCommand(request));
  for await (const event of body) {
    const native = JSON.parse(decoder.decode(event.chunk.bytes));
    if (native.type === 'content_block_delta') yield native.delta.text;
  }
}
