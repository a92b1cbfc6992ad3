//! Answers of the real service, decoded: the text, reasoning, tool calls, usage and stop reason that a recording holds
//! are those that our decoders give, however the bytes are split and whatever the service adds.

mod ai_sdk;
mod chat;
pub(crate) mod corpus;
mod reader;
mod splits;
mod strangers;
mod told;

use std::collections::BTreeMap;

use bedrock_wrapper::catalog::{self, Family, Kind, Model, Target};
use bedrock_wrapper::conversation::Event;
use bedrock_wrapper::error::{Error, Kind as Fault, Result};
use bedrock_wrapper::family::{self, Api, ReasoningTags};
use bedrock_wrapper::transport::Frames;
use serde_json::Value;

use corpus::Recording;
use reader::Reader;
use told::Told;

#[test]
fn chosen_recordings_decode_without_loss() {
    let report = check(&corpus::chosen());
    assert!(report.decoded > 80 && report.refused >= 10, "{} decoded, {} refused", report.decoded, report.refused);
}

#[test]
fn all_shared_recordings_decode_without_loss() {
    let recordings = corpus::shared();
    if !recordings.is_empty() {
        let report = check(&recordings);
        assert!(report.decoded > 600 && report.refused > 120, "{} decoded, {} refused", report.decoded, report.refused);
    }
}

#[derive(Default)]
struct Report {
    decoded: usize,
    refused: usize,
    skipped: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
}

fn check(recordings: &[Recording]) -> Report {
    let mut report = Report::default();
    for recording in recordings {
        if let Some(reason) = skipped(recording) {
            *report.skipped.entry(reason).or_default() += 1;
            continue;
        }
        if recording.value["response"]["status"] != 200 {
            report.refused += 1;
            report.wrong.extend(misnamed(recording));
            continue;
        }
        let case = Case::of(recording);
        let (told, expected) = (case.told(), case.expected());
        report.decoded += 1;
        if told != expected {
            report.wrong.push(format!("{}\n  ours     {told:?}\n  recorded {expected:?}", recording.name));
        }
    }
    println!("{} decoded, {} error answers, not decoded {:?}", report.decoded, report.refused, report.skipped);
    assert!(report.wrong.is_empty(), "{} of {}:\n{}", report.wrong.len(), report.decoded, report.wrong.join("\n"));
    report
}

/// An error answer whose name we do not know, or would not tell.
fn misnamed(recording: &Recording) -> Option<String> {
    let headers = recording.value["response"]["headers"].as_object().unwrap();
    let named = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-amzn-errortype"));
    let code = named?.1.as_str()?; // some recorders dropped the header
    let error = Error::service(code, "");
    let known = error.kind != Fault::Service && code.starts_with(error.name());
    (!known).then(|| format!("{}: {code} became {} {:?}", recording.name, error.name(), error.kind))
}

/// Why a recording is none of the decoders' business.
fn skipped(recording: &Recording) -> Option<&'static str> {
    let operation = recording.text("operation");
    if !["Converse", "ConverseStream", "InvokeModel", "InvokeModelWithResponseStream"].contains(&operation) {
        return Some("another operation");
    }
    match catalog::resolve(recording.text("model_id")).map(|target| target.model.kind) {
        Ok(Kind::Embedding) => Some("embeddings"),
        Ok(Kind::Rerank) => Some("a ranking"),
        Ok(Kind::Image | Kind::Video | Kind::Speech) => Some("pictures or sound"),
        _ => None,
    }
}

/// How a recording is decoded.
struct Case<'a> {
    recording: &'a Recording,
    api: Api,
    model: &'static Model,
}

impl<'a> Case<'a> {
    fn of(recording: &'a Recording) -> Self {
        let Target { model, wire_id, .. } = catalog::resolve(recording.text("model_id")).unwrap();
        let api = match recording.text("operation") {
            "Converse" | "ConverseStream" => Api::Converse,
            // A SageMaker endpoint says nothing of its model; this one serves OpenAI's completions.
            _ if wire_id.contains(":endpoint/") => Api::Invoke(Family::OpenaiChat),
            _ => Api::Invoke(model.family.unwrap_or_else(|| panic!("{wire_id} has no family in the catalog"))),
        };
        Case { recording, api, model }
    }

    /// What our decoders make of it.
    fn told(&self) -> Result<Told, String> {
        let events = match self.recording.stream() {
            Some(bytes) => self.stream_events([bytes.as_slice()]),
            None => family::decode(self.api, self.model, &self.recording.body()),
        };
        events.map(|events| Told::of(&events)).map_err(|error| shown(&error))
    }

    /// The events of a stream that came in `pieces`.
    fn stream_events<'b>(&self, pieces: impl IntoIterator<Item = &'b [u8]>) -> Result<Vec<Event>> {
        let (mut frames, mut decoder) = (Frames::default(), family::stream_decoder(self.api));
        let mut tags = (self.api != Api::Converse && self.model.reasoning_tags).then(ReasoningTags::default);
        let (mut events, mut split, mut chunk) = (Vec::new(), Vec::new(), Vec::new());
        for piece in pieces {
            frames.push(piece);
            while let Some(frame) = frames.next_frame()? {
                if self.api == Api::Converse {
                    decoder.step(frame.event_type, frame.payload, &mut events)?;
                } else {
                    family::invoke::native_chunk(frame.payload, &mut chunk)?;
                    decoder.step(frame.event_type, &chunk, &mut events)?;
                }
            }
        }
        frames.finish()?;
        decoder.finish()?;
        let Some(tags) = &mut tags else { return Ok(events) };
        events.into_iter().for_each(|event| tags.step(event, &mut split));
        tags.finish(&mut split);
        Ok(split)
    }

    /// What the recording says, read a second time and in another way.
    fn expected(&self) -> Result<Told, String> {
        let mut reader = Reader::default();
        if self.recording.stream().is_some() {
            for event in self.recording.decoded() {
                if event["message_type"] == "exception" {
                    let message = event["payload"]["message"].as_str().unwrap_or_default();
                    return Err(format!("{}: {message}", capitalized(&event["exception_type"])));
                }
                match self.api {
                    Api::Converse => {
                        reader.converse_event(event["event_type"].as_str().unwrap_or_default(), &event["payload"]);
                    }
                    Api::Invoke(_) => reader.native(&event["chunk"]),
                }
            }
        } else {
            let body = &self.recording.value["response"]["body"];
            match self.api {
                Api::Converse => reader.converse_body(body),
                Api::Invoke(_) => reader.native(body),
            }
        }
        if self.model.reasoning_tags {
            reader.split_reasoning();
        }
        Ok(reader.told())
    }
}

fn shown(error: &Error) -> String {
    format!("{}: {}", error.name(), error.message)
}

fn capitalized(name: &Value) -> String {
    let name = name.as_str().unwrap_or_default();
    name.get(..1).unwrap_or_default().to_uppercase() + name.get(1..).unwrap_or_default()
}
