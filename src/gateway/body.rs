//! The body of an answer.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures::Stream;
use hyper::body::{Body, Frame, SizeHint};

use super::connection::Request;

/// All at once, or piece by piece.
pub(super) struct AnswerBody {
    content: Content,
    /// The connection is busy for as long as this lives.
    _request: Option<Request>,
}

enum Content {
    Whole(Bytes),
    Streamed(Pieces),
    /// Nothing more comes.
    Over,
}

/// The pieces of a stream.
pub(super) type Pieces = Pin<Box<dyn Stream<Item = Bytes> + Send>>;

/// What a stream says that met a defect.
const DEFECT: &str = r#"data: {"error":{"message":"The gateway has a defect: it panicked. Please report it with the text on stderr.","type":"server_error","param":null,"code":"internal_error"}}"#;

impl AnswerBody {
    pub(super) fn whole(bytes: impl Into<Bytes>) -> AnswerBody {
        AnswerBody { content: Content::Whole(bytes.into()), _request: None }
    }

    pub(super) fn streamed(pieces: Pieces) -> AnswerBody {
        AnswerBody { content: Content::Streamed(pieces), _request: None }
    }

    /// The same as the answer to a request.
    pub(super) fn of(self, request: Request) -> AnswerBody {
        AnswerBody { _request: Some(request), ..self }
    }

    /// What it is, where it is there at once.
    pub(super) fn as_whole(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Whole(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = match &mut self.content {
            Content::Whole(bytes) => {
                let bytes = std::mem::take(bytes);
                self.content = Content::Over;
                Some(bytes).filter(|bytes| !bytes.is_empty())
            }
            // A defect costs its stream the rest, and says so.
            Content::Streamed(pieces) => match catch_unwind(AssertUnwindSafe(|| pieces.as_mut().poll_next(context))) {
                Ok(polled) => ready!(polled),
                Err(_) => {
                    self.content = Content::Over;
                    Some(Bytes::from(format!("{DEFECT}\n\n")))
                }
            },
            Content::Over => None,
        };
        if piece.is_none() {
            self.content = Content::Over;
        }
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Whole(bytes) => bytes.is_empty(),
            Content::Streamed(_) => false,
            Content::Over => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Streamed(_) => SizeHint::default(),
            Content::Over => SizeHint::with_exact(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{FutureExt as _, StreamExt as _, stream};
    use http_body_util::BodyExt as _;

    fn text(body: AnswerBody) -> String {
        let collected = body.collect().now_or_never().unwrap().unwrap();
        String::from_utf8(collected.to_bytes().to_vec()).unwrap()
    }

    #[test]
    fn bodies_give_what_they_hold_once() {
        assert_eq!(text(AnswerBody::whole("all")), "all");
        assert_eq!(AnswerBody::whole("all").size_hint().exact(), Some(3));
        assert!(AnswerBody::whole("").is_end_stream());
        let pieces = stream::iter(["one", "two"]).map(Bytes::from).boxed();
        assert_eq!(text(AnswerBody::streamed(pieces)), "onetwo");
    }

    #[test]
    fn a_defect_ends_a_stream_with_an_error_event() {
        let pieces = stream::iter([0, 1]).map(|index| {
            assert_eq!(index, 0, "a defect of this test, to be seen on stderr");
            Bytes::from("data: {}\n\n")
        });
        let told = text(AnswerBody::streamed(pieces.boxed()));
        assert!(told.starts_with("data: {}\n\ndata: {\"error\":"), "{told}");
        assert!(told.ends_with("}\n\n"), "{told}");
    }
}
