//! Every field of a request, and what becomes of it: the one table.
//!
//! The fields are those of OpenAI's `ImageGenerateParams` (openai 7.55), and those that Bedrock's models share.

use crate::dialect::fields::Fate::{Mapped, Refused, Warned};
use crate::dialect::fields::Holds::{Flag, Number, Object, Text};
use crate::dialect::fields::{Row, is_auto, is_auto_or_opaque, is_empty, is_false, is_one, is_zero, never};

/// Sorted by name.
#[rustfmt::skip]
pub(super) const FIELDS: &[Row] = &[
    ("additionalModelRequestFields", Object, Mapped, never,
        "put into the model's body as they are, e.g. another `taskType`"),
    ("background", Text, Refused, is_auto_or_opaque,
        "the model paints the background"),
    ("cfg_scale", Number, Mapped, never,
        "how closely the picture follows the prompt (Nova Canvas, Titan)"),
    ("complexity", Text, Warned, never,
        "Bedrock's models have no such parameter"),
    ("extra_body", Object, Mapped, is_empty,
        "its members count as fields of the request; those that are not in this table go to `additionalModelRequestFields`"),
    ("frame_count", Number, Refused, is_one,
        "the models make single pictures"),
    ("frame_duration_ms", Number, Warned, never,
        "the models make single pictures"),
    ("model", Text, Mapped, never,
        "an id, ARN or name of an image model"),
    ("moderation", Text, Warned, is_auto,
        "what the models refuse cannot be chosen"),
    ("n", Number, Mapped, never,
        "1 to 10, in as few calls as the model allows"),
    ("negative_prompt", Text, Mapped, never,
        "what is not to be seen"),
    ("output_compression", Number, Warned, never,
        "Bedrock's models have no such parameter"),
    ("output_format", Text, Mapped, never,
        "`png`; `jpeg` and `webp` where the model has them"),
    ("partial_images", Number, Warned, is_zero,
        "pictures come whole"),
    ("prompt", Text, Mapped, never,
        "what is to be seen"),
    ("quality", Text, Mapped, never,
        "`hd`, `high` and above are the model's premium quality, others its standard"),
    ("response_format", Text, Mapped, never,
        "`b64_json` unless said; `url` gives a data URL, with a warning"),
    ("safety_identifier", Text, Warned, never,
        "Bedrock's image models take no name of a user"),
    ("seed", Number, Mapped, never,
        "equal requests with equal seeds give equal pictures"),
    ("size", Text, Mapped, never,
        "the nearest size or aspect ratio of the model, with a warning where it is another"),
    ("stream", Flag, Refused, is_false,
        "pictures come whole"),
    ("style", Text, Mapped, never,
        "a style of Nova Canvas; OpenAI's `vivid` and `natural` are left out with a warning"),
    ("svg", Object, Refused, never,
        "the models make no SVG"),
    ("user", Text, Warned, never,
        "Bedrock's image models take no name of a user"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::fields::check_table;

    #[test]
    fn the_table_is_in_order() {
        check_table(FIELDS);
    }
}
