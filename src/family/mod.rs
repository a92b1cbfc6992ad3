//! Families: how models are spoken to. Each turns a request into a body and an answer into events; none does I/O.
//!
//! `converse` serves every model; `invoke` has one file for each shape of native body. [`fit`] changes a request into
//! what a model takes and reports each change; after it, encoding cannot fail.

pub mod agent_rerank;
pub mod converse;
pub mod embedding;
pub mod fit;
pub mod image_generation;
pub mod invoke;
pub mod learn;
pub mod listing;
pub mod moderation;
pub mod rerank;
mod rest;
pub mod schema;
mod surrogates;
mod tags;
mod undo;

pub use tags::ReasoningTags;
pub use undo::Undo;

use serde::Deserialize;

use crate::catalog::{Family, Model};
use crate::conversation::{Event, Request};
use crate::error::{Error, Kind, Result};

/// Which API of bedrock-runtime carries the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Converse, ConverseStream.
    Converse,
    /// InvokeModel, InvokeModelWithResponseStream, with the body of this family.
    Invoke(Family),
}

/// A stream's state machine: events out of one frame after the other.
pub trait StreamDecoder: Send {
    /// Takes one event. `event_type` is the frame's `:event-type`; for InvokeModel `payload` is the native chunk.
    fn step(&mut self, event_type: &str, payload: &[u8], events: &mut Vec<Event>) -> Result<()>;

    /// The bytes are over: refuses a stream that was cut before the model said why it stopped.
    fn finish(&self) -> Result<()>;
}

/// The request body for `model`.
pub fn encode(api: Api, request: &Request, model: &Model) -> Vec<u8> {
    match api {
        Api::Converse => converse::encode(request),
        Api::Invoke(family) => invoke::encode(family, request, model),
    }
}

/// The events of a whole answer.
pub fn decode(api: Api, model: &Model, body: &[u8]) -> Result<Vec<Event>> {
    let decode = |body: &[u8]| match api {
        Api::Converse => converse::decode(body),
        Api::Invoke(family) => invoke::decode(family, body),
    };
    let events = decode(body).or_else(|refused| match surrogates::replaced(body) {
        Some(mended) => decode(&mended),
        None => Err(refused),
    })?;
    if !model.reasoning_tags {
        return Ok(events);
    }
    let mut tags = ReasoningTags::default();
    let mut split = Vec::with_capacity(events.len());
    events.into_iter().for_each(|event| tags.step(event, &mut split));
    tags.finish(&mut split);
    Ok(split)
}

/// The decoder of a streamed answer.
pub fn stream_decoder(api: Api) -> Box<dyn StreamDecoder> {
    let decoder = match api {
        Api::Converse => Box::new(converse::ConverseStream::default()),
        Api::Invoke(family) => invoke::stream_decoder(family),
    };
    Box::new(surrogates::Mended::new(decoder))
}

/// Parses what the service sent; what is no JSON is a broken answer, never the caller's fault.
fn json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        Error::new(Kind::BrokenStream, format!("The service sent something that is not the JSON it promises: {error}."))
    })
}

/// A stream that ended before `missing` came.
fn cut(missing: &str) -> Error {
    Error::new(
        Kind::BrokenStream,
        format!("The stream ended before {missing} came, so the answer may be incomplete. Try again."),
    )
}
