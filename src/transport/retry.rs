//! When a failed attempt is followed by another, and after how long.
//!
//! AWS's rules are the SDK's own: by the names of its errors, 500, 502, 503 and 504, broken connections. What is added
//! here is openai-node's: by status whatever the body says (408, 409, 429, all from 500 on), `x-should-retry`,
//! `retry-after-ms` and `retry-after` of up to a minute. Nothing is tried again once the head of a successful answer came.

use std::time::{Duration, SystemTime};

use aws_smithy_runtime::client::retries::classifiers::TransientErrorClassifier;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority, RetryReason,
};
use aws_smithy_runtime_api::http::Headers;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::retry::{ErrorKind, RetryConfig};

use crate::config::Patience;

/// First pause of the SDK's exponential back-off.
const FIRST_BACKOFF: Duration = Duration::from_millis(200);
/// The longest wish of a service that is granted, as in openai-node; also the end of the exponential back-off.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The SDK's settings for a call.
pub(super) fn config(patience: &Patience) -> RetryConfig {
    let config = if patience.adaptive { RetryConfig::adaptive() } else { RetryConfig::standard() };
    config
        .with_max_attempts(patience.retries.saturating_add(1))
        .with_initial_backoff(FIRST_BACKOFF)
        .with_max_backoff(LONGEST_PAUSE)
}

/// Without the SDK's quota of retries, which the whole process would share: after a minute of throttling every later
/// call would go without a retry. The number of attempts and their back-off bound each call by itself.
pub(super) fn partition() -> RetryPartition {
    RetryPartition::custom("bedrock-wrapper").token_bucket(TokenBucket::unlimited()).build()
}

/// How long the service asks to wait.
pub(super) fn retry_after(headers: &Headers) -> Option<Duration> {
    let number = |name: &str| headers.get(name).and_then(|value| value.trim().parse::<f64>().ok());
    let milliseconds = || number("retry-after-ms").or_else(|| number("x-amz-retry-after"));
    let seconds = milliseconds().map(|wait| wait / 1000.0).or_else(|| number("retry-after"));
    match seconds {
        Some(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        None => until(headers.get("retry-after")?),
    }
}

/// From now to a date of HTTP; none when it has passed.
fn until(date: &str) -> Option<Duration> {
    let date = DateTime::from_str(date.trim(), Format::HttpDate).ok()?;
    SystemTime::try_from(date).ok()?.duration_since(SystemTime::now()).ok()
}

/// The rules of openai-node, after those of AWS.
#[derive(Debug)]
pub(super) struct ByAnswer;

impl ClassifyRetry for ByAnswer {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        self.classify_retry_v2(context, &RetryAction::NoActionIndicated)
    }

    fn classify_retry_v2(&self, context: &InterceptorContext, previous: &RetryAction) -> RetryAction {
        let Some(response) = context.response().filter(|response| !response.status().is_success()) else {
            return RetryAction::NoActionIndicated;
        };
        verdict(response.status().as_u16(), response.headers(), kind_of(previous))
    }

    fn name(&self) -> &'static str {
        "status, x-should-retry and retry-after"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(TransientErrorClassifier::<std::convert::Infallible>::priority())
    }
}

/// As what AWS's rules would try it again, if they would.
fn kind_of(action: &RetryAction) -> Option<ErrorKind> {
    match action {
        RetryAction::RetryIndicated(RetryReason::RetryableError { kind, .. }) => Some(*kind),
        _ => None,
    }
}

fn verdict(status: u16, headers: &Headers, by_name: Option<ErrorKind>) -> RetryAction {
    let by_status = match status {
        429 => Some(ErrorKind::ThrottlingError),
        408 | 409 | 500.. => Some(ErrorKind::TransientError),
        _ => None,
    };
    let kind = match headers.get("x-should-retry") {
        Some("false") => return RetryAction::RetryForbidden,
        Some("true") => by_name.or(by_status).or(Some(ErrorKind::TransientError)),
        _ => by_name.or(by_status),
    };
    match kind {
        Some(kind) => {
            let retry_after = retry_after(headers).filter(|wait| *wait <= LONGEST_PAUSE);
            RetryAction::RetryIndicated(RetryReason::RetryableError { kind, retry_after })
        }
        None => RetryAction::NoActionIndicated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(given: &[(&'static str, &str)]) -> Headers {
        let mut headers = Headers::new();
        given.iter().for_each(|(name, value)| drop(headers.insert(*name, (*value).to_owned())));
        headers
    }

    fn retried(status: u16, given: &[(&'static str, &str)], by_name: Option<ErrorKind>) -> Option<ErrorKind> {
        kind_of(&verdict(status, &headers(given), by_name))
    }

    #[test]
    fn the_status_decides_unless_a_name_or_the_service_does() {
        use ErrorKind::{ThrottlingError, TransientError};
        for status in [400, 401, 403, 404, 413, 422, 424] {
            assert_eq!(retried(status, &[], None), None, "{status}");
        }
        for status in [408, 409, 500, 501, 502, 503, 504, 529] {
            assert_eq!(retried(status, &[], None), Some(TransientError), "{status}");
        }
        assert_eq!(retried(429, &[], None), Some(ThrottlingError));
        assert_eq!(retried(400, &[], Some(ThrottlingError)), Some(ThrottlingError));
        assert_eq!(retried(400, &[("x-should-retry", "true")], None), Some(TransientError));
        assert_eq!(verdict(500, &headers(&[("x-should-retry", "false")]), None), RetryAction::RetryForbidden);
    }

    #[test]
    fn a_pause_of_up_to_a_minute_is_granted() {
        for (seconds, granted) in [("60", Some(60)), ("61", None)] {
            let RetryAction::RetryIndicated(RetryReason::RetryableError { retry_after, .. }) =
                verdict(503, &headers(&[("retry-after", seconds)]), None)
            else {
                panic!("503 is tried again")
            };
            assert_eq!(retry_after, granted.map(Duration::from_secs));
        }
    }

    #[test]
    fn pauses_are_read_in_every_spelling() {
        for (given, wanted) in [
            (&[("retry-after", "2")][..], Some(2000)),
            (&[("retry-after", "0.5")], Some(500)),
            (&[("retry-after-ms", "250"), ("retry-after", "2")], Some(250)),
            (&[("x-amz-retry-after", "1500")], Some(1500)),
            (&[("retry-after", "120")], Some(120_000)),
            (&[("retry-after", "-1")], None),
            (&[("retry-after", "NaN")], None),
            (&[("retry-after", "soon")], None),
            (&[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")], None),
            (&[], None),
        ] {
            assert_eq!(retry_after(&headers(given)), wanted.map(Duration::from_millis), "{given:?}");
        }
        let soon = DateTime::from(SystemTime::now() + Duration::from_secs(30)).fmt(Format::HttpDate).unwrap();
        let wait = retry_after(&headers(&[("retry-after", &soon)])).unwrap();
        assert!((Duration::from_secs(27)..=Duration::from_secs(30)).contains(&wait), "{wait:?}");
    }
}
