//! Stage one of validation: the constraints of the service model on a Converse body. All violations come in one answer,
//! list entries counted from 1, in the order of the service model.

use serde_json::Value;

use super::exception::Exception;
use super::native::Body;

/// A number's bounds in `inferenceConfig`.
struct Range {
    member: &'static str,
    least: f64,
    most: Option<f64>,
    whole: bool,
}

const RANGES: &[Range] = &[
    Range { member: "maxTokens", least: 1.0, most: None, whole: true },
    Range { member: "temperature", least: 0.0, most: Some(1.0), whole: false },
    Range { member: "topP", least: 0.0, most: Some(1.0), whole: false },
];

/// Most stop sequences.
const STOP_SEQUENCES: usize = 2500;
/// Most JSON pointers in `additionalModelResponseFieldPaths`.
const FIELD_PATHS: usize = 10;
/// Longest tool name and tool use id.
const NAME: usize = 64;

/// Refuses a body that violates the model, in the words of the service.
pub(super) fn check(body: &Body) -> Result<(), Exception> {
    let mut found = Violations::default();
    messages(body, &mut found);
    for (at, block) in list(body.get("system")) {
        if block["text"].as_str() == Some("") {
            found.length("", &format!("system.{at}.member.text"), "greater than or equal to 1");
        }
    }
    inference(body.get("inferenceConfig"), &mut found);
    tools(body.get("toolConfig"), &mut found);
    if body.get("additionalModelResponseFieldPaths").as_array().is_some_and(|paths| paths.len() > FIELD_PATHS) {
        found.omitted("additionalModelResponseFieldPaths", &too_long(FIELD_PATHS));
    }
    found.into_result()
}

fn messages(body: &Body, found: &mut Violations) {
    if !body.has("messages") {
        found.null("messages");
    }
    for (at, message) in list(body.get("messages")) {
        match &message["role"] {
            Value::Null => found.null(&format!("messages.{at}.member.role")),
            Value::String(role) if !matches!(role.as_str(), "user" | "assistant" | "system") => {
                let set = "Member must satisfy enum value set: [user, assistant, system]";
                found.value(role, &format!("messages.{at}.member.role"), set);
            }
            _ => {}
        }
        if message["content"].is_null() {
            found.null(&format!("messages.{at}.member.content"));
        }
        for (inner, block) in list(&message["content"]) {
            let path = format!("messages.{at}.member.content.{inner}.member");
            image(&block["image"], &path, found);
            for key in ["toolUse", "toolResult"] {
                if block[key].is_object() && block[key]["toolUseId"].is_null() {
                    found.null(&format!("{path}.{key}.toolUseId"));
                }
            }
        }
    }
}

fn image(image: &Value, path: &str, found: &mut Violations) {
    match &image["format"] {
        _ if image.is_null() => {}
        Value::Null => found.null(&format!("{path}.image.format")),
        Value::String(format) if !matches!(format.as_str(), "png" | "jpeg" | "gif" | "webp") => {
            let set = "Member must satisfy enum value set: [gif, jpeg, png, webp]";
            found.value(format, &format!("{path}.image.format"), set);
        }
        _ => {}
    }
}

fn inference(config: &Value, found: &mut Violations) {
    for range in RANGES {
        let Some(number) = config[range.member].as_f64() else { continue };
        let shown = if range.whole { format!("{number:.0}") } else { format!("{number:?}") };
        let path = format!("inferenceConfig.{}", range.member);
        if number < range.least {
            found.value(&shown, &path, &format!("Member must have value greater than or equal to {}", range.least));
        }
        if range.most.is_some_and(|most| number > most) {
            let most = range.most.unwrap_or_default();
            found.value(&shown, &path, &format!("Member must have value less than or equal to {most}"));
        }
    }
    if config["stopSequences"].as_array().is_some_and(|stops| stops.len() > STOP_SEQUENCES) {
        found.omitted("inferenceConfig.stopSequences", &too_long(STOP_SEQUENCES));
    }
    for (at, stop) in list(&config["stopSequences"]) {
        if stop.as_str() == Some("") {
            found.length("", &format!("inferenceConfig.stopSequences.{at}.member"), "greater than or equal to 1");
        }
    }
}

fn tools(config: &Value, found: &mut Violations) {
    if config.is_object() && config["tools"].is_null() {
        found.null("toolConfig.tools");
    }
    if config["tools"].as_array().is_some_and(Vec::is_empty) {
        found.length("[]", "toolConfig.tools", "greater than or equal to 1");
    }
    for (at, tool) in list(&config["tools"]) {
        let spec = &tool["toolSpec"];
        let path = format!("toolConfig.tools.{at}.member.toolSpec");
        match &spec["name"] {
            _ if spec.is_null() => {}
            Value::String(name) => tool_name(name, &format!("{path}.name"), found),
            _ => found.null(&format!("{path}.name")),
        }
        if spec.is_object() && spec["inputSchema"].is_null() {
            found.null(&format!("{path}.inputSchema"));
        }
    }
}

fn tool_name(name: &str, path: &str, found: &mut Violations) {
    if name.chars().count() > NAME {
        found.length(name, path, &format!("less than or equal to {NAME}"));
    }
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
        found.value(name, path, "Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+");
    }
}

fn too_long(most: usize) -> String {
    format!("Member must have length less than or equal to {most}")
}

/// The items of a list with their numbers, from 1.
fn list(value: &Value) -> impl Iterator<Item = (usize, &Value)> {
    value.as_array().into_iter().flatten().enumerate().map(|(at, item)| (at + 1, item))
}

/// What is wrong, as the service puts it.
#[derive(Default)]
struct Violations(Vec<String>);

impl Violations {
    fn null(&mut self, path: &str) {
        self.0.push(format!("Value null at '{path}' failed to satisfy constraint: Member must not be null"));
    }

    fn value(&mut self, value: &str, path: &str, constraint: &str) {
        self.0.push(format!("Value '{value}' at '{path}' failed to satisfy constraint: {constraint}"));
    }

    fn length(&mut self, value: &str, path: &str, bound: &str) {
        self.value(value, path, &format!("Member must have length {bound}"));
    }

    fn omitted(&mut self, path: &str, constraint: &str) {
        self.0.push(format!("Value at '{path}' failed to satisfy constraint: {constraint}"));
    }

    fn into_result(self) -> Result<(), Exception> {
        let Violations(items) = self;
        let noun = match items.len() {
            0 => return Ok(()),
            1 => "error",
            _ => "errors",
        };
        Err(Exception::validation(format!("{} validation {noun} detected: {}", items.len(), items.join("; "))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(json: &str) -> String {
        check(&Body::parse(json.as_bytes()).unwrap()).map_or_else(|refusal| refusal.message, |()| "accepted".into())
    }

    #[test]
    fn speaks_as_recorded() {
        let cases = [
            (
                r#"{}"#,
                "1 validation error detected: Value null at 'messages' failed to satisfy constraint: Member must not be null",
            ),
            (
                r#"{"messages": [], "inferenceConfig": {"temperature": 32424}}"#,
                "1 validation error detected: Value '32424.0' at 'inferenceConfig.temperature' failed to satisfy constraint: Member must have value less than or equal to 1",
            ),
            (
                r#"{"messages": [], "inferenceConfig": {"maxTokens": 0, "topP": -0.5}}"#,
                "2 validation errors detected: Value '0' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1; Value '-0.5' at 'inferenceConfig.topP' failed to satisfy constraint: Member must have value greater than or equal to 0",
            ),
            (
                r#"{"messages": [{"role": "user", "content": []}], "toolConfig": {"tools": [{"toolSpec": {"name": "goal.upsert", "inputSchema": {"json": {}}}}]}}"#,
                "1 validation error detected: Value 'goal.upsert' at 'toolConfig.tools.1.member.toolSpec.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+",
            ),
            (
                r#"{"messages": [{"content": [{"text": "x"}]}]}"#,
                "1 validation error detected: Value null at 'messages.1.member.role' failed to satisfy constraint: Member must not be null",
            ),
            (r#"{"messages": [{"role": "user", "content": [{"text": "x"}]}], "system": []}"#, "accepted"),
        ];
        for (body, expected) in cases {
            assert_eq!(refusal(body), expected, "{body}");
        }
    }
}
