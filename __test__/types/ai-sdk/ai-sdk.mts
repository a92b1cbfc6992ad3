// The types of `bedrock-wrapper/ai-sdk` against those of the AI SDK and of `@ai-sdk/amazon-bedrock`. Compiled, never run.

import type * as theirs from '@ai-sdk/provider';
import { APICallError, createProviderRegistry, customProvider, embedMany, generateImage, generateText, rerank, streamText, wrapLanguageModel, type LanguageModel } from 'ai';
import * as ai6 from 'ai6';
import * as ours from 'bedrock-wrapper/ai-sdk';
import { bedrock, createAmazonBedrock, createBedrock, type AmazonBedrockProviderSettings } from 'bedrock-wrapper/ai-sdk';
import * as v3 from 'bedrock-wrapper/ai-sdk/v3';
import type * as present from '@ai-sdk/amazon-bedrock';
import type { Difference, Missing, Same } from '../difference.mjs';

/** Does not compile where `Ours` is not one of `Theirs`. */
type Fits<Theirs, _ extends Theirs> = true;

export type Models = [
  Fits<theirs.LanguageModelV4, ours.LanguageModelV4>,
  Fits<theirs.EmbeddingModelV4, ours.EmbeddingModelV4>,
  Fits<theirs.ImageModelV4, ours.ImageModelV4>,
  Fits<theirs.RerankingModelV4, ours.RerankingModelV4>,
  Fits<theirs.LanguageModelV3, ours.LanguageModelV3>,
  Fits<theirs.EmbeddingModelV3, ours.EmbeddingModelV3>,
  Fits<theirs.ImageModelV3, ours.ImageModelV3>,
  Fits<theirs.RerankingModelV3, ours.RerankingModelV3>,
];

/** JSON Schemas have members without end. */
type WithoutSchemas<Options> = Omit<Options, 'tools' | 'responseFormat'>;

/** What models are called with has all members of the original. */
export type Calls = [
  Same<Missing<WithoutSchemas<theirs.LanguageModelV4CallOptions>, WithoutSchemas<ours.LanguageModelV4CallOptions>>>,
  Same<Missing<WithoutSchemas<theirs.LanguageModelV3CallOptions>, WithoutSchemas<ours.LanguageModelV3CallOptions>>>,
  Fits<ours.LanguageModelV4CallOptions, theirs.LanguageModelV4CallOptions>,
  Fits<ours.LanguageModelV3CallOptions, theirs.LanguageModelV3CallOptions>,
  Same<Missing<theirs.EmbeddingModelV4CallOptions, ours.EmbeddingModelV4CallOptions>>,
  Same<Missing<theirs.ImageModelV4CallOptions, ours.ImageModelV4CallOptions>>,
  Same<Missing<theirs.RerankingModelV4CallOptions, ours.RerankingModelV4CallOptions>>,
];

/** What models give may lack what none of Bedrock gives. */
export type Results = [
  Fits<theirs.LanguageModelV4GenerateResult, ours.LanguageModelV4GenerateResult>,
  Fits<theirs.LanguageModelV4StreamPart, ours.LanguageModelV4StreamPart>,
  Fits<theirs.LanguageModelV3GenerateResult, ours.LanguageModelV3GenerateResult>,
  Fits<theirs.LanguageModelV3StreamPart, ours.LanguageModelV3StreamPart>,
  Same<Difference<theirs.SharedV4Warning, ours.SharedV4Warning>>,
  Same<Difference<theirs.SharedV3Warning, ours.SharedV3Warning>>,
  Same<Missing<theirs.EmbeddingModelV4Result, ours.EmbeddingModelV4Result>>,
  Same<Missing<theirs.ImageModelV4Result, ours.ImageModelV4Result>>,
  Same<Missing<theirs.RerankingModelV4Result, ours.RerankingModelV4Result>>,
];

export type Options = [
  Same<Difference<present.AmazonBedrockEmbeddingModelOptions, ours.AmazonBedrockEmbeddingModelOptions>>,
  Same<Difference<present.AmazonBedrockImageModelOptions, ours.AmazonBedrockImageModelOptions>>,
  Same<Difference<present.AmazonBedrockRerankingModelOptions, ours.AmazonBedrockRerankingModelOptions>>,
  Same<Difference<present.AmazonBedrockChatModelSettings, ours.AmazonBedrockChatModelSettings>>,
  Same<Difference<present.AmazonBedrockEmbeddingModelSettings, ours.AmazonBedrockEmbeddingModelSettings>>,
  Same<Difference<present.BedrockRerankingOptions, ours.BedrockRerankingOptions>>,
];

/** What the present provider takes is taken; here more is. */
export const options: ours.AmazonBedrockLanguageModelChatOptions = {} as present.AmazonBedrockLanguageModelChatOptions;
export const older: [ours.AmazonBedrockLanguageModelOptions, ours.BedrockProviderOptions] = [options, options];
export const anthropic: ours.AnthropicProviderOptions = {} as present.AnthropicProviderOptions;
export const settings: AmazonBedrockProviderSettings = {} as present.AmazonBedrockProviderSettings;

export const provider4: theirs.ProviderV4 = bedrock;
export const provider3: theirs.ProviderV3 = v3.bedrock;
export const alsoV3: theirs.ProviderV3 = createBedrock({ specificationVersion: 'v3' });
export const alsoV4: theirs.ProviderV4 = v3.createAmazonBedrock === undefined ? createBedrock({ specificationVersion: 'v4' }) : createAmazonBedrock();

/** Where the present provider was used, this one can be, though its types are those of an earlier version. */
type Present = Omit<present.AmazonBedrockProvider, 'tools'> & ((modelId: string) => ReturnType<present.AmazonBedrockProvider>);
export const stays: Present = bedrock;
export const sameTools: Record<keyof present.AmazonBedrockProvider['tools'], unknown> = bedrock.tools;

export const model: LanguageModel = bedrock('anthropic.claude-sonnet-4-6', { modelFamily: 'anthropic' });
export const model6: ai6.LanguageModel = v3.bedrock('amazon.nova-lite-v1:0');

createBedrock({
  region: 'us-west-2',
  apiKey: async () => ({ token: 'key', expiration: new Date() }),
  headers: async () => ({ 'x-tenant': undefined }),
  fetch: globalThis.fetch,
  generateId: () => 'id',
  profile: null,
  baseURL: undefined,
});
createBedrock({ apiKey: Promise.resolve('key'), headers: Promise.resolve({ a: 'b' }) });
createBedrock({ credentialProvider: async () => ({ accessKeyId: 'a', secretAccessKey: 's' }), headers: { a: 'b' } });
// @ts-expect-error Misspelt settings are found.
createBedrock({ regoin: 'us-west-2' });
// @ts-expect-error There is no version 2.
createBedrock({ specificationVersion: 'v2' });

export async function everyKind(): Promise<unknown[]> {
  const registry = createProviderRegistry({ bedrock });
  const custom = customProvider({ languageModels: { fast: bedrock('amazon.nova-micro-v1:0') }, fallbackProvider: bedrock });
  const registry6 = ai6.createProviderRegistry({ bedrock: v3.bedrock });
  return [
    registry.languageModel('bedrock:amazon.nova-lite-v1:0'),
    custom.languageModel('fast'),
    registry6.embeddingModel('bedrock:amazon.titan-embed-text-v2:0'),
    wrapLanguageModel({ model: bedrock('amazon.nova-lite-v1:0'), middleware: {} }),
    await embedMany({
      model: bedrock.embedding('amazon.titan-embed-text-v2:0'),
      values: ['a'],
      providerOptions: { amazonBedrock: { dimensions: 512 } satisfies ours.AmazonBedrockEmbeddingModelOptions },
    }),
    await generateImage({
      model: bedrock.image('amazon.nova-canvas-v1:0'),
      prompt: 'p',
      providerOptions: { amazonBedrock: { taskType: 'TEXT_IMAGE', style: 'PHOTOREALISM' } satisfies ours.AmazonBedrockImageModelOptions },
    }),
    await rerank({ model: bedrock.reranking('amazon.rerank-v1:0'), documents: ['a'], query: 'q' }),
    await ai6.embedMany({ model: v3.bedrock.embedding('amazon.titan-embed-text-v2:0'), values: ['a'] }),
    await ai6.generateImage({ model: v3.bedrock.image('amazon.nova-canvas-v1:0'), prompt: 'p' }),
    await ai6.rerank({ model: v3.bedrock.reranking('amazon.rerank-v1:0'), documents: ['a'], query: 'q' }),
  ];
}

export function requestId(error: APICallError & ours.AmazonBedrockErrorDetails): string | undefined {
  return error.requestId;
}

export async function calls(): Promise<void> {
  const result = await generateText({
    model: bedrock('anthropic.claude-sonnet-4-6'),
    prompt: 'p',
    providerOptions: {
      amazonBedrock: {
        reasoningConfig: { type: 'enabled', budgetTokens: 2048 },
        guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1', trace: 'enabled' },
        serviceTier: 'flex',
        additionalModelRequestFields: { top_k: 5 },
      } satisfies ours.AmazonBedrockLanguageModelChatOptions,
      anthropic: { disableParallelToolUse: true } satisfies ours.AnthropicProviderOptions,
    },
    tools: {
      bash: bedrock.tools.bash_20250124({ execute: async ({ command }) => command.length }),
      sandboxed: bedrock.tools.bash_20250124(),
      mine: bedrock.tools.bash_20241022({ execute: null }),
      edit: bedrock.tools.textEditor_20250728({ maxCharacters: 100, needsApproval: ({ path }) => path === '/' }),
      look: bedrock.tools.computer_20251124({ displayWidthPx: 1, displayHeightPx: 1, execute: ({ action }) => action }),
      remember: bedrock.tools.memory_20250818({ execute: (input, { abortSignal }) => [input.command, abortSignal?.aborted] }),
      search: bedrock.tools.webSearch_20250305({ maxUses: 2 }),
      advise: bedrock.tools.advisor_20260301({ model: 'm' }),
    },
  });
  for (const call of result.toolCalls) {
    if (call.dynamic) continue;
    if (call.toolName === 'edit') call.input.path satisfies string;
    if (call.toolName === 'look') call.input.region?.[3] satisfies number | undefined;
  }
  for (const answer of result.toolResults) {
    if (answer.dynamic) continue;
    if (answer.toolName === 'bash') answer.output satisfies number;
    if (answer.toolName === 'search') answer.output[0]?.url satisfies string | undefined;
  }
  // @ts-expect-error Commands are texts.
  bedrock.tools.bash_20250124({ execute: async ({ command }) => command satisfies number });
  // @ts-expect-error The size of the display is needed.
  bedrock.tools.computer_20250124({ displayWidthPx: 1 });
  // @ts-expect-error What runs at the service is not run here.
  bedrock.tools.webSearch_20250305({ execute: () => 1 });
  // @ts-expect-error Misspelt options are found.
  ({ servicetier: 'flex' }) satisfies ours.AmazonBedrockLanguageModelChatOptions;

  streamText({ model, prompt: 'p', tools: { bash: bedrock.tools.bash_20250124({ execute: async () => 'x', onInputAvailable: ({ input }) => { input.command satisfies string; } }) } });
  await ai6.generateText({
    model: v3.bedrock('anthropic.claude-sonnet-4-6'),
    prompt: 'p',
    tools: {
      bash: v3.bedrock.tools.bash_20250124({ execute: async ({ command }) => command.length }),
      edit: v3.bedrock.tools.textEditor_20250728(),
      search: v3.bedrock.tools.webSearch_20250305({ maxUses: 2 }),
    },
  });
}
