//! The simulator's HTTP: what is asked in unusual ways, what is not HTTP at all, and what is too much.

use std::time::Duration;

use bedrock_wrapper::simulator::{Auth, Options, Running, Simulator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const BODY: &str = r#"{"messages":[{"role":"user","content":[{"text":"What is 1+1?"}]}]}"#;
const PATH: &str = "/model/us.amazon.nova-lite-v1:0/converse";

async fn start() -> Running {
    Simulator::start(Options { auth: Auth::Off, ..Options::default() }).await.unwrap()
}

async fn connect(bedrock: &Running) -> TcpStream {
    TcpStream::connect(bedrock.url().trim_start_matches("http://")).await.unwrap()
}

/// All that comes back until the server closes.
async fn rest(socket: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    tokio::time::timeout(Duration::from_secs(10), socket.read_to_end(&mut answer)).await.expect("no end").unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// What comes back up to and with `end`.
async fn until(socket: &mut TcpStream, end: &str) -> String {
    let mut answer = String::new();
    while !answer.contains(end) {
        let mut buffer = [0; 4096];
        let read = tokio::time::timeout(Duration::from_secs(10), socket.read(&mut buffer)).await;
        let count = read.unwrap_or_else(|_| panic!("no {end:?} in {answer}")).unwrap();
        assert!(count > 0, "closed after {answer}");
        answer.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    answer
}

fn head(more: &str) -> String {
    format!("POST {PATH} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n")
}

#[tokio::test]
async fn a_connection_takes_one_request_after_the_other() {
    let bedrock = start().await;
    let mut socket = connect(&bedrock).await;
    let request = head(&format!("Content-Length: {}\r\n", BODY.len())) + BODY;
    for _ in 0..3 {
        socket.write_all(request.as_bytes()).await.unwrap();
        let answer = until(&mut socket, "\"totalTokens\"").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }
    // Several at once, before any answer.
    socket.write_all(request.repeat(3).as_bytes()).await.unwrap();
    let mut answers = String::new();
    while answers.matches("\"totalTokens\"").count() < 3 {
        answers.push_str(&until(&mut socket, "\"totalTokens\"").await);
    }
    assert_eq!(bedrock.state().journal()["connections"], 1);
}

#[tokio::test]
async fn leave_to_send_is_given_and_refused() {
    let bedrock = start().await;
    let mut socket = connect(&bedrock).await;
    let asking = format!("Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n", BODY.len());
    socket.write_all(head(&asking).as_bytes()).await.unwrap();
    assert!(until(&mut socket, "\r\n\r\n").await.starts_with("HTTP/1.1 100 Continue\r\n"));
    socket.write_all(BODY.as_bytes()).await.unwrap();
    assert!(rest(&mut socket).await.starts_with("HTTP/1.1 200 OK\r\n"));

    let mut socket = connect(&bedrock).await;
    socket.write_all(head("Content-Length: 25000001\r\nExpect: 100-continue\r\n").as_bytes()).await.unwrap();
    let refused = until(&mut socket, "\"}").await;
    assert!(refused.starts_with("HTTP/1.1 400") && refused.contains("25000000"), "{refused}");
}

#[tokio::test]
async fn what_is_not_http_is_refused_in_awss_shape() {
    let bedrock = start().await;
    let long = "x".repeat(100_000);
    let many: String = (0..500).map(|n| format!("x-{n}: 1\r\n")).collect();
    let cases = [
        ("nonsense\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/9.9\r\n\r\n".to_owned(), "400"),
        ("POST / HTTP/1.1\r\nbad header\r\n\r\n".to_owned(), "400"),
        ("POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n".to_owned(), "400"),
        (format!("POST /{long} HTTP/1.1\r\n\r\n"), "414"),
        (head(&many), "431"),
    ];
    for (request, status) in cases {
        let mut socket = connect(&bedrock).await;
        let shown = &request[..request.len().min(60)];
        // The server may close before it has read everything.
        let _ = socket.write_all(request.as_bytes()).await;
        let answer = until(&mut socket, "\"}").await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{shown}: {answer}");
        assert!(answer.contains("\r\nx-amzn-errortype: ") && answer.contains("\r\n\r\n{\"message\":\""), "{answer}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_or_lies_does_no_harm() {
    let bedrock = start().await;
    for request in [
        head("Transfer-Encoding: chunked\r\n") + "zz\r\n",
        head("Transfer-Encoding: chunked\r\n") + "ffffffffffffffffff\r\n",
        head("Content-Length: 100\r\n") + "{}",
    ] {
        let mut socket = connect(&bedrock).await;
        socket.write_all(request.as_bytes()).await.unwrap();
        socket.shutdown().await.unwrap();
        let answer = rest(&mut socket).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    let mut socket = connect(&bedrock).await;
    let deep = "[".repeat(200_000);
    socket
        .write_all((head(&format!("Connection: close\r\nContent-Length: {}\r\n", deep.len())) + &deep).as_bytes())
        .await
        .unwrap();
    let answer = rest(&mut socket).await;
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("{\"message\":\""), "{answer}");
}

#[tokio::test]
async fn unknown_paths_and_methods_get_awss_refusal() {
    let bedrock = start().await;
    for line in ["GET /", "DELETE /model/x/converse", "OPTIONS *", "HEAD /model/x/invoke", "PUT /%ff%00"] {
        let mut socket = connect(&bedrock).await;
        socket.write_all(format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
        let answer = rest(&mut socket).await;
        assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("UnknownOperationException"), "{line}: {answer}");
    }
}
