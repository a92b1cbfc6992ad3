// The whole answer in one piece, through Converse.
import { bedrockWrapper } from 'bedrock-wrapper';

const request = {
  model: 'Nova-Lite',
  messages: [
    { role: 'system', content: 'You answer briefly.' },
    { role: 'user', content: 'List the days of the week.' },
  ],
  max_tokens: 200,
};

for await (const text of bedrockWrapper(null, request, { useConverseAPI: true })) console.log(text);
