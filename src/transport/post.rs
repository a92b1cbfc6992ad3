//! A POST of the program's own, to whom AWS does not sign for: over the same connections, proxies and certificates as
//! everything else.

use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Body;
use tokio::time::timeout;

use super::http::pool;
use crate::config::Network;
use crate::error::{Error, Kind, Result};

/// The most that is read of an answer, in bytes; what is longer is cut.
const MOST: usize = 64 * 1024;

/// Sends `request` and reads the answer; all of it has to be done within `limit`. Any status is an answer. Needs a tokio
/// runtime.
pub async fn post(network: &Network, request: http::Request<Bytes>, limit: Duration) -> Result<http::Response<Bytes>> {
    let pool = pool(network).map_err(|reason| Error::new(Kind::Configuration, reason))?;
    let exchanged = async {
        let answer = pool.send(request.map(SdkBody::from), None).await;
        let answer = answer.map_err(|error| failed(&error))?;
        let (head, body) = answer.into_parts();
        Ok(http::Response::from_parts(head, beginning(body).await?))
    };
    timeout(limit, exchanged).await.unwrap_or_else(|_| {
        Err(Error::new(Kind::Timeout, format!("There was no whole answer within {} s.", limit.as_secs_f64())))
    })
}

async fn beginning(mut body: impl Body<Data = Bytes, Error = hyper::Error> + Unpin) -> Result<Bytes> {
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|error| failed(&error))?.into_data() else { continue };
        let room = MOST.saturating_sub(read.len());
        read.extend_from_slice(data.get(..room).unwrap_or(&data));
        if data.len() >= room {
            break;
        }
    }
    Ok(read.freeze())
}

/// With the innermost cause, which says what happened.
fn failed(error: &(dyn std::error::Error + 'static)) -> Error {
    let cause = std::iter::successors(Some(error), |error| error.source()).last().unwrap_or(error);
    Error::new(Kind::Connection, cause.to_string())
}
