// Three ways to end an answer early. Each cancels the HTTP request at once, so no further tokens are made.
import { bedrockWrapper } from 'bedrock-wrapper';

const request = {
  model: 'Nova-Micro',
  messages: [{ role: 'user', content: 'Count from 1 to 1000.' }],
  stream: true,
};

// 1. Leave the loop.
let chunks = 0;
for await (const text of bedrockWrapper(null, request)) {
  if (++chunks === 3) break;
}
console.log(`left the loop after ${chunks} chunks`);

// 2. An AbortSignal: the loop throws its reason.
const controller = new AbortController();
chunks = 0;
try {
  for await (const text of bedrockWrapper(null, request, { signal: controller.signal })) {
    if (++chunks === 3) controller.abort();
  }
} catch (error) {
  console.log(`aborted after ${chunks} chunks: ${error.name}`);
}

// 3. From outside the loop.
const answer = bedrockWrapper(null, request);
await answer.next();
await answer.return();
console.log(`returned; the stop reason is ${await answer.stopReason}`);
