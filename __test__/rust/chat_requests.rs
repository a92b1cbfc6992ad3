//! Chat requests and what they mean: `__test__/fixtures/chat/requests/`, a case in each file.
//!
//! A case holds what is asked (`request`, sometimes `headers` and `strict`) and what comes of it: `call` with what the
//! model is asked, or `error`; and the `warnings`. `UPDATE=1 cargo test` writes what comes of each into its file, for a
//! reader to judge.

mod odd;
mod told;

use std::path::{Path, PathBuf};
use std::{env, fs};

use bedrock_wrapper::dialect::chat;
use serde_json::{Map, Value, json};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("__test__/fixtures/chat/requests");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// What comes of a case.
fn outcome(case: &Value) -> Map<String, Value> {
    let headers = |name: &str| case["headers"][name].as_str().map(str::to_owned);
    let strict = case["strict"] == true;
    let mut losses = Vec::new();
    let parsed = chat::parse(case["request"].clone(), &headers, strict, &mut losses);
    let mut outcome = Map::new();
    match parsed {
        Ok(call) => outcome.insert("call".to_owned(), told::call(&call)),
        Err(error) => {
            let code = error.api_code.map(|code| code.as_str());
            let error = json!({"message": error.message, "param": error.param, "code": code});
            outcome.insert("error".to_owned(), error)
        }
    };
    if !losses.is_empty() {
        outcome.insert("warnings".to_owned(), serde_json::to_value(losses).unwrap());
    }
    outcome
}

#[test]
fn each_request_means_what_its_case_says() {
    let update = env::var_os("UPDATE").is_some();
    let cases = cases();
    assert!(cases.len() > 80, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for path in cases {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let case: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut fresh = case.as_object().unwrap().clone();
        fresh.retain(|member, _| ["about", "headers", "request", "strict"].contains(&member.as_str()));
        fresh.extend(outcome(&case));
        let fresh = Value::Object(fresh);
        if update {
            fs::write(&path, format!("{}\n", serde_json::to_string_pretty(&fresh).unwrap())).unwrap();
        } else if fresh != case {
            wrong.push(format!("{name}:\n{}", serde_json::to_string_pretty(&fresh).unwrap()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
