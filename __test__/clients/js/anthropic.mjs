// @anthropic-ai/bedrock-sdk: Anthropic's own client, over InvokeModel.

import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk';
import { serve, tokens } from './driver.mjs';

await serve({
  async *text(job) {
    yield* told(await client(job).messages.create(request(job, { type: 'text', text: job.text })));
  },
  async *image(job) {
    const source = { type: 'base64', media_type: 'image/png', data: job.image };
    yield* told(await client(job).messages.create(request(job, { type: 'image', source }, { type: 'text', text: job.text })));
  },
  async *stream(job) {
    // Its own timeout ends with the headers of the answer.
    const signal = AbortSignal.timeout(job.timeout * 1000);
    const answer = await client(job).messages.create({ ...request(job, { type: 'text', text: job.text }), stream: true }, { signal });
    let given = 0;
    for await (const event of answer) {
      if (event.type === 'message_start') given = event.message.usage.input_tokens;
      if (event.type === 'content_block_delta') yield event.delta.text;
      if (event.type === 'message_delta') yield tokens(given, event.usage.output_tokens);
    }
  },
  tools: (job) => withTool(job, (request) => client(job).messages.create(request)),
  toolsStream: (job) => withTool(job, (request) => client(job).messages.stream(request).finalMessage()),
});

async function* withTool(job, ask) {
  const { name, description, schema } = job.tool;
  const tools = [{ name, description, input_schema: schema }];
  const asked = request(job, { type: 'text', text: job.text });
  const { content } = await ask({ ...asked, tools, tool_choice: { type: 'tool', name } });
  const { id, input } = content.find(({ type }) => type === 'tool_use');
  yield { call: input };
  const result = { type: 'tool_result', tool_use_id: id, content: '21 degrees' };
  const messages = [...asked.messages, { role: 'assistant', content }, { role: 'user', content: [result] }];
  yield* told(await ask({ ...asked, messages, tools }));
}

function client({ endpoint, region, attempts, timeout, accessKeyId, secretAccessKey, sessionToken, apiKey }) {
  const keys = { awsAccessKey: accessKeyId, awsSecretKey: secretAccessKey, awsSessionToken: sessionToken };
  return new AnthropicBedrock({
    baseURL: endpoint,
    awsRegion: region,
    ...(apiKey ? { apiKey } : keys),
    maxRetries: attempts - 1,
    timeout: timeout * 1000,
  });
}

function request({ model, maxTokens }, ...content) {
  return { model, max_tokens: maxTokens, messages: [{ role: 'user', content }] };
}

function* told({ content, usage }) {
  for (const { text } of content) yield text;
  yield tokens(usage.input_tokens, usage.output_tokens);
}
