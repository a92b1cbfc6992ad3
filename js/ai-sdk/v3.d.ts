// `bedrock-wrapper/ai-sdk/v3`: the same as `bedrock-wrapper/ai-sdk`, for `ai` 6.

import type { AmazonBedrockProviderV3 } from './index.js';
import type { AmazonBedrockProviderSettings } from './settings.js';

export type * from './index.js';
export type { AmazonBedrockProviderV3 as AmazonBedrockProvider } from './index.js';
export { VERSION } from './index.js';

/** A provider with the settings of the environment. */
export declare const amazonBedrock: AmazonBedrockProviderV3;
/** The same as `amazonBedrock`. */
export declare const bedrock: AmazonBedrockProviderV3;

/** A provider of models for `ai` 6. */
export declare function createAmazonBedrock(settings?: AmazonBedrockProviderSettings & { specificationVersion?: 'v3' | null | undefined }): AmazonBedrockProviderV3;
/** The same as `createAmazonBedrock`. */
export declare const createBedrock: typeof createAmazonBedrock;
