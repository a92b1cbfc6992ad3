//! Chat completions against the simulator, through the door that the boundary to Node uses.

use bedrock_wrapper::client::Client;
use bedrock_wrapper::client::openai::{Answer, Body, Call, Form, Payload, answer, respond};
use bedrock_wrapper::conversation::StopReason;
use serde_json::{Value, json};

use crate::openai_client::{client_with, json, pair, requests};

fn call(body: &Value, form: Form) -> Call {
    Call {
        method: "POST".to_owned(),
        path: "/v1/chat/completions".to_owned(),
        headers: Vec::new(),
        payload: Payload::of(body.to_string()),
        form,
    }
}

fn question(more: Value) -> Value {
    let mut body = json!({"model": "Nova-Lite", "messages": [{"role": "user", "content": "What is 1+1?"}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn pieces(body: Body) -> Vec<String> {
    let Body::Streamed(mut stream) = body else { panic!("the answer is not streamed") };
    let mut pieces = Vec::new();
    while let Some(more) = stream.next().await.unwrap() {
        pieces.extend(more);
    }
    pieces
}

async fn whole(client: &Client, body: &Value) -> Value {
    match answer(client, call(body, Form::Items)).await.unwrap() {
        Answer { body: Body::Whole(text), .. } => json(&text),
        _ => panic!("the answer is streamed"),
    }
}

#[tokio::test]
async fn a_whole_answer_is_a_completion_with_its_cost_and_request_id() {
    let (bedrock, client) = pair().await;
    let Answer { status, headers, body, tally, .. } =
        answer(&client, call(&question(json!({})), Form::Items)).await.unwrap();
    let Body::Whole(text) = body else { panic!("the answer is streamed") };
    let completion = json(&text);
    assert_eq!((status, &completion["object"]), (200, &json!("chat.completion")));
    assert_eq!(completion["choices"][0]["message"]["content"], "1 + 1 = 2");
    assert!(completion["usage"]["total_tokens"].as_u64() > Some(0));
    assert_eq!(completion["usage"]["total_tokens"].as_u64(), tally.usage.total_tokens);
    assert_eq!(tally.stop_reasons, [StopReason::EndTurn]);
    let request_id = &headers.iter().find(|(name, _)| *name == "x-request-id").unwrap().1;
    assert_eq!(completion["id"], format!("chatcmpl-{request_id}"));
    bedrock.close().await;
}

#[tokio::test]
async fn a_stream_comes_as_items_or_as_server_sent_events() {
    let (bedrock, client) = pair().await;
    let body = question(json!({"stream": true, "stream_options": {"include_usage": true}}));
    let Body::Streamed(mut stream) = answer(&client, call(&body, Form::Items)).await.unwrap().body else {
        panic!("the answer is whole")
    };
    let mut items = Vec::new();
    while let Some(more) = stream.next().await.unwrap() {
        items.extend(more);
    }
    assert_eq!(stream.tally().stop_reasons, [StopReason::EndTurn]);
    assert!(stream.tally().usage.output_tokens > Some(0));
    let text: String = items.iter().filter(|item| !item.starts_with('\0')).map(String::as_str).collect();
    assert_eq!(text, "1 + 1 = 2");
    let last = json(items.last().unwrap().strip_prefix('\0').unwrap());
    assert!(last["usage"]["completion_tokens"].as_u64() > Some(0));

    let events = pieces(respond(&client, call(&body, Form::ServerSentEvents)).await.body).await.concat();
    let data: Vec<&str> = events.split("\n\n").filter_map(|event| event.strip_prefix("data: ")).collect();
    assert_eq!(data.last(), Some(&"[DONE]"));
    assert_eq!(json(data[0])["choices"][0]["delta"], json!({"role": "assistant", "content": "", "refusal": null}));
    bedrock.close().await;
}

#[tokio::test]
async fn several_answers_are_asked_for_at_once_and_numbered() {
    let (bedrock, client) = pair().await;
    let completion = whole(&client, &question(json!({"n": 3}))).await;
    let indices: Vec<_> =
        completion["choices"].as_array().unwrap().iter().map(|choice| choice["index"].clone()).collect();
    assert_eq!(indices, [json!(0), json!(1), json!(2)]);
    assert_eq!(requests(&bedrock).len(), 3);
    let items =
        pieces(answer(&client, call(&question(json!({"n": 2, "stream": true})), Form::Items)).await.unwrap().body)
            .await;
    let finishes = items.iter().filter_map(|item| Some(json(item.strip_prefix('\0')?)));
    let finished: Vec<_> = finishes.filter(|chunk| !chunk["choices"][0]["finish_reason"].is_null()).collect();
    assert_eq!(finished.len(), 2);
    bedrock.close().await;
}

#[tokio::test]
async fn another_model_is_asked_when_the_first_cannot_answer() {
    let (bedrock, client) = pair().await;
    let body = question(json!({"model": "nobody.knows-this-v1:0", "fallbacks": ["Nova-Micro"]}));
    let Answer { headers, .. } = answer(&client, call(&body, Form::Items)).await.unwrap();
    let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
    assert_eq!(header("x-bedrock-model-id"), Some("us.amazon.nova-micro-v1:0"));
    assert_eq!(json(header("x-bedrock-warnings").unwrap())[0]["code"], "fallback");
    bedrock.close().await;
}

#[tokio::test]
async fn a_stop_sequence_that_the_model_does_not_know_ends_the_answer_all_the_same() {
    let (bedrock, client) = pair().await;
    let stop = ["a1", "b2", "c3", "d4", "= 2"];
    let completion = whole(&client, &question(json!({"stop": stop}))).await;
    assert_eq!(completion["choices"][0]["message"]["content"], "1 + 1 ");
    assert_eq!(completion["choices"][0]["finish_reason"], "stop");
    bedrock.close().await;
}

#[tokio::test]
async fn what_is_wrong_is_an_error_body_with_its_status() {
    let (bedrock, client) = pair().await;
    for (method, path, body, status, code) in [
        ("POST", "/v1/chat/completions", "{", 400, "invalid_value"),
        ("POST", "/v1/chat/completions", r#"{"messages":[]}"#, 400, "missing_required_parameter"),
        ("POST", "/v1/responses", "{}", 404, "unknown_url"),
        ("GET", "/v1/embeddings", "", 405, "method_not_supported"),
    ] {
        let payload = Payload::of(body.to_owned());
        let (method, path) = (method.to_owned(), path.to_owned());
        let form = Form::ServerSentEvents;
        let refusal = respond(&client, Call { method, path: path.clone(), headers: Vec::new(), payload, form }).await;
        let Body::Whole(text) = refusal.body else { panic!("an error is not streamed") };
        assert_eq!(
            (refusal.status, json(&text)["error"]["code"].as_str()),
            (status, Some(code)),
            "{path} {body}: {text}"
        );
    }
    assert!(requests(&bedrock).is_empty());
    bedrock.close().await;
}

#[tokio::test]
async fn a_model_with_openais_own_api_can_be_asked_as_it_is() {
    let (bedrock, _) = pair().await;
    let client = client_with(&bedrock, json!({"endpoint": "runtime"}));
    let body = question(json!({"model": "openai.gpt-oss-20b-1:0"}));
    // gpt-oss on this path thinks aloud, in tags: nothing is changed.
    let said = whole(&client, &body).await["choices"][0]["message"]["content"].as_str().unwrap().to_owned();
    assert!(said.starts_with("<reasoning>") && said.ends_with("1 + 1 = 2"), "{said}");
    let streamed = question(json!({"model": "openai.gpt-oss-20b-1:0", "stream": true}));
    let events = pieces(respond(&client, call(&streamed, Form::ServerSentEvents)).await.body).await.concat();
    assert!(events.ends_with("data: [DONE]\n\n"), "{events}");
    let items = pieces(answer(&client, call(&streamed, Form::Items)).await.unwrap().body).await;
    let chunks = items.iter().map(|item| json(item.strip_prefix('\0').unwrap()));
    let text: String =
        chunks.filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str().map(str::to_owned)).collect();
    assert!(text.ends_with("1 + 1 = 2"), "{text}");
    assert_eq!(whole(&client, &question(json!({}))).await["choices"][0]["message"]["content"], "1 + 1 = 2");
    let operations: Vec<Value> = requests(&bedrock).iter().map(|request| request["operation"].clone()).collect();
    assert_eq!(operations, ["ChatCompletions", "ChatCompletions", "ChatCompletions", "Converse"]);
    bedrock.close().await;
}

#[tokio::test]
async fn an_answer_that_is_not_the_json_asked_for_is_asked_for_once_more() {
    let (bedrock, client) = pair().await;
    let schema = json!({"type": "object", "properties": {"sum": {"type": "integer"}}, "required": ["sum"]});
    let format = json!({"type": "json_schema", "json_schema": {"name": "sum", "schema": schema}});
    // It takes no tools, so that the schema is said in words; the simulator's model does not follow them.
    let body = question(json!({"model": "Titan-Text-Express", "response_format": format}));
    for stream in [false, true] {
        let mut body = body.clone();
        body["stream"] = json!(stream);
        let before = requests(&bedrock).len();
        let Answer { headers, body, .. } = answer(&client, call(&body, Form::Items)).await.unwrap();
        if stream {
            assert!(pieces(body).await.concat().contains("\"finish_reason\":\"stop\""));
        }
        assert_eq!(requests(&bedrock).len() - before, 2);
        let warnings = &headers.iter().find(|(name, _)| *name == "x-bedrock-warnings").unwrap().1;
        assert!(warnings.contains("does not fit the schema"), "{warnings}");
    }
    bedrock.close().await;
}

#[tokio::test]
async fn what_was_held_back_goes_out_before_a_failure() {
    let (bedrock, client) = pair().await;
    // Nova takes four; the answer ends with what may begin the fifth.
    let body = question(json!({"stream": true, "stop": ["a1", "b2", "c3", "d4", "2!"]}));
    for form in [Form::Items, Form::ServerSentEvents] {
        let fault = json!({"fault": "truncate", "frame": 6});
        bedrock.state().account().add_fault(serde_json::from_value(fault).unwrap());
        let Body::Streamed(mut stream) = answer(&client, call(&body, form)).await.unwrap().body else {
            panic!("the answer is not streamed")
        };
        let (mut text, mut failed) = (String::new(), false);
        loop {
            match stream.next().await {
                Ok(Some(pieces)) => text += &pieces.concat(),
                Ok(None) => break,
                Err(_) => failed = true,
            }
        }
        let last = if form == Form::Items { text.ends_with("= 2") } else { text.contains(r#"{"content":"2"}"#) };
        assert!(last, "{text}");
        assert!(failed || text.contains(r#"{"error":"#), "{text}");
        assert!(!text.contains("[DONE]"));
    }
    bedrock.close().await;
}
