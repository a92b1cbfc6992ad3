export * from './index.js';
export { bedrockWrapper as default } from './index.js';
