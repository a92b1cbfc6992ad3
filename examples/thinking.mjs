// The model's thinking, told apart from its answer.
import { bedrockWrapper } from 'bedrock-wrapper';

const answer = bedrockWrapper(null, {
  model: 'Claude-4-5-Sonnet-Thinking',
  messages: [{ role: 'user', content: 'What is 12 * 12?' }],
  max_tokens: 4000,
  include_thinking_data: true,
  stream: true,
});

let text = '';
for await (const piece of answer) text += piece;

const [, thinking, said] = /^<think>(.*?)<\/think>\s*(.*)$/s.exec(text) ?? [null, '', text];
console.log(`thinking: ${thinking}`);
console.log(`answer: ${said}`);
