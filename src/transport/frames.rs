//! `application/vnd.amazon.eventstream`: whole frames out of whatever pieces the network gives.
//!
//! A frame is `total length, headers length, CRC of both, headers, payload, CRC of all before`, numbers big-endian
//! (Smithy, "Amazon Event Stream Specification"). Read in place: a streamed answer is mostly frames, and the codec of
//! `aws-smithy-eventstream`, which is the judge in the tests, costs more than everything else about a chunk.

use crate::error::{Error, Kind, Result};

/// The largest frame that is accepted, in bytes: botocore's limit of 24 MiB for the payload, and some for headers.
const MAX_FRAME: usize = 25 * 1024 * 1024;
/// Both lengths and their checksum.
const PRELUDE: usize = 12;
/// A checksum.
const CRC: usize = 4;

/// One event, borrowed from the bytes that came.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// `:event-type`, e.g. `contentBlockDelta` or `chunk`.
    pub event_type: &'a str,
    /// JSON.
    pub payload: &'a [u8],
}

/// Collects bytes and gives out frames.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    /// How much of `bytes` has been given out.
    read: usize,
}

impl Frames {
    /// Takes the next piece of the body, however it was split.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.read);
        self.read = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole frame; `None` until more bytes come. An exception frame is an error.
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>> {
        let pending = self.bytes.get(self.read..).unwrap_or_default();
        let Some(length) = length(pending)? else { return Ok(None) };
        let Some(whole) = pending.get(..length) else { return Ok(None) };
        self.read += length;
        frame(whole).map(Some)
    }

    /// The body is over: refuses a frame that was cut.
    pub fn finish(&self) -> Result<()> {
        if self.read < self.bytes.len() {
            return Err(broken("ended in the middle of a frame, so the answer may be incomplete. Try again"));
        }
        Ok(())
    }
}

/// The length the prelude claims, checked before anything of that length is awaited.
fn length(pending: &[u8]) -> Result<Option<usize>> {
    let Some(claimed) = pending.first_chunk::<4>() else { return Ok(None) };
    let length = size(claimed);
    if !(PRELUDE + CRC..=MAX_FRAME).contains(&length) {
        return Err(broken(&format!("has a frame that claims {length} bytes; at most {MAX_FRAME} are accepted")));
    }
    let Some(prelude) = pending.get(..PRELUDE) else { return Ok(None) };
    let (lengths, crc) = prelude.split_at(PRELUDE - CRC);
    if crc32fast::hash(lengths) != number(crc) {
        return Err(broken("has a frame whose beginning is damaged (checksum)"));
    }
    Ok(Some(length))
}

fn frame(whole: &[u8]) -> Result<Frame<'_>> {
    let (body, crc) = whole.split_at(whole.len().saturating_sub(CRC));
    if crc32fast::hash(body) != number(crc) {
        return Err(broken("has a damaged frame (checksum)"));
    }
    let headers_length = body.get(4..8).map_or(0, size);
    let (headers, payload) = body
        .get(PRELUDE..)
        .and_then(|rest| rest.split_at_checked(headers_length))
        .ok_or_else(|| broken("has a frame whose headers are longer than itself"))?;
    let headers = Headers::read(headers)?;
    match headers.message_type {
        "event" => Ok(Frame { event_type: headers.event_type, payload }),
        "exception" => Err(exception(headers.exception_type, payload)),
        "error" if headers.error_message.is_empty() => {
            Err(Error::service(headers.error_code, "The service ended the stream with an error and no message."))
        }
        "error" => Err(Error::service(headers.error_code, headers.error_message)),
        other => Err(broken(&format!("has a frame of the unknown message type {other:?}"))),
    }
}

/// The headers that mean something here; empty where they are missing.
#[derive(Default)]
struct Headers<'a> {
    message_type: &'a str,
    event_type: &'a str,
    exception_type: &'a str,
    error_code: &'a str,
    error_message: &'a str,
}

impl<'a> Headers<'a> {
    fn read(mut rest: &'a [u8]) -> Result<Self> {
        let mut headers = Headers::default();
        while !rest.is_empty() {
            let (name, value, after) = header(rest).ok_or_else(|| broken("has a frame with damaged headers"))?;
            rest = after;
            match name {
                b":message-type" => headers.message_type = value,
                b":event-type" => headers.event_type = value,
                b":exception-type" => headers.exception_type = value,
                b":error-code" => headers.error_code = value,
                b":error-message" => headers.error_message = value,
                _ => {}
            }
        }
        Ok(headers)
    }
}

/// Name and value of the first header, and what follows. Values that are no text count as empty.
fn header(bytes: &[u8]) -> Option<(&[u8], &str, &[u8])> {
    let (&name_length, rest) = bytes.split_first()?;
    let (name, rest) = rest.split_at_checked(usize::from(name_length))?;
    let (&kind, rest) = rest.split_first()?;
    // Bool true, bool false, i8, i16, i32, i64, bytes, string, timestamp, uuid.
    let fixed = match kind {
        0 | 1 => 0,
        2 => 1,
        3 => 2,
        4 => 4,
        5 | 8 => 8,
        9 => 16,
        6 | 7 => {
            let (length, rest) = rest.split_at_checked(2)?;
            let length = u16::from_be_bytes(length.try_into().ok()?);
            let (value, rest) = rest.split_at_checked(usize::from(length))?;
            let text = if kind == 7 { std::str::from_utf8(value).ok()? } else { "" };
            return Some((name, text, rest));
        }
        _ => return None,
    };
    Some((name, "", rest.split_at_checked(fixed)?.1))
}

/// The first four bytes as a number; 0 where there are fewer, which callers rule out.
fn number(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

fn size(bytes: &[u8]) -> usize {
    usize::try_from(number(bytes)).unwrap_or(usize::MAX)
}

fn broken(what: &str) -> Error {
    Error::new(Kind::BrokenStream, format!("The stream {what}."))
}

/// An exception in mid-stream: the service's name and text for it.
fn exception(name: &str, payload: &[u8]) -> Error {
    let body: serde_json::Value = serde_json::from_slice(payload).unwrap_or_default();
    let member = |name: &str| body.get(name).and_then(serde_json::Value::as_str);
    let text = member("message").or_else(|| member("Message")).or_else(|| member("originalMessage"));
    Error::service(name, text.unwrap_or("The service ended the stream with an exception and no message."))
}

#[cfg(test)]
mod tests {
    use aws_smithy_eventstream::frame::write_message_to;
    use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
    use proptest::prelude::*;

    use super::*;

    /// A frame as AWS's own codec writes it, with a header of every type.
    fn written(message_type: &str, event_type: &str, payload: &[u8]) -> Vec<u8> {
        let text = |value: &str| HeaderValue::String(value.to_owned().into());
        let message = Message::new(payload.to_vec())
            .add_header(Header::new("a", HeaderValue::Bool(true)))
            .add_header(Header::new("b", HeaderValue::Byte(1)))
            .add_header(Header::new("c", HeaderValue::Int16(2)))
            .add_header(Header::new("d", HeaderValue::Int32(3)))
            .add_header(Header::new("e", HeaderValue::Int64(4)))
            .add_header(Header::new("f", HeaderValue::ByteArray(vec![1, 2, 3].into())))
            .add_header(Header::new("g", HeaderValue::Uuid(5)))
            .add_header(Header::new(":event-type", text(event_type)))
            .add_header(Header::new(":exception-type", text(event_type)))
            .add_header(Header::new(":content-type", text("application/json")))
            .add_header(Header::new(":message-type", text(message_type)));
        let mut bytes = Vec::new();
        write_message_to(&message, &mut bytes).unwrap();
        bytes
    }

    fn read(pieces: &[&[u8]]) -> Result<Vec<(String, Vec<u8>)>> {
        let mut frames = Frames::default();
        let mut events = Vec::new();
        for piece in pieces {
            frames.push(piece);
            while let Some(frame) = frames.next_frame()? {
                events.push((frame.event_type.to_owned(), frame.payload.to_vec()));
            }
        }
        frames.finish()?;
        Ok(events)
    }

    #[test]
    fn what_is_damaged_cut_or_too_long_is_refused() {
        let good = written("event", "chunk", b"{}");
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0xff;
            assert_eq!(read(&[&bad]).unwrap_err().kind, Kind::BrokenStream, "byte {at}");
        }
        for length in 1..good.len() {
            assert_eq!(read(&[&good[..length]]).unwrap_err().kind, Kind::BrokenStream, "{length} bytes");
        }
        let mut long = (MAX_FRAME as u32 + 1).to_be_bytes().to_vec();
        long.extend([0, 0, 0, 0]);
        let crc = crc32fast::hash(&long);
        long.extend(crc.to_be_bytes());
        assert!(read(&[&long]).unwrap_err().message.contains("at most"));
    }

    #[test]
    fn an_exception_is_the_services_error() {
        let error = read(&[&written("exception", "throttlingException", br#"{"message":"slow down"}"#)]).unwrap_err();
        assert_eq!((error.name(), error.message.as_str()), ("ThrottlingException", "slow down"));
    }

    proptest! {
        #[test]
        fn any_split_of_what_awss_codec_writes_gives_the_same(
            payloads in prop::collection::vec("[a-z]{0,40}", 1..5),
            splits in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let bytes: Vec<u8> = payloads.iter().flat_map(|payload| written("event", "chunk", payload.as_bytes())).collect();
            let mut at: Vec<usize> = splits.iter().map(|split| split.index(bytes.len())).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let pieces: Vec<&[u8]> = at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            let events = read(&pieces).unwrap();
            prop_assert_eq!(events, payloads.into_iter().map(|p| ("chunk".to_owned(), p.into_bytes())).collect::<Vec<_>>());
        }
    }
}
