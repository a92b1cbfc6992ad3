//! A gateway before several simulators: where requests go, and what becomes of them when one of the targets fails.

use bedrock_wrapper::gateway::{Gateway, Running, Settings};
use bedrock_wrapper::simulator::{Action, Fault, Options, Physics, Running as Bedrock, Simulator};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::http::{Answer, call, post};
use crate::openai_client::{json, requests};

const CHAT: &str = "/v1/chat/completions";
const NOVA: &str = "us.amazon.nova-lite-v1:0";

/// Simulators called `a`, `b`, … with a gateway before them.
struct World {
    bedrocks: Vec<Bedrock>,
    gateway: Running,
}

impl World {
    async fn of(count: usize, more: Value) -> World {
        World::with(count, more, &Options::default()).await
    }

    async fn with(count: usize, more: Value, options: &Options) -> World {
        let starts = (0..count).map(|_| Simulator::start(options.clone()));
        let bedrocks: Vec<Bedrock> = join_all(starts).await.into_iter().map(Result::unwrap).collect();
        let settings = settings(&bedrocks, more);
        let gateway = Gateway::start(settings, &|_| None).await.unwrap();
        World { bedrocks, gateway }
    }

    async fn chat(&self, more: Value) -> Answer {
        post(&self.gateway.url(), CHAT, &[], &body(more).to_string()).await
    }

    /// How many requests each simulator has seen.
    fn counts(&self) -> Vec<usize> {
        self.bedrocks.iter().map(|bedrock| requests(bedrock).len()).collect()
    }

    fn fault(&self, index: usize, fault: Fault) {
        self.bedrocks[index].state().account().add_fault(fault);
    }

    async fn close(self) {
        self.gateway.close().await;
        join_all(self.bedrocks.into_iter().map(Bedrock::close)).await;
    }
}

/// Settings with a target for each simulator; `more` may have more for all of them, in `each`.
fn settings(bedrocks: &[Bedrock], mut more: Value) -> Settings {
    let each = more.as_object_mut().unwrap().remove("each").unwrap_or_else(|| json!({}));
    let target = |(index, bedrock): (usize, &Bedrock)| {
        let keys = &bedrock.state().options().credentials;
        let mut target = json!({
            "name": (["a", "b", "c"][index]),
            "region": "us-east-1",
            "base_url": bedrock.url(),
            "access_key_id": keys.access_key_id,
            "secret_access_key": keys.secret_access_key,
        });
        target.as_object_mut().unwrap().extend(each.as_object().unwrap().clone());
        target
    };
    let targets: Vec<Value> = bedrocks.iter().enumerate().map(target).collect();
    let mut settings = json!({"port": 0, "targets": targets});
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(settings).unwrap()
}

fn body(more: Value) -> Value {
    let mut body = json!({"model": NOVA, "messages": [{"role": "user", "content": "What is 1+1?"}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn always(action: Action) -> Fault {
    Fault { times: Some(0), ..Fault::once(action) }
}

fn refusal(code: &str) -> Action {
    Action::Error { code: code.to_owned(), message: None, retry_after: None, details: Default::default() }
}

fn exception(code: &str, frame: usize) -> Action {
    Action::Exception { code: code.to_owned(), message: None, details: Default::default(), frame }
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

#[tokio::test]
async fn what_one_target_cannot_another_may() {
    let codes =
        ["ThrottlingException", "AccessDeniedException", "ServiceUnavailableException", "ResourceNotFoundException"];
    for code in codes {
        let world = World::of(2, json!({})).await;
        world.fault(0, Fault::once(refusal(code)));
        let answer = world.chat(json!({})).await;
        assert_eq!(answer.status, 200, "{code}: {}", text(&answer));
        assert_eq!((header(&answer, "x-bedrock-target"), header(&answer, "x-bedrock-attempts")), ("b", "2"));
        assert!(header(&answer, "x-bedrock-warnings").contains(code), "it is told");
        assert_eq!(world.counts(), [1, 1], "{code}");
        world.close().await;
    }
}

#[tokio::test]
async fn what_is_the_callers_mistake_is_asked_once() {
    let world = World::of(2, json!({})).await;
    world.fault(0, Fault::once(refusal("ValidationException")));
    let answer = world.chat(json!({})).await;
    assert_eq!((answer.status, world.counts()), (400, vec![1, 0]));
    assert_eq!((header(&answer, "x-bedrock-target"), header(&answer, "x-bedrock-attempts")), ("a", ""));
    let answer = world.chat(json!({"messages": 7})).await;
    assert_eq!((answer.status, world.counts()), (400, vec![1, 0]));
    world.close().await;
}

#[tokio::test]
async fn a_stream_goes_elsewhere_until_content_has_come_and_never_after() {
    let world = World::of(2, json!({})).await;
    world.fault(0, Fault::once(exception("InternalServerException", 1)));
    let answer = world.chat(json!({"stream": true})).await;
    assert!(answer.status == 200 && text(&answer).ends_with("data: [DONE]\n\n"), "{}", text(&answer));
    assert_eq!((header(&answer, "x-bedrock-target"), world.counts()), ("b", vec![1, 1]));

    world.fault(0, Fault::once(exception("InternalServerException", 4)));
    let answer = world.chat(json!({"stream": true})).await;
    let events = text(&answer);
    assert_eq!((answer.status, header(&answer, "x-bedrock-target")), (200, "a"));
    assert!(events.contains("\"content\":") && events.contains("\"error\":"), "{events}");
    assert!(!events.contains("[DONE]"), "{events}");
    assert_eq!(world.counts(), [2, 1]);
    world.close().await;
}

#[tokio::test]
async fn when_all_fail_the_caller_learns_that_he_may_try_again() {
    let world = World::of(3, json!({})).await;
    world.fault(0, always(refusal("ThrottlingException")));
    world.fault(1, always(refusal("ResourceNotFoundException")));
    world.fault(2, always(refusal("AccessDeniedException")));
    let answer = world.chat(json!({})).await;
    assert_eq!((answer.status, &json(&text(&answer))["error"]["code"]), (429, &json!("rate_limit_exceeded")));
    assert_eq!(header(&answer, "x-bedrock-attempts"), "3");
    world.close().await;
}

#[tokio::test]
async fn a_target_that_fails_is_left_alone_and_settings_read_again_do_not_change_that() {
    let world = World::of(2, json!({})).await;
    let long = Action::Error {
        code: "ThrottlingException".to_owned(),
        message: None,
        retry_after: Some(50),
        details: Default::default(),
    };
    world.fault(0, Fault::once(long));
    for _ in 0..4 {
        assert_eq!(world.chat(json!({})).await.status, 200);
    }
    assert_eq!(world.counts(), [1, 4], "it said for how long");
    world.gateway.reload(settings(&world.bedrocks, json!({"strategy": "sticky"})), &|_| None).await.unwrap();
    assert_eq!(world.chat(json!({"user": "ann"})).await.status, 200);
    assert_eq!(world.counts(), [1, 5]);
    // Of another model nothing is known.
    assert_eq!(world.chat(json!({"model": "us.amazon.nova-micro-v1:0"})).await.status, 200);
    let metrics = text(&call("GET", &world.gateway.url(), "/metrics", &[], "").await);
    assert!(metrics.contains("gateway_target_models_left_alone{target=\"a\"} 1\n"), "{metrics}");
    let ready = call("GET", &world.gateway.url(), "/ready", &[], "").await;
    assert_eq!((ready.status, &json(&text(&ready))["targets"][0]["state"]), (200, &json!("closed")));

    world.fault(1, always(refusal("ThrottlingException")));
    let answer = world.chat(json!({})).await;
    assert_eq!(answer.status, 429, "rather one that failed than none: {}", text(&answer));
    world.close().await;
}

#[tokio::test]
async fn requests_that_belong_together_meet_the_same_target() {
    let world = World::of(3, json!({"strategy": "sticky"})).await;
    let mut targets = Vec::new();
    for index in 0..12 {
        let key = json!({"prompt_cache_key": format!("conversation-{}", index % 6)});
        targets.push(header(&world.chat(key).await, "x-bedrock-target").to_owned());
    }
    assert_eq!(targets[..6], targets[6..]);
    targets.sort();
    targets.dedup();
    assert!(targets.len() > 1, "they are shared");
    world.close().await;
}

#[tokio::test]
async fn a_target_has_no_more_requests_at_once_than_it_may() {
    let world = World::of(2, json!({"each": {"concurrency": 1}})).await;
    let slow = || Fault::once(Action::SlowHeaders { milliseconds: 6000 });
    world.fault(0, slow());
    world.fault(1, slow());
    let overloaded = async {
        while world.counts() != [1, 1] {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        world.chat(json!({})).await
    };
    let (first, second, third) = tokio::join!(world.chat(json!({})), world.chat(json!({})), overloaded);
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!((third.status, &json(&text(&third))["error"]["code"]), (503, &json!("overloaded")));
    assert_eq!(header(&third, "retry-after"), "1");
    assert_eq!(world.chat(json!({})).await.status, 200, "room was given back");
    world.close().await;
}

#[tokio::test]
async fn names_stand_for_models_and_all_are_listed() {
    let aliases = json!({
        "fast": "us.amazon.nova-micro-v1:0",
        "claude-*": ["nobody.knows-this", NOVA],
        "only-b": {"models": [{"model": NOVA, "target": "b"}]},
    });
    let world = World::of(2, json!({"aliases": aliases})).await;
    for (model, id, target) in [
        ("fast", "us.amazon.nova-micro-v1:0", "a"),
        ("claude-next", NOVA, "a"),
        ("only-b", NOVA, "b"),
        ("gpt-4o", "us.anthropic.claude-sonnet-4-6", "a"),
        ("nova-lite", "amazon.nova-lite-v1:0", "a"),
    ] {
        let answer = world.chat(json!({"model": model})).await;
        let told = (header(&answer, "x-bedrock-model-id"), header(&answer, "x-bedrock-target"));
        assert_eq!((answer.status, told), (200, (id, target)), "{model}: {}", text(&answer));
    }
    let embed = json!({"model": "text-embedding-3-small", "input": "Hi"}).to_string();
    let answer = post(&world.gateway.url(), "/v1/embeddings", &[], &embed).await;
    assert_eq!(header(&answer, "x-bedrock-model-id"), "cohere.embed-multilingual-v3");
    let answer = world.chat(json!({"model": "nobody-has-this"})).await;
    assert_eq!((answer.status, &json(&text(&answer))["error"]["code"]), (404, &json!("model_not_found")));

    let get = async |path: &str| json(&text(&call("GET", &world.gateway.url(), path, &[], "").await));
    let list = get("/v1/models").await;
    let ids: Vec<&str> = list["data"].as_array().unwrap().iter().filter_map(|model| model["id"].as_str()).collect();
    assert!(ids.is_sorted() && ids.contains(&"fast") && ids.contains(&NOVA) && !ids.contains(&"claude-*"));
    assert_eq!(get("/v1/models").await, list, "`created` is no clock");
    let arn = "arn:aws:bedrock:us-east-1::foundation-model%2Famazon.nova-lite-v1:0";
    for (path, owner) in [("fast", "amazon"), (NOVA, "amazon"), (arn, "amazon")] {
        let model = get(&format!("/v1/models/{path}")).await;
        assert_eq!(model["owned_by"], owner, "{path}: {model}");
    }
    assert_eq!(get("/v1/models/nobody-has-this").await["error"]["code"], "model_not_found");
    world.close().await;
}

#[tokio::test]
async fn fallbacks_of_a_request_may_be_names_too() {
    let world = World::of(1, json!({"aliases": {"fast": "us.amazon.nova-micro-v1:0"}})).await;
    world.fault(0, Fault { model: Some(NOVA.to_owned()), ..always(refusal("AccessDeniedException")) });
    let answer = world.chat(json!({"models": ["fast"]})).await;
    assert_eq!((answer.status, header(&answer, "x-bedrock-model-id")), (200, "us.amazon.nova-micro-v1:0"));
    world.close().await;
}

#[tokio::test]
async fn reasoning_that_a_client_lost_is_found_at_another_target() {
    let world = World::of(2, json!({})).await;
    let model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    let tool = json!({"type": "function", "function": {"name": "get_weather", "parameters": {
        "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
    }}});
    let question = json!({"role": "user", "content": "What's the weather in Oslo?"});
    let asked = json!({"model": model, "reasoning_effort": "low", "tools": [tool], "messages": [question]});
    let answer = world.chat(asked.clone()).await;
    let completion = json(&text(&answer));
    let tool_calls = &completion["choices"][0]["message"]["tool_calls"];
    assert!(tool_calls[0]["id"].is_string(), "{completion}");
    world.fault(0, Fault::once(refusal("ThrottlingException")));
    let mut next = asked;
    next["messages"] = json!([
        question,
        {"role": "assistant", "content": null, "tool_calls": tool_calls},
        {"role": "tool", "tool_call_id": tool_calls[0]["id"], "content": "Rain"},
    ]);
    assert_eq!(header(&world.chat(next).await, "x-bedrock-target"), "b");
    let sent = requests(&world.bedrocks[1]).pop().unwrap();
    assert!(sent["body"]["messages"][1]["content"][0]["reasoningContent"].is_object(), "{}", sent["body"]);
    world.close().await;
}

#[tokio::test]
async fn an_upstream_that_dies_under_many_streams_costs_no_request_its_end() {
    let physics = Physics { time_to_first_token: 100, tokens_per_second: 20.0, ..Physics::default() };
    let options = Options { physics, ..Options::default() };
    let world = World::with(2, json!({"strategy": "weighted"}), &options).await;
    let World { mut bedrocks, gateway } = world;
    let dying = bedrocks.remove(0);
    let url = gateway.url();
    let streams = (0..200).map(|_| async {
        let body = body(json!({"stream": true})).to_string();
        post(&url, CHAT, &[], &body).await
    });
    let death = async {
        while requests(&dying).len() < 20 {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        drop(dying);
    };
    let (answers, ()) = tokio::join!(join_all(streams), death);
    let mut whole = 0;
    for answer in answers {
        let text = text(&answer);
        match answer.status {
            200 if text.ends_with("data: [DONE]\n\n") => whole += 1,
            200 => assert!(text.contains("data: {\"error\":"), "{text}"),
            status => assert!(json(&text)["error"]["code"].is_string(), "{status}: {text}"),
        }
    }
    assert!(whole > 0);
    gateway.close().await;
    join_all(bedrocks.into_iter().map(Bedrock::close)).await;
}

#[tokio::test]
async fn settings_that_do_not_go_together_are_refused() {
    let target = |name: &str| json!({"name": name, "region": "us-east-1"});
    for (settings, param) in [
        (json!({"targets": [target("a"), target("a")]}), "targets[1].name"),
        (json!({"targets": [target("a b")]}), "targets[0].name"),
        (json!({"targets": [{"name": "a", "weight": -1}]}), "targets[0].weight"),
        (json!({"targets": [{"name": "a", "concurrency": 0}]}), "targets[0].concurrency"),
        (json!({"aliases": {"fast": {"models": [{"model": "x", "target": "z"}]}}}), "aliases.fast"),
        (json!({"role_arn": "admin"}), "options.roleArn"),
    ] {
        let mut settings = settings;
        settings["port"] = json!(0);
        let error = Gateway::start(serde_json::from_value(settings).unwrap(), &|_| None).await.unwrap_err();
        assert_eq!(error.param.as_deref(), Some(param), "{error}");
    }
}
