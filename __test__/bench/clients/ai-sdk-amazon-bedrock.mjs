// The yardstick: the AI SDK's own provider for Bedrock.

import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { modelOf } from './ai-sdk-model.mjs';

export const open = modelOf(createAmazonBedrock);
