// A streamed answer, and what it cost.
import { bedrockWrapper } from 'bedrock-wrapper';

const answer = bedrockWrapper(null, {
  model: 'Claude-4-5-Sonnet',
  messages: [{ role: 'user', content: 'Count from 1 to 20.' }],
  max_tokens: 500,
  stream: true,
});

let chunks = 0;
for await (const text of answer) {
  process.stdout.write(text);
  chunks += 1;
}

const usage = await answer.usage;
console.log(`\n${chunks} chunks, ${usage?.inputTokens} tokens asked, ${usage?.outputTokens} answered, ended by ${await answer.stopReason}`);
