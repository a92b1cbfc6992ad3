//! Inputs into vectors: in as few calls as the model allows, several at once, the vectors in the order of the inputs.

use std::ops::Range;
use std::time::Duration;

use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::value::RawValue;
use tokio::time::sleep;

use super::Client;
use super::making::{self, Made};
use crate::catalog::{Embedding, Target};
use crate::conversation::embedding::Request;
use crate::error::{self, Error, Result};
use crate::family::embedding as family;
use crate::transport::{Particulars, in_time};

/// Calls at once. A thousand texts of a model that takes one a call are then 32 round trips, not a thousand.
const MOST_CALLS: usize = 32;

/// How long a call of more than [`MOST_CALLS`] waits after the service has throttled all its attempts: what a thousand calls
/// find is a quota for each minute, which is no reason to give them all up. Each that waits holds its place, so that fewer
/// go out.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// What all calls of one request have in common.
pub(super) struct Vectors<'a> {
    pub(super) client: &'a Client,
    pub(super) target: &'a Target,
    pub(super) facts: &'a Embedding,
    /// Fit for the model.
    pub(super) request: &'a Request,
    pub(super) particulars: &'a Particulars,
    /// Whether calls of a large request wait until a quota has passed.
    pub(super) outlasts_quotas: bool,
}

/// What calls gave.
#[derive(Default)]
pub(super) struct Embedded {
    /// Vectors as they are written, in the order of the inputs.
    pub(super) vectors: Vec<String>,
    /// What they cost, where anybody tells.
    pub(super) tokens: Option<u64>,
    /// `x-amzn-RequestId` of the first call.
    pub(super) request_id: Option<String>,
    /// The inference profile that it went through.
    pub(super) profile: Option<String>,
    /// Headers of its answer, where they are kept.
    pub(super) headers: Vec<(String, String)>,
}

/// How a vector, JSON that is not judged yet, is written.
type Write<'w> = dyn Fn(Box<RawValue>) -> Result<String> + Sync + 'w;

impl Vectors<'_> {
    /// All vectors. The first call that fails ends all others.
    pub(super) async fn all(&self, write: &Write<'_>) -> Result<Embedded> {
        let batches = family::batches(self.request, self.facts);
        in_time(self.client.patience(), self.batches(batches, write)).await
    }

    async fn batches(&self, batches: Vec<Range<usize>>, write: &Write<'_>) -> Result<Embedded> {
        let mut calls = stream::iter(batches).map(|batch| self.call(batch, write)).buffer_unordered(MOST_CALLS);
        let mut all = Embedded { vectors: vec![String::new(); self.request.inputs.len()], ..Embedded::default() };
        while let Some((batch, made)) = calls.try_next().await? {
            if batch.start == 0 {
                (all.request_id, all.profile, all.headers) = (made.request_id, made.profile, made.headers);
            }
            all.vectors.iter_mut().skip(batch.start).zip(made.vectors).for_each(|(place, vector)| *place = vector);
            all.tokens = all.tokens.map_or(made.tokens, |sum| Some(sum + made.tokens.unwrap_or(0)));
        }
        Ok(all)
    }

    /// One call, and the batch it was for.
    async fn call(&self, batch: Range<usize>, write: &Write<'_>) -> Result<(Range<usize>, Embedded)> {
        let mut pauses = self.pauses().iter();
        loop {
            let error = match self.answered(&batch, write).await {
                Ok(embedded) => return Ok((batch, embedded)),
                Err(error) => error,
            };
            match pauses.next().filter(|_| error.kind == error::Kind::Throttling) {
                // Not all at once again.
                Some(pause) => sleep(pause.mul_f64(0.5 + fastrand::f64())).await,
                None => return Err(self.about(&batch, error)),
            }
        }
    }

    /// None for few calls, which whoever makes the request may make again.
    fn pauses(&self) -> &'static [Duration] {
        let calls = self.request.inputs.len() / usize::from(self.facts.batch.max(1));
        if calls > MOST_CALLS && self.outlasts_quotas { &PAUSES } else { &[] }
    }

    async fn answered(&self, batch: &Range<usize>, write: &Write<'_>) -> Result<Embedded> {
        let body = family::encode(self.request, batch.clone(), self.facts.body);
        let made = making::invoke(self.client, self.target, body, self.particulars).await?;
        let Made { body, input_tokens, request_id, profile, headers } = made;
        let of_this_call = |error: Error| error.answered(None, request_id.clone());
        let embedded = family::decode(&body, self.facts.body, batch.len()).map_err(of_this_call)?;
        let vectors = embedded.vectors.into_iter().map(write).collect::<Result<_>>().map_err(of_this_call)?;
        Ok(Embedded { vectors, tokens: embedded.input_tokens.or(input_tokens), request_id, profile, headers })
    }

    /// Names the input that a call failed for, where the failure is about what was sent.
    fn about(&self, batch: &Range<usize>, error: Error) -> Error {
        use error::Kind::{AccessDenied, Authentication, Configuration, Connection, ResourceNotFound};
        let of_the_account = [AccessDenied, Authentication, Configuration, Connection, ResourceNotFound];
        if error.param.is_some() || of_the_account.contains(&error.kind) {
            return error;
        }
        let first = self.request.param(batch.start);
        match (at_fault(&error.message, batch), batch.len()) {
            (Some(index), _) => error.in_field(&self.request.param(index)),
            // Nothing that the caller does not know.
            (None, inputs) if inputs == self.request.inputs.len() => error.at(first),
            (None, 0 | 1) => error.in_field(&first),
            (None, _) => {
                let last = self.request.param(batch.end.saturating_sub(1));
                error.in_field(&format!("{first} to {last}")).at(first)
            }
        }
    }
}

/// The input that the service's message points to: `#/texts/3: expected maxLength: 2048, actual: 2500`.
fn at_fault(message: &str, batch: &Range<usize>) -> Option<usize> {
    let pointed = ["/texts/", "/images/", "/inputs/"].iter().find_map(|list| message.split_once(list));
    let (_, rest) = pointed?;
    let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
    let index = batch.start.checked_add(digits.parse().ok()?)?;
    batch.contains(&index).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_points_to_an_input_is_understood() {
        let message = "Malformed input request: #/texts/3: expected maxLength: 2048, actual: 2500";
        assert_eq!(at_fault(message, &(96..192)), Some(99));
        assert_eq!(at_fault(message, &(0..3)), None, "no input of this call");
        assert_eq!(at_fault("#/texts: expected maximum item count: 96", &(0..96)), None);
        assert_eq!(at_fault("Too many requests", &(0..96)), None);
    }
}
