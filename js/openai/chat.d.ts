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
  /** 0 to 1; up to 2 is sent as 1, with a warning. Left out, with a warning, for models that refuse it. */
  temperature?: number | null;
  /** 0 to 1. Left out, with a warning, for models that do not take it, or not beside `temperature`. */
  top_p?: number | null;
  /** Texts at which the answer ends; they are not part of it. Cut here for models that do not take them. */
  stop?: string | Array<string> | null;
  /** Answers to the same request, 1 (the default) to 128: so many calls of Bedrock at once. */
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

  /**
   * Up to 16 texts, of keys up to 64 and values up to 512 characters; the answer repeats them. Sent as `requestMetadata`,
   * for which they are cut to 256 characters, and characters that Bedrock refuses become `_`, with a warning.
   */
  metadata?: Metadata | null;
  /** `default`, `flex` and `priority` as they are; `fast` as `priority`, `scale` as `reserved`. Default `auto`: the service's. */
  service_tier?: ServiceTier | null;
  /** Sent as request metadata. */
  user?: string;
  /** Sent as request metadata. */
  safety_identifier?: string | null;
  /** What is kept in the prompt cache, for models that have one. Default: what parts ask for. */
  prompt_cache_options?: ChatCompletionCreateParams.PromptCacheOptions;
  /** For how long cache points keep that do not say it: `in_memory` 5 minutes, `24h` an hour, the longest there is. */
  prompt_cache_retention?: 'in_memory' | '24h' | null;
  /** Not sent, with a warning: Bedrock finds what it has cached by the text alone. */
  prompt_cache_key?: string | null;

  /** Not sent; other than 0 a warning: Converse has no penalties. */
  frequency_penalty?: number | null;
  /** Not sent; other than 0 a warning: Converse has no penalties. */
  presence_penalty?: number | null;
  /** Not sent, with a warning. */
  logit_bias?: { [key: string]: number } | null;
  /** Not sent, with a warning: Converse has none. */
  seed?: number | null;
  /** Not sent; `true` is a warning: nothing is stored. */
  store?: boolean | null;
  /** Not sent, with a warning: the answer is the same, only not faster. */
  prediction?: ChatCompletionPredictionContent | null;
  /** Not sent; other than `medium` a warning. Say in the messages how long the answer is to be. */
  verbosity?: 'low' | 'medium' | 'high' | null;

  /** `true` is an error: Converse has none. */
  logprobs?: boolean | null;
  /** More than 0 is an error: Converse has none. */
  top_logprobs?: number | null;
  /** Only `text`; `audio` is an error. */
  modalities?: Array<ChatCompletionModality> | null;
  /** Not sent, with a warning: Converse answers with text. */
  audio?: ChatCompletionAudioParam | null;
  /** An error, since it would not happen; use `guardrailConfig`. */
  moderation?: ChatCompletionCreateParams.Moderation | null;
  /** Nova's own search. */
  web_search_options?: ChatCompletionCreateParams.WebSearchOptions;

  /** @deprecated `tools` */
  functions?: Array<ChatCompletionCreateParams.Function>;
  /** @deprecated `tool_choice` */
  function_call?: 'none' | 'auto' | ChatCompletionFunctionCallOption;
}

/** What Bedrock and its models have besides. At the top level or in `extra_body`. */
export interface BedrockFields {
  /**
   * Its members count as fields of the request where they are known, unless those stand at the top level; others go to
   * `additionalModelRequestFields`.
   */
  extra_body?: { [field: string]: unknown } | null;

  /** Converse's member of this name: fields for the model, as they are. */
  additionalModelRequestFields?: { [field: string]: unknown } | null;
  /** Converse's member of this name: JSON pointers to fields of the model's own answer, at most 10. */
  additionalModelResponseFieldPaths?: Array<string> | null;
  /** Converse's member of this name: a guardrail to apply. Or the headers `X-Amzn-Bedrock-GuardrailIdentifier`, … */
  guardrailConfig?: {
    guardrailIdentifier: string;
    guardrailVersion: string;
    trace?: 'enabled' | 'disabled' | 'enabled_full';
    /** For streams. `sync` (the default): nothing is told before it is checked. */
    streamProcessingMode?: 'sync' | 'async';
  } | null;
  /** `optimized`: the faster form of a model, where there is one. */
  performanceConfig?: { latency: 'standard' | 'optimized' } | null;
  /** Converse's member of this name: texts for the invocation log. `metadata` is added, 16 in all. */
  requestMetadata?: Metadata | null;
  /** Values for a prompt of Prompt management, whose ARN is the model. */
  promptVariables?: { [name: string]: { text: string } } | null;
  /** Wins over `service_tier`. */
  serviceTier?: { type: 'default' | 'flex' | 'priority' | 'reserved' } | null;
  /** Converse's member of this name: the form of the answer. */
  outputConfig?: { [field: string]: unknown } | null;

  /**
   * How the model reasons, in Anthropic's words. Of the fields for it the first of these five counts. `display` says how
   * Claude shows it; default: the model's own.
   */
  thinking?:
    | { type: 'enabled'; budget_tokens?: number; display?: 'summarized' | 'omitted' }
    | { type: 'adaptive'; display?: 'summarized' | 'omitted' }
    | { type: 'disabled' }
    | null;
  /** The same, or a word as in `reasoning_effort`. */
  reasoning_config?: ReasoningEffort | { type: 'enabled' | 'adaptive' | 'disabled'; budget_tokens?: number };
  /** The same in Nova's words. */
  reasoningConfig?: { type: 'enabled' | 'adaptive' | 'disabled'; maxReasoningEffort?: 'low' | 'medium' | 'high' } | null;
  /** The same in OpenRouter's words. `exclude`: the answer does not show the reasoning. */
  reasoning?: { effort?: ReasoningEffort; max_tokens?: number | null; enabled?: boolean | null; exclude?: boolean | null } | null;
  /** The model's `top_k`, for those that have it. */
  top_k?: number | null;
  /** As `stop`, over which it wins unless it is empty; bedrock-wrapper 2 had both. */
  stop_sequences?: string | Array<string> | null;
  /** Claude's betas, e.g. `interleaved-thinking-2025-05-14`. Or the header `anthropic-beta`. */
  anthropic_beta?: string | Array<string> | null;

  /** Cache points after the instructions, the last turns of the user and the tools. Default `ttl`: `5m`. */
  prompt_caching?: { system?: boolean; messages?: boolean; tools?: boolean; ttl?: '5m' | '1h' } | null;
  /** Cache points after all of these. */
  cache_control?: CacheControl | null;
  /** `false`: the answer does not show the reasoning. Default true. */
  include_thinking_data?: boolean | null;

  /** Models to ask, in order, when `model` cannot answer: at most 10. */
  fallbacks?: Array<string | { model: string }> | null;
  /** The same. */
  models?: Array<string> | null;
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
    /** `explicit`: only what is marked, see {@link CacheMarks}. Default `implicit`: as `cache_control`. */
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
