//! Calls of the AI SDK and the Converse bodies they are sent as: `__test__/fixtures/ai-sdk/requests/`, a case in each file.
//!
//! A case holds what is asked (`modelId`, sometimes `modelFamily` and `stream`, and the options of the `call`) and what comes
//! of it: `body`, or `error`; what is left to do on our side (`plan`), and the `warnings`. `UPDATE=1 cargo test` writes what
//! comes of each into its file, for a reader to judge.

use std::path::Path;

use bedrock_wrapper::catalog::{self, Target};
use bedrock_wrapper::conversation::{Loss, LossCode};
use bedrock_wrapper::dialect::ai_sdk::request::parse;
use bedrock_wrapper::dialect::ai_sdk::{in_own_words, warnings};
use bedrock_wrapper::error::Result;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::cases::hold;
use crate::converse_requests::{fitted, make_ready, refusal};

fn target(case: &Value) -> Target {
    let id = case["modelId"].as_str().unwrap();
    let target = catalog::meant(id).unwrap_or_else(|_| Target::opaque(id));
    if case["modelFamily"] == "anthropic" { target.as_claude() } else { target }
}

fn sent(case: &Value, outcome: &mut Map<String, Value>) -> Result<()> {
    let mut losses = Vec::new();
    let done = (|| -> Result<()> {
        let mut request = parse(case["call"].clone(), &mut losses)?;
        request.stream = case["stream"] == true;
        make_ready(&mut request);
        fitted(&mut request, &target(case), &mut losses, outcome)
    })();
    if !losses.is_empty() {
        outcome.insert("warnings".to_owned(), Value::Array(warnings(&losses)));
    }
    done.map_err(in_own_words)
}

#[test]
fn each_call_is_sent_as_its_case_says() {
    hold("ai-sdk/requests", 60, &["about", "call", "modelFamily", "modelId", "stream"], |case, fresh| {
        if let Err(error) = sent(case, fresh) {
            fresh.insert("error".to_owned(), refusal(&error));
        }
    });
}

/// Every field that the rules for models and the client speak of, as they call it.
fn fields_of_ours() -> Vec<String> {
    let named = regex_lite::Regex::new(
        r#"(?:Loss::of|told|tell|leave_out|drop|Error::(?:invalid|missing|wrong_type))\([^;]*?"([A-Za-z_.]+)""#,
    )
    .unwrap();
    let mut found = Vec::new();
    for folder in ["src/family/fit", "src/family/learn", "src/client"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            found.extend(named.captures_iter(&text).map(|captures| captures[1].to_owned()));
        }
    }
    found
}

#[test]
fn no_warning_speaks_of_a_field_in_the_words_of_another_api() {
    let ours = fields_of_ours();
    assert!(
        ["max_tokens", "messages", "stop", "tool_choice"].iter().all(|field| ours.iter().any(|name| name == field))
    );
    // Options of bedrockWrapper itself, which the AI SDK never reaches.
    let text_only = ["include_thinking_data", "stop_sequences"];
    for field in ours.iter().filter(|field| !text_only.contains(&field.as_str())) {
        let told = warnings(&[Loss::of(LossCode::ValueAdjusted, field.clone(), "x")]);
        let feature = told[0]["feature"].as_str().unwrap();
        assert!(!feature.contains('_') && !["messages", "model", "stop"].contains(&feature), "{feature}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "system",
        "user",
        "assistant",
        "tool",
        "text",
        "file",
        "reasoning",
        "tool-call",
        "tool-result",
        "content",
        "json",
        "data",
        "url",
        "image/png",
        "application/pdf",
        "s3://b/k.png",
        "https://example.com/a",
        "AAAA",
        "",
        "anthropic.x",
        "provider",
        "function",
        "none",
        "enabled",
        "default",
    ]);
    let name = prop::sample::select(vec![
        "prompt",
        "role",
        "content",
        "type",
        "text",
        "data",
        "mediaType",
        "filename",
        "url",
        "reference",
        "toolCallId",
        "toolName",
        "input",
        "output",
        "value",
        "providerOptions",
        "amazonBedrock",
        "bedrock",
        "anthropic",
        "cachePoint",
        "guardContent",
        "reasoningConfig",
        "budgetTokens",
        "tools",
        "name",
        "id",
        "args",
        "inputSchema",
        "toolChoice",
        "responseFormat",
        "schema",
        "temperature",
        "inferenceConfig",
        "serviceTier",
        "reasoning",
        "inputExamples",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        word.prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6).prop_map(|members| {
                Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_call_is_too_odd_to_be_read(call in any_json(), parts in prop::collection::vec(any_json(), 0..4)) {
        let _ = parse(call.clone(), &mut Vec::new());
        let options = call.as_object().cloned().unwrap_or_default();
        for role in ["user", "assistant", "tool"] {
            let mut call = options.clone();
            call.insert("prompt".to_owned(), json!([{"role": role, "content": parts}]));
            let _ = parse(Value::Object(call), &mut Vec::new());
        }
    }
}
