// The providers that write a model's own bodies, as the AI SDK and its providers' packages see them.

import type { LanguageModelV4 } from '@ai-sdk/provider';
import { generateText } from 'ai';
import {
  amazonBedrockAnthropic, bedrockAnthropic, createAmazonBedrockAnthropic, createBedrockAnthropic,
  type AmazonBedrockAnthropicProvider, type AmazonBedrockAnthropicProviderSettings, type BedrockAnthropicModelId,
} from 'bedrock-wrapper/ai-sdk/anthropic';
import { bedrockMantle, createBedrockMantle, type BedrockMantleProviderSettings } from 'bedrock-wrapper/ai-sdk/mantle';

const settings: AmazonBedrockAnthropicProviderSettings & BedrockMantleProviderSettings = {
  region: 'us-east-1',
  apiKey: Promise.resolve('key'),
  headers: async () => ({ traceparent: undefined }),
  fetch: globalThis.fetch,
};
const provider: AmazonBedrockAnthropicProvider = createAmazonBedrockAnthropic(settings);
const id: BedrockAnthropicModelId = 'us.anthropic.claude-sonnet-4-6';
const models: LanguageModelV4[] = [provider(id), provider.languageModel(id), amazonBedrockAnthropic(id), bedrockAnthropic(id), createBedrockAnthropic()(id)];
const others: LanguageModelV4[] = [bedrockMantle('openai.gpt-oss-20b'), createBedrockMantle({ ...settings, endpoint: 'runtime' }).responses('x')];
const never = (): never => provider.imageModel('x');
export const answers = [...models, ...others].map((model) => generateText({ model, tools: { bash: provider.tools.bash_20250124({}) }, prompt: 'Hi' }));
export { never };
