// What a conversation is made of: messages and their parts. Names and shapes are OpenAI's; what Bedrock adds to them is
// optional, so that either's objects can be used as the other's.

/** One message, in OpenAI's shapes. */
export type ChatCompletionMessageParam =
  | ChatCompletionDeveloperMessageParam
  | ChatCompletionSystemMessageParam
  | ChatCompletionUserMessageParam
  | ChatCompletionAssistantMessageParam
  | ChatCompletionToolMessageParam
  | ChatCompletionFunctionMessageParam;

/**
 * One message, with the parts that OpenAI has no shape for: videos, documents that are cited, what Converse has besides, and
 * what is not text in the result of a tool. This is what {@link Completions.create} takes.
 */
export type BedrockMessageParam = ChatCompletionMessageParam | BedrockUserMessageParam | BedrockToolMessageParam;

export type ChatCompletionRole = 'developer' | 'system' | 'user' | 'assistant' | 'tool' | 'function';

/** Instructions. The same as {@link ChatCompletionSystemMessageParam}. */
export interface ChatCompletionDeveloperMessageParam {
  role: 'developer';
  content: string | Array<ChatCompletionContentPartText>;
  /** Not sent: Bedrock has no place for it. */
  name?: string;
}

/** Instructions. They reach the model before the conversation, in order, wherever they stand in it. */
export interface ChatCompletionSystemMessageParam {
  role: 'system';
  content: string | Array<ChatCompletionContentPartText>;
  /** Not sent: Bedrock has no place for it. */
  name?: string;
}

/** What the user says. Messages of the same role that follow one another become one. */
export interface ChatCompletionUserMessageParam {
  role: 'user';
  /** Text, or parts in order. */
  content: string | Array<ChatCompletionContentPart>;
  /** Not sent: Bedrock has no place for it. */
  name?: string;
}

/** What the user says, with parts of {@link BedrockContentPart}. */
export interface BedrockUserMessageParam {
  role: 'user';
  content: string | Array<BedrockContentPart>;
  name?: string;
}

/**
 * What the model said. A {@link ChatCompletionMessage} can be put into the conversation as it came; its reasoning goes back
 * to models that want it.
 */
export interface ChatCompletionAssistantMessageParam {
  role: 'assistant';
  /** All text reaches the model. As the last message, it is what the answer goes on from, where the model can. */
  content?: string | Array<ChatCompletionContentPartText | ChatCompletionContentPartRefusal> | null;
  /** The tools it called; each must be answered by a message of the role `tool`. */
  tool_calls?: Array<ChatCompletionMessageToolCall>;
  /** Taken as text where there is no content. */
  refusal?: string | null;
  /** @deprecated `tool_calls` */
  function_call?: ChatCompletionAssistantMessageParam.FunctionCall | null;
  /** An error: no model on Bedrock answers with audio through Converse. */
  audio?: ChatCompletionAssistantMessageParam.Audio | null;
  /** Not sent: Bedrock has no place for it. */
  name?: string;

  /** Bedrock: the reasoning as it came, signature and all. Wins over `reasoning_content`. */
  thinking_blocks?: Array<ThinkingBlock> | null;
  /** Bedrock: the reasoning as text. Claude takes it with its signature only; it is put back where it is known. */
  reasoning_content?: string | null;
  /** Bedrock: the same, with `reasoningFormat: 'reasoning'`. */
  reasoning?: string | null;
  /** Bedrock: the signature of `reasoning_content`. */
  reasoning_signature?: string | null;
}

export declare namespace ChatCompletionAssistantMessageParam {
  interface FunctionCall {
    name: string;
    /** JSON. */
    arguments: string;
  }
  interface Audio {
    id: string;
  }
}

/**
 * What a tool said. The results of one turn may stand in any order. One that answers no call becomes text; a call without
 * a result is answered with an error.
 */
export interface ChatCompletionToolMessageParam {
  role: 'tool';
  /** Text, or parts. Empty text is sent as `(empty)`, since Bedrock takes no blank text. */
  content: string | Array<ChatCompletionContentPartText>;
  /** `id` of the tool call. Any text: ids that a model would refuse are replaced on the way, and put back. */
  tool_call_id: string;
  /** Bedrock: whether the tool failed. Claude and Nova are told. Default false. */
  is_error?: boolean | null;
}

/** What a tool said, with images, documents and JSON. */
export interface BedrockToolMessageParam {
  role: 'tool';
  content: string | Array<BedrockContentPart>;
  tool_call_id: string;
  is_error?: boolean | null;
}

/**
 * What a function said, for requests with `functions`.
 * @deprecated {@link ChatCompletionToolMessageParam}
 */
export interface ChatCompletionFunctionMessageParam {
  role: 'function';
  content: string | null;
  /** The function; the last call of it is answered. */
  name: string;
}

/** A piece of a message of the user, in OpenAI's shapes. */
export type ChatCompletionContentPart =
  | ChatCompletionContentPartText
  | ChatCompletionContentPartImage
  | ChatCompletionContentPartInputAudio
  | ChatCompletionContentPart.File;

/** A piece of a message of the user, with those that OpenAI has no shape for. */
export type BedrockContentPart = ChatCompletionContentPart | ContentPartVideo | ContentPartDocument | ConverseBlock;

/** Text. Blank text is left out, since Bedrock refuses it. */
export interface ChatCompletionContentPartText extends CacheMarks {
  type: 'text';
  text: string;
}

/** An image: PNG, JPEG, GIF or WebP as the bytes say, whatever the label says. Other formats are converted. */
export interface ChatCompletionContentPartImage extends CacheMarks {
  type: 'image_url';
  image_url: ChatCompletionContentPartImage.ImageURL;
}

export declare namespace ChatCompletionContentPartImage {
  interface ImageURL {
    /**
     * - `data:image/png;base64,…`: at most 3.75 MB and 8000 pixels a side reach the model; larger ones are scaled.
     * - `https://…`: fetched from public hosts; at most 5 redirects, 20 MB, 30 s.
     * - `s3://bucket/key`: read by Bedrock, where the model can.
     */
    url: string;
    /** No effect: Bedrock has no counterpart. */
    detail?: 'auto' | 'low' | 'high' | 'original';
  }
  type PromptCacheBreakpoint = CacheMarks.PromptCacheBreakpoint;
}

/** Audio, for models that hear; others are an error. */
export interface ChatCompletionContentPartInputAudio extends CacheMarks {
  type: 'input_audio';
  input_audio: ChatCompletionContentPartInputAudio.InputAudio;
}

export declare namespace ChatCompletionContentPartInputAudio {
  interface InputAudio {
    /** Base64. */
    data: string;
    format: 'wav' | 'mp3';
  }
  type PromptCacheBreakpoint = CacheMarks.PromptCacheBreakpoint;
}

export declare namespace ChatCompletionContentPart {
  /**
   * A document: pdf, csv, doc, docx, xls, xlsx, html, txt or md, at most 5 in a request of 4.5 MB each. Bedrock wants text
   * beside it; where the message has none, some is added.
   */
  interface File extends CacheMarks {
    type: 'file';
    file: File.File;
  }
  namespace File {
    interface File {
      /** `data:application/pdf;base64,…`, base64 alone, an http(s) URL, or `s3://bucket/key` where the model can read it. */
      file_data?: string;
      /** Its extension tells the format where the bytes do not. Characters that Bedrock refuses are replaced. */
      filename?: string;
      /** An error: there are no uploaded files. */
      file_id?: string;
    }
    type PromptCacheBreakpoint = CacheMarks.PromptCacheBreakpoint;
  }
}

/** Bedrock: a video, for models that see them (Nova): mp4, mov, mkv, webm, flv, mpeg, mpg, wmv or 3gp. */
export interface ContentPartVideo extends CacheMarks {
  type: 'video_url';
  video_url: {
    /** `data:video/mp4;base64,…`, an http(s) URL, or `s3://bucket/key`. */
    url: string;
    /** Converse's word, where neither the data URL nor the name tells. */
    format?: string;
    /** The account that owns the bucket, 12 digits. */
    bucketOwner?: string;
  };
}

/** Bedrock: a document, in Anthropic's shape. With `citations` the answer tells what it rests on. */
export interface ContentPartDocument extends CacheMarks {
  type: 'document';
  source: { type: 'base64' | 'text'; media_type?: string; data: string } | { type: 'url'; url: string };
  title?: string | null;
  /** What the model should know about the document besides its text. */
  context?: string | null;
  citations?: { enabled: boolean } | null;
}

/** Bedrock: a content block of Converse, which is sent as it is: `{ guardContent: { text: { text: '…' } } }`. */
export type ConverseBlock = {
  [Name in 'audio' | 'document' | 'guardContent' | 'image' | 'searchResult' | 'video' | 'json']: { [K in Name]: object } & { type?: Name };
}['audio' | 'document' | 'guardContent' | 'image' | 'searchResult' | 'video' | 'json'];

/** A refusal of the model, given back; it reaches the model as text. */
export interface ChatCompletionContentPartRefusal {
  type: 'refusal';
  refusal: string;
}

/**
 * Marks the end of what is to be kept in the prompt cache: a `cachePoint` follows the part, for models that have them.
 * Bedrock takes 4 in a request; of more some are left out, with a warning.
 */
export interface CacheMarks {
  /** OpenAI's mark. `30m` and `12h` are an hour, the longest there is, where the model has that; else 5 minutes. */
  prompt_cache_breakpoint?: CacheMarks.PromptCacheBreakpoint;
  /** Bedrock: Anthropic's mark. */
  cache_control?: CacheControl | null;
}

export declare namespace CacheMarks {
  interface PromptCacheBreakpoint {
    mode: 'explicit';
    ttl?: '30m' | '12h';
  }
}

export declare namespace ChatCompletionContentPartText {
  type PromptCacheBreakpoint = CacheMarks.PromptCacheBreakpoint;
}

/** Anthropic's mark for the prompt cache. `ttl`: default `5m`. */
export interface CacheControl {
  type: 'ephemeral';
  ttl?: '5m' | '1h';
}

/** Reasoning as Claude signs or hides it. It must go back unchanged. */
export type ThinkingBlock = ThinkingBlock.Thinking | ThinkingBlock.Redacted;

export declare namespace ThinkingBlock {
  interface Thinking {
    type: 'thinking';
    thinking: string;
    /** Absent for models that do not sign. */
    signature?: string;
  }
  interface Redacted {
    type: 'redacted_thinking';
    /** Opaque, base64. */
    data: string;
  }
}

/** A tool the model called. */
export type ChatCompletionMessageToolCall = ChatCompletionMessageFunctionToolCall | ChatCompletionMessageCustomToolCall;

export interface ChatCompletionMessageFunctionToolCall {
  /** To be given as `tool_call_id` with the result. */
  id: string;
  type: 'function';
  function: ChatCompletionMessageFunctionToolCall.Function;
}

export declare namespace ChatCompletionMessageFunctionToolCall {
  interface Function {
    name: string;
    /** JSON as the model wrote it: it need not fit the schema, and is cut where the model ran out of tokens. */
    arguments: string;
  }
}

export interface ChatCompletionMessageCustomToolCall {
  id: string;
  type: 'custom';
  custom: ChatCompletionMessageCustomToolCall.Custom;
}

export declare namespace ChatCompletionMessageCustomToolCall {
  interface Custom {
    name: string;
    input: string;
  }
}
