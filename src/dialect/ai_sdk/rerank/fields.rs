//! Every option of `providerOptions` for a reranking model, and what becomes of it: the one table. Any other option is one of
//! `additionalModelRequestFields`.

use crate::dialect::fields::Fate::Mapped;
use crate::dialect::fields::Holds::{Object, Text};
use crate::dialect::fields::{Row, never};

/// Sorted by name.
#[rustfmt::skip]
pub(super) const FIELDS: &[Row] = &[
    ("additionalModelRequestFields", Object, Mapped, never,
        "put into the model's own body as they are"),
    ("nextToken", Text, Mapped, never,
        "that of an earlier answer, of which these are the next results"),
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
