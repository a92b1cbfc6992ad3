//! The canonical request of Signature Version 4.
//!
//! The path is the path as received, percent-encoded once more; HTTP/2 clients sign `:authority` where HTTP/1.1 clients
//! sign `host`.

use http::{HeaderMap, Method, header, request};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

use crate::simulator::identity::hex;

/// RFC 3986's unreserved characters stay; the slash too, in paths.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &QUERY.remove(b'/');
/// What may stand for the hash of the body.
const KEYWORDS: [&str; 2] = ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-EVENTS"];

/// What of a request is signed.
pub(super) struct Signed<'a> {
    pub(super) method: &'a Method,
    /// As received, not decoded.
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    /// Host and port that the client addressed.
    pub(super) authority: &'a str,
    pub(super) body: &'a [u8],
}

impl<'a> Signed<'a> {
    pub(super) fn new(head: &'a request::Parts, body: &'a [u8]) -> Signed<'a> {
        let host = head.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        Signed {
            method: &head.method,
            path: head.uri.path(),
            query: head.uri.query().unwrap_or_default(),
            headers: &head.headers,
            authority: head.uri.authority().map(|authority| authority.as_str()).or(host).unwrap_or_default(),
            body,
        }
    }

    /// The canonical request for these signed headers.
    pub(super) fn canonical(&self, signed_headers: &str) -> String {
        let mut text = String::with_capacity(1024);
        text.push_str(self.method.as_str());
        text.push('\n');
        text.extend(utf8_percent_encode(self.path, PATH));
        text.push('\n');
        text.push_str(&canonical_query(self.query));
        text.push('\n');
        for name in signed_headers.split(';') {
            text.push_str(name);
            text.push(':');
            self.push_value(name, &mut text);
            text.push('\n');
        }
        text.push('\n');
        text.push_str(signed_headers);
        text.push('\n');
        let given = self.headers.get("x-amz-content-sha256").and_then(|hash| hash.to_str().ok());
        match given.filter(|given| KEYWORDS.contains(given)) {
            Some(keyword) => text.push_str(keyword),
            // A hash that is sent must be the body's; otherwise the body's goes into the signature and does not match.
            None => text.push_str(&hex(&Sha256::digest(self.body))),
        }
        text
    }

    /// A header's values, trimmed, inner spaces collapsed, joined by commas.
    fn push_value(&self, name: &str, text: &mut String) {
        if name == ":authority" || (name == "host" && !self.headers.contains_key(header::HOST)) {
            text.push_str(self.authority);
            return;
        }
        for (at, value) in self.headers.get_all(name).iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            let value = String::from_utf8_lossy(value.as_bytes());
            for (at, word) in value.split(' ').filter(|word| !word.is_empty()).enumerate() {
                if at > 0 {
                    text.push(' ');
                }
                text.push_str(word);
            }
        }
    }
}

/// Without the signature itself, which a presigned URL carries in its query.
fn canonical_query(query: &str) -> String {
    if query.is_empty() {
        return String::new();
    }
    let encode = |text: &str| utf8_percent_encode(&percent_decode_str(text).decode_utf8_lossy(), QUERY).to_string();
    let pairs = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("X-Amz-Signature="));
    let mut pairs: Vec<(String, String)> =
        pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(k, v)| (encode(k), encode(v))).collect();
    pairs.sort();
    pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn canonical(path: &str, query: &str, signed_headers: &str) -> String {
        let headers = HeaderMap::from_iter([
            (header::HOST, HeaderValue::from_static("localhost:1")),
            ("x-custom".parse().unwrap(), HeaderValue::from_static("  a   b ")),
            ("x-custom".parse().unwrap(), HeaderValue::from_static("c")),
        ]);
        let signed = Signed { method: &Method::POST, path, query, headers: &headers, authority: "h2:1", body: b"" };
        signed.canonical(signed_headers)
    }

    #[test]
    fn follows_awss_rules() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(
            canonical("/model/a.b-v1%3A0/converse", "b=2&a=x%20y&X-Amz-Signature=0", "host;x-custom;x-none"),
            format!(
                "POST\n/model/a.b-v1%253A0/converse\na=x%20y&b=2\nhost:localhost:1\nx-custom:a b,c\nx-none:\n\nhost;x-custom;x-none\n{empty}"
            )
        );
        assert!(
            canonical("/model/a:b/invoke", "", ":authority")
                .starts_with("POST\n/model/a%3Ab/invoke\n\n:authority:h2:1\n")
        );
    }
}
