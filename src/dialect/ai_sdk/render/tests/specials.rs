//! What only Bedrock has: sources, tools that it runs itself, files, and what comes besides an answer.

use super::*;
use crate::conversation::{File, FileSource, Message, Role, SystemTool};

fn other(name: &str, value: Value) -> Event {
    Event::Other { name: name.to_owned(), value }
}

fn metadata(result: &Value) -> Value {
    assert_eq!(result["providerMetadata"]["amazonBedrock"], result["providerMetadata"]["bedrock"]);
    result["providerMetadata"]["bedrock"].clone()
}

fn page(place: u64) -> Value {
    json!({
        "title": "Policy",
        "sourceContent": [{"text": "20 days "}, {"text": "of leave"}],
        "location": {"documentPage": {"documentIndex": place, "start": 1, "end": 2}},
    })
}

#[test]
fn a_citation_is_a_source_and_belongs_to_its_text() {
    let document = Document { media_type: Some("application/pdf"), name: Some("hr.pdf".to_owned()) };
    let with = |specification| Settings { documents: vec![document.clone()], ..settings(specification) };
    let events = || {
        vec![
            Event::Citation { index: 0, citation: page(0) },
            text(0, "Twenty."),
            end(0),
            text(1, "!"),
            end(1),
            Event::Stop(StopReason::EndTurn),
        ]
    };
    let source = json!({
        "type": "source", "sourceType": "document", "id": "made", "mediaType": "application/pdf", "title": "Policy",
        "filename": "hr.pdf", "providerMetadata": {"amazonBedrock": page(0), "bedrock": page(0)},
    });
    let cited = json!([{"source": source, "citedText": "20 days of leave"}]);
    let parts = streamed_with(&with(Specification::V4), events(), End::Whole);
    assert_eq!(parts[0], source);
    assert_eq!(parts[3], json!({"type": "text-end", "id": "0", "citations": cited}));
    assert_eq!(parts[6], json!({"type": "text-end", "id": "1"}));
    let whole = result(events(), &with(Specification::V4)).unwrap();
    assert_eq!(
        whole["content"],
        json!([source, {"type": "text", "text": "Twenty.", "citations": cited}, {"type": "text", "text": "!"}])
    );

    let parts = streamed_with(&with(Specification::V3), events(), End::Whole);
    assert_eq!((&parts[0], &parts[3]), (&source, &json!({"type": "text-end", "id": "0"})));
    let whole = result(events(), &with(Specification::V3)).unwrap();
    assert_eq!(whole["content"][1], json!({"type": "text", "text": "Twenty."}));
}

#[test]
fn what_a_request_has_is_known_to_its_answer() {
    let file = |kind, format: Option<&str>, name: &str| {
        Block::File(File {
            param: String::new(),
            kind,
            format: format.map(str::to_owned),
            name: Some(name.to_owned()),
            source: FileSource::Text(String::new()),
            citations: true,
            context: None,
        })
    };
    let blocks = vec![
        Block::Text("Read these".to_owned()),
        file(FileKind::Document, Some("pdf"), "a"),
        file(FileKind::Video, Some("mp4"), "b"),
        file(FileKind::Document, None, "c"),
    ];
    let system = SystemTool { param: String::new(), name: "nova_grounding".to_owned() };
    let request = Request {
        messages: vec![Message { role: Role::User, content: Content::Blocks(blocks), name: None }],
        tools: vec![Tool::System(system)],
        ..Request::default()
    };
    let settings = Settings::of(&request, Specification::V4, "made".to_owned());
    let document = |media_type, name: &str| Document { media_type, name: Some(name.to_owned()) };
    assert_eq!(settings.documents, [document(Some("application/pdf"), "a"), document(None, "c")]);
    assert_eq!((settings.tools, settings.generated_id), (vec!["nova_grounding".to_owned()], "made".to_owned()));
}

#[test]
fn pages_of_the_web_are_sources_with_a_url() {
    let source = |citation: Value| whole(vec![Event::Citation { index: 0, citation }])["content"][0].clone();
    let web = source(json!({"location": {"web": {"url": "https://a.example/b", "domain": "a.example"}}}));
    assert_eq!(
        (&web["sourceType"], &web["url"], &web["title"]),
        (&json!("url"), &json!("https://a.example/b"), &json!("a.example"))
    );
    let found = source(json!({"title": "T", "source": "https://a.example", "location": {"searchResultLocation": {}}}));
    assert_eq!(
        (&found["sourceType"], &found["url"], &found["title"]),
        (&json!("url"), &json!("https://a.example"), &json!("T"))
    );
    let unknown = source(page(7));
    assert_eq!((&unknown["mediaType"], &unknown["title"]), (&json!("text/plain"), &json!("Policy")));
    assert_eq!(source(json!({}))["title"], "Document");
}

#[test]
fn tools_that_bedrock_runs_have_their_result_in_the_answer() {
    let called = |content: Vec<Event>| {
        let id = || "tooluse_1".to_owned();
        let mut events = vec![
            Event::ServerTool { index: 0, id: id(), name: "nova_code_interpreter".to_owned() },
            input(0, "{\"snippet\":\"1\"}"),
            end(0),
        ];
        events.extend(content);
        events.extend([end(1), text(2, "1"), end(2), Event::Stop(StopReason::EndTurn)]);
        events
    };
    let members = || json!({"toolUseId": "tooluse_1", "status": "success", "type": "nova_code_interpreter_result"});
    let content = || json!([{"json": {"stdOut": "1", "exitCode": 0}}]);
    let mut block = members();
    block["content"] = content();
    let in_pieces = called(vec![other("toolResult", members()), other("toolResult", content())]);
    let at_once = called(vec![other("toolResult", block)]);
    let runner = json!({"providerExecuted": true, "dynamic": true});
    let parts = streamed(in_pieces.clone());
    assert_eq!(
        parts[0],
        json!({"type": "tool-input-start", "id": "tooluse_1", "toolName": "nova_code_interpreter", "providerExecuted": true, "dynamic": true})
    );
    assert_eq!(
        (&parts[3]["providerExecuted"], &parts[3]["dynamic"]),
        (&runner["providerExecuted"], &runner["dynamic"])
    );
    let expected = json!({
        "type": "tool-result", "toolCallId": "tooluse_1", "toolName": "nova_code_interpreter", "dynamic": true,
        "result": {"stdOut": "1", "exitCode": 0},
        "providerMetadata": {"amazonBedrock": members(), "bedrock": members()},
    });
    assert_eq!(parts[4], expected);
    assert_eq!(parts.last().unwrap()["finishReason"]["unified"], "stop", "nobody waits for the program");
    assert_eq!(whole(at_once)["content"][1], expected);

    let declared = Settings { tools: vec!["nova_code_interpreter".to_owned()], ..settings(Specification::V4) };
    let parts = streamed_with(&declared, in_pieces, End::Whole);
    assert!(parts.iter().all(|part| part.get("dynamic").is_none()), "{parts:?}");
}

#[test]
fn results_of_bedrocks_tools_are_values_and_never_null() {
    let shown = |content: Value| {
        let members = json!({"toolUseId": "a", "type": "nova_grounding_result", "status": "error", "content": content});
        let part = whole(vec![other("toolResult", members), end(0)])["content"][0].clone();
        assert_eq!((&part["toolName"], &part["isError"]), (&json!("nova_grounding"), &json!(true)));
        part["result"].clone()
    };
    assert_eq!(shown(json!([{"text": "No."}])), "No.");
    assert_eq!(shown(json!([{"json": null}])), json!([{"json": null}]));
    assert_eq!(shown(json!([{"text": "a"}, {"text": "b"}])), json!([{"text": "a"}, {"text": "b"}]));
    assert_eq!(shown(json!([])), json!([]));
}

#[test]
fn pictures_are_files_in_the_form_of_the_specification() {
    let streaming = || {
        vec![
            other("image", json!({"format": "png"})),
            other("image", json!({"source": {"bytes": "aGlo"}})),
            other("image", json!({"source": {"bytes": "aQ=="}})),
            end(0),
            other("image", json!({"format": "jpeg", "source": {"bytes": "aGk="}})),
            other("audio", json!({"format": "mp3", "source": {"bytes": "aGk="}})),
            Event::Stop(StopReason::EndTurn),
        ]
    };
    let files: Vec<Value> = streamed(streaming()).into_iter().filter(|part| part["type"] == "file").collect();
    let file = |media_type: &str, data: &str| json!({"type": "file", "mediaType": media_type, "data": {"type": "data", "data": data}});
    assert_eq!(files, [file("image/png", "aGloaQ=="), file("image/jpeg", "aGk="), file("audio/mpeg", "aGk=")]);
    let bare = result(streaming(), &settings(Specification::V3)).unwrap();
    assert_eq!(bare["content"][0], json!({"type": "file", "mediaType": "image/png", "data": "aGloaQ=="}));
}

#[test]
fn files_and_results_that_broke_off_are_none() {
    let members = json!({"toolUseId": "a", "type": "nova_grounding_result", "status": "success"});
    for begun in [other("image", json!({"format": "png", "source": {"bytes": "aGlo"}})), other("toolResult", members)] {
        let parts = streamed_with(&settings(Specification::V4), vec![begun], End::CutOff);
        assert_eq!(parts.len(), 1, "{parts:?}");
    }
}

#[test]
fn what_comes_besides_the_answer_is_told() {
    let written = json!({
        "inputTokens": 4, "outputTokens": 34, "totalTokens": 38, "cacheReadInputTokens": 2, "cacheWriteInputTokens": 3,
        "cacheReadInputTokenCount": 2, "cacheDetails": [{"ttl": "5m", "inputTokens": 3}], "serverToolUsage": {},
    });
    let counted = Usage {
        input_tokens: Some(4),
        output_tokens: Some(34),
        cache_read_input_tokens: Some(2),
        cache_write_input_tokens: Some(3),
        ..Usage::default()
    };
    let told = whole(vec![
        text(0, "Hi"),
        Event::AdditionalFields(json!({"delta": {"stop_sequence": "END"}})),
        Event::Stop(StopReason::StopSequence(Some("END".to_owned()))),
        Event::UsageAsWritten(written.clone()),
        Event::Usage(counted),
        other("cacheDetails", written["cacheDetails"].clone()),
        other("guardContent", json!({"text": {"text": "x"}})),
        Event::Latency(7),
        Event::Trace(json!({"guardrail": {}})),
        Event::PerformanceConfig(json!({"latency": "standard"})),
        Event::ServiceTier("priority".to_owned()),
    ]);
    assert_eq!(
        metadata(&told),
        json!({
            "trace": {"guardrail": {}},
            "performanceConfig": {"latency": "standard"},
            "serviceTier": {"type": "priority"},
            "usage": {"cacheReadInputTokens": 2, "cacheWriteInputTokens": 3, "cacheDetails": [{"ttl": "5m", "inputTokens": 3}]},
            "metrics": {"latencyMs": 7},
            "additionalModelResponseFields": {"delta": {"stop_sequence": "END"}},
            "other": [{"guardContent": {"text": {"text": "x"}}}],
            "stopSequence": "END",
        })
    );
    assert_eq!(told["usage"]["raw"], written);
    assert_eq!(told["usage"]["inputTokens"]["total"], 9);
}

#[test]
fn a_stop_sequence_is_told_whatever_the_reason() {
    for fields in [json!({"stop_sequence": "END"}), json!({"delta": {"stop_sequence": "END"}})] {
        let told = whole(vec![Event::Stop(StopReason::EndTurn), Event::AdditionalFields(fields)]);
        assert_eq!(metadata(&told)["stopSequence"], "END");
    }
}

#[test]
fn nothing_besides_the_answer_is_no_metadata() {
    assert_eq!(whole(vec![text(0, "Hi")]).get("providerMetadata"), None);
    assert_eq!(metadata(&whole(vec![Event::Latency(1)])), json!({"metrics": {"latencyMs": 1}, "stopSequence": null}));
}

#[test]
fn json_out_of_a_tool_is_said_to_be_so_and_has_the_models_own_reason() {
    let told = whole(vec![
        Event::JsonTool,
        text(0, "{\"a\":1}"),
        end(0),
        Event::StopAsWritten(StopReason::ToolUse),
        Event::Stop(StopReason::EndTurn),
    ]);
    assert_eq!(told["finishReason"], json!({"unified": "stop", "raw": "tool_use"}));
    assert_eq!(metadata(&told)["isJsonResponseFromTool"], true);
}

#[test]
fn a_refusal_that_claude_tells_apart_is_one() {
    for fields in [json!({"stop_reason": "refusal"}), json!({"delta": {"stop_reason": "refusal"}})] {
        let told = whole(vec![Event::Stop(StopReason::EndTurn), Event::AdditionalFields(fields)]);
        assert_eq!(told["finishReason"], json!({"unified": "content-filter", "raw": "end_turn"}));
    }
}

#[test]
fn frames_come_before_what_they_say_and_without_padding() {
    let raw = |payload: &str| Event::Raw { name: "contentBlockDelta".to_owned(), payload: payload.to_owned() };
    let parts = streamed(vec![raw("{\"delta\":{\"text\":\"Hi\"},\"p\":\"abc\"}"), text(0, "Hi"), raw("no JSON")]);
    assert_eq!(parts[0], json!({"type": "raw", "rawValue": {"contentBlockDelta": {"delta": {"text": "Hi"}}}}));
    assert_eq!(parts[1]["type"], "text-start");
    assert_eq!(parts[3], json!({"type": "raw", "rawValue": {"contentBlockDelta": "no JSON"}}));
}
