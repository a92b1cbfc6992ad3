// Images from text.

import type { ReasoningEffort } from './chat.js';

/** What is to be drawn. `null` counts as left out. */
export type ImageGenerateParams = ImageGenerateParamsNonStreaming | ImageGenerateParamsStreaming;

export interface ImageGenerateParamsNonStreaming extends ImageGenerateParamsBase {
  stream?: false | null;
}

/** An error: no image model of Bedrock streams. */
export interface ImageGenerateParamsStreaming extends ImageGenerateParamsBase {
  stream: true;
}

export interface ImageGenerateParamsBase {
  /** Name, id or ARN of an image model: Nova Canvas, Titan Image Generator or Stability. Needed. */
  model?: string | null;
  /** What the image shows. How long it may be, the model decides. */
  prompt: string;
  /** How many, 1 (the default) to 10. */
  n?: number | null;
  /**
   * Width and height in pixels, e.g. `1024x1024`. The nearest size or aspect ratio that the model makes is asked for, with a
   * warning where it is another; a size of another shape is an error. Default: the model's own.
   */
  size?: string | null;
  /** `standard` or `hd`; `low` and `medium` are standard, `high` and above premium, for models that have it. */
  quality?: 'low' | 'medium' | 'high' | 'xhigh' | 'max' | 'auto' | 'standard' | 'hd' | null;
  /** Default `b64_json`. `url` gives a data URL, with a warning: Bedrock keeps no images to link to. */
  response_format?: 'url' | 'b64_json' | null;
  /** Only what the model draws, else an error: PNG, for Stability JPEG and WebP too. */
  output_format?: 'png' | 'jpeg' | 'webp' | 'gif' | 'svg' | null;

  /** `transparent` is an error. */
  background?: 'transparent' | 'opaque' | 'auto' | null;
  /** Not sent, with a warning. */
  complexity?: 'low' | 'medium' | 'high' | null;
  /** More than 1 is an error. */
  frame_count?: number | null;
  /** Not sent, with a warning. */
  frame_duration_ms?: number | null;
  /** Not sent, with a warning. */
  moderation?: 'low' | 'auto' | null;
  /** Not sent, with a warning. */
  output_compression?: number | null;
  /** Not sent, with a warning. */
  partial_images?: number | null;
  /** Not sent, with a warning. */
  safety_identifier?: string | null;
  /** An error when `true`. */
  stream?: boolean | null;
  /** Not sent, with a warning; a style of Nova Canvas, such as `PHOTOREALISM`, is. */
  style?: 'vivid' | 'natural' | null;
  /** An error. */
  svg?: ImageGenerateParams.Svg | null;
  /** Not sent, with a warning. */
  user?: string;

  /** Bedrock: what is not to be seen. */
  negative_prompt?: string | null;
  /** Bedrock: equal requests with equal seeds give equal images. Default: another one for each call. */
  seed?: number | null;
  /** Bedrock: how closely the image follows the prompt (Nova Canvas, Titan; else a warning). */
  cfg_scale?: number | null;
  /** Bedrock: put into the model's own body as it is, e.g. another `taskType` with its parameters. */
  additionalModelRequestFields?: Record<string, unknown> | null;
}

export declare namespace ImageGenerateParams {
  interface Svg {
    model: string;
    reasoning?: Svg.Reasoning | null;
  }
  namespace Svg {
    interface Reasoning {
      effort?: ReasoningEffort | null;
    }
  }
}

export interface ImagesResponse {
  /** Seconds since 1970. */
  created: number;
  data?: Array<Image>;
  /** Never set, as are the following but `usage`, which is where the service counts tokens. */
  background?: 'transparent' | 'opaque';
  output_format?: 'png' | 'webp' | 'jpeg' | 'gif' | 'svg';
  quality?: 'low' | 'medium' | 'high' | 'xhigh' | 'max';
  safety_identifier?: string | null;
  size?: string;
  svg_usage?: ImagesResponse.SvgUsage;
  usage?: ImagesResponse.Usage;
}

export declare namespace ImagesResponse {
  interface SvgUsage {
    input_tokens: number;
    model: string;
    output_tokens: number;
    reasoning_tokens: number;
    total_tokens: number;
  }
  interface Usage {
    input_tokens: number;
    input_tokens_details: Usage.Details;
    output_tokens: number;
    output_tokens_details?: Usage.Details;
    total_tokens: number;
  }
  namespace Usage {
    interface Details {
      image_tokens: number;
      text_tokens: number;
    }
  }
}

/** An image. */
export interface Image {
  /** The bytes, base64. */
  b64_json?: string;
  /** Never set. */
  revised_prompt?: string;
  /** A data URL, with `response_format: 'url'`. */
  url?: string;
}
