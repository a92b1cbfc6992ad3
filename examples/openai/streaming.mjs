// A streamed completion, and what it cost.
import { Bedrock } from 'bedrock-wrapper';

const bedrock = new Bedrock();

const stream = await bedrock.chat.completions.create({
  model: 'Claude-4-5-Sonnet',
  messages: [{ role: 'user', content: 'Count from 1 to 20.' }],
  stream: true,
  stream_options: { include_usage: true },
});

for await (const { choices: [choice], usage } of stream) {
  process.stdout.write(choice?.delta.content ?? '');
  if (choice?.finish_reason) console.log(`\nended by ${choice.finish_reason}`);
  if (usage) console.log(`${usage.prompt_tokens} tokens asked, ${usage.completion_tokens} answered`);
}
