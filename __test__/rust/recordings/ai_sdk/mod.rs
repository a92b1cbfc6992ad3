//! Recorded answers as results and stream parts of Vercel's AI SDK: nothing is lost against a second reader of the wire,
//! the parts are in order, and they do not depend on how the bytes come.

mod order;
mod parts;

use bedrock_wrapper::conversation::Event;
use bedrock_wrapper::dialect::ai_sdk::Specification;
use bedrock_wrapper::dialect::ai_sdk::render::{Parts, Settings, result};
use bedrock_wrapper::error::Result;
use bedrock_wrapper::family;
use bedrock_wrapper::transport::Frames;
use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use super::corpus::{self, Recording};
use super::{Api, Case, skipped};

fn answered() -> impl Iterator<Item = Recording> {
    let all = [corpus::chosen(), corpus::shared()].into_iter().flatten();
    all.filter(|recording| skipped(recording).is_none() && recording.value["response"]["status"] == 200)
}

fn settings(specification: Specification) -> Settings {
    Settings { specification, generated_id: "made".to_owned(), ..Settings::default() }
}

fn streamed(events: Vec<Event>, specification: Specification) -> Vec<Value> {
    let (mut parts, mut items) = (Parts::new(settings(specification)), Vec::new());
    events.into_iter().for_each(|event| parts.step(event, &mut items));
    parts.finish(&mut items);
    order::parts(&items)
}

#[test]
fn results_and_streams_tell_what_is_recorded() {
    let (mut checked, mut broken) = (0, 0);
    for recording in answered() {
        let case = Case::of(&recording);
        let events = match recording.stream() {
            Some(bytes) => case.stream_events([bytes.as_slice()]),
            None => family::decode(case.api, case.model, &recording.body()),
        };
        let (Ok(events), Ok(expected)) = (events, case.expected()) else {
            broken += 1;
            continue;
        };
        let expected = parts::counted(expected);
        for specification in [Specification::V3, Specification::V4] {
            let stream = streamed(events.clone(), specification);
            order::check(&stream);
            let whole = result(events.clone(), &settings(specification)).unwrap();
            assert_eq!(parts::told(&parts::joined(&stream)), expected, "{} as a stream", recording.name);
            assert_eq!(parts::told(&whole), expected, "{} as a whole", recording.name);
            let sources = parts::count(&stream, "source");
            assert_eq!(sources, parts::citations(&recording), "{}: a source for each citation", recording.name);
            assert_eq!(parts::count(&stream, "tool-result"), parts::results(&recording), "{}", recording.name);
        }
        checked += 1;
    }
    println!("{checked} answers, {broken} streams with an exception");
    assert!(checked > 80);
}

#[test]
fn any_split_of_the_bytes_gives_the_same_items() {
    let mut checked = 0;
    for recording in answered().filter(|recording| Case::of(recording).api == Api::Converse) {
        let Some(bytes) = recording.stream() else { continue };
        let whole = items([bytes.as_slice()]);
        order::check(&order::parts(&whole));
        for size in [1, 2, 7, 64, 1_000] {
            assert_eq!(items(bytes.chunks(size)), whole, "{} by {size}", recording.name);
        }
        any_split(&recording, &bytes, &whole);
        checked += 1;
    }
    println!("{checked} streams");
    assert!(checked > 20);
}

fn any_split(recording: &Recording, bytes: &[u8], whole: &[String]) {
    let points: Vec<usize> = (0..=bytes.len()).collect();
    let most = points.len().min(20);
    TestRunner::new(Config { cases: 4, failure_persistence: None, ..Config::default() })
        .run(&subsequence(points, 0..=most), |points| {
            let ends = points.iter().copied().chain([bytes.len()]);
            let starts = std::iter::once(0).chain(points.iter().copied());
            let pieces = starts.zip(ends).map(|(start, end)| &bytes[start..end]);
            prop_assert_eq!(items(pieces), whole);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{}: {failure}", recording.name));
}

/// The items of a ConverseStream that comes in `pieces`, be it that it ends or that it breaks off.
fn items<'b>(pieces: impl IntoIterator<Item = &'b [u8]>) -> Vec<String> {
    let (mut parts, mut items) = (Parts::new(settings(Specification::V4)), Vec::new());
    match read(pieces, |event| parts.step(event, &mut items)) {
        Ok(()) => parts.finish(&mut items),
        Err(_) => parts.fail(false, &mut items),
    }
    items
}

fn read<'b>(pieces: impl IntoIterator<Item = &'b [u8]>, mut give: impl FnMut(Event)) -> Result<()> {
    let (mut frames, mut decoder) = (Frames::default(), family::stream_decoder(Api::Converse));
    for piece in pieces {
        frames.push(piece);
        while let Some(frame) = frames.next_frame()? {
            let mut events = Vec::new();
            decoder.step(frame.event_type, frame.payload, &mut events)?;
            events.into_iter().for_each(&mut give);
        }
    }
    frames.finish()?;
    decoder.finish()
}
