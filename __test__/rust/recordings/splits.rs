//! Every stream under every split of its bytes: the events do not depend on how the network cuts.

use bedrock_wrapper::transport::Frames;
use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::test_runner::{Config, TestRunner};

use super::{Case, Recording, corpus, skipped};

/// Streams up to this many bytes are decoded whole once for each split point.
const SMALL: usize = 1_500;

#[test]
fn chosen_streams_do_not_depend_on_how_they_are_split() {
    assert!(check(&corpus::chosen()) > 30);
}

#[test]
fn shared_streams_do_not_depend_on_how_they_are_split() {
    let recordings = corpus::shared();
    assert!(recordings.is_empty() || check(&recordings) > 150);
}

fn check(recordings: &[Recording]) -> usize {
    let is_stream = |recording: &&Recording| recording.value["response"]["body_base64"].is_string();
    let streams: Vec<_> =
        recordings.iter().filter(|recording| skipped(recording).is_none()).filter(is_stream).collect();
    for recording in &streams {
        let (case, bytes) = (Case::of(recording), recording.stream().unwrap());
        if bytes.len() <= SMALL {
            every_split_of_the_whole(&case, &bytes);
        }
        every_split_of_each_frame(recording, &bytes);
        byte_by_byte(&case, &bytes);
        several_splits(&case, &bytes);
    }
    println!(
        "{} streams, {} bytes",
        streams.len(),
        streams.iter().map(|stream| stream.stream().unwrap().len()).sum::<usize>()
    );
    streams.len()
}

fn every_split_of_the_whole(case: &Case<'_>, bytes: &[u8]) {
    let whole = outcome(case, [bytes]);
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(outcome(case, [left, right]), whole, "{} at {at}", case.recording.name);
    }
}

/// What came before a frame is gone when it comes, so its own split points are all there are; its neighbour shows that
/// nothing of it is left behind.
fn every_split_of_each_frame(recording: &Recording, bytes: &[u8]) {
    let frames = frame_bounds(bytes);
    for (place, (start, end)) in frames.iter().copied().enumerate() {
        let neighbour = frames.get(place + 1).map_or(end, |(_, end)| *end);
        let window = &bytes[start..neighbour];
        let whole = read(&[window]);
        for at in 0..=end - start {
            let (left, right) = window.split_at(at);
            assert_eq!(read(&[left, right]), whole, "{} at {}", recording.name, start + at);
        }
    }
}

fn byte_by_byte(case: &Case<'_>, bytes: &[u8]) {
    assert_eq!(outcome(case, bytes.chunks(1)), outcome(case, [bytes]), "{}", case.recording.name);
}

fn several_splits(case: &Case<'_>, bytes: &[u8]) {
    let whole = outcome(case, [bytes]);
    let points: Vec<usize> = (0..=bytes.len()).collect();
    let most = points.len().min(20);
    TestRunner::new(Config { cases: 4, failure_persistence: None, ..Config::default() })
        .run(&subsequence(points, 0..=most), |points| {
            let ends = points.iter().copied().chain([bytes.len()]);
            let starts = std::iter::once(0).chain(points.iter().copied());
            prop_assert_eq!(outcome(case, starts.zip(ends).map(|(start, end)| &bytes[start..end])), whole.clone());
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{}: {failure}", case.recording.name));
}

/// The events, or the error, as text.
fn outcome<'b>(case: &Case<'_>, pieces: impl IntoIterator<Item = &'b [u8]>) -> String {
    format!("{:?}", case.stream_events(pieces))
}

fn read(pieces: &[&[u8]]) -> Vec<(String, Vec<u8>)> {
    let (mut frames, mut read) = (Frames::default(), Vec::new());
    for piece in pieces {
        frames.push(piece);
        while let Ok(Some(frame)) = frames.next_frame() {
            read.push((frame.event_type.to_owned(), frame.payload.to_vec()));
        }
    }
    read
}

/// Where each frame begins and ends, by the length it declares.
fn frame_bounds(bytes: &[u8]) -> Vec<(usize, usize)> {
    let (mut bounds, mut start) = (Vec::new(), 0);
    while let Some(prelude) = bytes[start..].first_chunk::<4>() {
        let end = start + u32::from_be_bytes(*prelude) as usize;
        bounds.push((start, end));
        start = end;
    }
    bounds
}
