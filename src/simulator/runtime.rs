//! Every request that is not for the simulator itself: read, recorded, permitted, sent to its operation.

use std::time::SystemTime;

use super::auth;
use super::connection::Connection;
use super::control;
use super::exception::Exception;
use super::identity::uuid;
use super::inference::{Call, Outcome};
use super::journal::{self, Guard};
use super::logging::Invocation;
use super::receive;
use super::route::{self, Operation};
use super::server_sent;
use super::state::State;
use super::stream::watched;
use super::wording;
use axum::body::{Body, Bytes};
use axum::extract;
use http::{HeaderValue, Method, Request, Response, Version, request};

/// Answers any request that is not the simulator's own.
pub(super) async fn handle(extract::State(state): extract::State<State>, request: Request<Body>) -> Response<Body> {
    let started = state.now();
    let (head, body) = request.into_parts();
    let request_id = uuid(&mut state.random());
    let is_openais = route::is_openais(head.uri.path());
    let mut response = match respond(&state, &request_id, head, body, started).await {
        Ok(response) => response,
        Err(exception) if is_openais => server_sent::refusal(&exception),
        Err(exception) => exception.response(),
    };
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    response
}

async fn respond(
    state: &State,
    request_id: &str,
    head: request::Parts,
    body: Body,
    started: SystemTime,
) -> Result<Response<Body>, Exception> {
    let is_bidirectional = route::is_bidirectional(head.uri.path());
    let body = match is_bidirectional && head.version == Version::HTTP_2 {
        // Its body has no end before the answer.
        true => Ok(Bytes::new()),
        false => receive::body(&head, body).await,
    };
    let not_simulated = || wording::NOT_SIMULATED.refuse(&[&"InvokeModelWithBidirectionalStream"]);
    let body = body.and_then(|bytes| if is_bidirectional { Err(not_simulated()) } else { Ok(bytes) });
    let target = Target::find(&head, body.as_deref().unwrap_or_default());
    let guard = record(state, &head, body.as_ref().map_or(&Bytes::new(), |bytes| bytes), target.as_ref(), started);
    guard.request_id(request_id);
    let outcome = match body {
        Ok(bytes) => answer(state, request_id, &head, &bytes, target, started, &guard).await,
        Err(refusal) => Err(refusal),
    };
    let status = match &outcome {
        Ok(Outcome::Stream(response, _)) => response.status().as_u16(),
        Ok(Outcome::Whole(response) | Outcome::Raw(response)) => response.status().as_u16(),
        Err(exception) => exception.status,
    };
    guard.status(status);
    match outcome {
        Ok(Outcome::Stream(response, telling)) => Ok(response.map(|()| telling.into_body(guard))),
        Ok(Outcome::Whole(response)) => {
            guard.head(response.headers());
            guard.finish();
            Ok(response)
        }
        Ok(Outcome::Raw(response)) => Ok(response.map(|body| watched(body, guard))),
        Err(exception) => {
            guard.body(&exception.body().into());
            guard.failed(&exception.code);
            guard.finish();
            Err(exception)
        }
    }
}

/// What a request is for.
enum Target {
    /// With the model's id or ARN.
    Inference(Operation, String),
    Control(control::Target),
}

impl Target {
    fn find(head: &request::Parts, body: &[u8]) -> Option<Target> {
        let path = head.uri.path();
        let inference = || route::parse(path).or_else(|| route::parse_openais(path, body));
        let inference = (head.method == Method::POST).then(inference).flatten();
        let inference = inference.map(|(operation, id)| Target::Inference(operation, id));
        inference.or_else(|| control::Target::find(&head.method, path).map(Target::Control))
    }

    fn operation(&self) -> Operation {
        match self {
            Target::Inference(operation, _) => *operation,
            Target::Control(target) => Operation::Control(target.name()),
        }
    }

    fn model(&self) -> Option<&str> {
        let model = match self {
            Target::Inference(_, id) => id,
            Target::Control(target) => target.model(),
        };
        (!model.is_empty()).then_some(model)
    }
}

async fn answer(
    state: &State,
    request_id: &str,
    head: &request::Parts,
    bytes: &Bytes,
    target: Option<Target>,
    started: SystemTime,
    guard: &Guard,
) -> Result<Outcome, Exception> {
    if target.is_none() && !state.tape().runs() {
        return Err(unknown_operation(head));
    }
    let account = auth::check(state, head, bytes)?;
    guard.account(account.id());
    let connection = head.extensions.get::<Connection>().cloned();
    let operation = target.as_ref().map_or(Operation::Control("Unknown"), Target::operation);
    let call = Call { state, account: &account, operation, head, started, connection, journal: guard };
    match target {
        Some(Target::Inference(_, id)) => {
            if let Some(invocation) = Invocation::of(&call, &id, bytes, request_id) {
                guard.log(invocation);
            }
            call.answer(&id, bytes).await
        }
        Some(Target::Control(target)) => match call.taped(bytes).await? {
            Some(taped) => Ok(taped),
            None => target.answer(&call, bytes).await.map(Outcome::Whole),
        },
        None => call.taped(bytes).await?.ok_or_else(|| unknown_operation(head)),
    }
}

fn record(state: &State, head: &request::Parts, body: &Bytes, target: Option<&Target>, at: SystemTime) -> Guard {
    let request = journal::Request {
        at,
        method: head.method.clone(),
        path: head.uri.path_and_query().map_or_else(String::new, |path| path.as_str().to_owned()),
        http_version: if head.version == Version::HTTP_2 { "HTTP/2" } else { "HTTP/1.1" },
        headers: head.headers.clone(),
        operation: target.map(|target| target.operation().name()),
        model: target.and_then(Target::model).map(str::to_owned),
    };
    state.recorder().record(request, body)
}

fn unknown_operation(head: &request::Parts) -> Exception {
    let text = format!("The operation {} {} is not known to this service.", head.method, head.uri.path());
    Exception::new("UnknownOperationException", text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::frames::Reader;
    use crate::simulator::{Auth, Options, models};
    use http_body_util::BodyExt as _;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    async fn call(path: &str, body: impl Into<Body>) -> (u16, Bytes) {
        let state = State::new(Options { auth: Auth::Off, ..Options::default() });
        let request = Request::post(path).body(body.into()).unwrap();
        let response = handle(extract::State(state), request).await;
        (response.status().as_u16(), response.into_body().collect().await.unwrap().to_bytes())
    }

    #[tokio::test]
    async fn every_model_answers_converse_whole_and_streamed() {
        let question = json!({"messages": [{"role": "user", "content": [{"text": "What is 1+1?"}]}]}).to_string();
        for id in models::ids(models::Kind::Text).filter(|id| !id.contains("pegasus")) {
            let id = if id.starts_with("writer.palmyra-x") { format!("us.{id}") } else { id };
            let (status, body) = call(&format!("/model/{id}/converse"), question.clone()).await;
            let body: Value = serde_json::from_slice(&body).unwrap();
            let told = body["output"]["message"]["content"].as_array().and_then(|content| content.last());
            assert_eq!((status, told), (200, Some(&json!({"text": "1 + 1 = 2"}))), "{id} {body}");

            let (status, body) = call(&format!("/model/{id}/converse-stream"), question.clone()).await;
            let mut reader = Reader::default();
            reader.push(&body);
            let frames: Vec<_> = std::iter::from_fn(|| reader.frame().unwrap()).collect();
            let names: Vec<_> = frames.iter().filter_map(|frame| frame.header(":event-type")).collect();
            assert_eq!((status, names.first(), names.last()), (200, Some(&"messageStart"), Some(&"metadata")), "{id}");
            let deltas = frames.iter().map(|frame| serde_json::from_slice::<Value>(frame.payload()).unwrap());
            let told: String = deltas.filter_map(|event| event["delta"]["text"].as_str().map(str::to_owned)).collect();
            assert_eq!(told, "1 + 1 = 2", "{id}");
        }
    }

    #[tokio::test]
    async fn invoke_headers_hold_the_same_counts_as_the_body() {
        let state = State::new(Options { auth: Auth::Off, ..Options::default() });
        let request = Request::post("/model/meta.llama3-8b-instruct-v1:0/invoke");
        let request = request.body(Body::from(r#"{"prompt": "Count from 1 to 5"}"#)).unwrap();
        let response = handle(extract::State(state), request).await;
        let headers = response.headers().clone();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body: Value = serde_json::from_slice(&body).unwrap();
        let header = |name: &str| headers[name].to_str().unwrap().parse::<u64>().unwrap();
        assert_eq!(body["prompt_token_count"], header("x-amzn-bedrock-input-token-count"));
        assert_eq!(body["generation_token_count"], header("x-amzn-bedrock-output-token-count"));
        assert_eq!(headers["content-type"], "application/json");
        assert!(headers.contains_key("x-amzn-bedrock-invocation-latency") && headers.contains_key("x-amzn-requestid"));
    }

    #[tokio::test]
    async fn the_same_seed_gives_the_same_stream() {
        let stream = async || {
            let clock = std::sync::Arc::new(|| SystemTime::UNIX_EPOCH);
            let state = State::new(Options { auth: Auth::Off, seed: 7, clock, ..Options::default() });
            let body = r#"{"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}"#;
            let request = Request::post("/model/amazon.nova-lite-v1:0/converse-stream").body(Body::from(body)).unwrap();
            handle(extract::State(state), request).await.into_body().collect().await.unwrap().to_bytes()
        };
        assert_eq!(stream().await, stream().await);
    }

    /// JSON that looks a little like a request.
    fn body() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
            Just(json!("Count from 1 to 9")),
            Just(json!("user")),
        ];
        let key = proptest::sample::select(vec![
            "messages",
            "role",
            "content",
            "text",
            "image",
            "source",
            "bytes",
            "format",
            "prompt",
            "system",
            "inputText",
            "inferenceConfig",
            "maxTokens",
            "stopSequences",
            "toolConfig",
            "tools",
            "toolSpec",
            "name",
            "max_tokens",
            "anthropic_version",
            "message",
            "stop",
            "document",
            "toolResult",
            "thinking",
            "type",
        ]);
        leaf.prop_recursive(6, 60, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec((key.clone(), inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn no_body_breaks_it(body in body(), id in 0..200usize, operation in 0..4usize) {
            let ids: Vec<String> = models::ids(models::Kind::Text).collect();
            let operation = ["converse", "converse-stream", "invoke", "invoke-with-response-stream"][operation];
            let path = format!("/model/{}/{operation}", ids[id % ids.len()]);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let (status, answer) = runtime.block_on(call(&path, body.to_string()));
            prop_assert!(status == 200 || (status == 400 && answer.starts_with(b"{\"message\":")), "{} {:?}", status, answer);
        }

        #[test]
        fn no_bytes_break_it(path in "/[ -~]{0,40}", body in proptest::collection::vec(any::<u8>(), 0..40)) {
            let Ok(uri) = path.parse::<http::Uri>() else { return Ok(()) };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let (status, _) = runtime.block_on(call(&uri.to_string(), body));
            prop_assert!(status == 404 || status == 400);
        }
    }
}
