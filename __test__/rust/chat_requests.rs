//! Chat requests and what they mean: `__test__/fixtures/chat/requests/`, a case in each file.
//!
//! A case holds what is asked (`request`, sometimes `headers` and `strict`) and what comes of it: `call` with what the
//! model is asked, or `error`; and the `warnings`. `UPDATE=1 cargo test` writes what comes of each into its file, for a
//! reader to judge.

mod odd;
mod told;

use bedrock_wrapper::dialect::chat;
use serde_json::{Map, Value, json};

use crate::cases::hold;

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
    hold("chat/requests", 80, &["about", "headers", "request", "strict"], |case, fresh| fresh.extend(outcome(case)));
}
