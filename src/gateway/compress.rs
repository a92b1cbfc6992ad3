//! Large answers compressed with gzip, for clients that take it. Only what is there at once: a stream is never held back.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::Response;
use http::header::{CONTENT_ENCODING, HeaderValue, VARY};

use super::body::AnswerBody;

/// The same answer, compressed where that is worth it; `accepted` is the request's `accept-encoding`, and
/// what is smaller than `least` bytes stays as it is; with 0 everything does.
pub(super) async fn compressed(
    response: Response<AnswerBody>,
    accepted: Option<&HeaderValue>,
    least: usize,
) -> Response<AnswerBody> {
    let whole = response.body().as_whole().filter(|whole| least > 0 && whole.len() >= least).cloned();
    let Some(whole) = whole.filter(|_| !response.headers().contains_key(CONTENT_ENCODING)) else { return response };
    let (mut head, body) = response.into_parts();
    head.headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    if !accepted.and_then(|accepted| accepted.to_str().ok()).is_some_and(takes_gzip) {
        return Response::from_parts(head, body);
    }
    // Writing to memory does not fail, and nobody ends the thread; if it were so, the answer goes out as it is.
    let Ok(Some(gzip)) = tokio::task::spawn_blocking(move || gzip(&whole)).await else {
        return Response::from_parts(head, body);
    };
    head.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(head, AnswerBody::whole(gzip))
}

fn gzip(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// RFC 9110, 12.5.3: named, and not with the weight 0.
fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let weight = parts.find_map(|part| part.strip_prefix("q=")).and_then(|weight| weight.parse::<f32>().ok());
        is_gzip && weight.is_none_or(|weight| weight > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{StreamExt as _, stream};
    use http_body_util::BodyExt as _;
    use std::io::Read as _;

    #[test]
    fn gzip_is_for_those_who_name_it() {
        for taken in ["gzip", "deflate, GZIP;q=0.5", "br;q=1.0, gzip;q=0.8, *;q=0.1"] {
            assert!(takes_gzip(taken), "{taken}");
        }
        for not_taken in ["", "identity", "gzip;q=0", "br", "gzipped"] {
            assert!(!takes_gzip(not_taken), "{not_taken}");
        }
    }

    #[tokio::test]
    async fn what_is_large_and_whole_is_compressed_and_nothing_else() {
        let gzip = HeaderValue::from_static("gzip");
        let large = "data ".repeat(1000);
        let answer = |body: AnswerBody| compressed(Response::new(body), Some(&gzip), 1000);
        let small = answer(AnswerBody::whole("data")).await;
        assert!(small.headers().is_empty());
        let piece = Bytes::from(large.clone());
        let streamed = answer(AnswerBody::streamed(stream::iter([piece]).boxed())).await;
        assert!(streamed.headers().is_empty());
        let answer = answer(AnswerBody::whole(large.clone())).await;
        assert_eq!(
            (&answer.headers()[CONTENT_ENCODING], &answer.headers()[VARY]),
            (&gzip, &"accept-encoding".parse().unwrap())
        );
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        let mut text = String::new();
        flate2::read::GzDecoder::new(bytes.as_ref()).read_to_string(&mut text).unwrap();
        assert_eq!(text, large);
        let plain = compressed(Response::new(AnswerBody::whole(large)), None, 1000).await;
        assert!(!plain.headers().contains_key(CONTENT_ENCODING) && plain.headers().contains_key(VARY));
    }
}
