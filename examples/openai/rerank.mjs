// Documents in the order in which they answer a question.
import { Bedrock } from 'bedrock-wrapper';

const bedrock = new Bedrock();
const documents = ['Trees are green.', 'Paris is the capital of France.', 'Lyon is a city in France.'];

const { results } = await bedrock.rerank.create({
  model: 'cohere.rerank-v3-5:0',
  query: 'What is the capital of France?',
  documents,
  top_n: 2,
});
for (const { index, relevance_score } of results) console.log(relevance_score > 0 ? documents[index] : '');
