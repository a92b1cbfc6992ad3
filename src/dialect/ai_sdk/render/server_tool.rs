//! Results of tools that Bedrock runs itself (`toolResult` in an answer).
//!
//! Recordings `nova/converse*-server-tool-*`: a whole block has its content; in a stream that follows in lists.

use serde_json::Value;

use super::part::{Part, ProviderMetadata};

/// A result that is being said.
#[derive(Debug, Default)]
pub(super) struct ToolResult {
    content: Vec<Value>,
    /// The members besides the content: `toolUseId`, `status`, `type`.
    members: Value,
}

impl ToolResult {
    /// A result that begins with `members`.
    pub(super) fn new(mut members: Value) -> ToolResult {
        let content = match members.as_object_mut().and_then(|members| members.remove("content")) {
            Some(Value::Array(content)) => content,
            _ => Vec::new(),
        };
        ToolResult { content, members }
    }

    /// More of its content.
    pub(super) fn extend(&mut self, content: Vec<Value>) {
        self.content.extend(content);
    }

    /// The call that it answers.
    pub(super) fn call(&self) -> &str {
        self.member("toolUseId")
    }

    /// The result is complete; `tool` is that of its call, `declared` are the tools that the program knows.
    pub(super) fn end(self, tool: Option<String>, declared: &[String]) -> Part {
        let tool_call_id = self.call().to_owned();
        let kind = self.member("type");
        let tool_name = tool.unwrap_or_else(|| kind.trim_end_matches("_result").to_owned());
        let is_error = self.member("status") == "error";
        let provider_metadata = Some(ProviderMetadata(self.members));
        let (dynamic, result) = (!declared.contains(&tool_name), value(self.content));
        Part::ToolResult { tool_call_id, tool_name, result, is_error, dynamic, provider_metadata }
    }

    fn member(&self, name: &str) -> &str {
        self.members.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// One JSON value or text as itself, anything else as Converse writes it. A result is never `null`.
fn value(content: Vec<Value>) -> Value {
    let only = match content.as_slice() {
        [Value::Object(block)] if block.len() == 1 => block.get("json").or(block.get("text")),
        _ => None,
    };
    only.filter(|value| !value.is_null()).cloned().unwrap_or(Value::Array(content))
}
