//! What Converse says about the members beside messages and tools.

use serde_json::Value;

use super::native::stop_sequences_count;
use super::{Request, Rule, is_any, list};
use crate::simulator::exception::Exception;
use crate::simulator::models::Family;
use crate::simulator::native::body::count;
use crate::simulator::wording;

/// Refused by Converse.
pub(super) const RULES: &[Rule] =
    &[prompt_excludes, system_messages, fields, reasoning_signatures, max_tokens, guardrail, caching];

/// Refused by the model.
pub(super) const QUOTED: &[Rule] = &[stop_sequences_count];

/// Members that a prompt of Prompt management brings itself (API reference, Converse).
const IN_PROMPT: &[&str] = &["additionalModelRequestFields", "inferenceConfig", "system", "toolConfig"];

fn prompt_excludes(request: &Request) -> Option<Exception> {
    let given = |name: &&&str| match request.body.get(name) {
        Value::Object(members) => !members.is_empty(),
        value => !list(value).is_empty(),
    };
    let name = IN_PROMPT.iter().find(given)?;
    request.model.is_prompt().then(|| wording::PROMPT_EXCLUDES.refuse(&[name, name]))
}

fn system_messages(request: &Request) -> Option<Exception> {
    let given = !list(request.body.get("system")).is_empty();
    (given && !request.model.series.system).then(|| wording::NO_SYSTEM.refuse(&[]))
}

/// Members of `inferenceConfig` → ids that start so refuse them.
const REFUSED_FIELDS: &[(&str, &[&str])] = &[
    ("stopSequences", &["openai.gpt-oss", "qwen.qwen3"]),
    ("temperature", &["openai.gpt-5", "openai.gpt-6"]),
    ("topP", &["openai.gpt-5", "openai.gpt-6", "xai.grok"]),
];

fn fields(request: &Request) -> Option<Exception> {
    let config = request.body.get("inferenceConfig").as_object()?;
    let given =
        |name: &str| config.get(name).is_some_and(|value| !value.is_null() && *value != Value::Array(Vec::new()));
    let (name, _) = REFUSED_FIELDS.iter().find(|(name, ids)| given(name) && is_any(request.model, ids))?;
    Some(wording::NO_FIELD.refuse(&[name, name]))
}

/// Only Claude signs what it thinks.
fn reasoning_signatures(request: &Request) -> Option<Exception> {
    const NAME: &str = "reasoningContent.reasoningText.signature";
    let unsigned = matches!(request.model.series.family, Family::OpenAi | Family::OpenAiTagged | Family::DeepSeekR1);
    let signed = |value: &Value| value["reasoningText"]["signature"].is_string();
    let given = request.blocks.iter().any(|block| block.kind == "reasoningContent" && signed(block.value));
    (unsigned && given).then(|| wording::NO_FIELD.refuse(&[&NAME, &NAME]))
}

fn max_tokens(request: &Request) -> Option<Exception> {
    let most = request.model.series.max_output?;
    let given = count(&request.body.get("inferenceConfig")["maxTokens"])?;
    (given > most).then(|| wording::MAX_TOKENS.refuse(&[&most, &most]))
}

fn guardrail(request: &Request) -> Option<Exception> {
    let config = request.body.get("guardrailConfig");
    let given = |name: &str| config[name].as_str().is_some_and(|text| !text.is_empty());
    (given("guardrailIdentifier") != given("guardrailVersion")).then(|| wording::GUARDRAIL_PAIR.refuse(&[]))
}

/// Claude models before prompt caching.
const UNCACHED: &[&str] = &[
    "anthropic.claude-v",
    "anthropic.claude-instant",
    "anthropic.claude-3-haiku",
    "anthropic.claude-3-sonnet",
    "anthropic.claude-3-opus",
];

fn caching(request: &Request) -> Option<Exception> {
    let cached = match request.model.series.family {
        Family::Claude => !is_any(request.model, UNCACHED),
        family => matches!(family, Family::Nova | Family::ByBody),
    };
    let marked = |list: &[Value]| list.iter().any(|item| item["cachePoint"].is_object());
    let body = request.body;
    let given = || {
        request.blocks.iter().any(|block| block.kind == "cachePoint")
            || marked(list(body.get("system")))
            || marked(list(&body.get("toolConfig")["tools"]))
    };
    (!cached && given()).then(|| Exception::new("AccessDeniedException", wording::NO_CACHING.text()))
}
