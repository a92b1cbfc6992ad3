// What a model answers: whole, or in chunks.

import type { ChatCompletionMessageToolCall, ThinkingBlock } from './messages.js';
import type { Metadata, ServiceTier } from './chat.js';

/** A whole answer. */
export interface ChatCompletion {
  /** `chatcmpl-` and the request id of Bedrock. */
  id: string;
  object: 'chat.completion';
  /** Seconds since 1970. */
  created: number;
  /** As it was asked for. */
  model: string;
  /** As many as `n`, in order of `index`. */
  choices: Array<ChatCompletion.Choice>;
  usage?: CompletionUsage;
  /** The tier that Bedrock says it served the request with. */
  service_tier?: ServiceTier | null;
  /** `metadata` of the request. */
  metadata?: Metadata | null;
  /** Never set: nothing is moderated apart from guardrails. */
  moderation?: ChatCompletion.Moderation | null;
  /** @deprecated Never set. */
  system_fingerprint?: string;

  /** Bedrock: what it told of the call, of the first choice; where the client asks for it. */
  bedrock?: BedrockDetails;
}

/** What Bedrock tells of a call and OpenAI's API has no place for, in Converse's own form. */
export interface BedrockDetails {
  /** How long Bedrock worked on the call, in milliseconds. */
  latencyMs?: number;
  /** How the call was served: `{ latency }`. */
  performanceConfig?: Record<string, unknown>;
  /** What a guardrail or prompt router did. */
  trace?: Record<string, unknown>;
  /** What `additionalModelResponseFieldPaths` asked for. */
  additionalModelResponseFields?: unknown;
}

export declare namespace ChatCompletion {
  interface Choice {
    index: number;
    message: ChatCompletionMessage;
    /**
     * - `stop`: the model was done, or met a stop sequence.
     * - `length`: `max_completion_tokens`, or the model's context, was full.
     * - `tool_calls`: it waits for the results of tools.
     * - `content_filter`: a guardrail or the provider's filter stepped in.
     * - `function_call`: it waits for a function, for requests with `functions`.
     */
    finish_reason: 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call';
    /** Always null: Converse has none. */
    logprobs: Choice.Logprobs | null;
  }
  namespace Choice {
    interface Logprobs {
      content: Array<ChatCompletionTokenLogprob> | null;
      refusal: Array<ChatCompletionTokenLogprob> | null;
    }
  }
  interface Moderation {
    input: Moderation.ModerationResults | Moderation.Error;
    output: Moderation.ModerationResults | Moderation.Error;
  }
  namespace Moderation {
    interface ModerationResults {
      type: 'moderation_results';
      model: string;
      results: Array<ModerationResults.Result>;
    }
    namespace ModerationResults {
      interface Result {
        type: 'moderation_result';
        model: string;
        flagged: boolean;
        categories: { [key: string]: boolean };
        category_applied_input_types: { [key: string]: Array<'text' | 'image'> };
        category_scores: { [key: string]: number };
      }
    }
    interface Error {
      type: 'error';
      code: string;
      message: string;
    }
  }
}

/** What the model said. Can be put into the next request's `messages` as it is. */
export interface ChatCompletionMessage {
  role: 'assistant';
  /** All text; `null` when there is none, as when tools are called. */
  content: string | null;
  /** Why the model does not answer, where it says so. */
  refusal: string | null;
  tool_calls?: Array<ChatCompletionMessageToolCall>;
  /** Web pages that the answer cites. */
  annotations?: Array<ChatCompletionMessage.Annotation>;
  /** @deprecated For requests with `functions`. */
  function_call?: ChatCompletionMessage.FunctionCall | null;
  /** Never set. */
  audio?: ChatCompletionAudio | null;

  /** Bedrock: what the model reasoned, where it shows it. */
  reasoning_content?: string | null;
  /** Bedrock: the same, with `reasoningFormat: 'reasoning'`. */
  reasoning?: string | null;
  /** Bedrock: the same as it must go back to the model: with signatures, and with what it hides. */
  thinking_blocks?: Array<ThinkingBlock> | null;
  /** Bedrock: parts of documents that the answer cites. */
  citations?: Array<ChatCompletionMessage.DocumentCitation>;
}

export declare namespace ChatCompletionMessage {
  /** A `Citation` of Converse, and what of `content` cites it, in UTF-16 units. */
  interface DocumentCitation {
    /** Place in `content` of the first character of what cites the document. */
    start_index: number;
    /** And of the character after the last. */
    end_index: number;
    /** What the request calls the document. */
    title?: string;
    source?: string;
    /** The text that is cited. */
    sourceContent?: Array<{ text?: string }>;
    /** Where it stands: `{ documentChar | documentPage | documentChunk: { documentIndex, start, end } }`, … */
    location?: Record<string, unknown>;
  }
  interface Annotation {
    type: 'url_citation';
    url_citation: Annotation.URLCitation;
  }
  namespace Annotation {
    interface URLCitation {
      /** Place in `content` of the first character of what cites the page, in UTF-16 units. */
      start_index: number;
      /** And of the character after the last. */
      end_index: number;
      title: string;
      url: string;
    }
  }
  interface FunctionCall {
    name: string;
    /** JSON. */
    arguments: string;
  }
}

export interface ChatCompletionAudio {
  id: string;
  data: string;
  expires_at: number;
  transcript: string;
}

export interface ChatCompletionTokenLogprob {
  token: string;
  bytes: Array<number> | null;
  logprob: number;
  top_logprobs: Array<ChatCompletionTokenLogprob.TopLogprob>;
}

export declare namespace ChatCompletionTokenLogprob {
  interface TopLogprob {
    token: string;
    bytes: Array<number> | null;
    logprob: number;
  }
}

/**
 * A piece of an answer. The first of a choice has the role, the last a `finish_reason`; with
 * `stream_options.include_usage` one more without choices has the usage.
 */
export interface ChatCompletionChunk {
  /** The same in all chunks, as are `created` and `model`. */
  id: string;
  object: 'chat.completion.chunk';
  /** Seconds since 1970. */
  created: number;
  model: string;
  choices: Array<ChatCompletionChunk.Choice>;
  /** `null` in all chunks but the last, with `stream_options.include_usage`; else absent. */
  usage?: CompletionUsage | null;
  /** The tier that Bedrock says it served the request with. */
  service_tier?: ServiceTier | null;
  /** Never set. */
  moderation?: ChatCompletion.Moderation | null;
  /** Never set. */
  obfuscation?: string;
  /** @deprecated Never set. */
  system_fingerprint?: string;

  /** Bedrock: what it told of the call, in the last chunk of a choice; where the client asks for it. */
  bedrock?: BedrockDetails;
}

export declare namespace ChatCompletionChunk {
  interface Choice {
    index: number;
    delta: Choice.Delta;
    /** Why the answer ended, in its last chunk; see {@link ChatCompletion.Choice.finish_reason}. */
    finish_reason: ChatCompletion.Choice['finish_reason'] | null;
    /** Always null: Converse has none. */
    logprobs?: Choice.Logprobs | null;
  }
  namespace Choice {
    interface Delta {
      role?: 'developer' | 'system' | 'user' | 'assistant' | 'tool';
      /** More text. */
      content?: string | null;
      refusal?: string | null;
      tool_calls?: Array<Delta.ToolCall>;
      /** @deprecated For requests with `functions`. */
      function_call?: Delta.FunctionCall;
      /** Never set. */
      audio?: Delta.Audio;

      /** All web pages that the text cites, in one chunk after it. */
      annotations?: Array<ChatCompletionMessage.Annotation>;
      /** Bedrock: all parts of documents that the text cites, in one chunk after it. */
      citations?: Array<ChatCompletionMessage.DocumentCitation>;
      /** Bedrock: more reasoning. */
      reasoning_content?: string | null;
      /** Bedrock: the same, with `reasoningFormat: 'reasoning'`. */
      reasoning?: string | null;
      /** Bedrock: reasoning that is complete, as it must go back to the model. */
      thinking_blocks?: Array<ThinkingBlock> | null;
    }
    namespace Delta {
      interface ToolCall {
        /** Which of the calls it belongs to: 0, 1, 2, … without gaps. */
        index: number;
        /** In the first piece of a call only, as are `type` and the name. */
        id?: string;
        type?: 'function' | 'custom';
        function?: ToolCall.Function;
        custom?: ToolCall.Custom;
      }
      namespace ToolCall {
        interface Function {
          name?: string;
          /** More of the JSON. */
          arguments?: string;
        }
        interface Custom {
          name?: string;
          /** More of the text. */
          input?: string;
        }
      }
      interface FunctionCall {
        name?: string;
        arguments?: string;
      }
      interface Audio {
        id?: string;
        data?: string;
        expires_at?: number;
        transcript?: string;
      }
    }
    type Logprobs = ChatCompletion.Choice.Logprobs;
  }
  type Moderation = ChatCompletion.Moderation;
}

/** Tokens, as Bedrock counted them. With `n` above 1 the prompt counts once and the answers add up. */
export interface CompletionUsage {
  /** All tokens of the request, those of the prompt cache included. */
  prompt_tokens: number;
  /** Of the answer, reasoning included. */
  completion_tokens: number;
  /** The sum of both. */
  total_tokens: number;
  prompt_tokens_details?: CompletionUsage.PromptTokensDetails;
  completion_tokens_details?: CompletionUsage.CompletionTokensDetails;
}

export declare namespace CompletionUsage {
  interface PromptTokensDetails {
    /** Read from the prompt cache. */
    cached_tokens?: number;
    /** Written to the prompt cache. */
    cache_write_tokens?: number;
    /** 0: Bedrock does not tell. */
    audio_tokens?: number;
    image_tokens?: number;
    text_tokens?: number;
  }
  interface CompletionTokensDetails {
    /** 0: Bedrock does not tell; they are in `completion_tokens`. */
    reasoning_tokens?: number;
    audio_tokens?: number;
    accepted_prediction_tokens?: number;
    rejected_prediction_tokens?: number;
    text_tokens?: number;
  }
}
