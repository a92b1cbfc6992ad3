//! A whole answer as a Converse response: compact JSON with alphabetical keys (recordings).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::fields::{Echo, write_usage};
use super::manner::{Counts, Manner, Types};
use crate::simulator::answer::{Answer, Block, Call, Usage};
use crate::simulator::json::Json;
use crate::simulator::native::{Opening, codec, signature};

/// The response's body. `latency` is in milliseconds, `random` makes ids.
pub(in crate::simulator) fn whole(opening: &Opening, answer: &Answer, latency: u64, random: fastrand::Rng) -> Vec<u8> {
    let mut manner = Manner::of(opening.model, opening.body, random);
    let echo = Echo::of(opening.body);
    let mut out = Json::object();
    if echo.has_paths() {
        echo.write_extra_fields(&codec(opening.model, opening.body).whole(opening, answer), &mut out);
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::answer::{Cache, Spoken, Stop, Usage};
    use crate::simulator::identity::Identity;
    use crate::simulator::models::Model;
    use crate::simulator::native::Body;
    use crate::simulator::question::Question;
    use serde_json::json;

    fn written(id: &str, request: Value, answer: &Answer) -> Value {
        let model = Model::find(id).unwrap();
        let body = Body::parse(request.to_string().as_bytes()).unwrap();
        let mut random = fastrand::Rng::with_seed(1);
        let opening = Opening {
            question: &Question::default(),
            model: &model,
            identity: &Identity::new(&mut random, 0),
            input: 1,
            cache: None,
            body: &body,
        };
        serde_json::from_slice(&whole(&opening, answer, 5, random)).unwrap()
    }

    fn call(input: &str) -> Block {
        let call = Call { id: None, name: "add".into(), kind: None };
        Block::ToolUse { call, input: Spoken::Whole(input.into()) }
    }

    fn answer(blocks: Vec<Block>, stop: Stop) -> Answer {
        Answer::new(blocks, stop, Usage::new(1, 2))
    }

    const NOVA: &str = "us.amazon.nova-lite-v1:0";
    const SONNET: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

    #[test]
    fn calls_get_ids_and_types_as_the_family_has_them() {
        let calls = || answer(vec![call("{\"b\": 1, \"a\": 2}"), call("")], Stop::ToolUse);
        let content = |id: &str, request: Value| written(id, request, &calls())["output"]["message"]["content"].take();
        let nova = content(NOVA, json!({}));
        assert_eq!(nova[0]["toolUse"]["input"].to_string(), r#"{"b":1,"a":2}"#);
        assert_eq!(nova[1]["toolUse"]["input"], json!({}));
        let ids = [0, 1].map(|at: usize| nova[at]["toolUse"]["toolUseId"].as_str().unwrap().to_owned());
        assert!(ids[0] != ids[1] && ids.iter().all(|id| id.len() == 30 && id.starts_with("tooluse_")), "{ids:?}");
        assert_eq!(nova[0]["toolUse"].get("type"), None);
        assert_eq!(content(SONNET, json!({}))[0]["toolUse"]["type"], "tool_use");
        let earlier = json!({"messages": [{"role": "assistant", "content": [{"toolUse": {}}]}]});
        assert_eq!(content("moonshot.kimi-k2-thinking", earlier)[1]["toolUse"]["toolUseId"], "functions.add:2");
    }

    #[test]
    fn an_answer_that_says_nothing_has_a_block_or_none() {
        let nothing = answer(vec![Block::text("")], Stop::EndTurn);
        assert_eq!(written(NOVA, json!({}), &nothing)["output"]["message"]["content"], json!([{"text": ""}]));
        assert_eq!(written(SONNET, json!({}), &nothing)["output"]["message"]["content"], json!([]));
    }

    #[test]
    fn images_and_broken_inputs_are_written_too() {
        let image = Block::Image { format: "png".into(), bytes: b"hi".to_vec() };
        let told = written(NOVA, json!({}), &answer(vec![image, call("{\"a\":")], Stop::MaxTokens));
        let content = &told["output"]["message"]["content"];
        assert_eq!(content[0], json!({"image": {"format": "png", "source": {"bytes": "aGk="}}}));
        assert_eq!((&content[1]["toolUse"]["input"], &told["stopReason"]), (&json!({}), &json!("max_tokens")));
    }

    #[test]
    fn cached_tokens_are_told_by_how_long_they_are_kept() {
        let mut told = answer(vec![Block::text("a")], Stop::EndTurn);
        told.usage.cache = Some(Cache { read: 10, write: 7, write_hour: 3 });
        let usage = written(SONNET, json!({}), &told)["usage"].take();
        let details = json!([{"inputTokens": 3, "ttl": "1h"}, {"inputTokens": 4, "ttl": "5m"}]);
        assert_eq!((&usage["cacheDetails"], &usage["totalTokens"]), (&details, &json!(20)));
        assert_eq!(written(NOVA, json!({}), &told)["usage"].get("cacheDetails"), None);
    }

    #[test]
    fn the_models_own_fields_are_given_where_they_are_asked_for() {
        let told = answer(vec![Block::text("a")], Stop::Sequence("x".into()));
        let asked =
            json!({"additionalModelResponseFieldPaths": ["/stop_sequence", "/usage/output_tokens", "/nothing"]});
        let fields = json!({"stop_sequence": "x", "usage": {"output_tokens": 2}});
        assert_eq!(written(SONNET, with_message(&asked), &told)["additionalModelResponseFields"], fields);
        let ended = answer(vec![Block::text("a")], Stop::EndTurn);
        let asked = json!({"additionalModelResponseFieldPaths": ["/stop_sequence"]});
        assert_eq!(written(SONNET, with_message(&asked), &ended).get("additionalModelResponseFields"), None);
    }

    fn with_message(request: &Value) -> Value {
        let mut request = request.clone();
        request["messages"] = json!([{"role": "user", "content": [{"text": "Hi"}]}]);
        request
    }
}
