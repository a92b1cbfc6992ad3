// What ES modules get: the same objects as CommonJS programs.
import provider from './v3.js';

export const { VERSION, amazonBedrock, bedrock, createAmazonBedrock, createBedrock } = provider;
