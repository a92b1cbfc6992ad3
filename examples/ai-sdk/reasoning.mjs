// How hard a model thinks, and what it thought. `reasoning` is the AI SDK's own setting for every provider.
import { generateText } from 'ai';
import { bedrock } from 'bedrock-wrapper/ai-sdk';

const { reasoningText, text } = await generateText({
  model: bedrock('us.anthropic.claude-sonnet-4-5-20250929-v1:0'),
  prompt: 'What is 12 * 12?',
  reasoning: 'low',
});
console.log(`thought: ${reasoningText}\nanswer: ${text}`);
