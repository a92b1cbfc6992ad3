//! Every option of `providerOptions` for an embedding model, and what becomes of it: the one table. Any other option is put
//! into the model's body as it is.

use crate::dialect::fields::Fate::Mapped;
use crate::dialect::fields::Holds::{Flag, Number, Text};
use crate::dialect::fields::{Row, never};

/// Sorted by name.
#[rustfmt::skip]
pub(super) const FIELDS: &[Row] = &[
    ("dimensions", Number, Mapped, never,
        "numbers of a vector (Titan)"),
    ("embeddingDimension", Number, Mapped, never,
        "numbers of a vector (Nova); 1024 unless said"),
    ("embeddingPurpose", Text, Mapped, never,
        "what the vectors are for (Nova); `GENERIC_INDEX` unless said"),
    ("inputType", Text, Mapped, never,
        "what the vectors are for (Cohere); `search_query` unless said"),
    ("normalize", Flag, Mapped, never,
        "whether vectors have length one (Titan V2)"),
    ("outputDimension", Number, Mapped, never,
        "numbers of a vector (Cohere)"),
    ("truncate", Text, Mapped, never,
        "`NONE`, `START` or `END`: which end of a text that is too long is left out (Cohere; Nova, where it is `END` unless said)"),
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
