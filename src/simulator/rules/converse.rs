//! What Converse refuses for all models or by the model's abilities.

use serde_json::Value;

use super::{Request, Rule, blocks, is_any, messages, native::stop_sequences_count, unsupported};
use crate::simulator::models::Family;
use crate::simulator::native::body::count;
use crate::simulator::wording;

pub(super) const RULES: &[Rule] = &[
    no_messages,
    empty_content,
    blank_text,
    starts_with_user,
    alternates,
    modalities,
    document_without_text,
    s3_sources,
    system_messages,
    stop_sequences_field,
    stop_sequences_count,
    converse_max_tokens,
    tools_without_config,
    tool_support,
];

/// The public service model does not require them, for the sake of prompts; the service does for every other model.
fn no_messages(request: &Request) -> Option<String> {
    if !request.body.has("messages") {
        let violation = wording::NULL_MEMBER.fill(&[&"messages"]);
        return Some(wording::ONE_VIOLATION.fill(&[&violation]));
    }
    messages(request).is_empty().then(|| match request.model.series.family {
        Family::Claude => "The model returned the following errors: messages: at least one message is required".into(),
        _ => STARTS_WITH_USER.to_owned(),
    })
}

fn empty_content(request: &Request) -> Option<String> {
    let at = messages(request).iter().position(|message| message["content"].as_array().is_none_or(Vec::is_empty))?;
    Some(format!(
        "The content field in the Message object at messages.{at} is empty. Add a ContentBlock object to the content field and try again."
    ))
}

/// Empty text; white space alone passes (recordings of Nova Micro and Claude Sonnet 4.5).
fn blank_text(request: &Request) -> Option<String> {
    let (at, inner, _) = blocks(request).find(|(_, _, block)| block["text"].as_str() == Some(""))?;
    Some(format!(
        "The text field in the ContentBlock object at messages.{at}.content.{inner} is blank. Add text to the text field, and try again."
    ))
}

pub(super) const STARTS_WITH_USER: &str =
    "A conversation must start with a user message. Try again with a conversation that starts with a user message.";

/// Families whose conversations must start with the user and alternate.
const STRICT_TURNS: &[Family] = &[Family::Nova, Family::Llama, Family::MistralPrompt, Family::MistralChat];

fn starts_with_user(request: &Request) -> Option<String> {
    let strict = STRICT_TURNS.contains(&request.model.series.family) || request.model.series.family == Family::CommandR;
    (strict && messages(request).first()?["role"] != "user").then(|| STARTS_WITH_USER.to_owned())
}

fn alternates(request: &Request) -> Option<String> {
    let repeated = messages(request).windows(2).any(|pair| pair[0]["role"] == pair[1]["role"]);
    (repeated && STRICT_TURNS.contains(&request.model.series.family)).then(|| {
        "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.".into()
    })
}

fn modalities(request: &Request) -> Option<String> {
    let series = request.model.series;
    let supported = |kind: &str| match kind {
        "image" => series.images,
        "video" => series.images && matches!(series.family, Family::Nova | Family::ByBody),
        _ => request.model.is("mistral.voxtral") || series.family == Family::ByBody,
    };
    ["image", "video", "audio"]
        .into_iter()
        .find(|kind| !supported(kind) && blocks(request).any(|(_, _, block)| block[*kind].is_object()))
        .map(unsupported)
}

fn document_without_text(request: &Request) -> Option<String> {
    let alone = |message: &Value| {
        let blocks = message["content"].as_array().map(Vec::as_slice).unwrap_or_default();
        blocks.iter().any(|block| block["document"].is_object())
            && !blocks.iter().any(|block| block["text"].is_string())
    };
    messages(request)
        .iter()
        .any(alone)
        .then(|| "A text block must be included when using documents. Add a text block and retry your request.".into())
}

/// Claude reads images from the request only, also in tool results; documents may lie in S3 (recordings of Sonnet 4.5).
fn s3_sources(request: &Request) -> Option<String> {
    let from_s3 = |block: &Value| block["image"]["source"]["s3Location"].is_object();
    let found = blocks(request).any(|(_, _, block)| {
        let inner = block["toolResult"]["content"].as_array();
        from_s3(block) || inner.is_some_and(|blocks| blocks.iter().any(from_s3))
    });
    (found && request.model.series.family == Family::Claude)
        .then(|| "This model doesn't support the s3Uri field. Remove s3Uri and try again.".into())
}

fn system_messages(request: &Request) -> Option<String> {
    let given = request.body.get("system").as_array().is_some_and(|system| !system.is_empty());
    (given && !request.model.series.system).then(|| {
        "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.".into()
    })
}

/// Models that refuse the field in Converse.
const NO_STOP_SEQUENCES: &[&str] = &["openai.gpt-oss", "qwen.qwen3"];

fn stop_sequences_field(request: &Request) -> Option<String> {
    let given = request.body.at("/inferenceConfig/stopSequences").as_array().is_some_and(|stops| !stops.is_empty());
    (given && is_any(request.model, NO_STOP_SEQUENCES))
        .then(|| "This model doesn't support the stopSequences field. Remove stopSequences and try again.".into())
}

fn converse_max_tokens(request: &Request) -> Option<String> {
    let most = request.model.series.max_output?;
    (count(request.body.at("/inferenceConfig/maxTokens"))? > most).then(|| {
        format!("The maximum tokens you requested exceeds the model limit of {most}. Try again with a maximum tokens value that is lower than {most}.")
    })
}

fn tools_without_config(request: &Request) -> Option<String> {
    let uses = blocks(request).any(|(_, _, block)| block["toolUse"].is_object() || block["toolResult"].is_object());
    (uses && !request.body.has("toolConfig"))
        .then(|| "The toolConfig field must be defined when using toolUse and toolResult content blocks.".into())
}

/// Models without tools in Converse.
const NO_TOOLS: &[&str] = &[
    "amazon.titan",
    "ai21.j2",
    "cohere.command-text",
    "cohere.command-light",
    "deepseek.r1",
    "meta.llama2",
    "meta.llama3-8b",
    "meta.llama3-70b",
    "meta.llama3-2-1b",
    "meta.llama3-2-3b",
    "mistral.mistral-7b",
    "mistral.mixtral",
];

fn tool_support(request: &Request) -> Option<String> {
    (request.body.has("toolConfig") && is_any(request.model, NO_TOOLS))
        .then(|| "This model doesn't support tool use.".into())
}
