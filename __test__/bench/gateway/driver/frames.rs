//! What the mock Bedrock sends: `application/vnd.amazon.eventstream` frames, padded as the service pads them.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::body::find;

/// Where the time stands in a text of twenty bytes.
pub(crate) const MARK: u8 = b'~';
/// Its digits: microseconds since 1970.
pub(crate) const DIGITS: usize = 16;

/// What ends an HTTP body in chunks.
pub(crate) const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

const PADDING: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/// Length and two checksums around a frame's headers and payload.
const PRELUDE: usize = 12;

/// Microseconds since 1970, the one clock that two processes can compare without a system call of their own.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as u64
}

/// What comes before the first text.
pub(crate) fn head() -> Vec<u8> {
    frame("messageStart", r#"{"p":"abcdefghijklmnopqrs","role":"assistant"}"#)
}

/// What comes after the last.
pub(crate) fn tail(chunks: usize) -> [Vec<u8>; 3] {
    let usage =
        format!(r#""usage":{{"inputTokens":15,"outputTokens":{chunks},"totalTokens":{total}}}"#, total = chunks + 15);
    [
        frame("contentBlockStop", r#"{"contentBlockIndex":0,"p":"abcdefgh"}"#),
        frame("messageStop", r#"{"p":"abcdefghijklmnop","stopReason":"end_turn"}"#),
        frame("metadata", &format!(r#"{{"metrics":{{"latencyMs":708}},"p":"abcdef",{usage}}}"#)),
    ]
}

/// A whole stream, each frame in an HTTP chunk of its own, or in chunks of `size` bytes.
pub(crate) fn whole(chunks: usize, size: Option<usize>) -> Vec<u8> {
    let mut frames = vec![head()];
    frames.extend((0..chunks).map(|nth| Text::new(nth).at(now()).to_vec()));
    frames.extend(tail(chunks));
    let mut body: Vec<u8> = match size {
        None => frames.iter().flat_map(|frame| chunked(frame)).collect(),
        Some(size) => frames.concat().chunks(size).flat_map(chunked).collect(),
    };
    body.extend_from_slice(LAST_CHUNK);
    body
}

/// The frame of a text that carries a time.
pub(crate) struct Text {
    frame: Vec<u8>,
    digits: usize,
}

impl Text {
    /// The `nth` of a stream, which has its own padding.
    pub(crate) fn new(nth: usize) -> Text {
        let padding = &PADDING[..2 + nth * 17 % 60];
        let blank = format!("{}{} of", MARK as char, "0".repeat(DIGITS));
        let payload = format!(r#"{{"contentBlockIndex":0,"delta":{{"text":"{blank}"}},"p":"{padding}"}}"#);
        let frame = frame("contentBlockDelta", &payload);
        let digits = find(&frame, blank.as_bytes()).unwrap() + 1;
        Text { frame, digits }
    }

    /// Its bytes with `time` in them.
    pub(crate) fn at(&mut self, mut time: u64) -> &[u8] {
        for digit in self.frame[self.digits..self.digits + DIGITS].iter_mut().rev() {
            *digit = b'0' + (time % 10) as u8;
            time /= 10;
        }
        let (frame, crc) = self.frame.split_last_chunk_mut::<4>().unwrap();
        *crc = crc32fast::hash(frame).to_be_bytes();
        &self.frame
    }
}

/// A piece of an HTTP body.
pub(crate) fn chunked(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

fn frame(event_type: &str, payload: &str) -> Vec<u8> {
    let mut headers = Vec::new();
    for (name, value) in
        [(":event-type", event_type), (":content-type", "application/json"), (":message-type", "event")]
    {
        headers.push(name.len() as u8);
        headers.extend_from_slice(name.as_bytes());
        headers.push(7); // a string
        headers.extend_from_slice(&(value.len() as u16).to_be_bytes());
        headers.extend_from_slice(value.as_bytes());
    }
    let mut frame = Vec::new();
    frame.extend_from_slice(&((PRELUDE + headers.len() + payload.len() + 4) as u32).to_be_bytes());
    frame.extend_from_slice(&(headers.len() as u32).to_be_bytes());
    frame.extend_from_slice(&crc32fast::hash(&frame).to_be_bytes());
    frame.extend_from_slice(&headers);
    frame.extend_from_slice(payload.as_bytes());
    frame.extend_from_slice(&crc32fast::hash(&frame).to_be_bytes());
    frame
}
