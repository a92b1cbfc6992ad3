// What is asked of a model. `null` counts as left out everywhere.

import type { CacheControl, ChatCompletionContentPartText, ChatCompletionMessageParam } from './messages.js';
import type {
  ChatCompletionFunctionCallOption,
  ChatCompletionTool,
  ChatCompletionToolChoiceOption,
  FunctionParameters,
  ResponseFormatJSONObject,
  ResponseFormatJSONSchema,
  ResponseFormatText,
} from './tools.js';

/** A request, streamed or not. */
export type ChatCompletionCreateParams<Message = ChatCompletionMessageParam> =
  | ChatCompletionCreateParamsNonStreaming<Message>
  | ChatCompletionCreateParamsStreaming<Message>;

/** A request for a whole answer. */
export interface ChatCompletionCreateParamsNonStreaming<Message = ChatCompletionMessageParam>
  extends ChatCompletionCreateParamsBase<Message> {
  stream?: false | null;
}

/** A request for an answer in chunks. */
export interface ChatCompletionCreateParamsStreaming<Message = ChatCompletionMessageParam>
  extends ChatCompletionCreateParamsBase<Message> {
  stream: true;
}

/**
 * All that can be asked. What a model cannot do is emulated, an error, or left out with a warning, see
 * {@link APIPromise.withResponse}; docs/openai.md has the table.
 */
export interface ChatCompletionCreateParamsBase<Message = ChatCompletionMessageParam> extends BedrockFields {
  /**
   * A name of the catalog (`Claude-4-5-Sonnet`), a Bedrock model id with or without a geo prefix (`us.`, `eu.`, `global.`,
   * …), or an ARN of any kind of model. An id that is not known goes to Converse as it is.
   */
  model: string;
  /** The conversation, oldest first. At least one message of the user. */
  messages: Array<Message>;
  /** The most tokens to answer with, from 1; more than the model can is lowered to what it can. */
  max_completion_tokens?: number | null;
  /** @deprecated `max_completion_tokens`, which wins. */
  max_tokens?: number | null;
  /** 0 to 2. Bedrock takes 0 to 1: more is sent as 1, with a warning. Left out for models that refuse it. */
  temperature?: number | null;
  /** 0 to 1. Left out, with a warning, for models that do not take it, or not beside `temperature`. */
  top_p?: number | null;
  /** Texts at which the answer ends; they are not part of it. Cut here for models that do not take them. */
  stop?: string | Array<string> | null;
  /** Answers to the same request, 1 (the default) to 8: so many calls of Bedrock at once. */
  n?: number | null;
  /** `true`: in chunks. Default false. */
  stream?: boolean | null;
  /** For streams only. */
  stream_options?: ChatCompletionStreamOptions | null;

  /** What the model may call. */
  tools?: Array<ChatCompletionTool>;
  tool_choice?: ChatCompletionToolChoiceOption;
  /** `false`: at most one call at a time. Claude keeps to it; a warning for others. Default true. */
  parallel_tool_calls?: boolean;
  /** Default: text. */
  response_format?: ResponseFormatText | ResponseFormatJSONSchema | ResponseFormatJSONObject;
  /**
   * How hard the model thinks before it answers: as a budget of tokens for Claude up to 4.5, else as the effort that comes
   * nearest of those the model has. A warning for models that do not reason. Default: the model's own.
   */
  reasoning_effort?: ReasoningEffort | null;

  /** Up to 16 texts, sent as Bedrock's `requestMetadata` and given back with the answer; keys and values up to 256. */
  metadata?: Metadata | null;
  /** `auto` and `default`: standard. `flex`; `priority` and `fast`; `scale`: reserved. */
  service_tier?: ServiceTier | null;
  /** Sent as request metadata. */
  user?: string;
  /** Sent as request metadata. */
  safety_identifier?: string | null;
  /** What is kept in the prompt cache. `implicit`: tools, instructions and conversation, for models that have one. */
  prompt_cache_options?: ChatCompletionCreateParams.PromptCacheOptions;
  /** `in_memory`: 5 minutes. `24h`: 1 hour, the longest there is. */
  prompt_cache_retention?: 'in_memory' | '24h' | null;
  /** No effect: Bedrock finds its caches by content. */
  prompt_cache_key?: string | null;

  /** Not sent, with a warning: Converse has no penalties. */
  frequency_penalty?: number | null;
  /** Not sent, with a warning: Converse has no penalties. */
  presence_penalty?: number | null;
  /** Not sent, with a warning. */
  logit_bias?: { [key: string]: number } | null;
  /** Not sent, with a warning: Bedrock repeats no answer. */
  seed?: number | null;
  /** Not sent; `true` is a warning: nothing is stored. */
  store?: boolean | null;
  /** Not sent, with a warning. */
  prediction?: ChatCompletionPredictionContent | null;
  /** Not sent, with a warning. */
  verbosity?: 'low' | 'medium' | 'high' | null;

  /** `true` is an error: Converse has none. */
  logprobs?: boolean | null;
  /** An error with `logprobs`. */
  top_logprobs?: number | null;
  /** Only `text`; `audio` is an error. */
  modalities?: Array<ChatCompletionModality> | null;
  /** An error where `modalities` has `audio`; else no effect. */
  audio?: ChatCompletionAudioParam | null;
  /** An error, since it would not happen; use `guardrailConfig`. */
  moderation?: ChatCompletionCreateParams.Moderation | null;
  /** Grounding by Nova; an error for other models. */
  web_search_options?: ChatCompletionCreateParams.WebSearchOptions;

  /** @deprecated `tools` */
  functions?: Array<ChatCompletionCreateParams.Function>;
  /** @deprecated `tool_choice` */
  function_call?: 'none' | 'auto' | ChatCompletionFunctionCallOption;
}

/** What Bedrock and its models have besides. At the top level or in `extra_body`. */
export interface BedrockFields {
  /** The fields below, as OpenAI's Python client would place them. What stands at the top level wins. */
  extra_body?: { [field: string]: unknown } | null;

  /** Goes to the model as it is, after all that this package puts there: Converse's field of this name. */
  additionalModelRequestFields?: { [field: string]: unknown } | null;
  /** JSON pointers to fields of the model's own answer, at most 10. */
  additionalModelResponseFieldPaths?: Array<string> | null;
  /** A guardrail to apply. */
  guardrailConfig?: {
    guardrailIdentifier: string;
    guardrailVersion: string;
    trace?: 'enabled' | 'disabled' | 'enabled_full';
    /** For streams. `sync` (the default): nothing is told before it is checked. */
    streamProcessingMode?: 'sync' | 'async';
  } | null;
  /** `optimized`: the faster form of a model, where there is one. */
  performanceConfig?: { latency: 'standard' | 'optimized' } | null;
  /** For the invocation log: 1 to 16 texts. Wins over `metadata`. */
  requestMetadata?: Metadata | null;
  /** Values for a prompt of Prompt management, whose ARN is the model. */
  promptVariables?: { [name: string]: { text: string } } | null;
  /** Wins over `service_tier`. */
  serviceTier?: { type: 'default' | 'flex' | 'priority' | 'reserved' } | null;
  /** Converse's own form of the answer. Wins over `response_format`. */
  outputConfig?: { [field: string]: unknown } | null;

  /** Claude's own words for reasoning. Wins over `reasoning_effort`. */
  thinking?: { type: 'enabled'; budget_tokens: number } | { type: 'adaptive' } | { type: 'disabled' } | null;
  /** The same in Bedrock's words for some models. */
  reasoning_config?: string | { [field: string]: unknown } | null;
  /** The same in Nova's words. */
  reasoningConfig?: { [field: string]: unknown } | null;
  /** The same in OpenRouter's words. `exclude`: the answer does not show the reasoning. */
  reasoning?: { effort?: ReasoningEffort; max_tokens?: number | null; enabled?: boolean | null; exclude?: boolean | null } | null;
  /** The model's `top_k`, for those that have it. */
  top_k?: number | null;
  /** Claude's betas, e.g. `interleaved-thinking-2025-05-14`. */
  anthropic_beta?: Array<string> | null;

  /** Where to put cache points. `ttl`: `5m` (the default) or `1h`, for models that have it. */
  prompt_caching?: { system?: boolean; messages?: boolean; tools?: boolean; ttl?: '5m' | '1h' } | null;
  /** The same as `prompt_caching` for all of it. */
  cache_control?: CacheControl | null;
  /** `true`: the answer begins with what the model thought, in `<think>…</think>`. Default false. */
  include_thinking_data?: boolean | null;
}

/** How hard a model thinks before it answers. */
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null;

export type ChatCompletionReasoningEffort = ReasoningEffort | null;

export type ServiceTier = 'auto' | 'default' | 'flex' | 'scale' | 'priority' | 'fast';

/** Texts by name. */
export type Metadata = { [key: string]: string };

export type ChatCompletionModality = 'text' | 'audio';

export interface ChatCompletionStreamOptions {
  /** `true`: a last chunk without choices has the usage. Default false. */
  include_usage?: boolean;
  /** No effect: nothing is obfuscated. */
  include_obfuscation?: boolean;
}

export interface ChatCompletionPredictionContent {
  type: 'content';
  content: string | Array<ChatCompletionContentPartText>;
}

export interface ChatCompletionAudioParam {
  format: 'wav' | 'aac' | 'mp3' | 'flac' | 'opus' | 'pcm16';
  voice: string | ChatCompletionAudioParam.ID;
}

export declare namespace ChatCompletionAudioParam {
  interface ID {
    id: string;
  }
}

export declare namespace ChatCompletionCreateParams {
  interface Function {
    name: string;
    description?: string;
    parameters?: FunctionParameters;
  }
  interface PromptCacheOptions {
    /** `explicit`: only what is marked, see {@link CacheMarks}. Default `implicit`. */
    mode?: 'implicit' | 'explicit';
    /** Sent as `1h` to models that have it, else as `5m`. */
    ttl?: '30m';
  }
  interface Moderation {
    model: string;
    policy?: Moderation.Policy | null;
  }
  namespace Moderation {
    interface Policy {
      input?: Policy.Mode | null;
      output?: Policy.Mode | null;
    }
    namespace Policy {
      interface Mode {
        mode: 'score' | 'block';
      }
    }
  }
  interface WebSearchOptions {
    search_context_size?: 'low' | 'medium' | 'high';
    user_location?: WebSearchOptions.UserLocation | null;
  }
  namespace WebSearchOptions {
    interface UserLocation {
      type: 'approximate';
      approximate: UserLocation.Approximate;
    }
    namespace UserLocation {
      interface Approximate {
        city?: string;
        country?: string;
        region?: string;
        timezone?: string;
      }
    }
  }
}
