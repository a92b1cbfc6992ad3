//! JSON schemas: what a model takes of one ([`clean`], [`inline`]), and whether an answer fits one ([`validate`]).

mod clean;
mod inline;
mod pointer;
mod validate;

pub(super) use clean::{clean, plain_root};
pub(super) use inline::{TooLarge, inline};
pub use validate::{repair_message, validate};
