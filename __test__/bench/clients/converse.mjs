// The yardstick for requests of OpenAI's API: the same questions in the shapes of `@aws-sdk/client-bedrock-runtime`.

import { ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { runtimeClient } from './sdk.mjs';

/** The client for one process. `request` turns a request of OpenAI's into Converse's; nothing of that is measured. */
export function open({ endpoint, credentials }) {
  const client = runtimeClient({ endpoint, credentials });
  return {
    request: converseRequest,
    objects: async (request) => (await client.send(new ConverseStreamCommand(request))).stream,
    textOf: (event) => event.contentBlockDelta?.delta?.text ?? '',
    call: async (request) => (await client.send(new ConverseCommand(request))).output.message.content[0].text,
    close: () => client.destroy(),
  };
}

function converseRequest({ model, max_tokens: maxTokens, messages, tools = [] }) {
  const toolConfig = { tools: tools.map(({ function: { name, description, parameters } }) => (
    { toolSpec: { name, description, inputSchema: { json: parameters } } })) };
  return {
    modelId: model,
    messages: messages.map(converseMessage),
    inferenceConfig: { maxTokens },
    ...(tools.length > 0 && { toolConfig }),
  };
}

function converseMessage({ role, content, tool_calls: calls = [], tool_call_id: toolUseId }) {
  if (role === 'tool') return { role: 'user', content: [{ toolResult: { toolUseId, content: [{ text: content }] } }] };
  const uses = calls.map(({ id, function: { name, arguments: input } }) => (
    { toolUse: { toolUseId: id, name, input: JSON.parse(input) } }));
  const parts = typeof content === 'string' ? [{ text: content }] : (content ?? []).map(conversePart);
  return { role, content: [...parts, ...uses] };
}

function conversePart({ text, image_url: image }) {
  if (image === undefined) return { text };
  const [, format, base64] = /^data:image\/(\w+);base64,(.*)$/.exec(image.url);
  return { image: { format, source: { bytes: new Uint8Array(Buffer.from(base64, 'base64')) } } };
}
