// What a model may call, and in which form it is to answer.

import type { CacheControl } from './messages.js';

/** A tool on offer. */
export type ChatCompletionTool = ChatCompletionFunctionTool | ChatCompletionCustomTool;

export interface ChatCompletionFunctionTool {
  type: 'function';
  function: FunctionDefinition;
  /** Bedrock: keeps the tools up to this one in the prompt cache, see {@link CacheMarks}. */
  cache_control?: CacheControl | null;
}

/** What a function is for and what it takes. */
export interface FunctionDefinition {
  /**
   * Names that Bedrock refuses (it takes letters, digits, `_` and `-`, at most 64) are replaced on the way and put back in
   * the answer.
   */
  name: string;
  description?: string;
  /** JSON Schema of an object. Default: one without members. */
  parameters?: FunctionParameters;
  /** `true`: arguments keep to the schema, for models that can; a warning for others. */
  strict?: boolean | null;
}

/** JSON Schema of an object. */
export type FunctionParameters = { [key: string]: unknown };

/**
 * A tool that takes text instead of arguments. Bedrock gets a function with one member `input`; the answer is OpenAI's.
 */
export interface ChatCompletionCustomTool {
  type: 'custom';
  custom: ChatCompletionCustomTool.Custom;
}

export declare namespace ChatCompletionCustomTool {
  interface Custom {
    name: string;
    description?: string;
    /** Default: any text. A grammar is told to the model, not enforced; a warning says so. */
    format?: Custom.Text | Custom.Grammar;
  }
  namespace Custom {
    interface Text {
      type: 'text';
    }
    interface Grammar {
      type: 'grammar';
      grammar: Grammar.Grammar;
    }
    namespace Grammar {
      interface Grammar {
        definition: string;
        syntax: 'lark' | 'regex';
      }
    }
  }
}

/**
 * Whether tools may be called: `auto` (the default), `none`, `required` for at least one, or a choice of them. Models that
 * cannot be forced are asked, with a warning. Without `tools` it has no effect.
 */
export type ChatCompletionToolChoiceOption =
  | 'none'
  | 'auto'
  | 'required'
  | ChatCompletionAllowedToolChoice
  | ChatCompletionNamedToolChoice
  | ChatCompletionNamedToolChoiceCustom;

/** This function is called. */
export interface ChatCompletionNamedToolChoice {
  type: 'function';
  function: ChatCompletionNamedToolChoice.Function;
}

export declare namespace ChatCompletionNamedToolChoice {
  interface Function {
    name: string;
  }
}

/** This custom tool is called. */
export interface ChatCompletionNamedToolChoiceCustom {
  type: 'custom';
  custom: ChatCompletionNamedToolChoiceCustom.Custom;
}

export declare namespace ChatCompletionNamedToolChoiceCustom {
  interface Custom {
    name: string;
  }
}

/** Only these of the tools are on offer. */
export interface ChatCompletionAllowedToolChoice {
  type: 'allowed_tools';
  allowed_tools: ChatCompletionAllowedTools;
}

export interface ChatCompletionAllowedTools {
  mode: 'auto' | 'required';
  /** E.g. `{ type: 'function', function: { name: 'weather' } }`. */
  tools: Array<{ [key: string]: unknown }>;
}

/** Text; the default. */
export interface ResponseFormatText {
  type: 'text';
}

/** A JSON object of any form. */
export interface ResponseFormatJSONObject {
  type: 'json_object';
}

/**
 * JSON that keeps to a schema: by the model's own means where it has them, else by a tool that it must call, or by
 * instruction, with the answer checked and asked for once more when it does not fit.
 */
export interface ResponseFormatJSONSchema {
  type: 'json_schema';
  json_schema: ResponseFormatJSONSchema.JSONSchema;
}

export declare namespace ResponseFormatJSONSchema {
  interface JSONSchema {
    /** Letters, digits, `_` and `-`, at most 64. */
    name: string;
    description?: string;
    /** What the model's own means do not know is taken out of it for the model; the answer is checked against all of it. */
    schema?: { [key: string]: unknown };
    strict?: boolean | null;
  }
}

/** @deprecated `tool_choice` */
export interface ChatCompletionFunctionCallOption {
  name: string;
}
