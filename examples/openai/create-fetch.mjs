// OpenAI's own client on Amazon Bedrock: its helpers work as they are. Needs `npm install openai`.
import OpenAI from 'openai';
import { createFetch } from 'bedrock-wrapper';

const openai = new OpenAI({ fetch: createFetch(), apiKey: 'unused' });

const runner = openai.chat.completions.runTools({
  model: 'Claude-4-5-Sonnet',
  messages: [{ role: 'user', content: 'What is the weather in Oslo?' }],
  tools: [{
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'Get the current weather in a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      parse: JSON.parse,
      function: ({ city }) => `It rains in ${city}.`,
    },
  }],
});
console.log(await runner.finalContent());

const stream = openai.chat.completions.stream({ model: 'Nova-Lite', messages: [{ role: 'user', content: 'Count from 1 to 5.' }] });
stream.on('content', (text) => process.stdout.write(text));
await stream.done();
console.log();
