//! The one integration test binary of the crate.

#[cfg(test)]
mod catalog;
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failing test panics"
)]

mod simulator;
mod simulator_frames;
mod simulator_recordings;
