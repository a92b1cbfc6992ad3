// A streamed answer.
import { streamText } from 'ai';
import { bedrock } from 'bedrock-wrapper/ai-sdk';

const { textStream, finishReason } = streamText({ model: bedrock('amazon.nova-lite-v1:0'), prompt: 'Count from 1 to 20.' });
for await (const text of textStream) process.stdout.write(text);
console.log(`\nended by ${await finishReason}`);
