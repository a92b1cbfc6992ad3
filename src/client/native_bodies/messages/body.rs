//! A body of Anthropic's Messages API as InvokeModel takes it. What is the same on both sides is not parsed.
//!
//! Source: "Anthropic Claude Messages API" in the user guide; `@ai-sdk/amazon-bedrock` 5.0.101, which finds that Bedrock
//! calls a field of `thinking.block_binding` differently.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

use super::names::Names;
use super::tools;
use crate::error::{Error, Kind, Result};

const VERSION: &str = "bedrock-2023-05-31";

/// How Anthropic's API and Bedrock call a field of `thinking.block_binding`.
const BINDING: (&str, &str) = ("prefix_mismatch_behavior", "mismatch_behavior");

/// A body that can be sent.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Which model it is for.
    pub(super) model: String,
    /// Whether its answer is to be streamed.
    pub(super) stream: bool,
    /// JSON.
    pub(super) body: Vec<u8>,
    /// Tools that have another name in it.
    pub(super) names: Names,
}

type Fields<'a> = BTreeMap<Cow<'a, str>, Cow<'a, RawValue>>;

/// The betas that headers ask for: lists with commas.
pub(super) fn betas_of(headers: &[(String, String)]) -> Vec<String> {
    let mut betas = Vec::new();
    let lists = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("anthropic-beta"));
    let given = lists.flat_map(|(_, list)| list.split(',')).map(str::trim).filter(|beta| !beta.is_empty());
    given.for_each(|beta| tools::add(&mut betas, beta));
    betas
}

/// Takes the model and `stream` out of the body, which InvokeModel has in its path, and puts in what it has there instead.
pub(super) fn prepare(json: &str, mut betas: Vec<String>) -> Result<Prepared> {
    let (mut fields, mut names): (Fields<'_>, _) = (read("", json)?, Names::default());
    let model: Option<String> = take(&mut fields, "model")?;
    let model = model.ok_or_else(|| Error::missing("model", "give the id of a model on Bedrock"))?;
    let stream = take::<Option<bool>>(&mut fields, "stream")?.flatten().unwrap_or_default();
    for beta in take::<Vec<String>>(&mut fields, "anthropic_beta")?.unwrap_or_default() {
        tools::add(&mut betas, &beta);
    }
    if let Some(mut list) = take::<Vec<Map<String, Value>>>(&mut fields, "tools")? {
        list.iter_mut().for_each(|tool| tools::convert(tool, &mut betas, &mut names));
        put(&mut fields, "tools", &list);
    }
    if !names.is_empty() {
        prescribe(&names, &mut fields)?;
    }
    if let Some(mut thinking) = take::<Map<String, Value>>(&mut fields, "thinking")? {
        rename_binding(&mut thinking);
        put(&mut fields, "thinking", &thinking);
    }
    if !betas.is_empty() {
        put(&mut fields, "anthropic_beta", &betas);
    }
    put(&mut fields, "anthropic_version", VERSION);
    // Values that were parsed: serialization has nothing to fail on.
    Ok(Prepared { model, stream, body: serde_json::to_vec(&fields).unwrap_or_default(), names })
}

/// Uses the names of tools that Bedrock prescribes where else the body has them.
fn prescribe(names: &Names, fields: &mut Fields<'_>) -> Result<()> {
    if let Some(mut choice) = take::<Value>(fields, "tool_choice")? {
        names.prescribe(&mut choice);
        put(fields, "tool_choice", &choice);
    }
    if let Some(mut messages) = take::<Vec<Value>>(fields, "messages")? {
        let contents = messages.iter_mut().filter_map(|message| message.get_mut("content")?.as_array_mut());
        contents.flatten().for_each(|block| names.prescribe(block));
        put(fields, "messages", &messages);
    }
    Ok(())
}

fn rename_binding(thinking: &mut Map<String, Value>) {
    let binding = thinking.get_mut("block_binding").and_then(Value::as_object_mut);
    if let Some(binding) = binding
        && let Some(behaviour) = binding.shift_remove(BINDING.0)
    {
        binding.insert(BINDING.1.to_owned(), behaviour);
    }
}

/// A field that is read; `null` counts as none.
fn take<T: DeserializeOwned>(fields: &mut Fields<'_>, name: &'static str) -> Result<Option<T>> {
    fields.remove(name).map_or(Ok(None), |value| read(name, value.get()))
}

fn put<T: serde::Serialize + ?Sized>(fields: &mut Fields<'_>, name: &'static str, value: &T) {
    if let Ok(value) = to_raw_value(value) {
        fields.insert(Cow::Borrowed(name), Cow::Owned(value));
    }
}

fn read<'a, T: serde::Deserialize<'a>>(name: &'static str, json: &'a str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| match name {
        "" => Error::new(Kind::InvalidRequest, format!("The request body is no JSON object: {error}.")),
        name => Error::invalid(name, format!("cannot be read: {error}.")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn prepared(body: &Value) -> (Prepared, Value) {
        let prepared = prepare(&body.to_string(), vec!["of-header".to_owned()]).unwrap();
        let sent = serde_json::from_slice(&prepared.body).unwrap();
        (prepared, sent)
    }

    #[test]
    fn what_the_path_says_leaves_the_body_and_betas_come_in() {
        let given = json!({
            "model": "anthropic.claude-sonnet-4-6", "stream": true, "max_tokens": 9,
            "messages": [{"role": "user", "content": "é\u{1F600}"}],
            "anthropic_beta": ["of-body", "of-header"],
            "tools": [{"name": "f", "input_schema": {}, "eager_input_streaming": true}],
            "tool_choice": {"type": "auto", "disable_parallel_tool_use": true},
            "thinking": {"type": "adaptive", "block_binding": {"prefix_mismatch_behavior": "error"}},
            "unheard_of": {"b": 1, "a": 2},
        });
        let (prepared, sent) = prepared(&given);
        assert_eq!((prepared.model.as_str(), prepared.stream), ("anthropic.claude-sonnet-4-6", true));
        let expected = json!({
            "anthropic_beta": ["of-header", "of-body", "fine-grained-tool-streaming-2025-05-14"],
            "anthropic_version": VERSION,
            "max_tokens": 9,
            "messages": [{"role": "user", "content": "é\u{1F600}"}],
            "thinking": {"type": "adaptive", "block_binding": {"mismatch_behavior": "error"}},
            "tool_choice": {"type": "auto", "disable_parallel_tool_use": true},
            "tools": [{"name": "f", "input_schema": {}}],
            "unheard_of": {"b": 1, "a": 2},
        });
        assert_eq!(sent, expected);
    }

    #[test]
    fn without_betas_there_is_no_list_of_them() {
        let prepared = prepare(r#"{"model":"m","messages":[],"stream":null,"tools":null}"#, Vec::new()).unwrap();
        let sent: Value = serde_json::from_slice(&prepared.body).unwrap();
        assert!(!prepared.stream);
        assert_eq!(sent, json!({"anthropic_version": VERSION, "messages": []}));
    }

    #[test]
    fn a_tool_has_one_name_in_all_of_the_body() {
        let (_, sent) = prepared(&json!({
            "model": "m",
            "messages": [{"role": "assistant", "content": [{"type": "tool_use", "id": "1", "name": "editor", "input": {}}]}],
            "tools": [{"type": "text_editor_20241022", "name": "editor"}],
            "tool_choice": {"type": "tool", "name": "editor"},
        }));
        let name = "str_replace_based_edit_tool";
        assert_eq!(sent["tools"][0], json!({"type": "text_editor_20250728", "name": name}));
        assert_eq!(
            (&sent["tool_choice"]["name"], &sent["messages"][0]["content"][0]["name"]),
            (&json!(name), &json!(name))
        );
    }

    #[test]
    fn betas_of_headers_are_lists() {
        let headers = [("Anthropic-Beta", "a, b,"), ("anthropic-beta", "b,c"), ("x", "d")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(betas_of(&headers), ["a", "b", "c"]);
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_name() {
        let refused = |json: &str| prepare(json, Vec::new()).unwrap_err();
        assert_eq!(refused("[").kind, Kind::InvalidRequest);
        assert_eq!(refused(r#"{"messages":[]}"#).param.as_deref(), Some("model"));
        assert_eq!(refused(r#"{"model":"m","tools":[1]}"#).param.as_deref(), Some("tools"));
    }
}
