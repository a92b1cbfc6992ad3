//! Answers as HTTP: a body at once, or a stream that tells of itself while it is silent and always says how it ends.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use tokio::time::{Instant, Sleep, sleep};

use super::body::AnswerBody;
use super::exchange::{Going, Outcome};
use super::refusal::Refusal;
use crate::client::openai::{Answer, Body, Stream};

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
    let response = refusal.response().map(AnswerBody::whole);
    going.exchange.status = response.status().as_u16();
    going.end(Outcome::Refused(Box::new(refusal)));
    response
}

/// A text of the gateway's own.
pub(super) fn text(status: StatusCode, content_type: &'static str, text: impl Into<Bytes>) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::whole(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// What is said to those whose answers are not whole when the gateway has to stop.
pub(super) fn stopping() -> Refusal {
    let message = "The gateway was stopped before the answer was whole. Try again.";
    Refusal::unavailable(503, "overloaded", message)
}

fn whole(json: String, going: Going) -> AnswerBody {
    going.end(Outcome::Answered);
    AnswerBody::whole(json)
}

/// A stream on its way to the caller. Dropped before its end, it drops Bedrock's answer too, whose connection is closed.
struct Streaming {
    stream: Stream,
    /// `None` once the end has been told.
    going: Option<Going>,
    silence: Option<Silence>,
    ending: Pin<Box<dyn Future<Output = ()> + Send>>,
}

fn streamed(stream: Stream, going: Going, ping: Option<Duration>) -> AnswerBody {
    let ending = Box::pin(going.ending());
    let streaming = Streaming { stream, going: Some(going), silence: ping.map(Silence::new), ending };
    AnswerBody::streamed(Box::pin(stream::unfold(streaming, |mut streaming| async move {
        let piece = streaming.next().await?;
        Some((piece, streaming))
    })))
}

impl Streaming {
    /// The next piece of the body; `None` at the end, which has been told.
    async fn next(&mut self) -> Option<Bytes> {
        let going = self.going.as_mut()?;
        let read = tokio::select! {
            biased;
            // Dropping this loses nothing: it is asked again.
            read = self.stream.next() => read,
            () = &mut self.ending => return Some(self.broken(stopping())),
            () = silent(&mut self.silence) => return Some(Bytes::from_static(PING)),
        };
        match read {
            Ok(Some(pieces)) => {
                going.first_content();
                if let Some(content) = &mut going.exchange.content {
                    pieces.iter().for_each(|piece| content.answered(piece));
                }
                if let Some(silence) = &mut self.silence {
                    silence.since = Instant::now();
                }
                Some(joined(pieces))
            }
            Ok(None) => {
                self.end();
                None
            }
            // The form of server-sent events tells failures as events.
            Err(error) => {
                let refusal = Refusal::of(&error, going.own_credentials);
                Some(self.broken(refusal))
            }
        }
    }

    /// Ends with an error event.
    fn broken(&mut self, refusal: Refusal) -> Bytes {
        let event = Bytes::from(format!("data: {}\n\n", refusal.body()));
        self.told(Outcome::Broken(Box::new(refusal)));
        event
    }

    fn end(&mut self) {
        let own_credentials = self.going.as_ref().is_none_or(|going| going.own_credentials);
        self.told(match self.stream.failure() {
            Some(failure) => Outcome::Broken(Box::new(Refusal::of(failure, own_credentials))),
            None => Outcome::Answered,
        });
    }

    fn told(&mut self, outcome: Outcome) {
        if let Some(mut going) = self.going.take() {
            going.exchange.tally = self.stream.tally().clone();
            going.end(outcome);
        }
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        if let Some(going) = &mut self.going {
            going.exchange.tally = self.stream.tally().clone();
        }
    }
}

/// How long a stream has said nothing. One timer for all of it: what is said only moves the time that is looked at when
/// the timer has run down.
struct Silence {
    most: Duration,
    since: Instant,
    timer: Pin<Box<Sleep>>,
}

impl Silence {
    fn new(most: Duration) -> Silence {
        Silence { most, since: Instant::now(), timer: Box::pin(sleep(most)) }
    }
}

/// Completes when it is time to break the silence.
async fn silent(silence: &mut Option<Silence>) {
    let Some(silence) = silence else { return std::future::pending().await };
    loop {
        silence.timer.as_mut().await;
        let now = Instant::now();
        let over = now >= silence.since + silence.most;
        if over {
            silence.since = now;
        }
        silence.timer.as_mut().reset(silence.since + silence.most);
        if over {
            return;
        }
    }
}

fn joined(mut pieces: Vec<String>) -> Bytes {
    match pieces.len() {
        1 => Bytes::from(pieces.swap_remove(0)),
        _ => Bytes::from(pieces.concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn silence_is_broken_in_its_time_and_only_when_nothing_was_said() {
        let most = Duration::from_millis(20);
        let mut silence = Some(Silence::new(most));
        let began = Instant::now();
        silent(&mut silence).await;
        assert!(began.elapsed() >= most);
        tokio::time::sleep(most / 2).await;
        let said = Instant::now();
        silence.as_mut().unwrap().since = said;
        silent(&mut silence).await;
        assert!(said.elapsed() >= most);
    }
}
