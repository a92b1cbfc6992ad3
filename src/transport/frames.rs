//! `application/vnd.amazon.eventstream`: whole frames out of whatever pieces the network gives.
//!
//! The format is decoded and its checksums are verified by `aws-smithy-eventstream`; here are the bound on a frame's
//! size, the check that no frame was cut, and what the headers mean.

use aws_smithy_eventstream::frame::read_message_from;
use aws_smithy_types::event_stream::{Header, Message};
use bytes::{Buf, Bytes, BytesMut};

use crate::error::{Error, Kind, Result};

/// The largest frame that is accepted, in bytes: botocore's limit of 24 MiB for the payload, and some for headers.
const MAX_FRAME: usize = 25 * 1024 * 1024;
/// Total length, headers' length, checksum of both, checksum of the whole.
const MIN_FRAME: usize = 16;

/// One event.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    /// `:event-type`, e.g. `contentBlockDelta` or `chunk`.
    pub event_type: String,
    /// JSON.
    pub payload: Bytes,
}

/// Collects bytes and gives out frames.
#[derive(Debug, Default)]
pub struct Frames {
    pending: BytesMut,
}

impl Frames {
    /// Takes the next piece of the body, however it was split.
    pub fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The next whole frame; `None` until more bytes come. An exception frame is an error.
    pub fn next_frame(&mut self) -> Result<Option<Frame>> {
        let Some(prelude) = self.pending.first_chunk::<4>() else { return Ok(None) };
        let length = usize::try_from(u32::from_be_bytes(*prelude)).unwrap_or(usize::MAX);
        if !(MIN_FRAME..=MAX_FRAME).contains(&length) {
            let message = format!("A frame of the stream claims {length} bytes; at most {MAX_FRAME} are accepted.");
            return Err(Error::new(Kind::BrokenStream, message));
        }
        if self.pending.len() < length {
            return Ok(None);
        }
        let mut bytes = self.pending.split_to(length).freeze();
        let message = read_message_from(&mut bytes)
            .map_err(|error| Error::new(Kind::BrokenStream, format!("A frame of the stream is damaged: {error}.")))?;
        frame(message).map(Some)
    }

    /// The body is over: refuses a frame that was cut.
    pub fn finish(&self) -> Result<()> {
        if self.pending.has_remaining() {
            let message = "The stream ended in the middle of a frame, so the answer may be incomplete. Try again.";
            return Err(Error::new(Kind::BrokenStream, message));
        }
        Ok(())
    }
}

fn frame(message: Message) -> Result<Frame> {
    let header = |name: &str| text(message.headers(), name);
    match header(":message-type") {
        Some("event") => {
            let event_type = header(":event-type").unwrap_or_default().to_owned();
            Ok(Frame { event_type, payload: message.payload().clone() })
        }
        Some("exception") => Err(exception(header(":exception-type").unwrap_or_default(), message.payload())),
        Some("error") => {
            let code = header(":error-code").unwrap_or("UnknownError");
            Err(Error::service(code, header(":error-message").unwrap_or("The stream ended with an error.")))
        }
        other => {
            let message = format!("The stream has a frame of the unknown message type {other:?}.");
            Err(Error::new(Kind::BrokenStream, message))
        }
    }
}

fn text<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    let header = headers.iter().find(|header| header.name().as_str() == name)?;
    header.value().as_string().ok().map(|value| value.as_str())
}

/// An exception in mid-stream: the service's name and text for it.
fn exception(name: &str, payload: &[u8]) -> Error {
    let body: serde_json::Value = serde_json::from_slice(payload).unwrap_or_default();
    let member = |name: &str| body.get(name).and_then(serde_json::Value::as_str);
    let text = member("message").or_else(|| member("Message")).or_else(|| member("originalMessage"));
    Error::service(name, text.unwrap_or("The service ended the stream with an exception and no message."))
}
