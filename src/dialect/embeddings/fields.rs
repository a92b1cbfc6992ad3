//! Every field of a request, and what becomes of it: the one table.
//!
//! The fields are those of OpenAI's `EmbeddingCreateParams` (openai 7.55), and those that Cohere, Titan and Nova share.

use crate::dialect::fields::Fate::{Mapped, Refused, Warned};
use crate::dialect::fields::Holds::{Any, Flag, Number, Object, Text};
use crate::dialect::fields::{Row, is_empty, is_float, never};

/// Sorted by name.
#[rustfmt::skip]
pub(super) const FIELDS: &[Row] = &[
    ("additionalModelRequestFields", Object, Mapped, never,
        "put into the model's body as it is"),
    ("dimensions", Number, Mapped, never,
        "one of the model's lengths; another is an error, vectors are never cut"),
    ("embedding_types", Any, Refused, is_float,
        "the answer has one vector of floats for each input"),
    ("encoding_format", Text, Mapped, never,
        "`float`, or `base64`: 32-bit floats, little-endian"),
    ("extra_body", Object, Mapped, is_empty,
        "its members count as fields of the request; those that are not in this table go to `additionalModelRequestFields`"),
    ("input", Any, Mapped, never,
        "up to 2,048 texts, lists of tokens of cl100k_base, pictures; see [inputs](#inputs)"),
    ("input_type", Text, Mapped, never,
        "what the vectors are for, `search_document` unless said; a warning where the model has no choice"),
    ("model", Text, Mapped, never,
        "an id, ARN or name of an embedding model"),
    ("normalize", Flag, Mapped, never,
        "whether vectors have length one; a warning where the model has no choice"),
    ("truncate", Text, Mapped, never,
        "`NONE` unless said, `START` or `END`; a warning where the model has no choice"),
    ("user", Text, Warned, never,
        "Bedrock's embedding models take no name of a user"),
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
