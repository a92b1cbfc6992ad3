//! One file for each recording: `fixtures/chat/answers`. `UPDATE_SNAPSHOTS=1 cargo test chat::snapshots` writes them.
//!
//! A whole answer is the completion. A stream is a list with a line for each chunk: the text alone where the chunk only
//! adds to the content, which is how the object API gets it. An error is its status, headers and body.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bedrock_wrapper::dialect::chat::error::ApiError;
use bedrock_wrapper::family;
use serde_json::{Map, Value, json};

use super::{Recording, Streamed, answered, corpus, of_converse, refusal, render};
use crate::recordings::{Api, Case};

#[test]
fn chosen_recordings_are_answered_as_the_snapshots_say() {
    let update = std::env::var_os("UPDATE_SNAPSHOTS").is_some();
    let recordings = of_converse(corpus::chosen());
    let mut wrong = Vec::new();
    for recording in &recordings {
        let (path, fresh) = (folder().join(format!("{}.json", recording.name)), snapshot(recording));
        if update {
            fs::create_dir_all(folder()).unwrap();
            fs::write(&path, &fresh).unwrap();
        } else if fs::read_to_string(&path).ok().as_ref() != Some(&fresh) {
            wrong.push(format!("{}:\n{fresh}", recording.name));
        }
    }
    assert!(recordings.len() > 80);
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), recordings.len(), wrong.join("\n"));
    let names = |path: PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    let kept: BTreeSet<String> = fs::read_dir(folder()).unwrap().map(|entry| names(entry.unwrap().path())).collect();
    assert_eq!(kept, recordings.iter().map(|recording| recording.name.clone()).collect());
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("__test__/fixtures/chat/answers")
}

fn snapshot(recording: &Recording) -> String {
    if !answered(recording) {
        let error = refusal(recording);
        let told = ApiError::of(&error);
        let headers: Map<String, Value> =
            told.headers().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        let body: Value = serde_json::from_str(&told.body()).unwrap();
        return pretty(&json!({"status": told.status, "headers": headers, "body": body}));
    }
    let Some(bytes) = recording.stream() else {
        let events = family::decode(Api::Converse, Case::of(recording).model, &recording.body()).unwrap();
        let completion = render(recording).completion(vec![events]).unwrap();
        return pretty(&serde_json::from_str(&completion).unwrap());
    };
    let streamed = Streamed::of(recording, [bytes.as_slice()]);
    let line = |item: String| match item.strip_prefix('\0') {
        Some(json) => json.to_owned(),
        None => Value::String(item).to_string(),
    };
    let error = streamed.failure.as_ref().map(|error| ApiError::of(error).body());
    let lines: Vec<String> = streamed.items().into_iter().map(line).chain(error).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}
