//! What a failure means for the request and for the target: whether another is asked, and who is to blame.
//!
//! Whatever is the caller's mistake is one everywhere. What a region or an account lacks, another may have.

use crate::error::{Error, Kind};

/// Who gets to feel a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blame {
    /// Nobody: the target did as it should.
    Nobody,
    /// The model on this target.
    Model,
    /// The target as a whole.
    Target,
}

/// What follows from a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Whether another target is asked.
    pub(super) elsewhere: bool,
    pub(super) blame: Blame,
}

const fn row(kind: Kind, elsewhere: bool, blame: Blame) -> (Kind, Verdict) {
    (kind, Verdict { elsewhere, blame })
}

/// Every kind, once, in the order of [`Kind`].
const TABLE: &[(Kind, Verdict)] = &[
    row(Kind::InvalidRequest, false, Blame::Nobody),
    row(Kind::UnknownModel, true, Blame::Nobody), // the lists of another account may have it
    row(Kind::Configuration, true, Blame::Target), // no credentials, no region
    row(Kind::InvalidImage, false, Blame::Nobody),
    row(Kind::AlreadyConsumed, false, Blame::Nobody),
    row(Kind::Aborted, false, Blame::Nobody),
    row(Kind::Connection, true, Blame::Target),
    row(Kind::Timeout, true, Blame::Model),
    row(Kind::BrokenStream, true, Blame::Model),
    row(Kind::UnknownUrl, false, Blame::Nobody),
    row(Kind::MethodNotAllowed, false, Blame::Nobody),
    row(Kind::AccessDenied, true, Blame::Model),
    row(Kind::Conflict, false, Blame::Nobody),
    row(Kind::InternalServer, true, Blame::Model),
    row(Kind::ModelError, true, Blame::Model),
    row(Kind::ModelNotReady, true, Blame::Model),
    row(Kind::ModelStreamError, true, Blame::Model),
    row(Kind::ModelTimeout, false, Blame::Model), // what takes too long here takes too long there
    row(Kind::ResourceNotFound, true, Blame::Nobody),
    row(Kind::ServiceQuotaExceeded, true, Blame::Model),
    row(Kind::ServiceUnavailable, true, Blame::Model),
    row(Kind::Throttling, true, Blame::Model),
    row(Kind::Validation, false, Blame::Nobody),
    row(Kind::Authentication, true, Blame::Target),
    row(Kind::Service, false, Blame::Nobody),
    row(Kind::Internal, false, Blame::Nobody),
];

/// What a `ValidationException` says where the region lacks the model, in lower case.
const LACKING: [&str; 2] = ["model identifier is invalid", "on-demand throughput isn"];

/// What follows from `error`.
pub(super) fn verdict(error: &Error) -> Verdict {
    if error.kind == Kind::Validation {
        let text = error.message.to_lowercase();
        let elsewhere = LACKING.iter().any(|part| text.contains(part));
        return Verdict { elsewhere, blame: Blame::Nobody };
    }
    if error.kind == Kind::Service && error.retryable() {
        return Verdict { elsewhere: true, blame: Blame::Model };
    }
    // A test holds the table to the order of the enum.
    TABLE.get(error.kind as usize).map_or(Verdict { elsewhere: false, blame: Blame::Nobody }, |(_, verdict)| *verdict)
}

/// The one of two failures that says more to the caller: rather that he may try again than that some other target lacks the
/// model.
pub(super) fn worse(before: Option<Error>, now: Error) -> Error {
    match before {
        Some(before) if before.retryable() && !now.retryable() => before,
        _ => now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::TABLE as KINDS;

    #[test]
    fn the_table_has_every_kind_in_order() {
        let kinds: Vec<Kind> = TABLE.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, KINDS.iter().map(|row| row.kind).collect::<Vec<_>>());
    }

    #[test]
    fn a_callers_mistake_is_one_everywhere() {
        let error = |code: &str, message: &str| verdict(&Error::service(code, message));
        let nothing = Verdict { elsewhere: false, blame: Blame::Nobody };
        assert_eq!(error("ValidationException", "messages: at least one message is required"), nothing);
        assert!(error("ValidationException", "The provided model identifier is invalid.").elsewhere);
        assert_eq!(error("ThrottlingException", "Slow down."), Verdict { elsewhere: true, blame: Blame::Model });
        let odd = Error::service("OddException", "x");
        assert_eq!(verdict(&odd.clone().answered(Some(418), None)), nothing);
        assert!(verdict(&odd.answered(Some(503), None)).elsewhere);
    }

    #[test]
    fn that_one_may_try_again_says_more_than_that_another_lacks_the_model() {
        let slow = Error::service("ThrottlingException", "Slow down.");
        let lacks = Error::service("ResourceNotFoundException", "No such model.");
        assert_eq!(worse(Some(slow.clone()), lacks.clone()).kind, Kind::Throttling);
        assert_eq!(worse(Some(lacks), slow).kind, Kind::Throttling);
    }
}
