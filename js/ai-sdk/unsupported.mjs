// What ES modules get: the same as CommonJS programs.
import unsupported from './unsupported.js';

export const {
  VERSION,
  amazonBedrock,
  amazonBedrockAnthropic,
  bedrock,
  bedrockAnthropic,
  bedrockMantle,
  createAmazonBedrock,
  createAmazonBedrockAnthropic,
  createBedrock,
  createBedrockAnthropic,
  createBedrockMantle,
} = unsupported;
