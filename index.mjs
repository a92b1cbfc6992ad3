// What ES modules get: the same objects as CommonJS programs.
import core from './index.js';

export const { bedrockWrapper, listBedrockWrapperSupportedModels, BedrockWrapperError, simulate } = core;
export default bedrockWrapper;
