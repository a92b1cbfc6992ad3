// The AI SDK on Amazon Bedrock, through its provider for APIs like OpenAI's. Needs `npm install ai @ai-sdk/openai-compatible`.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText } from 'ai';
import { createFetch } from 'bedrock-wrapper';

const bedrock = createOpenAICompatible({ name: 'bedrock', baseURL: 'http://bedrock/v1', fetch: createFetch() });

const { textStream } = streamText({ model: bedrock('Claude-4-5-Sonnet'), prompt: 'Count from 1 to 5.' });
for await (const text of textStream) process.stdout.write(text);
console.log();
