//! `application/vnd.amazon.eventstream`: one frame as data, its writer, and a reader that takes any split of the bytes.
//!
//! Layout: total length, headers length, CRC-32 of those eight bytes, headers, payload, CRC-32 of everything before.
//! Nothing here knows what an event means; `events` does.

use std::fmt;

/// Bytes before the headers: two lengths and their checksum.
const PRELUDE: usize = 12;
/// Bytes of a frame without headers and payload: the prelude and the closing checksum.
const OVERHEAD: usize = PRELUDE + 4;
/// Longest frame the reader accepts: botocore's limits, 24 MiB of payload and 128 KiB of headers.
pub const MAX_FRAME: usize = 24 * 1024 * 1024 + 128 * 1024 + OVERHEAD;
/// Longest text of one header; the format counts it in 16 bits, we stay well below.
const MAX_HEADER_TEXT: usize = 32 * 1024;

/// The value of one frame header. Bedrock answers with [`HeaderValue::Text`] only; the others come in signed requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderValue {
    /// Types 0 and 1.
    Bool(bool),
    /// Type 2.
    Byte(i8),
    /// Type 3.
    Short(i16),
    /// Type 4.
    Int(i32),
    /// Type 5.
    Long(i64),
    /// Type 6, at most 65,535 bytes.
    Bytes(Vec<u8>),
    /// Type 7, at most 65,535 bytes of UTF-8.
    Text(String),
    /// Type 8, milliseconds since 1970.
    Timestamp(i64),
    /// Type 9.
    Uuid([u8; 16]),
}

/// One frame. Made by the constructors or by [`Reader`], so names and values always fit their length fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    headers: Vec<(String, HeaderValue)>,
    payload: Vec<u8>,
}

/// Why bytes are not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// The first eight bytes do not match their CRC-32.
    PreludeChecksum,
    /// The frame does not match its closing CRC-32.
    MessageChecksum,
    /// The lengths contradict each other or exceed [`MAX_FRAME`].
    Length,
    /// The header block does not parse.
    Headers,
    /// The bytes end inside a frame.
    Truncated,
}

impl fmt::Display for FrameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            FrameError::PreludeChecksum => "the prelude checksum of the frame does not match",
            FrameError::MessageChecksum => "the message checksum of the frame does not match",
            FrameError::Length => "the frame's lengths are impossible or too large",
            FrameError::Headers => "the frame's headers do not parse",
            FrameError::Truncated => "the stream ends inside a frame",
        })
    }
}

impl std::error::Error for FrameError {}

impl Frame {
    /// An event with a JSON payload; headers in the order AWS sends them (every recording).
    pub fn event(event_type: &str, payload: impl Into<Vec<u8>>) -> Frame {
        Frame::with_kind(":event-type", event_type, "event", payload.into())
    }

    /// A modelled exception: the union member in lower camel case and its JSON payload.
    pub fn exception(exception_type: &str, payload: impl Into<Vec<u8>>) -> Frame {
        Frame::with_kind(":exception-type", exception_type, "exception", payload.into())
    }

    /// An unmodelled error: code and message in headers, no payload.
    pub fn error(code: &str, message: &str) -> Frame {
        let headers = [(":message-type", "error"), (":error-code", code), (":error-message", message)];
        Frame { headers: headers.map(|(name, value)| text_header(name, value)).into(), payload: Vec::new() }
    }

    /// A frame of these headers, all texts. Names are cut at 255 bytes, values at 32 KiB.
    pub fn with_headers<'a>(
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
        payload: impl Into<Vec<u8>>,
    ) -> Frame {
        let headers = headers.into_iter().map(|(name, value)| text_header(name, value)).collect();
        Frame { headers, payload: payload.into() }
    }

    fn with_kind(name: &str, value: &str, message_type: &str, payload: Vec<u8>) -> Frame {
        let headers = [(name, value), (":content-type", "application/json"), (":message-type", message_type)];
        Frame { headers: headers.map(|(name, value)| text_header(name, value)).into(), payload }
    }

    /// The text of a header, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|(key, value)| match value {
            HeaderValue::Text(text) if key == name => Some(text.as_str()),
            _ => None,
        })
    }

    /// All headers, in wire order.
    pub fn headers(&self) -> &[(String, HeaderValue)] {
        &self.headers
    }

    /// The payload as sent.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The frame as wire bytes, both checksums included.
    pub fn encode(&self) -> Vec<u8> {
        let headers_length: usize = self.headers.iter().map(|(name, value)| 2 + name.len() + value.wire_length()).sum();
        let total = OVERHEAD + headers_length + self.payload.len();
        let mut out = Vec::with_capacity(total);
        out.extend((total as u32).to_be_bytes());
        out.extend((headers_length as u32).to_be_bytes());
        out.extend(crc32fast::hash(&out).to_be_bytes());
        for (name, value) in &self.headers {
            out.push(name.len() as u8);
            out.extend(name.as_bytes());
            value.write(&mut out);
        }
        out.extend(&self.payload);
        out.extend(crc32fast::hash(&out).to_be_bytes());
        out
    }
}

fn text_header(name: &str, value: &str) -> (String, HeaderValue) {
    let name = &name[..name.floor_char_boundary(u8::MAX.into())];
    (name.to_owned(), HeaderValue::Text(value[..value.floor_char_boundary(MAX_HEADER_TEXT)].to_owned()))
}

impl HeaderValue {
    /// Bytes after the type byte.
    fn wire_length(&self) -> usize {
        match self {
            HeaderValue::Bool(_) => 0,
            HeaderValue::Byte(_) => 1,
            HeaderValue::Short(_) => 2,
            HeaderValue::Int(_) => 4,
            HeaderValue::Long(_) | HeaderValue::Timestamp(_) => 8,
            HeaderValue::Bytes(bytes) => 2 + bytes.len(),
            HeaderValue::Text(text) => 2 + text.len(),
            HeaderValue::Uuid(_) => 16,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            HeaderValue::Bool(true) => out.push(0),
            HeaderValue::Bool(false) => out.push(1),
            HeaderValue::Byte(value) => tagged(out, 2, &value.to_be_bytes()),
            HeaderValue::Short(value) => tagged(out, 3, &value.to_be_bytes()),
            HeaderValue::Int(value) => tagged(out, 4, &value.to_be_bytes()),
            HeaderValue::Long(value) => tagged(out, 5, &value.to_be_bytes()),
            HeaderValue::Bytes(value) => sized(out, 6, value),
            HeaderValue::Text(value) => sized(out, 7, value.as_bytes()),
            HeaderValue::Timestamp(value) => tagged(out, 8, &value.to_be_bytes()),
            HeaderValue::Uuid(value) => tagged(out, 9, value),
        }
    }

    fn read(kind: u8, rest: &mut &[u8]) -> Option<HeaderValue> {
        Some(match kind {
            0 => HeaderValue::Bool(true),
            1 => HeaderValue::Bool(false),
            2 => HeaderValue::Byte(i8::from_be_bytes(array(rest)?)),
            3 => HeaderValue::Short(i16::from_be_bytes(array(rest)?)),
            4 => HeaderValue::Int(i32::from_be_bytes(array(rest)?)),
            5 => HeaderValue::Long(i64::from_be_bytes(array(rest)?)),
            6 => HeaderValue::Bytes(counted(rest)?.to_vec()),
            7 => HeaderValue::Text(std::str::from_utf8(counted(rest)?).ok()?.to_owned()),
            8 => HeaderValue::Timestamp(i64::from_be_bytes(array(rest)?)),
            9 => HeaderValue::Uuid(array(rest)?),
            _ => return None,
        })
    }
}

fn tagged(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    out.push(kind);
    out.extend(bytes);
}

fn sized(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    out.push(kind);
    out.extend((bytes.len() as u16).to_be_bytes());
    out.extend(bytes);
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    Some(head)
}

fn array<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    take(rest, N)?.try_into().ok()
}

fn counted<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u16::from_be_bytes(array(rest)?);
    take(rest, length.into())
}

/// Frames out of bytes that arrive in any split. Holds at most one unfinished frame.
#[derive(Debug, Default)]
pub struct Reader {
    pending: Vec<u8>,
    start: usize,
}

impl Reader {
    /// Adds bytes as they came from the wire.
    pub fn push(&mut self, bytes: &[u8]) {
        self.pending.drain(..self.start);
        self.start = 0;
        self.pending.extend_from_slice(bytes);
    }

    /// The next whole frame; `None` until more bytes are pushed. After an error the reader is of no further use.
    pub fn frame(&mut self) -> Result<Option<Frame>, FrameError> {
        let bytes = self.pending.get(self.start..).unwrap_or_default();
        let Some((prelude, _)) = bytes.split_at_checked(PRELUDE) else { return Ok(None) };
        let mut fields = prelude;
        let [total, headers_length, checksum] =
            [(); 3].map(|()| array(&mut fields).map(u32::from_be_bytes).unwrap_or_default());
        if checksum != crc32fast::hash(prelude.get(..8).unwrap_or_default()) {
            return Err(FrameError::PreludeChecksum);
        }
        let (total, headers_length) = (total as usize, headers_length as usize);
        if total > MAX_FRAME || total < OVERHEAD + headers_length {
            return Err(FrameError::Length);
        }
        let Some(message) = bytes.get(..total) else { return Ok(None) };
        let frame = parse(message, headers_length)?;
        self.start += total;
        Ok(Some(frame))
    }

    /// Called at the end of the bytes: fails when they end inside a frame.
    pub fn finish(&self) -> Result<(), FrameError> {
        if self.start < self.pending.len() { Err(FrameError::Truncated) } else { Ok(()) }
    }
}

/// `message` is one whole frame whose prelude has been checked.
fn parse(message: &[u8], headers_length: usize) -> Result<Frame, FrameError> {
    let Some((covered, checksum)) = message.split_last_chunk::<4>() else { return Err(FrameError::Length) };
    if u32::from_be_bytes(*checksum) != crc32fast::hash(covered) {
        return Err(FrameError::MessageChecksum);
    }
    let body = covered.get(PRELUDE..).unwrap_or_default();
    let Some((mut rest, payload)) = body.split_at_checked(headers_length) else { return Err(FrameError::Length) };
    let mut headers = Vec::new();
    while !rest.is_empty() {
        headers.push(header(&mut rest).ok_or(FrameError::Headers)?);
    }
    Ok(Frame { headers, payload: payload.to_vec() })
}

fn header(rest: &mut &[u8]) -> Option<(String, HeaderValue)> {
    let [length] = array(rest)?;
    let name = std::str::from_utf8(take(rest, length.into())?).ok()?.to_owned();
    let [kind] = array(rest)?;
    Some((name, HeaderValue::read(kind, rest)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `messageStart` as recorded from AWS.
    const GOLDEN: &str = "00000090000000523141c8a10b3a6576656e742d7479706507000c6d65737361676553746172740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b2270223a226162636465666768696a6b6c6d6e6f70717273222c22726f6c65223a22617373697374616e74227d1176eab0";

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    fn read_all(pieces: &[&[u8]]) -> Result<Vec<Frame>, FrameError> {
        let (mut reader, mut frames) = (Reader::default(), Vec::new());
        for piece in pieces {
            reader.push(piece);
            while let Some(frame) = reader.frame()? {
                frames.push(frame);
            }
        }
        reader.finish().map(|()| frames)
    }

    #[test]
    fn writes_the_recorded_message_start_byte_for_byte() {
        let frame = Frame::event("messageStart", br#"{"p":"abcdefghijklmnopqrs","role":"assistant"}"#.to_vec());
        assert_eq!(frame.encode(), hex(GOLDEN));
    }

    #[test]
    fn reads_every_header_type_back() {
        let values = [
            HeaderValue::Bool(true),
            HeaderValue::Bool(false),
            HeaderValue::Byte(-1),
            HeaderValue::Short(-2),
            HeaderValue::Int(-3),
            HeaderValue::Long(-4),
            HeaderValue::Bytes(vec![1, 2, 3]),
            HeaderValue::Text("é".into()),
            HeaderValue::Timestamp(1_700_000_000_000),
            HeaderValue::Uuid([7; 16]),
        ];
        let headers = values.into_iter().enumerate().map(|(n, value)| (format!("h{n}"), value)).collect();
        let frame = Frame { headers, payload: b"x".to_vec() };
        assert_eq!(read_all(&[&frame.encode()]).unwrap(), [frame]);
    }

    #[test]
    fn each_broken_byte_is_an_error() {
        let good = hex(GOLDEN);
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0xff;
            let expected = if at < 12 { FrameError::PreludeChecksum } else { FrameError::MessageChecksum };
            assert_eq!(read_all(&[&bad]), Err(expected), "byte {at}");
        }
    }

    #[test]
    fn every_cut_is_an_error() {
        let good = hex(GOLDEN);
        for length in 1..good.len() {
            assert_eq!(read_all(&[&good[..length]]), Err(FrameError::Truncated), "length {length}");
        }
    }

    #[test]
    fn an_oversize_length_is_refused_before_its_bytes_arrive() {
        let mut prelude = u32::MAX.to_be_bytes().to_vec();
        prelude.extend(0u32.to_be_bytes());
        prelude.extend(crc32fast::hash(&prelude).to_be_bytes());
        assert_eq!(read_all(&[&prelude]), Err(FrameError::Length));
    }

    #[test]
    fn a_long_error_message_is_cut_at_a_character() {
        let frame = Frame::error("InternalFailure", &"é".repeat(40_000));
        assert_eq!(read_all(&[&frame.encode()]).unwrap(), [frame]);
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_frames(payloads in proptest::collection::vec(".{0,40}", 1..6), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..20)) {
            let frames: Vec<Frame> = payloads.into_iter().map(|text| Frame::event("chunk", text)).collect();
            let bytes: Vec<u8> = frames.iter().flat_map(Frame::encode).collect();
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).chain([0, bytes.len()]).collect();
            at.sort_unstable();
            let pieces: Vec<&[u8]> = at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(read_all(&pieces).unwrap(), frames);
        }
    }
}
