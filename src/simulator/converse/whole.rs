//! A whole answer as a Converse response: compact JSON with alphabetical keys (recordings).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::fields::{Echo, write_usage};
use super::manner::{Counts, Manner, Types};
use crate::simulator::answer::{Answer, Block, Call, Usage};
use crate::simulator::json::Json;
use crate::simulator::models::Model;
use crate::simulator::native::{Body, signature};

/// The response's body. `latency` is in milliseconds, `random` makes ids.
pub(in crate::simulator) fn whole(
    model: &Model,
    body: &Body,
    answer: &Answer,
    latency: u64,
    random: fastrand::Rng,
) -> Vec<u8> {
    let mut manner = Manner::of(model, body, random);
    let echo = Echo::of(body);
    let mut out = Json::object();
    echo.write_extra_fields(&answer.stop, &mut out);
    out.member("metrics").raw("{").member("latencyMs").number(latency).raw("}");
    out.member("output").raw(r#"{"message":{"content":["#);
    write_content(&answer.blocks, &mut manner, &mut out);
    out.raw(r#"],"role":"assistant"}}"#);
    echo.write_settings(&mut out);
    out.member("stopReason").string(answer.stop.reason());
    if let Some(trace) = &answer.trace {
        out.member("trace").sorted(trace);
    }
    // Where no model was asked, no cache was either (recorded with guardrails).
    let unused = if answer.usage == Usage::default() { Counts::None } else { manner.counts };
    write_usage(answer.usage, &manner, unused, &mut out);
    out.raw("}");
    out.into_bytes()
}

fn write_content(blocks: &[Block], manner: &mut Manner, out: &mut Json) {
    let says_something = |block: &&Block| !matches!(block, Block::Text { text, .. } if text.text().is_empty());
    let mut any = false;
    for block in blocks.iter().filter(says_something) {
        out.comma().raw("{");
        write_block(block, manner, out);
        out.raw("}");
        any = true;
    }
    if !any && !manner.silent {
        out.raw(r#"{"text":""}"#);
    }
}

fn write_block(block: &Block, manner: &mut Manner, out: &mut Json) {
    match block {
        Block::Text { text, citations } if citations.is_empty() => {
            out.member("text").string(&text.text());
        }
        Block::Text { text, citations } => {
            out.member("citationsContent").raw("{").member("citations").raw("[");
            for citation in citations {
                out.comma().sorted(citation);
            }
            out.raw("]").member("content").raw(r#"[{"text":"#).string(&text.text()).raw("}]}");
        }
        Block::Reasoning { text, signature: given } => {
            let text = text.text();
            let made = || manner.signed.then(|| signature(&text));
            out.raw(r#""reasoningContent":{"reasoningText":{"#);
            if let Some(signature) = given.clone().or_else(made) {
                out.member("signature").string(&signature);
            }
            out.member("text").string(&text).raw("}}");
        }
        Block::Redacted(data) => {
            out.raw(r#""reasoningContent":{"redactedContent":"#).string(&BASE64_STANDARD.encode(data)).raw("}");
        }
        Block::ToolUse { call, input } => write_tool_use(call, &input.text(), manner, out),
        Block::ToolResult(result) => {
            out.member("toolResult").sorted(result);
        }
        Block::Image { format, bytes } => {
            out.raw(r#""image":{"format":"#).string(format);
            out.raw(r#","source":{"bytes":"#).string(&BASE64_STANDARD.encode(bytes)).raw("}}");
        }
    }
}

fn write_tool_use(call: &Call, input: &str, manner: &mut Manner, out: &mut Json) {
    out.raw(r#""toolUse":{"input":"#);
    match serde_json::from_str::<Value>(input) {
        Ok(input) => out.value(&input),
        // There is none, or the model broke off in the middle of it.
        Err(_) => out.raw("{}"),
    };
    out.member("name").string(&call.name).member("toolUseId").string(&manner.id(call));
    if let Some(kind) = call.kind.as_deref().or((manner.types != Types::Never).then_some("tool_use")) {
        out.member("type").string(kind);
    }
    out.raw("}");
}
