// Texts as vectors, and which of them are near.
import { Bedrock } from 'bedrock-wrapper';

const bedrock = new Bedrock();

const { data, usage } = await bedrock.embeddings.create({
  model: 'amazon.titan-embed-text-v2:0',
  input: ['How do I reset my password?', 'Reset a forgotten password', 'Shipping takes three days'],
  dimensions: 256,
});

const cosine = (a, b) => a.reduce((sum, value, at) => sum + value * b[at], 0);
const [question, ...others] = data.map(({ embedding }) => embedding);
const best = others.map((vector) => cosine(question, vector)).reduce((best, score, at, all) => (score > all[best] ? at : best), 0);
console.log(`${data.length} vectors of ${question.length} numbers, ${usage.prompt_tokens} tokens; the nearest is number ${best + 1}`);
