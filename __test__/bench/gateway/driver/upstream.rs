//! The mock Bedrock: raw sockets and answers encoded beforehand. It reads no more of a request than where it ends and
//! whether a stream is wanted; it checks nothing and understands nothing.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use bytes::Bytes;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::body::{HEAD_END, find, length_of};
use crate::frames::{chunked, head, whole};
use crate::later::Later;
use crate::pacer::{self, Paced};

const DATE: &str = "Date: Thu, 18 Jun 2026 15:28:15 GMT\r\n";
const REQUEST_ID: &str = "aa69b1e2-0c45-405f-b6f1-d2f27b0e1ee3";
const ANSWER: &str = concat!(
    r#"{"metrics":{"latencyMs":268},"output":{"message":{"content":[{"text":"The capital of France is Paris, on the "#,
    r#"banks of the Seine."}],"role":"assistant"}},"stopReason":"end_turn","usage":{"inputTokens":15,"outputTokens":14,"#,
    r#""totalTokens":29}}"#
);

struct Plan {
    answer: Bytes,
    later: Option<Later>,
    /// What a stream begins with, and where it is not paced the whole of it.
    stream: Bytes,
    pacer: Option<Sender<Paced>>,
}

/// `size`: of the HTTP chunks of a stream that is not paced; where it is 0 each event has one of its own.
pub(crate) async fn serve(chunks: usize, every: u64, delay: u64, size: usize) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let stream_head = format!(
        "HTTP/1.1 200 OK\r\n{DATE}Content-Type: application/vnd.amazon.eventstream\r\nTransfer-Encoding: chunked\r\n\
         Connection: keep-alive\r\nx-amzn-RequestId: {REQUEST_ID}\r\n\r\n"
    );
    let begun = if every > 0 { chunked(&head()) } else { whole(chunks, (size > 0).then_some(size)) };
    let answer = format!(
        "HTTP/1.1 200 OK\r\n{DATE}Content-Type: application/json\r\nContent-Length: {}\r\nConnection: keep-alive\r\n\
         x-amzn-RequestId: {REQUEST_ID}\r\n\r\n{ANSWER}",
        ANSWER.len()
    );
    let plan = Arc::new(Plan {
        answer: answer.into(),
        later: (delay > 0).then(|| Later::new(Duration::from_millis(delay))),
        stream: [stream_head.as_bytes(), &begun].concat().into(),
        pacer: (every > 0).then(|| pacer::start(chunks, every)),
    });
    println!(r#"{{"port":{}}}"#, listener.local_addr().unwrap().port());
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let plan = plan.clone();
        // A client that goes away is no error here.
        tokio::spawn(async move { connection(Arc::new(stream), &plan).await });
    }
}

async fn connection(stream: Arc<TcpStream>, plan: &Plan) -> io::Result<()> {
    let mut pending = Vec::new();
    while let Some(is_stream) = request(&stream, &mut pending).await? {
        if !is_stream {
            if let Some(later) = &plan.later {
                later.wait().await;
            }
            write(&stream, &plan.answer).await?;
            continue;
        }
        write(&stream, &plan.stream).await?;
        if let Some(pacer) = &plan.pacer {
            let (done, over) = oneshot::channel();
            pacer.send(Paced { stream: stream.clone(), done }).unwrap();
            over.await.unwrap();
        }
    }
    Ok(())
}

/// Reads a request to its end; whether it wants a stream, `None` when there are no more.
async fn request(stream: &TcpStream, pending: &mut Vec<u8>) -> io::Result<Option<bool>> {
    loop {
        if let Some(end) = find(pending, HEAD_END) {
            let length = end + HEAD_END.len() + length_of(&pending[..end]).unwrap_or(0);
            if pending.len() >= length {
                let line = pending.split(|byte| *byte == b'\r').next().unwrap_or_default();
                let is_stream = find(line, b"/converse-stream").is_some();
                pending.drain(..length);
                return Ok(Some(is_stream));
            }
        }
        stream.readable().await?;
        match stream.try_read_buf(pending) {
            Ok(0) => return Ok(None),
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
            _ => {}
        }
    }
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match stream.try_write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => stream.writable().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
