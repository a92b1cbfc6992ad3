// One answer, what it cost, and what could not be carried out as asked.
import { generateText } from 'ai';
import { bedrock } from 'bedrock-wrapper/ai-sdk';

globalThis.AI_SDK_LOG_WARNINGS = false; // `ai` prints them, too

const { text, finishReason, usage, warnings } = await generateText({
  model: bedrock('us.anthropic.claude-sonnet-4-5-20250929-v1:0'),
  system: 'You are brief.',
  prompt: 'Count from 1 to 5.',
  seed: 7, // Bedrock has no such thing
});
console.log(text);
console.log(`${finishReason}: ${usage.inputTokens} tokens asked, ${usage.outputTokens} answered`);
for (const { feature, details } of warnings) console.log(`${feature}: ${details}`);
