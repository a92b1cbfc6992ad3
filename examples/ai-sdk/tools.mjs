// A model that calls functions, several at once, until it can answer.
import { generateText, isStepCount, tool } from 'ai';
import { bedrock } from 'bedrock-wrapper/ai-sdk';
import { z } from 'zod';

const { text, steps } = await generateText({
  model: bedrock('us.anthropic.claude-sonnet-4-5-20250929-v1:0'),
  prompt: 'What is the weather in Paris and Oslo?',
  tools: {
    get_weather: tool({
      description: 'Get the current weather in a city',
      inputSchema: z.object({ city: z.string() }),
      execute: ({ city }) => ({ city, temperature: city === 'Oslo' ? -5 : 18, unit: '°C' }),
    }),
  },
  stopWhen: isStepCount(5),
});
for (const { toolName, input } of steps.flatMap(({ toolCalls }) => toolCalls)) console.log(`${toolName}(${JSON.stringify(input)})`);
console.log(text);
