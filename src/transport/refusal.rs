//! Answers as the SDK gets them: one that succeeds with its body unread; one that does not with its body read within
//! limits, since the SDK reads it to its end without any.

use std::error::Error as StdError;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Body;

use super::elapsed::{Limit, within};

/// The longest text of a refusal, in bytes; what is longer is cut.
const MOST: usize = 1024 * 1024;

/// `answer` for the SDK; the body of a refusal has to come within `limit`.
pub(super) async fn ready<B>(answer: http::Response<B>, limit: Option<Duration>) -> Result<HttpResponse, ConnectorError>
where
    B: Body<Data = Bytes> + Send + Sync + Unpin + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let (head, body) = answer.into_parts();
    let body = if head.status.is_success() {
        SdkBody::from_body_1_x(body)
    } else {
        let read = within(limit, Limit::FirstByte, beginning(body)).await;
        let read = read.map_err(|elapsed| ConnectorError::timeout(elapsed.into()))?;
        SdkBody::from(read.map_err(|error| ConnectorError::io(error.into()))?)
    };
    let answer = http::Response::from_parts(head, body);
    HttpResponse::try_from(answer).map_err(|error| ConnectorError::other(error.into(), None))
}

async fn beginning<B: Body<Data = Bytes> + Unpin>(mut body: B) -> Result<Bytes, B::Error> {
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        let room = MOST.saturating_sub(read.len());
        read.extend_from_slice(data.get(..room).unwrap_or(&data));
        if data.len() >= room {
            break;
        }
    }
    Ok(read.freeze())
}

#[cfg(test)]
mod tests {
    use http_body_util::{Full, StreamBody};
    use hyper::body::Frame;

    use super::*;

    #[tokio::test]
    async fn a_long_refusal_is_cut() {
        for (size, kept) in [(0, 0), (10, 10), (MOST, MOST), (MOST + 1, MOST)] {
            let read = beginning(Full::new(Bytes::from(vec![b'x'; size]))).await.unwrap();
            assert_eq!(read.len(), kept);
        }
    }

    #[tokio::test]
    async fn a_refusal_that_stops_in_the_middle_is_not_waited_for() {
        let stalled = futures::stream::pending::<Result<Frame<Bytes>, std::io::Error>>();
        let answer = http::Response::builder().status(503).body(StreamBody::new(stalled)).unwrap();
        let error = ready(answer, Some(Duration::from_millis(20))).await.unwrap_err();
        assert!(error.is_timeout());
    }
}
