// LangChain on Amazon Bedrock, through its classes for OpenAI. Needs `npm install @langchain/openai`.
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { createFetch } from 'bedrock-wrapper';

const configuration = { fetch: createFetch() };

const model = new ChatOpenAI({ model: 'Claude-4-5-Sonnet', apiKey: 'unused', configuration });
for await (const { content } of await model.stream('Count from 1 to 5.')) process.stdout.write(content);
console.log();

const embeddings = new OpenAIEmbeddings({ model: 'amazon.titan-embed-text-v2:0', apiKey: 'unused', configuration });
console.log((await embeddings.embedQuery('Hello')).length);
