// A question about an image: node examples/images.mjs [file or URL]
import { readFileSync } from 'node:fs';
import { bedrockWrapper } from 'bedrock-wrapper';

const given = process.argv[2] ?? new URL('picture.png', import.meta.url);
// An http(s) URL is fetched; bytes are taken as they are, and what they are they say themselves.
const url = String(given).startsWith('http') ? given : readFileSync(given);

const answer = bedrockWrapper(null, {
  model: 'Claude-4-5-Haiku',
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is in this image?' },
        { type: 'image_url', image_url: { url } },
      ],
    },
  ],
  max_tokens: 300,
});

for await (const text of answer) console.log(text);
for (const { param, message } of await answer.warnings) console.log(`${param}: ${message}`);
