//! How much a caller may have.

use super::ask::Ask;
use super::keys::Caller;
use super::refusal::Refusal;
use crate::conversation::Usage;

/// What is counted of all callers.
#[derive(Debug, Default)]
pub(super) struct Limits {}

/// What was lent to one request; it is settled when the request is over.
#[derive(Debug)]
pub(super) struct Lease {}

impl Limits {
    /// Lends what a request is going to take, or says why not.
    pub(super) async fn admit(&self, _caller: &Caller, _ask: &Ask) -> std::result::Result<Option<Lease>, Refusal> {
        Ok(None)
    }
}

impl Lease {
    /// Takes account of what it came to; a request that never got an answer costs nothing but itself.
    pub(super) fn settle(self, _usage: &Usage) {}

    /// `x-ratelimit-*` of the answer.
    pub(super) fn headers(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}
