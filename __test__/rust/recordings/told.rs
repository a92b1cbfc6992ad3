//! What an answer tells, in the form in which both sides are compared: our events here, the recorded JSON in `reader`.

use bedrock_wrapper::conversation::{Event, StopReason, Usage};
use serde_json::Value;

/// A call of a tool.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ToolCall {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) input: Value,
}

/// The whole of an answer, however many pieces it came in.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Told {
    pub(super) text: String,
    pub(super) reasoning: String,
    pub(super) signatures: String,
    pub(super) redacted: String,
    pub(super) tools: Vec<ToolCall>,
    /// Converse's word.
    pub(super) stop: Option<String>,
    /// The stop sequence, where the model names it.
    pub(super) stopped_at: Option<String>,
    pub(super) usage: Option<Usage>,
}

impl Told {
    /// What our events say.
    pub(super) fn of(events: &[Event]) -> Told {
        let mut told = Told::default();
        let mut inputs: Vec<(u32, String)> = Vec::new();
        for event in events {
            match event {
                Event::Text { text, .. } => told.text += text,
                Event::Reasoning { text, .. } => told.reasoning += text,
                Event::Signature { signature, .. } => told.signatures += signature,
                Event::Redacted { data, .. } => told.redacted += data,
                Event::ToolUse { index, id, name } | Event::ServerTool { index, id, name } => {
                    told.tools.push(ToolCall { id: id.clone(), name: name.clone(), input: Value::Null });
                    inputs.push((*index, String::new()));
                }
                Event::ToolInput { index, json } => {
                    let call = inputs.iter_mut().rev().find(|(block, _)| block == index);
                    call.expect("input follows its tool call").1 += json;
                }
                Event::Stop(reason) => {
                    told.stop = Some(reason.as_str().to_owned());
                    if let StopReason::StopSequence(sequence) = reason {
                        told.stopped_at.clone_from(sequence);
                    }
                }
                Event::Usage(usage) => told.usage.get_or_insert_default().update(*usage),
                Event::Other { .. }
                | Event::Raw { .. }
                | Event::UsageAsWritten(_)
                | Event::JsonTool
                | Event::StopAsWritten(_)
                | Event::BlockStop { .. }
                | Event::Citation { .. }
                | Event::ServiceTier(_)
                | Event::Latency(_)
                | Event::Trace(_)
                | Event::PerformanceConfig(_)
                | Event::AdditionalFields(_) => {}
            }
        }
        for (call, (_, json)) in told.tools.iter_mut().zip(inputs) {
            call.input = input(&json);
        }
        told
    }
}

/// The input of a tool call: one JSON text, where no text means no arguments.
pub(super) fn input(json: &str) -> Value {
    if json.is_empty() { Value::Object(serde_json::Map::new()) } else { serde_json::from_str(json).unwrap() }
}
