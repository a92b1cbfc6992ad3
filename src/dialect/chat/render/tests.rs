//! Events in, answers out: what no recording shows.

use serde_json::{Value, json};

use super::*;
use crate::conversation::{StopReason, Usage};
use crate::error::Kind;

fn settings() -> Settings {
    Settings { id: "chatcmpl-1".into(), created: 1_700_000_000, model: "claude".into(), ..Settings::default() }
}

fn text(index: u32, text: &str) -> Event {
    Event::Text { index, text: text.into() }
}

fn call(index: u32, name: &str, inputs: &[&str]) -> Vec<Event> {
    let begin = Event::ToolUse { index, id: format!("call_{index}"), name: name.into() };
    let inputs = inputs.iter().map(|json| Event::ToolInput { index, json: (*json).into() });
    [begin].into_iter().chain(inputs).chain([Event::BlockStop { index }]).collect()
}

fn stop(word: &str) -> Event {
    Event::Stop(StopReason::parse(word))
}

fn usage(input: u64, output: u64) -> Event {
    Event::Usage(Usage { input_tokens: Some(input), output_tokens: Some(output), ..Usage::default() })
}

fn whole(settings: Settings, events: Vec<Event>) -> Value {
    serde_json::from_str(&Render::new(settings).completion(vec![events]).unwrap()).unwrap()
}

/// The chunks of one choice as JSON, each in both forms; the forms must agree.
fn streamed(settings: Settings, events: Vec<Event>) -> Vec<Value> {
    let (mut chunks, mut out) = (Render::new(settings).chunks(1), Vec::new());
    events.into_iter().for_each(|event| chunks.step(0, event, &mut out));
    chunks.finish(0, &mut out).unwrap();
    read(&chunks, out)
}

fn read(chunks: &Chunks, out: Vec<Chunk>) -> Vec<Value> {
    let mut sse = String::new();
    out.iter().for_each(|chunk| chunks.push_event(chunk, &mut sse));
    let events: Vec<Value> = sse
        .split_terminator("\n\n")
        .map(|event| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap())
        .collect();
    let first = events.first().cloned().unwrap_or_default();
    let items: Vec<Value> = out
        .into_iter()
        .map(|chunk| match chunks.item(chunk) {
            item if item.starts_with('\0') => serde_json::from_str(item.trim_start_matches('\0')).unwrap(),
            bare => {
                let mut chunk = first.clone();
                chunk["choices"][0]["delta"] = json!({"content": bare});
                chunk
            }
        })
        .collect();
    assert_eq!(items, events);
    events
}

fn deltas(chunks: &[Value]) -> Vec<Value> {
    chunks.iter().map(|chunk| chunk["choices"][0]["delta"].clone()).collect()
}

#[test]
fn an_answer_has_openais_members_in_openais_order() {
    let metadata = json!({"a": "b"}).as_object().cloned();
    let answer = Render::new(Settings { metadata, bedrock: true, ..settings() });
    let told = [
        Event::ServiceTier("reserved".into()),
        Event::Latency(12),
        Event::Trace(json!({"guardrail": {}})),
        Event::PerformanceConfig(json!({"latency": "optimized"})),
        Event::AdditionalFields(json!({"stop_sequence": null})),
    ];
    let events = [text(0, "Hi"), Event::BlockStop { index: 0 }, stop("end_turn"), usage(3, 2)];
    let json = answer.completion(vec![events.into_iter().chain(told).collect()]).unwrap();
    assert_eq!(
        json,
        concat!(
            r#"{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"claude","choices":[{"index":0,"#,
            r#""message":{"role":"assistant","content":"Hi","refusal":null},"logprobs":null,"finish_reason":"stop"}],"#,
            r#""usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"#,
            r#""prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0,"audio_tokens":0},"#,
            r#""completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"#,
            r#""rejected_prediction_tokens":0}},"service_tier":"scale","metadata":{"a":"b"},"#,
            r#""bedrock":{"latencyMs":12,"performanceConfig":{"latency":"optimized"},"trace":{"guardrail":{}},"#,
            r#""additionalModelResponseFields":{"stop_sequence":null}}}"#
        )
    );
}

#[test]
fn a_stream_has_openais_members_in_openais_order() {
    let (mut chunks, mut out) =
        (Render::new(Settings { include_usage: true, bedrock: true, ..settings() }).chunks(1), vec![]);
    let events = [text(0, "Hi \"you\""), stop("end_turn"), usage(3, 2), Event::ServiceTier("flex".into())];
    events.into_iter().for_each(|event| chunks.step(0, event, &mut out));
    chunks.finish(0, &mut out).unwrap();
    let mut sse = String::new();
    out.iter().for_each(|chunk| chunks.push_event(chunk, &mut sse));
    let head = r#"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"claude""#;
    let rest = [
        r#","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}"#,
        r#","choices":[{"index":0,"delta":{"content":"Hi \"you\""},"logprobs":null,"finish_reason":null}],"usage":null}"#,
        r#","service_tier":"flex","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null,"bedrock":{}}"#,
        concat!(
            r#","service_tier":"flex","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"#,
            r#""prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0,"audio_tokens":0},"#,
            r#""completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"#,
            r#""rejected_prediction_tokens":0}}}"#
        ),
    ];
    assert_eq!(sse, rest.map(|rest| format!("{head}{rest}\n\n")).concat());
}

#[test]
fn calls_are_counted_on_their_own_and_never_lack_arguments() {
    let mut events = vec![Event::Reasoning { index: 0, text: "Hm".into() }, Event::BlockStop { index: 0 }];
    events.extend(call(2, "now", &[]));
    events.extend(call(5, "add", &["{\"a\":", "", "1}"]));
    events.push(stop("end_turn"));
    let chunks = streamed(settings(), events.clone());
    assert_eq!(
        deltas(&chunks)[2..],
        [
            json!({"tool_calls": [
                {"index": 0, "id": "call_2", "type": "function", "function": {"name": "now", "arguments": ""}}]}),
            json!({"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]}),
            json!({"tool_calls": [
                {"index": 1, "id": "call_5", "type": "function", "function": {"name": "add", "arguments": ""}}]}),
            json!({"tool_calls": [{"index": 1, "function": {"arguments": "{\"a\":"}}]}),
            json!({"tool_calls": [{"index": 1, "function": {"arguments": "1}"}}]}),
            json!({}),
        ]
    );
    assert_eq!(chunks.last().unwrap()["choices"][0]["finish_reason"], "tool_calls");
    let message = &whole(settings(), events)["choices"][0]["message"];
    assert_eq!((&message["content"], &message["reasoning_content"]), (&Value::Null, &json!("Hm")));
    assert_eq!(
        message["tool_calls"],
        json!([
            {"id": "call_2", "type": "function", "function": {"name": "now", "arguments": "{}"}},
            {"id": "call_5", "type": "function", "function": {"name": "add", "arguments": "{\"a\":1}"}},
        ])
    );
}

#[test]
fn custom_tools_get_their_text() {
    let custom = || Settings { custom_tools: vec!["shell".into()], ..settings() };
    let events = |inputs: &[&str]| [call(0, "shell", inputs), vec![stop("tool_use")]].concat();
    let input = |inputs: &[&str]| {
        whole(custom(), events(inputs))["choices"][0]["message"]["tool_calls"][0]["custom"]["input"].clone()
    };
    assert_eq!(input(&["{\"input\":", "\"ls -l\\n\"}"]), "ls -l\n");
    assert_eq!(input(&["{\"input\":\"cut"]), "{\"input\":\"cut");
    assert_eq!(input(&[]), "");
    assert_eq!(
        deltas(&streamed(custom(), events(&["{\"input\":", "\"ls\"}"])))[1..3],
        [
            json!({"tool_calls": [
                {"index": 0, "id": "call_0", "type": "custom", "custom": {"name": "shell", "input": ""}}]}),
            json!({"tool_calls": [{"index": 0, "custom": {"input": "ls"}}]}),
        ]
    );
}

#[test]
fn callers_of_functions_get_one_function_call() {
    let legacy = || Settings { legacy_functions: true, ..settings() };
    let events = [call(0, "add", &["{\"a\":1}"]), call(1, "sub", &["{}"]), vec![stop("tool_use")]].concat();
    let answer = whole(legacy(), events.clone());
    assert_eq!(
        answer["choices"][0]["message"],
        json!({"role": "assistant", "content": null, "refusal": null,
            "function_call": {"name": "add", "arguments": "{\"a\":1}"}})
    );
    assert_eq!(answer["choices"][0]["finish_reason"], "function_call");
    assert_eq!(
        deltas(&streamed(legacy(), events))[1..],
        [
            json!({"function_call": {"name": "add", "arguments": ""}}),
            json!({"function_call": {"arguments": "{\"a\":1}"}}),
            json!({}),
        ]
    );
}

#[test]
fn reasoning_shows_as_the_caller_wants_it() {
    let events = || {
        vec![
            Event::Reasoning { index: 0, text: "It is ".into() },
            Event::Reasoning { index: 0, text: "Paris.".into() },
            Event::Signature { index: 0, signature: "sig".into() },
            Event::BlockStop { index: 0 },
            Event::Redacted { index: 1, data: "ZA==".into() },
            Event::BlockStop { index: 1 },
            text(2, "Paris."),
            stop("end_turn"),
        ]
    };
    let message = |reasoning| whole(Settings { reasoning, ..settings() }, events())["choices"][0]["message"].clone();
    let blocks = json!([
        {"type": "thinking", "thinking": "It is Paris.", "signature": "sig"},
        {"type": "redacted_thinking", "data": "ZA=="},
    ]);
    assert_eq!(
        message(ReasoningFormat::ReasoningContent),
        json!({"role": "assistant", "content": "Paris.", "reasoning_content": "It is Paris.", "thinking_blocks": blocks,
            "refusal": null})
    );
    assert_eq!(
        message(ReasoningFormat::Reasoning),
        json!({"role": "assistant", "content": "Paris.", "reasoning": "It is Paris.", "thinking_blocks": blocks,
            "refusal": null})
    );
    assert_eq!(
        message(ReasoningFormat::Think),
        json!({"role": "assistant", "content": "<think>It is Paris.</think>Paris.", "refusal": null})
    );
    assert_eq!(
        message(ReasoningFormat::Content),
        json!({"role": "assistant", "content": "It is Paris.Paris.", "refusal": null})
    );
    assert_eq!(message(ReasoningFormat::Hidden), json!({"role": "assistant", "content": "Paris.", "refusal": null}));
    let chunks = deltas(&streamed(settings(), events()));
    assert_eq!(
        chunks[1..],
        [
            json!({"reasoning_content": "It is "}),
            json!({"reasoning_content": "Paris."}),
            json!({"thinking_blocks": [blocks[0]]}),
            json!({"thinking_blocks": [blocks[1]]}),
            json!({"content": "Paris."}),
            json!({}),
        ]
    );
}

#[test]
fn an_answer_that_ends_in_thought_closes_its_tag_and_has_a_finish_reason() {
    let events = vec![Event::Reasoning { index: 0, text: "Well".into() }, stop("max_tokens")];
    let think = Settings { reasoning: ReasoningFormat::Think, ..settings() };
    assert_eq!(whole(think, events.clone())["choices"][0]["message"]["content"], "<think>Well</think>");
    let choice = &whole(settings(), events)["choices"][0];
    assert_eq!((&choice["message"]["content"], &choice["finish_reason"]), (&json!(""), &json!("length")));
}

#[test]
fn who_refuses_says_why() {
    let refused = |fields: Value, said: Option<&str>| {
        let said = said.map(|said| text(0, said));
        let events = said.into_iter().chain([stop("content_filtered"), Event::AdditionalFields(fields)]).collect();
        let choice = whole(settings(), events)["choices"][0].clone();
        assert_eq!(choice["finish_reason"], "content_filter");
        (choice["message"]["content"].clone(), choice["message"]["refusal"].clone())
    };
    let plain = json!({"stop_reason": "refusal"});
    let explained = json!({"stop_reason": "refusal", "stop_details": {"explanation": "Not this."}});
    assert_eq!(refused(plain.clone(), None), (Value::Null, json!("The model declined to answer.")));
    assert_eq!(refused(explained, None), (Value::Null, json!("Not this.")));
    assert_eq!(refused(plain, Some("Well")), (json!("Well"), Value::Null));
    assert_eq!(refused(json!({}), None), (json!(""), Value::Null));
}

#[test]
fn bedrocks_own_tools_do_not_show() {
    let events = vec![
        Event::ServerTool { index: 0, id: "s".into(), name: "nova_code_interpreter".into() },
        Event::ToolInput { index: 0, json: "{}".into() },
        Event::BlockStop { index: 0 },
        text(1, "42"),
        stop("tool_use"),
    ];
    assert_eq!(deltas(&streamed(settings(), events.clone()))[1..], [json!({"content": "42"}), json!({})]);
    assert_eq!(whole(settings(), events)["choices"][0]["finish_reason"], "stop");
}

#[test]
fn several_choices_are_one_answer() {
    let render = Render::new(Settings { include_usage: true, ..settings() });
    let events = |word: &str| vec![text(0, word), stop("end_turn"), usage(10, 2)];
    let whole: Value = serde_json::from_str(&render.completion(vec![events("a"), events("b")]).unwrap()).unwrap();
    assert_eq!((&whole["choices"][1]["index"], &whole["choices"][1]["message"]["content"]), (&json!(1), &json!("b")));
    assert_eq!((&whole["usage"]["prompt_tokens"], &whole["usage"]["completion_tokens"]), (&json!(10), &json!(4)));

    let (mut chunks, mut out) = (render.chunks(2), Vec::new());
    for (first, second) in events("a").into_iter().zip(events("b")) {
        chunks.step(1, second, &mut out);
        chunks.step(0, first, &mut out);
    }
    chunks.finish(1, &mut out).unwrap();
    assert!(!read(&chunks, out.clone()).iter().any(|chunk| chunk["usage"].is_object()));
    chunks.finish(0, &mut out).unwrap();
    let read = read(&chunks, out);
    let places: Vec<_> = read.iter().map(|chunk| chunk["choices"][0]["index"].as_u64()).collect();
    assert_eq!(places, [Some(1), Some(1), Some(0), Some(0), Some(1), Some(0), None]);
    assert_eq!(read.last().unwrap()["usage"], whole["usage"]);
}

#[test]
fn a_choice_without_an_end_is_an_error_and_has_no_finish_reason() {
    let render = Render::new(settings());
    let broken = |word: Option<&str>| {
        let events: Vec<Event> = [text(0, "Hi")].into_iter().chain(word.map(stop)).collect();
        let (mut chunks, mut out) = (render.chunks(1), Vec::new());
        events.iter().cloned().for_each(|event| chunks.step(0, event, &mut out));
        let streamed = chunks.finish(0, &mut out).unwrap_err().kind;
        assert_eq!(out.len(), 2);
        assert_eq!(render.completion(vec![events]).unwrap_err().kind, streamed);
        streamed
    };
    assert_eq!(broken(None), Kind::BrokenStream);
    assert_eq!(broken(Some("malformed_tool_use")), Kind::ModelError);
}

#[test]
fn a_text_that_begins_like_a_whole_chunk_is_one() {
    let chunks = streamed(settings(), vec![text(0, "\0a"), stop("end_turn")]);
    assert_eq!(chunks[1]["choices"][0]["delta"]["content"], "\0a");
}
