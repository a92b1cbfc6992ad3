//! Every field of a request, and what becomes of it: the one table.

use crate::dialect::fields::Fate::{Mapped, Warned};
use crate::dialect::fields::Holds::{Flag, List, Number, Object, Text};
use crate::dialect::fields::{Row, is_empty, never};

/// Sorted by name.
#[rustfmt::skip]
pub(super) const FIELDS: &[Row] = &[
    ("additionalModelRequestFields", Object, Mapped, never,
        "put into the model's body as it is"),
    ("documents", List, Mapped, never,
        "1 to 1,000 texts, or objects: their `text`, or all their members as lines"),
    ("extra_body", Object, Mapped, is_empty,
        "its members count as fields of the request; those that are not in this table go to `additionalModelRequestFields`"),
    ("max_tokens_per_doc", Number, Mapped, never,
        "how much of each document is read; a warning where the model has no choice"),
    ("model", Text, Mapped, never,
        "an id, ARN or name of a rerank model"),
    ("query", Text, Mapped, never,
        "what is looked for"),
    ("return_documents", Flag, Mapped, never,
        "whether results repeat their documents; `false` unless said"),
    ("top_n", Number, Mapped, never,
        "how many of the best come back; all unless said"),
    ("user", Text, Warned, never,
        "Bedrock's rerank models take no name of a user"),
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
