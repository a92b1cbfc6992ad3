// A picture that is drawn.
import { generateImage } from 'ai';
import { bedrock } from 'bedrock-wrapper/ai-sdk';

const { image } = await generateImage({
  model: bedrock.image('amazon.nova-canvas-v1:0'),
  prompt: 'A red boat at sea',
  size: '512x512',
  providerOptions: { amazonBedrock: { quality: 'standard', negativeText: 'people' } },
});
console.log(`drawn: ${image.mediaType}, ${image.uint8Array.length > 1000 ? 'some kilobytes' : 'nothing'}`);
