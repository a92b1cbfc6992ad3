//! Answers as HTTP: a body at once, or a stream that tells of itself while it is silent and always says how it ends.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use tokio::time::timeout;

use super::exchange::{Going, Outcome};
use super::refusal::Refusal;
use crate::client::openai::{Answer, Body, Stream};

/// The body of an answer.
pub(super) type AnswerBody = UnsyncBoxBody<Bytes, Infallible>;

/// A comment of server-sent events, which clients skip (HTML Standard, "Server-sent events").
const PING: &[u8] = b": ping\n\n";

/// An answer of OpenAI's API. `going` is told of its end.
pub(super) fn of_openai(answer: Answer, mut going: Going, ping: Option<Duration>) -> Response<AnswerBody> {
    let Answer { status, headers, body, told, tally } = answer;
    going.exchange.status = status;
    going.exchange.told = told;
    let is_stream = matches!(body, Body::Streamed(_));
    let body = match body {
        Body::Whole(json) => {
            going.exchange.tally = tally;
            going.first_content();
            if let Some(content) = &mut going.exchange.content {
                content.answered(&json);
            }
            whole(json, going)
        }
        Body::Streamed(stream) => streamed(*stream, going, ping),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let own = response.headers_mut();
    for (name, value) in headers {
        // The id of Bedrock's answer keeps AWS's name; `x-request-id` is the gateway's.
        let name = if name == "x-request-id" { "x-amzn-requestid" } else { name };
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            own.insert(name, value);
        }
    }
    if is_stream {
        own.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        // Servers between are not to collect it (nginx: "X-Accel-Buffering").
        own.insert("x-accel-buffering", HeaderValue::from_static("no"));
    }
    response
}

/// A refusal, which ends the exchange.
pub(super) fn of_refusal(refusal: Refusal, mut going: Going) -> Response<AnswerBody> {
    let response = refusal.response().map(BodyExt::boxed_unsync);
    going.exchange.status = response.status().as_u16();
    going.end(Outcome::Refused(Box::new(refusal)));
    response
}

/// A text of the gateway's own.
pub(super) fn text(status: StatusCode, content_type: &'static str, text: impl Into<Bytes>) -> Response<AnswerBody> {
    let mut response = Response::new(Full::new(text.into()).boxed_unsync());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn whole(json: String, going: Going) -> AnswerBody {
    going.end(Outcome::Answered);
    Full::new(Bytes::from(json)).boxed_unsync()
}

/// A stream on its way to the caller. Dropped before its end, it drops Bedrock's answer too, whose connection is closed.
struct Streaming {
    stream: Stream,
    going: Option<Going>,
    ping: Option<Duration>,
}

fn streamed(stream: Stream, going: Going, ping: Option<Duration>) -> AnswerBody {
    let streaming = Streaming { stream, going: Some(going), ping };
    let pieces = stream::unfold(streaming, |mut streaming| async move {
        let piece = streaming.next().await?;
        Some((Ok(Frame::data(piece)), streaming))
    });
    BodyExt::boxed_unsync(StreamBody::new(pieces))
}

impl Streaming {
    /// The next piece of the body; `None` at the end, which has been told.
    async fn next(&mut self) -> Option<Bytes> {
        let next = self.stream.next();
        let read = match self.ping {
            // Dropping `next` loses nothing: it is asked again.
            Some(ping) => match timeout(ping, next).await {
                Ok(read) => read,
                Err(_) => return Some(Bytes::from_static(PING)),
            },
            None => next.await,
        };
        let pieces = match read {
            Ok(Some(pieces)) => pieces,
            Ok(None) => {
                self.end();
                return None;
            }
            // The form of server-sent events tells failures as events.
            Err(error) => vec![event_of(&Refusal::of(&error, self.own_credentials()))],
        };
        if let Some(going) = &mut self.going {
            going.first_content();
            if let Some(content) = &mut going.exchange.content {
                pieces.iter().for_each(|piece| content.answered(piece));
            }
        }
        Some(joined(pieces))
    }

    fn own_credentials(&self) -> bool {
        self.going.as_ref().is_none_or(|going| going.own_credentials)
    }

    fn end(&mut self) {
        let Some(mut going) = self.going.take() else { return };
        going.exchange.tally = self.stream.tally().clone();
        let outcome = match self.stream.failure() {
            Some(failure) => Outcome::Broken(Box::new(Refusal::of(failure, going.own_credentials))),
            None => Outcome::Answered,
        };
        going.end(outcome);
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        if let Some(going) = &mut self.going {
            going.exchange.tally = self.stream.tally().clone();
        }
    }
}

fn event_of(refusal: &Refusal) -> String {
    format!("data: {}\n\n", refusal.body())
}

fn joined(mut pieces: Vec<String>) -> Bytes {
    match pieces.len() {
        1 => Bytes::from(pieces.swap_remove(0)),
        _ => Bytes::from(pieces.concat()),
    }
}
