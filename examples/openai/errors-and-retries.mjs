// What goes wrong, and what is tried again: node examples/openai/errors-and-retries.mjs
import { APIError, Bedrock, RateLimitError, simulate } from 'bedrock-wrapper';

const simulated = await simulate();
Object.assign(process.env, simulated.env);

const bedrock = new Bedrock({ maxRetries: 1, timeout: 60_000 });
const request = { model: 'Nova-Micro', messages: [{ role: 'user', content: 'Say exactly: well' }] };

// One failure is retried, two are not.
simulated.addFaults({ fault: 'error', code: 'ThrottlingException', times: 1 });
console.log((await bedrock.chat.completions.create(request)).choices[0].message.content);
simulated.addFaults({ fault: 'error', code: 'ThrottlingException', times: 2 });
try {
  await bedrock.chat.completions.create(request);
} catch (error) {
  if (!(error instanceof RateLimitError)) throw error;
  console.log(error.status, error.code, error.exception, error.retryable);
}

// What is wrong with a request is told with its path, before anything is sent.
try {
  await bedrock.chat.completions.create({ ...request, messages: [{ role: 'user', content: 5 }] });
} catch (error) {
  if (!APIError.isInstance(error)) throw error;
  console.log(error.status, error.param);
}

// One call can have limits of its own.
simulated.addFaults({ fault: 'slowHeaders', for: 5000 });
await bedrock.chat.completions.create(request, { timeout: 200, maxRetries: 0 }).catch(({ name }) => console.log(name));

await simulated.close();
