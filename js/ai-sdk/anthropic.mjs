// What ES modules get: the same objects as CommonJS programs.
import anthropic from './anthropic.js';

export const { amazonBedrockAnthropic, bedrockAnthropic, createAmazonBedrockAnthropic, createBedrockAnthropic } = anthropic;
