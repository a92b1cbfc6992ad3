// How hard a model thinks, and what it thought.
import { Bedrock } from 'bedrock-wrapper';

const bedrock = new Bedrock();

const stream = await bedrock.chat.completions.create({
  model: 'Claude-4-5-Sonnet',
  messages: [{ role: 'user', content: 'What is 12 * 12?' }],
  reasoning_effort: 'low',
  stream: true,
});

let thought = '';
let text = '';
for await (const { choices: [choice] } of stream) {
  thought += choice?.delta.reasoning_content ?? '';
  text += choice?.delta.content ?? '';
}
console.log(`thought: ${thought}\nanswer: ${text}`);
