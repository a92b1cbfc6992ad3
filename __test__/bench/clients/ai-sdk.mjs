// The package's provider for the AI SDK, imported as its users import it.

import { createAmazonBedrock } from '../../../js/ai-sdk/index.mjs';
import { modelOf } from './ai-sdk-model.mjs';

export const open = modelOf(createAmazonBedrock);
