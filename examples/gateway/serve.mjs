// A gateway inside a program, and the `openai` package as its client. With AWS credentials instead of the simulator:
// leave `simulate` out.
import OpenAI from 'openai';
import { serve } from 'bedrock-wrapper/gateway';

const gateway = await serve({ port: 0, simulate: true, apiKeys: ['sk-example'] });
const openai = new OpenAI({ baseURL: gateway.baseURL, apiKey: 'sk-example' });

const stream = await openai.chat.completions.create({
  model: 'amazon.nova-micro-v1:0',
  messages: [{ role: 'user', content: 'Count from 1 to 5.' }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');
process.stdout.write('\n');

await gateway.close();
