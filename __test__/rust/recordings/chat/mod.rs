//! Recorded answers of Converse and ConverseStream as answers of OpenAI's Chat Completions API.

mod joined;
mod snapshots;
mod twins;

use bedrock_wrapper::conversation::Event;
use bedrock_wrapper::dialect::chat::error::ApiError;
use bedrock_wrapper::dialect::chat::render::{Chunk, Chunks, DONE, Render, Settings};
use bedrock_wrapper::error::{Error, Result};
use bedrock_wrapper::family;
use bedrock_wrapper::transport::Frames;
use serde_json::Value;

use super::Api;
use super::corpus::{self, Recording};

/// The recordings this is about.
fn of_converse(recordings: Vec<Recording>) -> Vec<Recording> {
    recordings
        .into_iter()
        .filter(|recording| ["Converse", "ConverseStream"].contains(&recording.text("operation")))
        .filter(|recording| super::skipped(recording).is_none())
        .collect()
}

fn all() -> Vec<Recording> {
    of_converse([corpus::chosen(), corpus::shared()].into_iter().flatten().collect())
}

fn answered(recording: &Recording) -> bool {
    recording.value["response"]["status"] == 200
}

fn render(recording: &Recording) -> Render {
    Render::new(Settings {
        id: "chatcmpl-recorded".into(),
        created: 1_700_000_000,
        model: recording.text("model_id").into(),
        include_usage: true,
        bedrock: true,
        ..Settings::default()
    })
}

/// A stream as a caller would get it.
struct Streamed {
    chunks: Chunks,
    out: Vec<Chunk>,
    failure: Option<Error>,
}

impl Streamed {
    /// The stream that comes in `pieces`.
    fn of<'b>(recording: &Recording, pieces: impl IntoIterator<Item = &'b [u8]>) -> Streamed {
        let mut streamed = Streamed { chunks: render(recording).chunks(1), out: Vec::new(), failure: None };
        streamed.failure = streamed.read(pieces).err();
        streamed
    }

    fn of_events(recording: &Recording, events: Vec<Event>) -> Streamed {
        let mut streamed = Streamed { chunks: render(recording).chunks(1), out: Vec::new(), failure: None };
        streamed.step(events);
        streamed.failure = streamed.chunks.finish(0, &mut streamed.out).err();
        streamed
    }

    fn read<'b>(&mut self, pieces: impl IntoIterator<Item = &'b [u8]>) -> Result<()> {
        let (mut frames, mut decoder) = (Frames::default(), family::stream_decoder(Api::Converse));
        for piece in pieces {
            frames.push(piece);
            while let Some(frame) = frames.next_frame()? {
                let mut events = Vec::new();
                decoder.step(frame.event_type, frame.payload, &mut events)?;
                self.step(events);
            }
        }
        frames.finish()?;
        decoder.finish()?;
        self.chunks.finish(0, &mut self.out)
    }

    fn step(&mut self, events: Vec<Event>) {
        events.into_iter().for_each(|event| self.chunks.step(0, event, &mut self.out));
    }

    /// The body of the answer as server-sent events.
    fn sse(&self) -> String {
        let mut sse = String::new();
        self.out.iter().for_each(|chunk| self.chunks.push_event(chunk, &mut sse));
        sse + &self.failure.as_ref().map_or_else(|| DONE.to_owned(), |error| ApiError::of(error).event())
    }

    /// The chunks, as a client reads them from the events.
    fn chunks(&self) -> Vec<Value> {
        let events = self.sse();
        let events = events.split_terminator("\n\n").filter(|event| *event != DONE.trim_end());
        events.map(|event| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap()).collect()
    }

    /// The chunks as the object API gets them.
    fn items(&self) -> Vec<String> {
        self.out.iter().map(|chunk| self.chunks.item(chunk.clone())).collect()
    }
}

/// An error answer as our transport reads it.
fn refusal(recording: &Recording) -> Error {
    let response = &recording.value["response"];
    let headers = response["headers"].as_object().unwrap();
    let named = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-amzn-errortype"));
    let code = named.and_then(|(_, value)| value.as_str()).unwrap_or_default();
    let body = &response["body"];
    let message = body["message"].as_str().or(body["Message"].as_str()).unwrap_or_default();
    Error::service(code, message)
        .answered(response["status"].as_u64().and_then(|status| u16::try_from(status).ok()), None)
}
