//! Every option of `providerOptions` for an image model, and what becomes of it: the one table. Any other option is put into
//! the model's body as it is.

use crate::dialect::fields::Fate::Mapped;
use crate::dialect::fields::Holds::{Number, Text};
use crate::dialect::fields::{Row, never};

/// Sorted by name.
#[rustfmt::skip]
pub(super) const FIELDS: &[Row] = &[
    ("cfgScale", Number, Mapped, never,
        "how closely the picture follows the prompt (Nova Canvas, Titan)"),
    ("controlMode", Text, Mapped, never,
        "`CANNY_EDGE` or `SEGMENTATION`: what a picture given with `TEXT_IMAGE` tells of (Nova Canvas, Titan V2)"),
    ("controlStrength", Number, Mapped, never,
        "how closely that picture is followed, 0 to 1 (Nova Canvas, Titan V2)"),
    ("maskPrompt", Text, Mapped, never,
        "names what is painted anew, or what stays (`INPAINTING`, `OUTPAINTING`)"),
    ("negativeText", Text, Mapped, never,
        "what is not to be seen"),
    ("outPaintingMode", Text, Mapped, never,
        "`DEFAULT` or `PRECISE` (`OUTPAINTING`)"),
    ("quality", Text, Mapped, never,
        "`standard` or `premium`; a warning where the model has no choice"),
    ("similarityStrength", Number, Mapped, never,
        "how much of the pictures given is kept, 0.2 to 1 (`IMAGE_VARIATION`)"),
    ("style", Text, Mapped, never,
        "a style of Nova Canvas (`TEXT_IMAGE`)"),
    ("taskType", Text, Mapped, never,
        "what is done (Nova Canvas, Titan); without it what is given says it"),
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
