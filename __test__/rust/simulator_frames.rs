//! Every recorded frame, decoded and encoded again, is the same bytes.

use std::path::{Path, PathBuf};

use base64_simd::STANDARD;
use bedrock_wrapper::simulator::frames::Reader;
use serde_json::Value;

/// Frames in a recording's body; asserts that they are written back byte for byte.
fn written_back(path: &Path) -> Option<usize> {
    let recording: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let body = recording["body_base64"].as_str().or_else(|| recording["response"]["body_base64"].as_str())?;
    let bytes = STANDARD.decode_to_vec(body).unwrap();
    let mut reader = Reader::default();
    reader.push(&bytes);
    let (mut again, mut count) = (Vec::new(), 0);
    while let Some(frame) = reader.frame().unwrap_or_else(|error| panic!("{}: {error}", path.display())) {
        again.extend(frame.encode());
        count += 1;
    }
    // A few recorders cut the last frame.
    assert!(bytes.starts_with(&again), "{}", path.display());
    if recording["stream"]["trailing_bytes"].as_u64().unwrap_or(0) == 0 {
        assert_eq!(again.len(), bytes.len(), "{}", path.display());
    }
    Some(count)
}

fn recordings_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
}

#[test]
fn recorded_frames_are_written_back_byte_for_byte() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("__test__/fixtures/frames");
    let frames: usize = recordings_in(&fixtures).iter().filter_map(|path| written_back(path)).sum();
    assert!(frames > 300, "{frames}");
}

/// The larger set stands beside the checkout, or where `BEDROCK_WRAPPER_SHARED` says; without it there is nothing to do.
#[test]
fn so_are_those_of_the_larger_set() {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("BEDROCK_WRAPPER_SHARED").map_or_else(beside, PathBuf::from).join("recordings");
    if !shared.is_dir() {
        println!("skipped: no recordings at {}", shared.display());
        return;
    }
    let families = std::fs::read_dir(&shared).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let paths = families.flat_map(|family| recordings_in(&family));
    let counts: Vec<usize> = paths.filter_map(|path| written_back(&path)).collect();
    println!("{} streams, {} frames", counts.len(), counts.iter().sum::<usize>());
    assert!(counts.len() > 100);
}
