//! Every field of a request, and what becomes of it: the one table.

use serde_json::Value;

use crate::dialect::field::Fate::{Mapped, Refused, Warned};
use crate::dialect::field::{Row, Told, never, told};

/// Sorted by name: the fields of OpenAI's `EmbeddingCreateParams` (openai 7.55), and those of Cohere, Titan and Nova.
#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    ("additionalModelRequestFields", Mapped("put into the model's body as they are"), never),
    ("dimensions",      Mapped("one of the model's lengths; another is an error, vectors are never cut"), never),
    ("embedding_types", Refused("the answer has one vector of floats for each input"), is_float),
    ("encoding_format", Mapped("`float`, or `base64`: 32-bit floats, little-endian"), never),
    ("extra_body",      Mapped("its members count as fields of the request"), never),
    ("input",           Mapped("texts, tokens of cl100k_base, pictures"), never),
    ("input_type",      Mapped("what the vectors are for: `search_document` unless said; a warning where the model has no choice"), never),
    ("model",           Mapped("an id, ARN or name of an embedding model"), never),
    ("normalize",       Mapped("whether vectors have length one; a warning where the model has no choice"), never),
    ("truncate",        Mapped("`NONE` unless said, `START` or `END`; a warning where the model has no choice"), never),
    ("user",            Warned("Bedrock's embedding models take no name of a user"), never),
];

/// What becomes of each field, sorted by name.
pub fn fields() -> impl Iterator<Item = Told> {
    told(TABLE)
}

fn is_float(value: &Value) -> bool {
    value == "float" || value.as_array().is_some_and(|types| types.iter().all(|name| name == "float"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::field::is_sorted;

    #[test]
    fn the_table_is_sorted_and_each_field_stands_once() {
        assert!(is_sorted(TABLE));
    }
}
