// The types of `Bedrock` are OpenAI's: each can be used as the other, and has all its members. Compiled, never run.

import OpenAI from 'openai';
import * as ours from 'bedrock-wrapper';
import type { Difference, Same } from './difference.mjs';

export type Requests = [
  Same<Difference<OpenAI.ChatCompletionCreateParams, ours.ChatCompletionCreateParams>>,
  Same<Difference<OpenAI.ChatCompletionCreateParamsNonStreaming, ours.ChatCompletionCreateParamsNonStreaming>>,
  Same<Difference<OpenAI.ChatCompletionCreateParamsStreaming, ours.ChatCompletionCreateParamsStreaming>>,
  Same<Difference<OpenAI.ChatCompletionStreamOptions, ours.ChatCompletionStreamOptions>>,
  Same<Difference<OpenAI.ChatCompletionPredictionContent, ours.ChatCompletionPredictionContent>>,
  Same<Difference<OpenAI.ChatCompletionAudioParam, ours.ChatCompletionAudioParam>>,
  Same<Difference<OpenAI.ChatCompletionModality, ours.ChatCompletionModality>>,
  Same<Difference<OpenAI.ChatCompletionReasoningEffort, ours.ChatCompletionReasoningEffort>>,
  Same<Difference<OpenAI.ReasoningEffort, ours.ReasoningEffort>>,
  Same<Difference<OpenAI.Metadata, ours.Metadata>>,
  Same<Difference<OpenAI.ChatCompletionCreateParams.Function, ours.ChatCompletionCreateParams.Function>>,
  Same<Difference<OpenAI.ChatCompletionCreateParams.WebSearchOptions, ours.ChatCompletionCreateParams.WebSearchOptions>>,
  Same<Difference<OpenAI.ChatCompletionCreateParams.PromptCacheOptions, ours.ChatCompletionCreateParams.PromptCacheOptions>>,
  Same<Difference<OpenAI.ChatCompletionCreateParams.Moderation, ours.ChatCompletionCreateParams.Moderation>>,
];

export type Messages = [
  Same<Difference<OpenAI.ChatCompletionMessageParam, ours.ChatCompletionMessageParam>>,
  Same<Difference<OpenAI.ChatCompletionRole, ours.ChatCompletionRole>>,
  Same<Difference<OpenAI.ChatCompletionSystemMessageParam, ours.ChatCompletionSystemMessageParam>>,
  Same<Difference<OpenAI.ChatCompletionDeveloperMessageParam, ours.ChatCompletionDeveloperMessageParam>>,
  Same<Difference<OpenAI.ChatCompletionUserMessageParam, ours.ChatCompletionUserMessageParam>>,
  Same<Difference<OpenAI.ChatCompletionAssistantMessageParam, ours.ChatCompletionAssistantMessageParam>>,
  Same<Difference<OpenAI.ChatCompletionToolMessageParam, ours.ChatCompletionToolMessageParam>>,
  Same<Difference<OpenAI.ChatCompletionFunctionMessageParam, ours.ChatCompletionFunctionMessageParam>>,
  Same<Difference<OpenAI.ChatCompletionContentPart, ours.ChatCompletionContentPart>>,
  Same<Difference<OpenAI.ChatCompletionContentPartText, ours.ChatCompletionContentPartText>>,
  Same<Difference<OpenAI.ChatCompletionContentPartImage, ours.ChatCompletionContentPartImage>>,
  Same<Difference<OpenAI.ChatCompletionContentPartInputAudio, ours.ChatCompletionContentPartInputAudio>>,
  Same<Difference<OpenAI.ChatCompletionContentPartRefusal, ours.ChatCompletionContentPartRefusal>>,
  Same<Difference<OpenAI.Chat.Completions.ChatCompletionContentPart.File, ours.ChatCompletionContentPart.File>>,
  Same<Difference<OpenAI.ChatCompletionMessageToolCall, ours.ChatCompletionMessageToolCall>>,
  Same<Difference<OpenAI.ChatCompletionMessageFunctionToolCall, ours.ChatCompletionMessageFunctionToolCall>>,
  Same<Difference<OpenAI.ChatCompletionMessageCustomToolCall, ours.ChatCompletionMessageCustomToolCall>>,
];

export type Tools = [
  Same<Difference<OpenAI.ChatCompletionTool, ours.ChatCompletionTool>>,
  Same<Difference<OpenAI.ChatCompletionFunctionTool, ours.ChatCompletionFunctionTool>>,
  Same<Difference<OpenAI.ChatCompletionCustomTool, ours.ChatCompletionCustomTool>>,
  Same<Difference<OpenAI.FunctionDefinition, ours.FunctionDefinition>>,
  Same<Difference<OpenAI.FunctionParameters, ours.FunctionParameters>>,
  Same<Difference<OpenAI.ChatCompletionToolChoiceOption, ours.ChatCompletionToolChoiceOption>>,
  Same<Difference<OpenAI.ChatCompletionAllowedToolChoice, ours.ChatCompletionAllowedToolChoice>>,
  Same<Difference<OpenAI.ChatCompletionAllowedTools, ours.ChatCompletionAllowedTools>>,
  Same<Difference<OpenAI.ChatCompletionNamedToolChoice, ours.ChatCompletionNamedToolChoice>>,
  Same<Difference<OpenAI.ChatCompletionNamedToolChoiceCustom, ours.ChatCompletionNamedToolChoiceCustom>>,
  Same<Difference<OpenAI.ChatCompletionFunctionCallOption, ours.ChatCompletionFunctionCallOption>>,
  Same<Difference<OpenAI.ResponseFormatText, ours.ResponseFormatText>>,
  Same<Difference<OpenAI.ResponseFormatJSONObject, ours.ResponseFormatJSONObject>>,
  Same<Difference<OpenAI.ResponseFormatJSONSchema, ours.ResponseFormatJSONSchema>>,
];

export type Answers = [
  Same<Difference<OpenAI.ChatCompletion, ours.ChatCompletion>>,
  Same<Difference<OpenAI.ChatCompletion.Choice, ours.ChatCompletion.Choice>>,
  Same<Difference<OpenAI.ChatCompletionMessage, ours.ChatCompletionMessage>>,
  Same<Difference<OpenAI.ChatCompletionAudio, ours.ChatCompletionAudio>>,
  Same<Difference<OpenAI.ChatCompletionTokenLogprob, ours.ChatCompletionTokenLogprob>>,
  Same<Difference<OpenAI.ChatCompletionChunk, ours.ChatCompletionChunk>>,
  Same<Difference<OpenAI.ChatCompletionChunk.Choice, ours.ChatCompletionChunk.Choice>>,
  Same<Difference<OpenAI.ChatCompletionChunk.Choice.Delta, ours.ChatCompletionChunk.Choice.Delta>>,
  Same<Difference<OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall, ours.ChatCompletionChunk.Choice.Delta.ToolCall>>,
  Same<Difference<OpenAI.CompletionUsage, ours.CompletionUsage>>,
];

export type Others = [
  Same<Difference<OpenAI.EmbeddingCreateParams, ours.EmbeddingCreateParams>>,
  Same<Difference<OpenAI.CreateEmbeddingResponse, ours.CreateEmbeddingResponse>>,
  Same<Difference<OpenAI.Embedding, ours.Embedding>>,
  Same<Difference<OpenAI.Model, ours.Model>>,
  Same<Difference<OpenAI.ImageGenerateParams, ours.ImageGenerateParams>>,
  Same<Difference<OpenAI.ImagesResponse, ours.ImagesResponse>>,
  Same<Difference<OpenAI.Image, ours.Image>>,
];

// What the differences above would be, so that they are known to be found.
// @ts-expect-error a member is missing
export type Missing = Same<Difference<OpenAI.Model, Omit<ours.Model, 'shutdown_date'>>>;
// @ts-expect-error a member of a member is missing
export type MissingBelow = Same<Difference<{ usage?: { total?: number; cached?: number } }, { usage?: { total?: number } }>>;
// @ts-expect-error a member has another type
export type Other = Same<Difference<OpenAI.Model, Omit<ours.Model, 'created'> & { created: string }>>;
// @ts-expect-error a member is needed that is optional there
export type Needed = Same<Difference<OpenAI.Image, Required<ours.Image>>>;

/** The part of OpenAI's client that programs pass around to ask models. */
interface Client {
  chat: {
    completions: {
      create(body: OpenAI.ChatCompletionCreateParamsNonStreaming, options?: { signal?: AbortSignal }): Promise<OpenAI.ChatCompletion>;
      create(
        body: OpenAI.ChatCompletionCreateParamsStreaming,
        options?: { signal?: AbortSignal },
      ): Promise<AsyncIterable<OpenAI.ChatCompletionChunk> & { controller: AbortController }>;
    };
  };
  moderations: { create(body: OpenAI.ModerationCreateParams): Promise<OpenAI.ModerationCreateResponse> };
  embeddings: { create(body: OpenAI.EmbeddingCreateParams): Promise<OpenAI.CreateEmbeddingResponse> };
  images: { generate(body: OpenAI.ImageGenerateParamsNonStreaming): Promise<OpenAI.ImagesResponse> };
  models: {
    list(): Promise<{ data: OpenAI.Model[] }> & AsyncIterable<OpenAI.Model>;
    retrieve(model: string): Promise<OpenAI.Model>;
  };
}

const clients: Client[] = [new OpenAI(), new ours.Bedrock()];
new OpenAI({ fetch: ours.createFetch({ region: 'us-west-2' }) });
void clients;
