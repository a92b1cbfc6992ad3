//! Stage two of validation: what Bedrock and each model refuse beyond the shapes, as tables of rules. The first rule
//! that objects answers, in the words of `wording.rs`; list entries are counted from 0.

mod availability;
mod claude;
mod claude_body;
mod claude_schema;
mod conversation;
mod media;
mod native;
mod parameters;
mod tools;

use http::HeaderMap;
use serde_json::Value;

use super::exception::Exception;
use super::models::Model;
use super::native::Body;
use super::question::Question;
use super::wording;
pub(super) use availability::{Availability, find};

/// What a rule looks at.
struct Request<'a> {
    model: &'a Model,
    body: &'a Body,
    headers: &'a HeaderMap,
    converse: bool,
    streamed: bool,
    /// The content of all messages, when it is in Converse's shape.
    blocks: Vec<Block<'a>>,
}

/// A content block of Converse.
struct Block<'a> {
    /// The numbers of its message and of itself.
    message: usize,
    at: usize,
    by_assistant: bool,
    kind: &'a str,
    value: &'a Value,
}

/// The refusal, when the request is refused.
type Rule = fn(&Request) -> Option<Exception>;

/// Refuses a Converse or ConverseStream request that Bedrock or the model would refuse.
pub(super) fn converse(model: &Model, body: &Body, headers: &HeaderMap, streamed: bool) -> Result<(), Exception> {
    let request = Request { model, body, headers, converse: true, streamed, blocks: blocks(body) };
    for rules in [conversation::RULES, media::RULES, tools::RULES, parameters::RULES] {
        first_objection(rules, &request)?;
    }
    // What the model itself refuses is quoted by Converse.
    for rules in [claude::RULES, claude_schema::RULES, media::QUOTED, parameters::QUOTED] {
        first_objection(rules, &request).map_err(|refusal| wording::MODEL_RETURNED.refuse(&[&refusal.message]))?;
    }
    Ok(())
}

/// Refuses a native body that the model would refuse.
pub(super) fn invoke(model: &Model, body: &Body, headers: &HeaderMap, streamed: bool) -> Result<(), Exception> {
    let request = Request { model, body, headers, converse: false, streamed, blocks: Vec::new() };
    for rules in [native::RULES, claude_body::RULES, claude::RULES] {
        first_objection(rules, &request)?;
    }
    Ok(())
}

/// Refuses images that a model cannot see, whatever body they came in.
pub(super) fn images(model: &Model, question: &Question) -> Result<(), Exception> {
    if model.series.images || !question.has_images() { Ok(()) } else { Err(wording::MODALITY.refuse(&[&"image"])) }
}

fn first_objection(rules: &[Rule], request: &Request) -> Result<(), Exception> {
    rules.iter().find_map(|rule| rule(request)).map_or(Ok(()), Err)
}

fn is_any(model: &Model, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| model.is(prefix))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn messages<'a>(request: &Request<'a>) -> &'a [Value] {
    list(request.body.get("messages"))
}

/// Every content block, told by its first member that is set.
fn blocks(body: &Body) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    for (number, message) in list(body.get("messages")).iter().enumerate() {
        let by_assistant = message["role"] == "assistant";
        for (at, block) in list(&message["content"]).iter().enumerate() {
            let member = block.as_object().and_then(|block| block.iter().find(|(_, value)| !value.is_null()));
            if let Some((kind, value)) = member {
                found.push(Block { message: number, at, by_assistant, kind, value });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn outcome(id: &str, over_converse: bool, body: Value) -> String {
        let (model, body) = (Model::find(id).unwrap(), Body::parse(body.to_string().as_bytes()).unwrap());
        let headers = HeaderMap::new();
        let outcome = match over_converse {
            true => converse(&model, &body, &headers, false),
            false => invoke(&model, &body, &headers, false),
        };
        outcome.map_or_else(|refusal| refusal.message, |()| "accepted".into())
    }

    fn hello() -> Value {
        json!([{"role": "user", "content": [{"text": "Hello"}]}])
    }

    const OPUS_45: &str = "us.anthropic.claude-opus-4-5-20251101-v1:0";
    const OPUS_46: &str = "us.anthropic.claude-opus-4-6-v1";
    const OPUS_47: &str = "us.anthropic.claude-opus-4-7";

    #[test]
    fn converse_refusals_in_the_services_words() {
        let quoted = "The model returned the following errors: ";
        let image = json!([{"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": ""}}}]}]);
        let assistant_first = json!([{"role": "assistant", "content": [{"text": "x"}]}]);
        let twice = json!([{"role": "user", "content": [{"text": "a"}]}, {"role": "user", "content": [{"text": "b"}]}]);
        let cases = [
            ("openai.gpt-oss-20b-1:0", json!({"messages": hello(), "inferenceConfig": {"stopSequences": ["x"]}}), "This model doesn't support the stopSequences field. Remove stopSequences and try again.".to_owned()),
            ("openai.gpt-oss-20b-1:0", json!({"messages": hello(), "inferenceConfig": {"stopSequences": []}}), "accepted".into()),
            ("amazon.nova-micro-v1:0", json!({"messages": image}), wording::MODALITY.fill(&[&"image"])),
            ("amazon.nova-lite-v1:0", json!({"messages": image}), "accepted".into()),
            ("amazon.nova-lite-v1:0", json!({"messages": assistant_first}), wording::STARTS_WITH_USER.text()),
            (OPUS_45, json!({"messages": assistant_first}), "accepted".into()),
            ("meta.llama3-8b-instruct-v1:0", json!({"messages": twice}), "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.".into()),
            (OPUS_45, json!({"messages": twice}), "accepted".into()),
            (OPUS_45, json!({"messages": [{"role": "user", "content": [{"text": ""}]}]}), "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and try again.".into()),
            (OPUS_45, json!({"messages": [{"role": "user", "content": []}]}), "The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content field and try again.".into()),
            ("mistral.mistral-7b-instruct-v0:2", json!({"messages": hello(), "system": [{"text": "s"}]}), "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.".into()),
            ("anthropic.claude-3-haiku-20240307-v1:0", json!({"messages": hello(), "inferenceConfig": {"maxTokens": 4097}}), "The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.".into()),
            (OPUS_45, json!({"messages": hello(), "inferenceConfig": {"temperature": 1, "topP": 0.5}}), format!("{quoted}`temperature` and `top_p` cannot both be specified for this model. Please use only one.")),
            (OPUS_46, json!({"messages": assistant_first}), format!("{quoted}This model does not support assistant message prefill. The conversation must end with a user message.")),
            (OPUS_47, json!({"messages": hello(), "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 2000}}}), format!("{quoted}\"thinking.type.enabled\" is not supported for this model.")),
            ("amazon.titan-text-lite-v1", json!({"messages": hello(), "toolConfig": {"tools": []}}), "This model doesn't support tool use.".into()),
            ("amazon.nova-lite-v1:0", json!({"messages": hello(), "inferenceConfig": {"stopSequences": ["a", "b", "c", "d", "e"]}}), format!("{quoted}Malformed input request: #/inferenceConfig/stopSequences: expected maximum item count: 4, found: 5, please reformat your input and try again.")),
            (OPUS_45, json!({}), "1 validation error detected: Value null at 'messages' failed to satisfy constraint: Member must not be null".into()),
            (OPUS_45, json!({"messages": []}), format!("{quoted}messages: at least one message is required")),
        ];
        for (model, body, expected) in cases {
            assert_eq!(outcome(model, true, body.clone()), expected, "{model} {body}");
        }
    }

    #[test]
    fn invoke_refusals_in_the_models_words() {
        let claude = |extra: Value| {
            let mut body = json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}]});
            extra.as_object().unwrap().iter().for_each(|(key, value)| body[key] = value.clone());
            body
        };
        let image = json!({"messages": [{"role": "user", "content": [{"type": "image", "source": {}}]}]});
        let cases = [
            (OPUS_45, claude(json!({})), "accepted"),
            (
                OPUS_45,
                claude(json!({"max_tokens": 70000})),
                "max_tokens: 70000 > 64000, which is the maximum allowed number of output tokens",
            ),
            (
                OPUS_45,
                claude(json!({"temperature": 0.1, "top_p": 0.9})),
                "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
            ),
            (
                OPUS_45,
                claude(json!({"thinking": {"type": "enabled", "budget_tokens": 1000}})),
                "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
            ),
            (
                OPUS_45,
                claude(json!({"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 1024})),
                "`max_tokens` must be greater than `thinking.budget_tokens`",
            ),
            (
                OPUS_45,
                claude(
                    json!({"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2000, "temperature": 0.5}),
                ),
                "`temperature` may only be set to 1 when thinking is enabled.",
            ),
            (
                OPUS_45,
                claude(json!({"messages": [{"role": "user", "content": ""}]})),
                "messages.0: all messages must have non-empty content except for the optional final assistant message",
            ),
            (
                OPUS_45,
                claude(json!({"messages": [{"role": "user", "content": "x", "name": "n"}]})),
                "messages.0.name: Extra inputs are not permitted",
            ),
            (
                "qwen.qwen3-32b-v1:0",
                image,
                "Failed to deserialize the JSON body into the target type: ?[0]: Invalid 'messages': Invalid 'content': value did not match any expected variant",
            ),
            (
                "amazon.titan-text-lite-v1",
                json!({"inputText": "x", "textGenerationConfig": {"topP": 2}}),
                "Malformed input request: #/textGenerationConfig/topP: 2 is not less or equal to 1, please reformat your input and try again.",
            ),
            (
                "meta.llama3-8b-instruct-v1:0",
                json!({"prompt": "x", "max_gen_len": 4096}),
                "Malformed input request: #/max_gen_len: 4096 is not less or equal to 2048, please reformat your input and try again.",
            ),
            (
                "mistral.mistral-7b-instruct-v0:2",
                json!({"prompt": "x", "stop": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]}),
                "Malformed input request: #/stop: expected maximum item count: 10, found: 11, please reformat your input and try again.",
            ),
        ];
        for (model, body, expected) in cases {
            assert_eq!(outcome(model, false, body.clone()), expected, "{model} {body}");
        }
    }
}
