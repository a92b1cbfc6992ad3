//! The body of a request, read within limits of size and time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use bytes::BytesMut;
use http::{header, request};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use super::exception::Exception;

/// Largest request body (AWS API, InvokeModel `body`).
const LARGEST_BODY: usize = 25_000_000;
/// A client that is still sending does not read. So much of a body that is too large is read all the same, that it can.
const PATIENCE_BYTES: usize = 4 * LARGEST_BODY;
/// Longest silence between two pieces of a body.
const PATIENCE: Duration = Duration::from_secs(60);

/// The whole body, or why it is refused.
pub(super) async fn body(head: &request::Parts, body: Body) -> Result<Bytes, Exception> {
    Receiver { body, patience: PATIENCE }.whole(head).await
}

/// A body that is being read.
struct Receiver {
    body: Body,
    patience: Duration,
}

impl Receiver {
    async fn whole(mut self, head: &request::Parts) -> Result<Bytes, Exception> {
        let expected = announced(head);
        // The client waits for leave to send: nothing is read.
        if expected > LARGEST_BODY && head.headers.contains_key(header::EXPECT) {
            return Err(too_large());
        }
        let Some(first) = self.next().await? else { return Ok(Bytes::new()) };
        if first.len() == expected {
            return Ok(first);
        }
        let mut whole = BytesMut::with_capacity(expected.min(LARGEST_BODY).max(first.len()));
        whole.extend_from_slice(&first);
        while let Some(piece) = self.next().await? {
            if whole.len() + piece.len() > LARGEST_BODY {
                let read = whole.len() + piece.len();
                drop(whole);
                return Err(self.discard(read).await);
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Exception> {
        loop {
            let frame = timeout(self.patience, self.body.frame()).await.map_err(|_| silent())?;
            match frame {
                None => return Ok(None),
                // Trailers are nothing to us.
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if data.is_empty() => {}
                    Ok(data) => return Ok(Some(data)),
                    Err(_) => {}
                },
                Some(Err(_)) => return Err(Exception::validation("The body of the request could not be read.")),
            }
        }
    }

    async fn discard(mut self, mut read: usize) -> Exception {
        while read < PATIENCE_BYTES {
            match self.next().await {
                Ok(Some(piece)) => read += piece.len(),
                Ok(None) | Err(_) => break,
            }
        }
        too_large()
    }
}

fn announced(head: &request::Parts) -> usize {
    let length = head.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or_default()
}

fn too_large() -> Exception {
    Exception::validation(format!(
        "1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than or equal to {LARGEST_BODY}"
    ))
}

fn silent() -> Exception {
    Exception::new("RequestTimeoutException", "The request was not received in time.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;
    use http::Request;
    use std::convert::Infallible;

    async fn read(request: http::request::Builder, pieces: Vec<Bytes>) -> Result<usize, String> {
        let (head, ()) = request.body(()).unwrap().into_parts();
        let pieces = stream::iter(pieces.into_iter().map(Ok::<_, Infallible>));
        body(&head, Body::from_stream(pieces)).await.map(|body| body.len()).map_err(|refusal| refusal.message)
    }

    #[tokio::test]
    async fn the_limit_is_exact_for_any_pieces() {
        let half = Bytes::from(vec![b'x'; LARGEST_BODY / 2]);
        let one = Bytes::from_static(b"x");
        let fits = vec![half.clone(), half.clone()];
        assert_eq!(read(Request::post("/"), fits.clone()).await, Ok(LARGEST_BODY));
        let refusal = read(Request::post("/"), [fits, vec![one.clone()]].concat()).await.unwrap_err();
        assert!(refusal.ends_with("less than or equal to 25000000"));
        assert_eq!(read(Request::post("/"), vec![Bytes::new(), one.clone(), Bytes::new(), one]).await, Ok(2));
        assert_eq!(read(Request::post("/"), Vec::new()).await, Ok(0));
    }

    #[tokio::test]
    async fn who_asks_before_sending_too_much_is_refused_unread() {
        let request = Request::post("/").header("expect", "100-continue").header("content-length", "25000001");
        let (head, ()) = request.body(()).unwrap().into_parts();
        let unread = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        assert_eq!(body(&head, unread).await.unwrap_err().status, 400);
    }

    #[tokio::test]
    async fn silence_ends() {
        let (head, ()) = Request::post("/").body(()).unwrap().into_parts();
        let body = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let silent = Receiver { body, patience: Duration::from_millis(5) };
        assert_eq!(silent.whole(&head).await.unwrap_err().status, 408);
    }
}
