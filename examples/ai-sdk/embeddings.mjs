// Texts as vectors, and which of them are near.
import { cosineSimilarity, embedMany } from 'ai';
import { bedrock } from 'bedrock-wrapper/ai-sdk';

const { embeddings, usage } = await embedMany({
  model: bedrock.embedding('amazon.titan-embed-text-v2:0'),
  values: ['How do I reset my password?', 'Reset a forgotten password', 'Shipping takes three days'],
  providerOptions: { amazonBedrock: { dimensions: 256 } },
});
const [question, ...others] = embeddings;
const scores = others.map((vector) => cosineSimilarity(question, vector));
const best = scores.indexOf(Math.max(...scores)) + 1;
console.log(`${embeddings.length} vectors of ${question.length} numbers, ${usage.tokens} tokens; the nearest is number ${best}`);
