// A picture to look at, and one that is drawn.
import { readFileSync } from 'node:fs';
import { Bedrock } from 'bedrock-wrapper';

const bedrock = new Bedrock();
const picture = readFileSync(new URL('../picture.png', import.meta.url));

const completion = await bedrock.chat.completions.create({
  model: 'Nova-Lite',
  messages: [{
    role: 'user',
    content: [
      { type: 'text', text: 'What do you see?' },
      // A data URL or an http(s) URL as with OpenAI, or simply the bytes.
      { type: 'image_url', image_url: { url: picture } },
    ],
  }],
});
console.log(completion.choices[0].message.content);

const { data: [image] } = await bedrock.images.generate({ model: 'amazon.nova-canvas-v1:0', prompt: 'A red boat at sea', size: '512x512' });
console.log(`drawn: ${Buffer.from(image.b64_json, 'base64').length > 1000 ? 'a PNG' : 'nothing'}`);
