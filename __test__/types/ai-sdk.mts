// The types of `bedrock-wrapper/ai-sdk` need no package of the AI SDK, and compile under the strictest options. Compiled, never run.

import { VERSION, bedrock, createBedrock, type AmazonBedrockEmbeddingModelOptions, type AmazonBedrockProviderSettings } from 'bedrock-wrapper/ai-sdk';
import * as v3 from 'bedrock-wrapper/ai-sdk/v3';

export const settings = { region: 'us-west-2', apiKey: null, headers: { a: undefined } } satisfies AmazonBedrockProviderSettings;
export const embedding = { dimensions: 512, normalize: undefined } satisfies AmazonBedrockEmbeddingModelOptions;
export const versions: ['v4', 'v3', 'v3', string] = [bedrock.specificationVersion, v3.bedrock.specificationVersion, createBedrock({ specificationVersion: 'v3' }).specificationVersion, VERSION];

export async function first(): Promise<string | undefined> {
  const { content } = await bedrock('amazon.nova-lite-v1:0').doGenerate({ prompt: [{ role: 'user', content: [{ type: 'text', text: 'p' }] }] });
  return content[0]?.type === 'text' ? content[0].text : undefined;
}
