//! Every field of a request, and what becomes of it: the one table.

use crate::dialect::fields::Fate::Mapped;
use crate::dialect::fields::Holds::{Any, Text};
use crate::dialect::fields::{Row, never};

/// Sorted by name.
#[rustfmt::skip]
pub(super) const FIELDS: &[Row] = &[
    ("input", Any, Mapped, never,
        "a text, an array of texts, each with a result of its own, or an array of `text` and `image_url` parts that are judged together"),
    ("model", Text, Mapped, never,
        "id or ARN of a guardrail, with `:version` behind it unless it is the draft; a name of OpenAI's means the guardrail that is set up"),
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
