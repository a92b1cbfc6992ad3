//! What is sent for every model of the catalog, held against a Bedrock that refuses what the service refuses.

use bedrock_wrapper::catalog::{self, Endpoint, Kind, Model, Target, Tools};
use bedrock_wrapper::conversation::*;
use bedrock_wrapper::error::Error;
use bedrock_wrapper::family::{self, Api, fit};
use bedrock_wrapper::simulator::{Auth, Options, Running, Simulator};
use serde_json::{Value, json};

use crate::http;

/// Runtime models that answer messages.
fn models() -> impl Iterator<Item = &'static Model> {
    catalog::models().filter(|model| model.kind == Kind::Text && model.endpoint == Endpoint::Runtime)
}

fn target(model: &'static Model) -> Target {
    let id = match model.profiles.first() {
        Some(geography) if model.requires_profile => format!("{geography}.{}", model.id),
        _ => model.id.to_owned(),
    };
    catalog::resolve(&id).unwrap()
}

fn said(role: Role, content: Vec<Block>) -> Message {
    Message { role, content: Content::Blocks(content), name: None }
}

fn text(text: &str) -> Block {
    Block::Text(text.to_owned())
}

fn call(id: &str, name: &str) -> Block {
    let input = json!({"city": "Rome"});
    Block::ToolUse(ToolUse { param: "messages[1].tool_calls[0]".into(), id: id.into(), name: name.into(), input })
}

fn result(id: &str, content: Vec<Block>) -> Block {
    Block::ToolResult(ToolResult { param: "messages[2]".into(), id: id.into(), content, is_error: false })
}

fn thought(signature: Option<&str>) -> Block {
    Block::Reasoning(ReasoningText { text: "Rome, then.".into(), signature: signature.map(str::to_owned) })
}

fn tool(name: &str) -> Tool {
    Tool::Function(Function {
        param: "tools[0]".into(),
        name: name.into(),
        description: Some("Tells the weather".into()),
        schema: json!({"$schema": "x", "type": "object", "properties": {
            "city": {"$ref": "#/$defs/City"}, "days": {"type": "integer", "minimum": 1, "maximum": 9}}, "$defs": {"City": {"type": "string"}}}),
        strict: true,
    })
}

fn document(name: &str) -> Block {
    Block::File(File {
        param: "messages[0].content[0]".into(),
        kind: FileKind::Document,
        format: Some("pdf".into()),
        name: Some(name.into()),
        source: FileSource::Ready("JVBERi0xLjQK".into()),
        citations: false,
        context: None,
    })
}

fn greeting() -> Request {
    Request { messages: vec![said(Role::User, vec![text("Hello")])], ..Request::default() }
}

fn weather() -> Request {
    Request { tools: vec![tool("weather.today/v2"), tool("weather_today_v2")], ..greeting() }
}

fn history(turns: Vec<Message>) -> Request {
    Request { messages: turns, ..Request::default() }
}

fn with_call(first: Vec<Block>, after: Vec<Block>) -> Request {
    history(vec![said(Role::User, vec![text("Weather?")]), said(Role::Assistant, first), said(Role::User, after)])
}

fn schema() -> Format {
    let schema = json!({"type": "object", "properties": {"age": {"type": "integer", "minimum": 0}, "tags": {"type": "array", "maxItems": 3}}, "required": ["age"]});
    Format::JsonSchema(JsonSchema { name: "person".into(), description: None, schema, strict: true })
}

/// What a request is about, and the request.
fn requests() -> Vec<(&'static str, Request)> {
    let mut requests = vec![
        ("greeting", greeting()),
        ("instructions", Request { system: vec![Content::Text("Be terse.".into())], ..greeting() }),
        ("sampling", {
            let mut request = greeting();
            request.parameters = Parameters {
                max_tokens: Some(10_000_000),
                temperature: Some(1.7),
                top_p: Some(0.5),
                top_k: Some(20),
                stop: (0..12).map(|number| format!("stop {number}")).chain([" ".into(), String::new()]).collect(),
            };
            request
        }),
        ("turns", {
            let name = Some("Ann".to_owned());
            history(vec![
                Message { role: Role::Assistant, content: Content::Text("Hello ".into()), name: None },
                Message { role: Role::User, content: Content::Text("One".into()), name },
                said(Role::User, vec![text(" "), text("Two")]),
                said(Role::User, vec![text("")]),
                said(Role::Assistant, vec![text("Three")]),
                said(Role::Assistant, vec![text("Four \n")]),
            ])
        }),
        ("tools", weather()),
        (
            "prefill with tools",
            Request {
                messages: vec![said(Role::User, vec![text("Hi")]), said(Role::Assistant, vec![text("Well, ")])],
                ..weather()
            },
        ),
        (
            "results with a picture",
            Request {
                tools: vec![tool("weather")],
                ..with_call(
                    vec![text("Let me see"), call("a b", "weather"), call("a b", "weather")],
                    vec![
                        text("Thanks"),
                        result("a b", vec![text(" ")]),
                        result(
                            "a b",
                            vec![Block::Verbatim(json!({"json": [1]})), Block::Verbatim(json!({"json": {"a": 1}}))],
                        ),
                    ],
                )
            },
        ),
        ("calls without tools", with_call(vec![call("c1", "a/b")], vec![result("c1", vec![text("Sunny")])])),
        (
            "orphans and missing results",
            Request {
                tools: vec![tool("weather")],
                ..history(vec![
                    said(Role::User, vec![result("gone", vec![text("x")]), text("Hi")]),
                    said(Role::Assistant, vec![call("c1", "weather"), call("c2", "weather")]),
                    said(Role::User, vec![text("And?"), result("c2", vec![]), result("c2", vec![text("again")])]),
                    said(Role::Assistant, vec![call("c1", "weather")]),
                ])
            },
        ),
        (
            "unsigned thoughts",
            Request {
                tools: vec![tool("weather")],
                ..with_call(vec![thought(None), call("c1", "weather")], vec![result("c1", vec![text("Sunny")])])
            },
        ),
        (
            "signed thoughts",
            Request {
                tools: vec![tool("weather")],
                ..with_call(
                    vec![thought(Some("c2lnbmVk")), call("c1", "weather")],
                    vec![result("c1", vec![text("Sunny")])],
                )
            },
        ),
        (
            "documents",
            history(vec![
                said(Role::User, vec![document("report.v1.pdf"), document("report.v1.pdf")]),
                said(Role::Assistant, vec![text("Read.")]),
                said(Role::User, vec![document("Ünder  score_.pdf"), text("And this?")]),
            ]),
        ),
        ("cache points", {
            let long = "word ".repeat(6_000);
            let mut request = history(vec![
                said(Role::User, vec![text(&long), Block::CachePoint(CachePoint { ttl: None })]),
                said(Role::Assistant, vec![text("Yes"), Block::CachePoint(CachePoint { ttl: Some(Ttl::OneHour) })]),
                said(Role::User, vec![text(&long)]),
            ]);
            request.system.push(Content::Text(long));
            request.caching =
                Caching { system: true, messages: true, tools: true, ttl: Some(Ttl::OneHour), ..Caching::default() };
            request
        }),
        ("extras", {
            let mut request = greeting();
            request.extras.metadata = (0..20).map(|number| (format!("k{number}é"), json!(number))).collect();
            request.extras.service_tier = Some("flex".into());
            request.extras.additional_response_paths = vec!["/a".into(); 12];
            request
        }),
    ];
    for format in [Format::JsonObject, schema()] {
        requests.push(("format", Request { format: format.clone(), ..greeting() }));
        requests.push(("format with tools", Request { format, tools: vec![tool("weather")], ..greeting() }));
    }
    for choice in [ToolChoice::None, ToolChoice::Required, ToolChoice::Named("weather.today/v2".into())] {
        requests
            .push(("choice", Request { tool_choice: choice.clone(), parallel_tool_calls: Some(false), ..weather() }));
        requests.push((
            "choice while thinking",
            Request { tool_choice: choice, reasoning: Some(Reasoning::Effort(Effort::High)), ..weather() },
        ));
    }
    let efforts = [Effort::Minimal, Effort::Low, Effort::Medium, Effort::High, Effort::ExtraHigh, Effort::Max]
        .map(Reasoning::Effort);
    for wish in efforts.into_iter().chain([Reasoning::Off, Reasoning::Adaptive, Reasoning::Budget(20_000)]) {
        for max_tokens in [None, Some(3_000)] {
            let mut request = with_call(vec![call("c1", "weather")], vec![result("c1", vec![text("Sunny")])]);
            request.tools.push(tool("weather"));
            for mut request in [greeting(), request] {
                request.reasoning = Some(wish);
                request.parameters = Parameters { max_tokens, temperature: Some(0.3), ..Parameters::default() };
                request.format = schema();
                requests.push(("reasoning", request));
            }
        }
    }
    requests
}

/// What may be refused on our side, with the reason in the model's row.
fn refused_rightly(model: &Model, about: &str, error: &Error) -> bool {
    match error.param.as_deref() {
        Some("tools") => model.tools == Tools::None,
        Some(_) => about == "documents" && !model.documents,
        None => false,
    }
}

async fn send(bedrock: &Running, target: &Target, stream: bool, body: Vec<u8>) -> (u16, Value) {
    let operation = if stream { "converse-stream" } else { "converse" };
    let path = format!("/model/{}/{operation}", target.wire_id);
    let answer = http::post(&bedrock.url(), &path, &[], std::str::from_utf8(&body).unwrap()).await;
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_model_takes_what_is_sent_to_it() {
    let bedrock = Simulator::start(Options { auth: Auth::Off, ..Options::default() }).await.unwrap();
    let (mut sent, mut problems) = (0, Vec::new());
    for model in models() {
        let target = target(model);
        for (about, request) in requests() {
            for stream in [false, true] {
                let mut request = Request { stream, ..request.clone() };
                let plan = match fit::fit(&mut request, &target, Api::Converse, &mut Vec::new()) {
                    Ok(plan) => plan,
                    Err(error) if refused_rightly(model, about, &error) => continue,
                    Err(error) => {
                        problems.push(format!("{} {about}: {error}", model.id));
                        continue;
                    }
                };
                let body = family::encode(Api::Converse, &request, model);
                let told = String::from_utf8(body.clone()).unwrap();
                let (status, answer) = send(&bedrock, &target, stream && !plan.replay_whole, body).await;
                sent += 1;
                let too_long =
                    about == "cache points" && answer["message"].as_str().unwrap_or_default().contains("too long");
                if status != 200 && !too_long {
                    let told: String = told.chars().take(600).collect();
                    problems.push(format!("{} {about} (stream: {stream}): {answer}\n    {told}", model.id));
                }
            }
        }
    }
    assert!(
        problems.is_empty(),
        "{} of {sent} refused:\n{}",
        problems.len(),
        problems[..problems.len().min(25)].join("\n")
    );
    assert!(sent > 5_000, "{sent}");
}
