//! Requests through a program's own `fetch`: what it is given, what becomes of what it says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bedrock_wrapper::config::{Account, Patience};
use bedrock_wrapper::error::{Error, Kind, Result};
use bedrock_wrapper::transport::{Call, Connection, Fetched, Host, Operation, Outgoing, Particulars, Report, observed};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};

/// Answers with one of these after the other; the last for all that follow.
#[derive(Debug, Default)]
struct Program {
    replies: Vec<Reply>,
    seen: Mutex<Vec<Seen>>,
    cancelled: Arc<AtomicUsize>,
}

#[derive(Clone, Debug)]
enum Reply {
    Says(u16, &'static str),
    Rejects,
    Hangs,
}

#[derive(Clone, Debug)]
struct Seen {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

struct CountsDrop(Arc<AtomicUsize>);

impl Drop for CountsDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Host for Program {
    fn offers(&self, function: &str) -> bool {
        function == "fetch"
    }

    fn ask(&self, function: &str, _: Value) -> BoxFuture<'static, Result<Value>> {
        panic!("{function} was not given")
    }

    fn fetch(&self, request: Outgoing) -> BoxFuture<'static, Result<Fetched>> {
        let Outgoing { method, url, headers, body } = request;
        let mut seen = self.seen.lock().unwrap();
        seen.push(Seen { method, url, headers, body });
        let reply = self.replies[(seen.len() - 1).min(self.replies.len() - 1)].clone();
        let (call, cancelled) = (seen.len() as u32, CountsDrop(self.cancelled.clone()));
        async move {
            match reply {
                Reply::Says(status, body) => {
                    let body = BoxBody::new(Full::new(Bytes::from(body)).map_err(|never| match never {}));
                    Ok(Fetched { status, headers: vec![("x-amzn-requestid".into(), "r1".into())], body })
                }
                Reply::Rejects => Err(Error::new(Kind::Connection, "no").of_host_call(call)),
                Reply::Hangs => {
                    let _cancelled = cancelled;
                    std::future::pending().await
                }
            }
        }
        .boxed()
    }
}

fn connection(replies: Vec<Reply>) -> (Connection, Arc<Program>) {
    let program = Arc::new(Program { replies, ..Program::default() });
    let options = json!({
        "region": "us-east-1", "accessKeyId": "AKIAEXAMPLE", "secretAccessKey": "secret", "baseURL": "http://bedrock.invalid",
        "defaultHeaders": {"X-Team": "a"},
    });
    let account = Account::of_options(&options, &|_| false, &|_| None).unwrap();
    (Connection::new(account, Some(program.clone())), program)
}

async fn send(connection: &Connection, patience: Patience) -> Result<Vec<u8>> {
    let body = Bytes::from_static(b"{\"messages\":[]}");
    let call = Call {
        operation: Operation::Converse,
        model_id: "some.model",
        region: None,
        body,
        patience,
        particulars: Particulars::default(),
    };
    connection.send(call).await?.whole().await
}

#[tokio::test]
async fn it_gets_the_signed_request_and_its_answer_is_the_answer() {
    let (connection, program) = connection(vec![Reply::Says(200, "{\"a\":1}")]);
    assert_eq!(send(&connection, Patience::default()).await.unwrap(), b"{\"a\":1}");
    let seen = program.seen.lock().unwrap()[0].clone();
    assert_eq!((seen.method.as_str(), seen.url.as_str()), ("POST", "http://bedrock.invalid/model/some.model/converse"));
    assert_eq!(seen.body, "{\"messages\":[]}");
    let header = |name: &str| seen.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
    assert!(header("authorization").unwrap().starts_with("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/"));
    assert!(header("authorization").unwrap().contains(";x-team"), "the account's headers are signed");
    assert_eq!(header("x-team"), Some("a"));
    assert_eq!((header("content-type"), header("content-length")), (Some("application/json"), None));
}

#[tokio::test]
async fn a_rejection_is_a_broken_connection_that_is_tried_again() {
    let (connection, program) = connection(vec![Reply::Rejects, Reply::Says(503, ""), Reply::Says(200, "{}")]);
    assert_eq!(send(&connection, Patience::default()).await.unwrap(), b"{}");
    assert_eq!(program.seen.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn the_last_rejection_is_the_error_of_the_call() {
    let (connection, _) = connection(vec![Reply::Rejects]);
    let patience = Patience { retries: 1, ..Patience::default() };
    let error = send(&connection, patience).await.unwrap_err();
    assert_eq!((error.kind, error.host_call), (Kind::Connection, Some(2)));
}

#[tokio::test]
async fn limits_hold_and_cancel() {
    for (patience, option, cancelled) in [
        (Patience { first: Duration::from_millis(50), retries: 1, ..Patience::default() }, "firstByteTimeout", 2),
        (Patience { total: Some(Duration::from_millis(50)), ..Patience::default() }, "options.timeout", 1),
    ] {
        let (connection, program) = connection(vec![Reply::Hangs]);
        let error = send(&connection, patience).await.unwrap_err();
        assert!(error.kind == Kind::Timeout && error.message.contains(option), "{error}");
        assert_eq!(program.cancelled.load(Ordering::SeqCst), cancelled, "{option}");
    }
}

#[tokio::test]
async fn its_attempts_are_observed() {
    let (connection, _) = connection(vec![Reply::Rejects, Reply::Says(200, "{}")]);
    let told = Arc::new(Mutex::new(Vec::new()));
    let reports = told.clone();
    let observer = Arc::new(move |report: Report| reports.lock().unwrap().push(serde_json::to_value(report).unwrap()));
    observed(observer, send(&connection, Patience::default())).await.unwrap();
    let told: Vec<String> =
        told.lock().unwrap().iter().map(|report| format!("{} {}", report["event"], report["attempt"])).collect();
    assert_eq!(told, [r#""request" 1"#, r#""error" 1"#, r#""retry" 2"#, r#""request" 2"#, r#""response" 2"#]);
}
