export * from './mantle.js';
