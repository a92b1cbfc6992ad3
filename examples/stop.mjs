// Stop sequences: the same for a model that knows them and for one that does not, whose answer is cut on this side.
import { bedrockWrapper } from 'bedrock-wrapper';

for (const model of ['Claude-4-5-Haiku', 'Llama-3-3-70b']) {
  const answer = bedrockWrapper(null, {
    model,
    messages: [{ role: 'user', content: 'Count from 1 to 10, separated by commas.' }],
    max_tokens: 100,
    stop: ['7'],
    stream: true,
  });
  process.stdout.write(`${model}: `);
  for await (const text of answer) process.stdout.write(text);
  console.log(`(${await answer.stopReason})`);
  for (const { code, message } of await answer.warnings) console.log(`  ${code}: ${message}`);
}
