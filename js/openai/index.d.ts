// OpenAI's API on Amazon Bedrock: the types of `Bedrock` and `createFetch`.

export * from './client.js';
export * from './errors.js';
export type * from './options.js';
export type * from './chat.js';
export type * from './completion.js';
export type * from './embeddings.js';
export type * from './images.js';
export type * from './messages.js';
export type * from './models.js';
export type * from './moderations.js';
export type * from './rerank.js';
export type * from './tools.js';
