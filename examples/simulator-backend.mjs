// Bedrock's API in front of a model that runs elsewhere: node examples/simulator-backend.mjs [http://localhost:11434/v1]
//
// The argument is the base URL of Ollama, LM Studio, llama.cpp, vLLM …; without it, a few lines stand for one.
import { createServer } from 'node:http';
import { bedrockWrapper } from 'bedrock-wrapper';
import { simulate } from 'bedrock-wrapper/simulator';

/** Answers as a service does that speaks OpenAI's API. */
const standIn = createServer((request, response) => {
  if (request.url === '/v1/models') return response.end('{"data":[{"id":"llama3.1:8b"}]}');
  for (const delta of [{ content: 'I am a ' }, { content: 'llama.' }]) {
    response.write(`data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`);
  }
  response.end('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
}).listen(0);

const backend = process.argv[2] ?? `http://localhost:${standIn.address().port}/v1`;
const bedrock = await simulate({ backend });
Object.assign(process.env, bedrock.env);

const request = { model: 'Claude-4-5-Sonnet', messages: [{ role: 'user', content: 'Who are you?' }], stream: true };
for await (const text of bedrockWrapper(null, request)) process.stdout.write(text);
process.stdout.write('\n');

await bedrock.close();
standIn.close();
