// What ES modules get: the same objects as CommonJS programs.
import mantle from './mantle.js';

export const { bedrockMantle, createBedrockMantle } = mantle;
