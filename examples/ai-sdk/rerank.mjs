// Documents in the order in which they answer a question.
import { rerank } from 'ai';
import { bedrock } from 'bedrock-wrapper/ai-sdk';

const { ranking } = await rerank({
  model: bedrock.reranking('cohere.rerank-v3-5:0'),
  query: 'What is the capital of France?',
  documents: ['Trees are green.', 'Paris is the capital of France.', 'Lyon is a city in France.'],
  topN: 2,
});
for (const { document } of ranking) console.log(document);
