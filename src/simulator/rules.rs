//! Stage two of validation: what Bedrock and each model refuse beyond the shapes, as tables of rules. The first rule
//! that objects answers, with status 400 and the service's words; list entries are counted from 0.
//!
//! Wordings come from recordings and from captures of AWS's answers by other projects.

use serde_json::Value;

use super::exception::Exception;
use super::models::{Family, Model};
use super::native::{Body, body::count};
use super::question::Question;

/// What a rule looks at.
struct Request<'a> {
    model: &'a Model,
    body: &'a Body,
    converse: bool,
}

/// Some text when the request is refused.
type Rule = fn(&Request) -> Option<String>;

const CONVERSE: &[Rule] = &[
    no_messages,
    empty_content,
    blank_text,
    starts_with_user,
    alternates,
    modalities,
    document_without_text,
    system_messages,
    stop_sequences_field,
    stop_sequences_count,
    converse_max_tokens,
    tools_without_config,
    tool_support,
];

const INVOKE: &[Rule] = &[foreign_image_part, bounds, stop_sequences_count, claude_messages, claude_max_tokens];

/// Claude's own rules; both bodies carry the members they look at.
const CLAUDE: &[Rule] = &[claude_prefill, claude_prefill_with_tools, claude_temperature_and_top_p, claude_thinking];

/// Refuses a Converse request that Bedrock or the model would refuse.
pub(super) fn converse(model: &Model, body: &Body) -> Result<(), Exception> {
    let request = Request { model, body, converse: true };
    first_objection(CONVERSE, &request)?;
    // What the model itself refuses is quoted by Converse.
    first_objection(CLAUDE, &request).map_err(|refusal| {
        Exception::validation(format!("The model returned the following errors: {}", refusal.message))
    })
}

/// Refuses a native body that the model would refuse.
pub(super) fn invoke(model: &Model, body: &Body) -> Result<(), Exception> {
    let request = Request { model, body, converse: false };
    first_objection(INVOKE, &request)?;
    first_objection(CLAUDE, &request)
}

/// Refuses images that a model cannot see, whatever body they came in.
pub(super) fn images(model: &Model, question: &Question) -> Result<(), Exception> {
    if model.series.images || !question.has_images() {
        Ok(())
    } else {
        Err(Exception::validation(unsupported("image")))
    }
}

fn first_objection(rules: &[Rule], request: &Request) -> Result<(), Exception> {
    rules.iter().find_map(|rule| rule(request)).map_or(Ok(()), |text| Err(Exception::validation(text)))
}

// ---- Converse ----------------------------------------------------------------------------------------------------

fn no_messages(request: &Request) -> Option<String> {
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

const STARTS_WITH_USER: &str =
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

fn unsupported(kind: &str) -> String {
    format!(
        "This model doesn't support the {kind} content block that you provided. Update the content block and try again."
    )
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

// ---- Native bodies -----------------------------------------------------------------------------------------------

/// Anthropic's image part in a body of another family.
fn foreign_image_part(request: &Request) -> Option<String> {
    let foreign = !matches!(request.model.series.family, Family::Claude | Family::Nova | Family::ByBody)
        && blocks(request).any(|(_, _, block)| block["type"] == "image");
    foreign.then(|| {
        "Failed to deserialize the JSON body into the target type: ?[0]: Invalid 'messages': Invalid 'content': value did not match any expected variant".into()
    })
}

/// Families → member → its least and greatest value.
const BOUNDS: &[(Family, &str, f64, f64)] = &[
    (Family::Titan, "/textGenerationConfig/temperature", 0.0, 1.0),
    (Family::Titan, "/textGenerationConfig/topP", 0.0, 1.0),
    (Family::Llama, "/temperature", 0.0, 1.0),
    (Family::Llama, "/top_p", 0.0, 1.0),
    (Family::Nova, "/inferenceConfig/temperature", 0.0, 1.0),
    (Family::Nova, "/inferenceConfig/topP", 0.0, 1.0),
    (Family::MistralPrompt, "/temperature", 0.0, 1.0),
    (Family::MistralPrompt, "/top_p", 0.0, 1.0),
    (Family::DeepSeekR1, "/temperature", 0.0, 1.0),
    (Family::DeepSeekR1, "/top_p", 0.0, 1.0),
    (Family::Jamba, "/temperature", 0.0, 2.0),
];

/// Families whose JSON schema bounds the output tokens → the member.
const TOKEN_LIMITS: &[(Family, &str)] = &[
    (Family::Titan, "/textGenerationConfig/maxTokenCount"),
    (Family::Llama, "/max_gen_len"),
    (Family::Nova, "/inferenceConfig/max_new_tokens"),
    (Family::Nova, "/inferenceConfig/maxTokens"),
    (Family::MistralPrompt, "/max_tokens"),
    (Family::DeepSeekR1, "/max_tokens"),
    (Family::CommandR, "/max_tokens"),
    (Family::Command, "/max_tokens"),
    (Family::Jamba, "/max_tokens"),
];

fn bounds(request: &Request) -> Option<String> {
    let family = request.model.series.family;
    let ranges = BOUNDS.iter().filter(|row| row.0 == family).map(|row| (row.1, row.2, row.3));
    let most = request.model.series.max_output.map_or(f64::MAX, |most| most as f64);
    let limits = TOKEN_LIMITS.iter().filter(|row| row.0 == family).map(|row| (row.1, 1.0, most));
    ranges.chain(limits).find_map(|(pointer, least, most)| {
        let value = request.body.at(pointer);
        let bound = match value.as_f64()? {
            number if number < least => format!("greater or equal to {least}"),
            number if number > most => format!("less or equal to {most}"),
            _ => return None,
        };
        Some(malformed(&format!("#{pointer}: {value} is not {bound}")))
    })
}

/// Most stop sequences: family → the member in the native body → limit. Converse passes them on.
const STOP_LIMITS: &[(Family, &str, usize)] = &[
    (Family::Nova, "/inferenceConfig/stopSequences", 4),
    (Family::MistralPrompt, "/stop", 10),
    (Family::DeepSeekR1, "/stop", 10),
    (Family::Claude, "/stop_sequences", 8191),
];

fn stop_sequences_count(request: &Request) -> Option<String> {
    let (_, pointer, most) = STOP_LIMITS.iter().find(|row| row.0 == request.model.series.family)?;
    let given = request.body.at(if request.converse { "/inferenceConfig/stopSequences" } else { pointer });
    let found = given.as_array()?.len();
    (found > *most).then(|| {
        let text = malformed(&format!("#{pointer}: expected maximum item count: {most}, found: {found}"));
        if request.converse { format!("The model returned the following errors: {text}") } else { text }
    })
}

fn malformed(item: &str) -> String {
    format!("Malformed input request: {item}, please reformat your input and try again.")
}

// ---- Claude ------------------------------------------------------------------------------------------------------

/// Newer Claude models: prefixes for the rules below.
const NO_PREFILL: &[&str] = &[
    "anthropic.claude-opus-4-6",
    "anthropic.claude-opus-4-7",
    "anthropic.claude-opus-4-8",
    "anthropic.claude-opus-5",
    "anthropic.claude-sonnet-4-6",
    "anthropic.claude-sonnet-5",
];
const TEMPERATURE_OR_TOP_P: &[&str] = &[
    "anthropic.claude-opus-4-1",
    "anthropic.claude-opus-4-5",
    "anthropic.claude-opus-4-6",
    "anthropic.claude-opus-4-7",
    "anthropic.claude-opus-4-8",
    "anthropic.claude-opus-5",
    "anthropic.claude-sonnet-4-5",
    "anthropic.claude-sonnet-4-6",
    "anthropic.claude-sonnet-5",
    "anthropic.claude-haiku-4-5",
    "anthropic.claude-haiku-5",
];
const ADAPTIVE_ONLY: &[&str] = &["anthropic.claude-opus-4-7", "anthropic.claude-opus-4-8", "anthropic.claude-opus-5"];

fn claude_messages(request: &Request) -> Option<String> {
    if request.model.series.family != Family::Claude || !request.body.has("messages") {
        return None;
    }
    let list = messages(request);
    if list.is_empty() {
        return Some("messages: at least one message is required".into());
    }
    list.iter().enumerate().find_map(|(at, message)| {
        let empty = match &message["content"] {
            Value::String(text) => text.is_empty(),
            Value::Array(blocks) => blocks.is_empty(),
            _ => true,
        };
        if empty && !(at + 1 == list.len() && message["role"] == "assistant") {
            return Some(format!("messages.{at}: all messages must have non-empty content except for the optional final assistant message"));
        }
        let blank = |block: &Value| block["type"] == "text" && block["text"].as_str().is_none_or(str::is_empty);
        if message["content"].as_array().is_some_and(|blocks| blocks.iter().any(blank)) {
            return Some("messages: text content blocks must be non-empty".into());
        }
        let extra = message.as_object()?.keys().find(|key| !matches!(key.as_str(), "role" | "content"))?;
        Some(format!("messages.{at}.{extra}: Extra inputs are not permitted"))
    })
}

fn claude_max_tokens(request: &Request) -> Option<String> {
    if request.model.series.family != Family::Claude {
        return None;
    }
    let (most, given) = (request.model.series.max_output?, count(request.body.get("max_tokens"))?);
    (given > most)
        .then(|| format!("max_tokens: {given} > {most}, which is the maximum allowed number of output tokens"))
}

fn claude_prefill(request: &Request) -> Option<String> {
    let last = messages(request).last()?;
    (last["role"] == "assistant" && is_any(request.model, NO_PREFILL)).then(|| {
        "This model does not support assistant message prefill. The conversation must end with a user message.".into()
    })
}

/// Recorded with Claude 3 Sonnet.
fn claude_prefill_with_tools(request: &Request) -> Option<String> {
    let tools = request.body.has(if request.converse { "toolConfig" } else { "tools" });
    let prefilled = messages(request).last().is_some_and(|last| last["role"] == "assistant");
    (tools && prefilled && request.model.series.family == Family::Claude).then(|| {
        "Your API request included an `assistant` message in the final position, which would pre-fill the `assistant` response. When using tools, pre-filling the `assistant` response is not supported.".into()
    })
}

fn claude_temperature_and_top_p(request: &Request) -> Option<String> {
    let both = !sampling(request, "temperature").is_null() && !sampling(request, "topP").is_null();
    (both && is_any(request.model, TEMPERATURE_OR_TOP_P))
        .then(|| "`temperature` and `top_p` cannot both be specified for this model. Please use only one.".into())
}

fn claude_thinking(request: &Request) -> Option<String> {
    let thinking = match request.converse {
        true => &request.body.get("additionalModelRequestFields")["thinking"],
        false => request.body.get("thinking"),
    };
    if request.model.series.family != Family::Claude || thinking["type"] != "enabled" {
        return None;
    }
    if is_any(request.model, ADAPTIVE_ONLY) {
        return Some("\"thinking.type.enabled\" is not supported for this model.".into());
    }
    let budget = count(&thinking["budget_tokens"]).unwrap_or_default();
    let most = count(request.body.at(if request.converse { "/inferenceConfig/maxTokens" } else { "/max_tokens" }));
    let temperature = sampling(request, "temperature").as_f64();
    if budget < 1024 {
        return Some("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024".into());
    }
    if most.is_some_and(|most| most <= budget) {
        return Some("`max_tokens` must be greater than `thinking.budget_tokens`".into());
    }
    temperature
        .is_some_and(|temperature| temperature != 1.0)
        .then(|| "`temperature` may only be set to 1 when thinking is enabled.".into())
}

/// A sampling parameter by its Converse name.
fn sampling<'a>(request: &'a Request, name: &str) -> &'a Value {
    match (request.converse, name) {
        (true, name) => &request.body.get("inferenceConfig")[name],
        (false, "topP") => request.body.get("top_p"),
        (false, name) => request.body.get(name),
    }
}

// ---- Looking -----------------------------------------------------------------------------------------------------

fn is_any(model: &Model, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| model.is(prefix))
}

fn messages<'a>(request: &'a Request) -> &'a [Value] {
    request.body.get("messages").as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Every content block with the numbers of its message and of itself.
fn blocks<'a>(request: &'a Request) -> impl Iterator<Item = (usize, usize, &'a Value)> {
    messages(request).iter().enumerate().flat_map(|(at, message)| {
        message["content"].as_array().into_iter().flatten().enumerate().map(move |(inner, block)| (at, inner, block))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn outcome(id: &str, over_converse: bool, body: Value) -> String {
        let (model, body) = (Model::find(id).unwrap(), Body::parse(body.to_string().as_bytes()).unwrap());
        let outcome = if over_converse { converse(&model, &body) } else { invoke(&model, &body) };
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
            ("amazon.nova-micro-v1:0", json!({"messages": image}), unsupported("image")),
            ("amazon.nova-lite-v1:0", json!({"messages": image}), "accepted".into()),
            ("amazon.nova-lite-v1:0", json!({"messages": assistant_first}), STARTS_WITH_USER.into()),
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
