// Moderation, judged by a guardrail of Bedrock's.

export interface ModerationCreateParams {
  /**
   * A text; an array of texts (at most 256), each with a result of its own; or an array of parts (at most 100), which are
   * judged together.
   */
  input: string | string[] | Array<ModerationTextInput | ModerationImageURLInput>;
  /**
   * Id or ARN of a guardrail, with `:version` behind it unless it is the draft. Without it, or with a name of OpenAI's such
   * as `omni-moderation-latest`, the headers `X-Amzn-Bedrock-GuardrailIdentifier` and `-GuardrailVersion` name it.
   */
  model?: string | null;
}

export interface ModerationTextInput {
  type: 'text';
  text: string;
}

export interface ModerationImageURLInput {
  type: 'image_url';
  /** A data URL, or an http(s) URL, which is fetched. */
  image_url: { url: string };
}

export interface ModerationCreateResponse {
  id: string;
  /** As the request named it, else the guardrail and its version. */
  model: string;
  /** One for each input. */
  results: Moderation[];
}

export interface Moderation {
  /** Whether the guardrail steps in, or found anything. */
  flagged: boolean;
  /** OpenAI's categories. Those that no filter of a guardrail looks for are `false`. */
  categories: Record<Moderation.Category, boolean>;
  /** How sure the guardrail is: 0, 0.33, 0.67 or 1. */
  category_scores: Record<Moderation.Category, number>;
  /** What each category was looked for in; nothing where the guardrail has no such filter. */
  category_applied_input_types: Record<Exclude<Moderation.Category, Moderation.OfPictures>, Array<'text'>> & Record<Moderation.OfPictures, Array<'text' | 'image'>>;
  /** All that the guardrail says, topics, words, personal data and attacks on the prompt included. */
  bedrock: { action: 'NONE' | 'GUARDRAIL_INTERVENED'; findings: Moderation.Finding[] };
}

export declare namespace Moderation {
  type Category =
    | 'harassment'
    | 'harassment/threatening'
    | 'hate'
    | 'hate/threatening'
    | 'illicit'
    | 'illicit/violent'
    | 'self-harm'
    | 'self-harm/instructions'
    | 'self-harm/intent'
    | 'sexual'
    | 'sexual/minors'
    | 'violence'
    | 'violence/graphic';

  /** Categories that OpenAI knows of pictures as well. */
  type OfPictures = 'self-harm' | 'self-harm/instructions' | 'self-harm/intent' | 'sexual' | 'violence' | 'violence/graphic';

  interface Finding {
    policy: 'content' | 'topic' | 'word' | 'sensitive_information';
    /** A filter such as `HATE`, the name of a topic, the type of a word list or of an entity. */
    name: string;
    detected: boolean;
    /** What the guardrail does about it, such as `BLOCKED` or `ANONYMIZED`. */
    action: string | null;
    /** 0 to 1, where the guardrail says. */
    confidence: number | null;
  }
}
