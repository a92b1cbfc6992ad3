//! The one integration test binary of the crate.

#[cfg(test)]
mod catalog;
