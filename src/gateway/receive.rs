//! The body of a request: bounded in size and time, decompressed where it comes compressed, text in the end.

use std::io::Read;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use http_body_util::BodyExt as _;
use hyper::body::{Body, Incoming};
use tokio::time::{Instant, timeout_at};

use super::refusal::Refusal;

/// Bytes a second that a client has to send once its first time is over.
const SLOWEST: f64 = 1024.0;

/// Beginnings of content types that are certainly no JSON. `curl -d` and careless clients call JSON a form, text or
/// bytes, so those are tried.
const NO_JSON: &[&str] =
    &["multipart/", "image/", "audio/", "video/", "font/", "application/xml", "text/xml", "text/html"];

/// Room that is made for a body before it has come, at most.
const FIRST_ROOM: usize = 64 * 1024;

/// What bodies may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Most bytes, also after decompression.
    pub(super) bytes: usize,
    /// How long a body may take, and longer by what it would take at the slowest rate that is accepted.
    pub(super) time: Duration,
}

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Identity,
    Gzip,
    Deflate,
}

type Result<T> = std::result::Result<T, Refusal>;

/// The body as text, or why it is none.
pub(super) async fn receive(headers: &HeaderMap, body: Incoming, bounds: Bounds) -> Result<String> {
    check_type(headers)?;
    let coding = coding(headers)?;
    let announced = text(headers, &CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|announced| announced > bounds.bytes) {
        return Err(too_large(bounds.bytes));
    }
    let received = collect(body, bounds, announced.unwrap_or(0).min(FIRST_ROOM)).await?;
    let bytes = match coding {
        Coding::Identity => Vec::from(received),
        _ => tokio::task::spawn_blocking(move || decompress(&received, coding, bounds.bytes))
            .await
            .unwrap_or_else(|_| Err(Refusal::unavailable(500, "internal_error", "The body could not be read.")))?,
    };
    if bytes.trim_ascii().is_empty() {
        let message = "We could not parse the JSON body of your request: it is empty. The API expects a JSON object.";
        return Err(Refusal::invalid(400, "missing_body", message));
    }
    String::from_utf8(bytes).map_err(|_| {
        let message = "We could not parse the JSON body of your request: it is not UTF-8.";
        Refusal::invalid(400, "invalid_value", message)
    })
}

async fn collect(body: impl Body<Data = Bytes> + Unpin, bounds: Bounds, room: usize) -> Result<Bytes> {
    let began = Instant::now();
    let mut body = body;
    let mut bytes = BytesMut::with_capacity(room);
    loop {
        let allowed = bounds.time + Duration::from_secs_f64(bytes.len() as f64 / SLOWEST);
        let frame = match timeout_at(began + allowed, body.frame()).await {
            Ok(None) => return Ok(bytes.freeze()),
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) => {
                return Err(Refusal::invalid(400, "invalid_body", "The request body ended before it was whole."));
            }
            Err(_) => {
                let message = "The request body did not come in time. Send it faster.";
                return Err(Refusal::invalid(408, "request_timeout", message));
            }
        };
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > bounds.bytes {
            return Err(too_large(bounds.bytes));
        }
        if bytes.is_empty() && body.is_end_stream() {
            return Ok(data);
        }
        bytes.extend_from_slice(&data);
    }
}

fn check_type(headers: &HeaderMap) -> Result<()> {
    let given = text(headers, &CONTENT_TYPE).unwrap_or_default().trim_start().to_ascii_lowercase();
    if !NO_JSON.iter().any(|no_json| given.starts_with(no_json)) {
        return Ok(());
    }
    let kind = given.split(';').next().unwrap_or_default();
    let message = format!("Unsupported content type `{kind}`. This method takes `application/json`.");
    Err(Refusal::invalid(415, "unsupported_content_type", message))
}

fn coding(headers: &HeaderMap) -> Result<Coding> {
    let given = text(headers, &CONTENT_ENCODING).unwrap_or_default().trim().to_ascii_lowercase();
    match given.as_str() {
        "" | "identity" => Ok(Coding::Identity),
        "gzip" | "x-gzip" => Ok(Coding::Gzip),
        "deflate" => Ok(Coding::Deflate),
        _ => {
            let message = "Unsupported content encoding. Send the body as it is, or with gzip or deflate.";
            let refusal = Refusal::invalid(415, "unsupported_content_encoding", message);
            // RFC 7694.
            Err(Refusal { headers: vec![(ACCEPT_ENCODING.as_str(), "gzip, deflate".to_owned())], ..refusal })
        }
    }
}

/// No more than `most` bytes are made, whatever is announced.
fn decompress(bytes: &[u8], coding: Coding, most: usize) -> Result<Vec<u8>> {
    let read = |reader: &mut dyn Read| {
        let mut plain = Vec::new();
        let read = reader.take(most as u64 + 1).read_to_end(&mut plain);
        let broken = || Refusal::invalid(400, "invalid_body", "The compressed request body is broken or cut off.");
        read.map_err(|_| broken()).map(|_| plain)
    };
    let plain = match coding {
        Coding::Identity => bytes.to_vec(),
        Coding::Gzip => read(&mut MultiGzDecoder::new(bytes))?,
        // RFC 9110: it is zlib; some clients send it bare.
        Coding::Deflate if is_zlib(bytes) => read(&mut ZlibDecoder::new(bytes))?,
        Coding::Deflate => read(&mut DeflateDecoder::new(bytes))?,
    };
    if plain.len() > most { Err(too_large(most)) } else { Ok(plain) }
}

/// RFC 1950: the method is 8, and the first two bytes are a multiple of 31.
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [first, second, ..] if first & 0x0f == 8 && u16::from_be_bytes([*first, *second]) % 31 == 0)
}

fn too_large(most: usize) -> Refusal {
    let message = format!("The request body has more than {most} bytes. Send less at once.");
    Refusal::invalid(413, "request_too_large", message)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use futures::{StreamExt as _, stream};
    use http_body_util::{Full, StreamBody};
    use hyper::body::Frame;
    use std::convert::Infallible;
    use std::io::Write as _;

    const BOUNDS: Bounds = Bounds { bytes: 1000, time: Duration::from_secs(10) };

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn only_what_is_certainly_no_json_is_refused_by_its_type() {
        for fine in [
            "application/json; charset=utf-8",
            "application/x-www-form-urlencoded",
            "text/plain",
            "application/vnd.api+json",
        ] {
            assert_eq!(check_type(&headers(CONTENT_TYPE, fine)), Ok(()), "{fine}");
        }
        assert_eq!(check_type(&HeaderMap::new()), Ok(()));
        let refusal = check_type(&headers(CONTENT_TYPE, "Multipart/form-data; boundary=x")).unwrap_err();
        assert_eq!((refusal.status, refusal.code), (415, "unsupported_content_type"));
        assert!(refusal.message.contains("`multipart/form-data`"), "{}", refusal.message);
    }

    #[test]
    fn compressed_bodies_are_read_and_bombs_are_not() {
        let text = b"{\"model\": \"m\"}";
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::fast());
        for writer in [&mut gzip as &mut dyn std::io::Write, &mut zlib, &mut bare] {
            writer.write_all(text).unwrap();
        }
        assert_eq!(decompress(&gzip.finish().unwrap(), Coding::Gzip, 1000).unwrap(), text);
        assert_eq!(decompress(&zlib.finish().unwrap(), Coding::Deflate, 1000).unwrap(), text);
        assert_eq!(decompress(&bare.finish().unwrap(), Coding::Deflate, 1000).unwrap(), text);
        assert_eq!(decompress(b"no gzip", Coding::Gzip, 1000).unwrap_err().status, 400);
        let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
        bomb.write_all(&vec![b' '; 10 * 1024 * 1024]).unwrap();
        assert_eq!(decompress(&bomb.finish().unwrap(), Coding::Gzip, 1000).unwrap_err().status, 413);
        let refusal = coding(&headers(CONTENT_ENCODING, "zstd")).unwrap_err();
        assert_eq!((refusal.status, refusal.headers.len()), (415, 1));
    }

    #[tokio::test]
    async fn bodies_are_bounded_in_size_and_time() {
        assert_eq!(collect(Full::new(Bytes::from("all")), BOUNDS, 0).await.unwrap(), "all");
        assert_eq!(collect(Full::new(Bytes::from(vec![0; 1001])), BOUNDS, 0).await.unwrap_err().status, 413);
        let beginning = || stream::iter([Ok::<_, Infallible>(Frame::data(Bytes::from("begun")))]);
        let stalled = StreamBody::new(beginning().chain(stream::pending()).boxed());
        let at_once = Bounds { time: Duration::ZERO, ..BOUNDS };
        assert_eq!(collect(stalled, at_once, 0).await.unwrap_err().status, 408);
        let whole = StreamBody::new(beginning().chain(beginning()).boxed());
        assert_eq!(collect(whole, BOUNDS, 0).await.unwrap(), "begunbegun");
    }
}
