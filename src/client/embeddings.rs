//! `POST /embeddings`: inputs in as few calls as the model allows, several at once, their vectors in order.

use std::ops::Range;
use std::time::Duration;

use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;
use tokio::time::sleep;

use super::making::{self, Made};
use super::told::{Tally, Told};
use super::{Client, pictures};
use crate::catalog::{Embedding, Kind, Target};
use crate::conversation::embedding::Request;
use crate::dialect::embeddings::{self as dialect, Encoding};
use crate::error::{self, Error, Result};
use crate::family::embedding as family;
use crate::transport::in_time;

/// Calls at once. A thousand texts of a model that takes one a call are then 32 round trips, not a thousand.
const MOST_CALLS: usize = 32;

/// How long a call of more than [`MOST_CALLS`] waits after the service has throttled all its attempts: what a thousand calls
/// find is a quota for each minute, which is no reason to give them all up. Each that waits holds its place, so that fewer
/// go out.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// Answers a request with the JSON of OpenAI's `CreateEmbeddingResponse`. The first call that fails ends all others.
pub async fn embeddings(client: &Client, body: Value, told: &mut Told) -> Result<(String, Tally)> {
    let losses = &mut told.losses;
    let dialect::Call { model, encoding, mut request } = dialect::parse(body, client.manner().strict_params, losses)?;
    let target = making::target(client, &model, Kind::Embedding, losses).await?;
    let facts = target.model.embedding.as_ref().ok_or_else(|| making::of_another_kind(&target, Kind::Embedding))?;
    family::fit(&mut request, facts, &target.wire_id, losses)?;
    let images = request.inputs.iter_mut().filter_map(|input| input.image.as_mut());
    pictures::make_all_ready(images, client.fetcher(), losses).await?;
    told.asks(client, &target);

    let embedding = Embeddings { client, target: &target, facts, request: &request, encoding };
    let batches = family::batches(&request, facts);
    let all = in_time(client.patience(), embedding.all(batches)).await?;
    told.request_id = all.request_id;
    told.asked_through(&target, all.profile);
    Ok((dialect::render(&model, &all.vectors, all.tokens), Tally::of_input(Some(all.tokens))))
}

/// What all calls of one request have in common.
struct Embeddings<'a> {
    client: &'a Client,
    target: &'a Target,
    facts: &'a Embedding,
    request: &'a Request,
    encoding: Encoding,
}

/// What calls gave.
struct Embedded {
    /// Vectors as they are written, in the order of the inputs.
    vectors: Vec<String>,
    /// What they cost.
    tokens: u64,
    /// `x-amzn-RequestId` of the first call.
    request_id: Option<String>,
    /// The inference profile that it went through.
    profile: Option<String>,
}

impl Embeddings<'_> {
    /// All vectors.
    async fn all(&self, batches: Vec<Range<usize>>) -> Result<Embedded> {
        let mut calls = stream::iter(batches).map(|batch| self.call(batch)).buffer_unordered(MOST_CALLS);
        let vectors = vec![String::new(); self.request.inputs.len()];
        let mut all = Embedded { vectors, tokens: 0, request_id: None, profile: None };
        while let Some((batch, made)) = calls.try_next().await? {
            if batch.start == 0 {
                (all.request_id, all.profile) = (made.request_id, made.profile);
            }
            all.vectors.iter_mut().skip(batch.start).zip(made.vectors).for_each(|(place, vector)| *place = vector);
            all.tokens += made.tokens;
        }
        Ok(all)
    }

    /// One call, and the batch it was for.
    async fn call(&self, batch: Range<usize>) -> Result<(Range<usize>, Embedded)> {
        let mut pauses = self.pauses().iter();
        loop {
            let error = match self.answered(&batch).await {
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

    /// None for few calls, which the attempts of each serve, and for a caller who wants no attempts.
    fn pauses(&self) -> &'static [Duration] {
        let calls = self.request.inputs.len() / usize::from(self.facts.batch.max(1));
        if calls > MOST_CALLS && self.client.patience().retries > 0 { &PAUSES } else { &[] }
    }

    async fn answered(&self, batch: &Range<usize>) -> Result<Embedded> {
        let body = family::encode(self.request, batch.clone(), self.facts.body);
        let Made { body, input_tokens, request_id, profile } = making::invoke(self.client, self.target, body).await?;
        let of_this_call = |error: Error| error.answered(None, request_id.clone());
        let embedded = family::decode(&body, self.facts.body, batch.len()).map_err(of_this_call)?;
        let written = embedded.vectors.into_iter().map(|vector| self.encoding.write(vector));
        let vectors = written.collect::<Result<_>>().map_err(of_this_call)?;
        // Nobody tells the tokens of pictures, and some models those of texts.
        let tokens = embedded.input_tokens.or(input_tokens).unwrap_or(0);
        Ok(Embedded { vectors, tokens, request_id, profile })
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
