// What goes wrong, before an answer and in the middle of one, on a local Bedrock with faults.
import { APICallError, generateText, streamText } from 'ai';
import { createBedrock } from 'bedrock-wrapper/ai-sdk';
import { simulate } from 'bedrock-wrapper/simulator';

const simulator = await simulate();
const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = simulator.env;
const bedrock = createBedrock({ baseURL: simulator.url, region, accessKeyId, secretAccessKey });
const model = bedrock('us.anthropic.claude-sonnet-4-5-20250929-v1:0');

simulator.addFaults({ fault: 'error', code: 'ThrottlingException', times: 1 });
try {
  await generateText({ model, prompt: 'Hi', maxRetries: 0 });
} catch (error) {
  if (!APICallError.isInstance(error)) throw error;
  console.log(error.statusCode, error.data.type, error.isRetryable);
}

simulator.addFaults({ fault: 'truncate', frame: 5, times: 1 });
const { fullStream } = streamText({ model, prompt: 'Count from 1 to 50.', onError: () => {} });
for await (const part of fullStream) {
  if (part.type === 'error') console.log(part.error.name, part.error.code, part.error.isRetryable);
  if (part.type === 'finish') console.log(part.finishReason);
}
await simulator.close();
