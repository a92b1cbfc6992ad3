//! The pieces that a message is made of, and each as a chunk's `delta` (`ChatCompletionChunk.Choice.Delta`).

use std::fmt::Write;

use super::citations::Cited;
use super::json::{push_string, text_of};
use super::thought::ThinkingBlock;

/// A piece of a message, in the order in which it is said.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// More of `content`.
    Content(String),
    /// More reasoning; `member` is where the caller wants it.
    Reasoning { member: &'static str, text: String },
    /// One more of `thinking_blocks`.
    Thinking(ThinkingBlock),
    /// A call begins, the `position`th of `tool_calls`.
    Call { position: usize, id: String, name: String, kind: CallKind },
    /// More of the input of that call.
    Input { position: usize, kind: CallKind, text: String },
    /// `function_call` begins.
    Function { name: String },
    /// More of its arguments.
    FunctionArguments(String),
    /// Why the model does not answer.
    Refusal(String),
    /// What the text rests on.
    Cited(Cited),
}

/// What is called: a function with JSON, or a tool that takes any text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallKind {
    Function,
    Custom,
}

impl CallKind {
    /// `type` of the call, and the member of that name.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            CallKind::Function => "function",
            CallKind::Custom => "custom",
        }
    }

    /// The member that holds the input.
    pub(super) fn input(self) -> &'static str {
        match self {
            CallKind::Function => "arguments",
            CallKind::Custom => "input",
        }
    }
}

impl Piece {
    /// Appends the delta.
    pub(super) fn push_delta(&self, out: &mut String) {
        match self {
            Piece::Content(text) => push_member(out, "{", "content", text, "}"),
            Piece::Reasoning { member, text } => push_member(out, "{", member, text, "}"),
            Piece::Thinking(block) => push(out, format_args!("{{\"thinking_blocks\":[{}]}}", text_of(block))),
            Piece::Call { position, id, name, kind } => {
                push(out, format_args!("{{\"tool_calls\":[{{\"index\":{position},\"id\":"));
                push_string(id, out);
                let kind_name = kind.as_str();
                push(out, format_args!(",\"type\":\"{kind_name}\",\"{kind_name}\":"));
                push_member(out, "{", "name", name, ",");
                push(out, format_args!("\"{}\":\"\"}}}}]}}", kind.input()));
            }
            Piece::Input { position, kind, text } => {
                push(out, format_args!("{{\"tool_calls\":[{{\"index\":{position},\"{}\":", kind.as_str()));
                push_member(out, "{", kind.input(), text, "}}]}");
            }
            Piece::Function { name } => {
                push_member(out, "{\"function_call\":{", "name", name, ",\"arguments\":\"\"}}");
            }
            Piece::FunctionArguments(json) => push_member(out, "{\"function_call\":{", "arguments", json, "}}"),
            Piece::Refusal(text) => push_member(out, "{", "refusal", text, "}"),
            Piece::Cited(cited) => out.push_str(&text_of(cited)),
        }
    }
}

fn push_member(out: &mut String, before: &str, name: &str, text: &str, after: &str) {
    push(out, format_args!("{before}\"{name}\":"));
    push_string(text, out);
    out.push_str(after);
}

/// Writing to a `String` does not fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn delta(piece: &Piece) -> Value {
        let mut out = String::new();
        piece.push_delta(&mut out);
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{out}: {error}"))
    }

    #[test]
    fn deltas_have_openais_shape() {
        let text = || "a \"b\"\n".to_owned();
        let cases = [
            (Piece::Content(text()), json!({"content": text()})),
            (Piece::Reasoning { member: "reasoning", text: text() }, json!({"reasoning": text()})),
            (Piece::Refusal(text()), json!({"refusal": text()})),
            (
                Piece::Thinking(ThinkingBlock::Thinking { thinking: text(), signature: "s".into() }),
                json!({"thinking_blocks": [{"type": "thinking", "thinking": text(), "signature": "s"}]}),
            ),
            (
                Piece::Thinking(ThinkingBlock::Redacted { data: "ZA==".into() }),
                json!({"thinking_blocks": [{"type": "redacted_thinking", "data": "ZA=="}]}),
            ),
            (
                Piece::Call { position: 1, id: "c".into(), name: "f\"".into(), kind: CallKind::Function },
                json!({"tool_calls": [
                    {"index": 1, "id": "c", "type": "function", "function": {"name": "f\"", "arguments": ""}}]}),
            ),
            (
                Piece::Call { position: 0, id: "c".into(), name: "f".into(), kind: CallKind::Custom },
                json!({"tool_calls": [{"index": 0, "id": "c", "type": "custom", "custom": {"name": "f", "input": ""}}]}),
            ),
            (
                Piece::Input { position: 2, kind: CallKind::Function, text: "{\"a\"".into() },
                json!({"tool_calls": [{"index": 2, "function": {"arguments": "{\"a\""}}]}),
            ),
            (
                Piece::Input { position: 0, kind: CallKind::Custom, text: text() },
                json!({"tool_calls": [{"index": 0, "custom": {"input": text()}}]}),
            ),
            (Piece::Function { name: "f".into() }, json!({"function_call": {"name": "f", "arguments": ""}})),
            (Piece::FunctionArguments("{}".into()), json!({"function_call": {"arguments": "{}"}})),
        ];
        for (piece, expected) in cases {
            assert_eq!(delta(&piece), expected);
        }
    }
}
