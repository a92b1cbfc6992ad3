// @langchain/aws: ChatBedrockConverse over Converse.

import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { ChatBedrockConverse } from '@langchain/aws';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
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
  tools: (job) => withTool(job, (model, messages) => model.invoke(messages)),
  toolsStream: (job) => withTool(job, async (model, messages) => {
    let whole;
    for await (const chunk of await model.stream(messages)) whole = whole === undefined ? chunk : whole.concat(chunk);
    return whole;
  }),
});

async function* withTool(job, ask) {
  const { name, description, schema } = job.tool;
  const tool = { type: 'function', function: { name, description, parameters: schema } };
  const messages = [new HumanMessage(job.text)];
  const message = await ask(chat(job).bindTools([tool], { tool_choice: name }), messages);
  const [call] = message.tool_calls;
  yield { call: call.args };
  messages.push(message, new ToolMessage({ content: '21 degrees', tool_call_id: call.id }));
  yield* told(await ask(chat(job).bindTools([tool]), messages));
}

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
