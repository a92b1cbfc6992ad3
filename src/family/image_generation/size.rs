//! Sizes: what a caller asks for, and the nearest that a model makes.

use crate::conversation::{Loss, LossCode};
use crate::error::{ApiCode, Error};

/// Width and height in pixels.
pub(super) type Size = (u32, u32);

/// How much another shape may differ, as the logarithm of the ratio of both: a tenth. 1792x1024 is near 16:9; a picture
/// that is square where it was to be wide is another picture.
const NEAR: f64 = 0.1;
/// How much more the shape counts than the number of pixels.
const SHAPE: f64 = 4.0;

/// The nearest of `known`, unless all of them have another shape.
pub(super) fn nearest(wanted: Size, known: impl Iterator<Item = Size>) -> Option<Size> {
    let near = known.filter(|size| apart(shape(wanted), shape(*size)) <= NEAR);
    near.min_by(|left, right| distance(wanted, *left).total_cmp(&distance(wanted, *right)))
}

/// Says that another size is made than was asked for.
pub(super) fn adjusted(wanted: Size, made: Size, id: &str, losses: &mut Vec<Loss>) {
    if wanted != made {
        let message = format!("{id} does not make {}; {} was asked for.", told(wanted), told(made));
        losses.push(Loss::of(LossCode::ValueAdjusted, "size", message));
    }
}

/// The error for a size or ratio in `param` that is near none of a model's, with `advice` on what to ask for.
pub(super) fn refused(param: &str, wanted: &str, id: &str, advice: &str) -> Error {
    let message = format!("{id} makes nothing like {wanted}. {advice}");
    Error::invalid(param, message).coded(ApiCode::UnsupportedValue)
}

/// A rule for sizes: sides of `sides` pixels that `step` divides, one at most `longest` times the other, and fewer than
/// `pixels` in all.
pub(super) struct Rule {
    pub(super) sides: (u32, u32),
    pub(super) step: u32,
    pub(super) longest: u32,
    pub(super) pixels: u32,
}

impl Rule {
    /// The nearest size that keeps the rule, unless all of those have another shape.
    pub(super) fn nearest(&self, wanted: Size) -> Option<Size> {
        if self.allows(wanted) {
            return Some(wanted);
        }
        let scaled = self.scaled(wanted);
        let fits = self.allows(scaled) && apart(shape(wanted), shape(scaled)) <= NEAR;
        fits.then_some(scaled)
    }

    fn allows(&self, (width, height): Size) -> bool {
        let (least, most) = self.sides;
        let side = |side: u32| (least..=most).contains(&side) && side.is_multiple_of(self.step);
        let slim = width > self.longest.saturating_mul(height) || height > self.longest.saturating_mul(width);
        side(width) && side(height) && !slim && width.saturating_mul(height) < self.pixels
    }

    /// The size made as large or small as it must be, in whole steps.
    fn scaled(&self, (width, height): Size) -> Size {
        let (least, most) = self.sides;
        let (short, long) = (f64::from(width.min(height)), f64::from(width.max(height)));
        let grow = (f64::from(least) / short).max(1.0);
        let shrink = (f64::from(most) / long).min((f64::from(self.pixels - 1) / (short * long)).sqrt()).min(1.0);
        let factor = if grow > 1.0 { grow } else { shrink };
        let step = f64::from(self.step);
        // Downwards where pixels are too many, else to the next step.
        let round = |steps: f64| if factor < 1.0 { steps.floor() } else { steps.round() };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "far below 2^32, and positive")]
        let side = |side: u32| (round(f64::from(side) * factor / step) * step) as u32;
        (side(width), side(height))
    }
}

/// As callers write it.
pub(super) fn told((width, height): Size) -> String {
    format!("{width}x{height}")
}

fn shape((width, height): Size) -> f64 {
    f64::from(width) / f64::from(height)
}

fn apart(left: f64, right: f64) -> f64 {
    (left / right).ln().abs()
}

fn distance(wanted: Size, size: Size) -> f64 {
    let area = |(width, height): Size| f64::from(width) * f64::from(height);
    SHAPE * apart(shape(wanted), shape(size)) + apart(area(wanted), area(size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULE: Rule = Rule { sides: (320, 4096), step: 16, longest: 4, pixels: 4_194_304 };

    #[test]
    fn what_keeps_the_rule_stays_and_the_rest_comes_near() {
        for (wanted, made) in [
            ((1024, 1024), Some((1024, 1024))),
            ((1792, 1024), Some((1792, 1024))),
            ((256, 256), Some((320, 320))),
            ((1000, 500), Some((1008, 496))),
            ((4096, 4096), Some((2032, 2032))),
            ((1, 16_384), None),
            ((400, 2000), None),
        ] {
            assert_eq!(RULE.nearest(wanted), made, "{wanted:?}");
        }
    }

    #[test]
    fn the_nearest_has_the_same_shape() {
        let known = || [(1024, 1024), (512, 512), (1408, 768), (1152, 640), (768, 1152)].into_iter();
        for (wanted, made) in [
            ((256, 256), Some((512, 512))),
            ((1792, 1024), Some((1408, 768))),
            ((1024, 1536), Some((768, 1152))),
            ((3000, 1000), None),
        ] {
            assert_eq!(nearest(wanted, known()), made, "{wanted:?}");
        }
    }

    proptest! {
        #[test]
        fn no_size_breaks_the_rule(width in 1u32..=16_384, height in 1u32..=16_384) {
            if let Some(size) = RULE.nearest((width, height)) {
                prop_assert!(RULE.allows(size), "{size:?}");
            }
        }
    }
}
