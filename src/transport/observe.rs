//! What becomes of each attempt, told to whoever wants to know: never headers, bodies or what a URL asks for.
//!
//! The observer belongs to the task a call runs in, so that nothing between the boundary and the transport has to know
//! of it. Without one nothing is measured.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use aws_smithy_runtime_api::client::interceptors::context::{Error as Erased, FinalizerInterceptorContextRef};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, OrchestratorError};
use serde::Serialize;
use url::Url;

use super::failure;
use crate::error::Error;

/// Gets the reports of a call, in order.
pub type Observer = Arc<dyn Fn(Report) + Send + Sync>;

tokio::task_local! {
    static OBSERVER: Observer;
}

/// Runs `call`, whose attempts `observer` is told of.
pub async fn observed<T>(observer: Observer, call: impl Future<Output = T>) -> T {
    OBSERVER.scope(observer, call).await
}

/// One thing that happened to an attempt.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// What happened.
    pub event: Event,
    /// Such as `POST`; missing where an attempt failed before there was a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Without user, query and fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Model id or ARN; missing where a request goes past the operations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// HTTP status, where there was an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// `x-amzn-RequestId`, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Milliseconds since the attempt began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// Why the attempt failed; of a retry, why the one before did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
}

/// What happened to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Event {
    /// It is about to be sent.
    Request,
    /// The head of an answer came, whatever its status.
    Response,
    /// It is about to be sent because the one before failed.
    Retry,
    /// It failed.
    Error,
}

/// Name and message of an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// AWS's exception name, or that of the kind.
    pub name: String,
    /// As the program would see it.
    pub message: String,
}

/// The attempts of one call as they are made.
pub(super) struct Attempts {
    observer: Observer,
    model: Option<String>,
    state: Mutex<Attempt>,
}

#[derive(Default)]
struct Attempt {
    number: u32,
    since: Option<Instant>,
    request: Option<(String, String)>,
    status: Option<u16>,
    failure: Option<Failure>,
}

impl Attempts {
    /// None where nobody observes.
    pub(super) fn of_call(model_id: Option<&str>) -> Option<Arc<Attempts>> {
        let observer = OBSERVER.try_with(Clone::clone).ok()?;
        Some(Arc::new(Attempts { observer, model: model_id.map(str::to_owned), state: Mutex::default() }))
    }

    /// An attempt begins.
    pub(super) fn begin(&self) {
        let mut attempt = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        attempt.number += 1;
        attempt.since = Some(Instant::now());
        let before = (attempt.status.take(), attempt.failure.take());
        if attempt.number > 1 {
            self.tell(Report { status: before.0, error: before.1, ..self.report(&attempt, Event::Retry) });
        }
    }

    /// Its request is ready and signed.
    pub(super) fn send(&self, request: &HttpRequest) {
        let mut attempt = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        attempt.request = Some((request.method().to_owned(), shown(request.uri())));
        self.tell(self.report(&attempt, Event::Request));
    }

    /// It is over.
    pub(super) fn end(&self, context: &FinalizerInterceptorContextRef<'_>) {
        let mut attempt = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let duration = attempt.since.map(|since| since.elapsed().as_secs_f64() * 1000.0);
        let response = context.response();
        let request_id = response.and_then(|response| response.headers().get("x-amzn-requestid")).map(str::to_owned);
        attempt.status = response.map(|response| response.status().as_u16());
        let status = attempt.status;
        if status.is_some() {
            let report = self.report(&attempt, Event::Response);
            self.tell(Report { status, request_id: request_id.clone(), duration, ..report });
        }
        let Some(Err(error)) = context.output_or_error() else { return };
        attempt.failure = Some(Failure::from(&failed(context, error)));
        let report = self.report(&attempt, Event::Error);
        self.tell(Report { status, request_id, duration, error: attempt.failure.clone(), ..report });
    }

    fn report(&self, attempt: &Attempt, event: Event) -> Report {
        let (method, url) = attempt.request.clone().unzip();
        let (model, attempt) = (self.model.clone(), attempt.number);
        Report { event, method, url, model, attempt, status: None, request_id: None, duration: None, error: None }
    }

    fn tell(&self, report: Report) {
        (self.observer)(report);
    }
}

fn failed(context: &FinalizerInterceptorContextRef<'_>, error: &OrchestratorError<Erased>) -> Error {
    match context.response() {
        Some(response) if !response.status().is_success() => failure::refused(response, None, None),
        _ => failure::of_attempt(error),
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Failure { name: error.name().to_owned(), message: error.message.clone() }
    }
}

fn shown(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else { return String::new() };
    url.set_query(None);
    url.set_fragment(None);
    // Neither fails for a URL with a host.
    let _ = (url.set_username(""), url.set_password(None));
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_what_may_be_secret() {
        for (url, wanted) in [
            ("https://host/model/a%3A0/converse?key=1#x", "https://host/model/a%3A0/converse"),
            ("http://user:pass@host:1/a@b", "http://host:1/a@b"),
            ("http://host?x=1", "http://host/"),
            ("nonsense", ""),
        ] {
            assert_eq!(shown(url), wanted);
        }
    }

    #[tokio::test]
    async fn only_calls_inside_are_observed() {
        assert!(Attempts::of_call(None).is_none());
        let observer: Observer = Arc::new(|_| ());
        assert!(observed(observer, async { Attempts::of_call(None).is_some() }).await);
    }
}
