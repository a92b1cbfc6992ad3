//! AWS Signature Version 4, verified as Bedrock does.
//!
//! The canonical path is the path as received, percent-encoded once more; HTTP/2 clients sign `:authority` where
//! HTTP/1.1 clients sign `host`. A mismatch is answered with the strings that should have been signed.

use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::exception::Exception;
use super::identity::hex;
use super::options::Credentials;
use super::timestamp;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SERVICE: &str = "bedrock";
/// Seconds that a client's clock may be off.
const SKEW: u64 = 300;

/// RFC 3986's unreserved characters stay; the slash too, in paths.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &QUERY.remove(b'/');

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

/// The parts of an `Authorization` header.
#[derive(Debug, PartialEq)]
pub(super) struct Authorization<'a> {
    pub(super) access_key_id: &'a str,
    date: &'a str,
    pub(super) region: &'a str,
    service: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
    pub(super) fn parse(header: &'a str) -> Result<Authorization<'a>, Exception> {
        let fields = header.strip_prefix(ALGORITHM).ok_or_else(|| {
            Exception::new("IncompleteSignatureException", format!("Authorization header requires '{ALGORITHM}'."))
        })?;
        let field = |name: &str| {
            let mut pairs = fields.split(',').filter_map(|pair| pair.trim().split_once('='));
            pairs.find_map(|(key, value)| (key == name).then_some(value)).ok_or_else(|| {
                let text = format!("Authorization header requires '{name}' parameter.");
                Exception::new("IncompleteSignatureException", text)
            })
        };
        let (credential, signed_headers, signature) =
            (field("Credential")?, field("SignedHeaders")?, field("Signature")?);
        // The access key stands first and may, in theory, hold slashes.
        let mut parts = credential.rsplitn(5, '/');
        let (Some("aws4_request"), Some(service), Some(region), Some(date), Some(access_key_id)) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            let text = "Credential must have at least 5 slash-delimited elements.";
            return Err(Exception::new("IncompleteSignatureException", text));
        };
        Ok(Authorization { access_key_id, date, region, service, signed_headers, signature })
    }

    /// Refuses a signature for another service, as AWS does.
    pub(super) fn check_service(&self) -> Result<(), Exception> {
        if self.service == SERVICE {
            return Ok(());
        }
        Err(Exception::new(
            "InvalidSignatureException",
            format!("Credential should be scoped to correct service: '{SERVICE}'."),
        ))
    }
}

/// Verifies a request; `now` in seconds since 1970.
pub(super) fn verify(
    request: &Signed,
    header: &str,
    keys: &Credentials,
    region: &str,
    now: u64,
) -> Result<(), Exception> {
    let given = Authorization::parse(header)?;
    let token = request.headers.get("x-amz-security-token").map(|value| value.as_bytes());
    if given.access_key_id != keys.access_key_id || token != keys.session_token.as_deref().map(str::as_bytes) {
        let text = "The security token included in the request is invalid.";
        return Err(Exception::new("UnrecognizedClientException", text));
    }
    let date = request.headers.get("x-amz-date").and_then(|value| value.to_str().ok()).unwrap_or_default();
    check_date(date, now)?;
    given.check_service()?;
    if given.region != region {
        let text = format!("Credential should be scoped to a valid region, not '{}'. ", given.region);
        return Err(Exception::new("InvalidSignatureException", text));
    }
    let canonical = canonical_request(request, given.signed_headers);
    let scope = format!("{}/{}/{}/aws4_request", given.date, given.region, given.service);
    let to_sign = format!("{ALGORITHM}\n{date}\n{scope}\n{}", hex(&Sha256::digest(&canonical)));
    if given.signature == sign(&keys.secret_access_key, &given, &to_sign) {
        return Ok(());
    }
    let shown = match &keys.session_token {
        Some(token) => canonical.replace(token, "(session token)"),
        None => canonical,
    };
    Err(Exception::new("InvalidSignatureException", mismatch(&shown, &to_sign)))
}

fn check_date(date: &str, now: u64) -> Result<(), Exception> {
    let invalid = |text: String| Err(Exception::new("InvalidSignatureException", text));
    let Some(signed) = timestamp::parse(date) else {
        let text = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
        return Err(Exception::new("IncompleteSignatureException", text));
    };
    let shown = timestamp::format;
    if signed + SKEW < now {
        let text = "Signature expired";
        return invalid(format!("{text}: {date} is now earlier than {} ({} - 5 min.)", shown(now - SKEW), shown(now)));
    }
    if signed > now + SKEW {
        let text = "Signature not yet current";
        return invalid(format!("{text}: {date} is still later than {} ({} + 5 min.)", shown(now + SKEW), shown(now)));
    }
    Ok(())
}

fn canonical_request(request: &Signed, signed_headers: &str) -> String {
    let headers: String = signed_headers.split(';').map(|name| format!("{name}:{}\n", value(request, name))).collect();
    let payload = match request.headers.get("x-amz-content-sha256").and_then(|hash| hash.to_str().ok()) {
        // A hash that is sent must be the body's; otherwise the body's goes into the signature and does not match.
        Some(hash) if !is_hash(hash) => hash.to_owned(),
        _ => hex(&Sha256::digest(request.body)),
    };
    let path = utf8_percent_encode(request.path, PATH);
    let query = canonical_query(request.query);
    format!("{}\n{path}\n{query}\n{headers}\n{signed_headers}\n{payload}", request.method)
}

/// Whether the header is a hash, not a keyword such as `UNSIGNED-PAYLOAD`.
fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A header's values, trimmed, inner spaces collapsed, joined by commas.
fn value(request: &Signed, name: &str) -> String {
    if name == ":authority" || (name == "host" && !request.headers.contains_key("host")) {
        return request.authority.to_owned();
    }
    let values = request.headers.get_all(name).iter();
    let texts = values.map(|value| {
        String::from_utf8_lossy(value.as_bytes())
            .split(' ')
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    texts.collect::<Vec<_>>().join(",")
}

fn canonical_query(query: &str) -> String {
    let encode = |text: &str| utf8_percent_encode(&percent_decode_str(text).decode_utf8_lossy(), QUERY).to_string();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(String, String)> =
        pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(k, v)| (encode(k), encode(v))).collect();
    pairs.sort();
    pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
}

fn sign(secret: &str, given: &Authorization, to_sign: &str) -> String {
    let mut key = format!("AWS4{secret}").into_bytes();
    for part in [given.date, given.region, given.service, "aws4_request"] {
        key = mac(&key, part);
    }
    hex(&mac(&key, to_sign))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of any length; without a key there is no signature, and nothing matches.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn mismatch(canonical: &str, to_sign: &str) -> String {
    format!(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'{canonical}'\n\nThe String-to-Sign should have been\n'{to_sign}'\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    const NOW: u64 = 1_754_658_385;
    const DATE: &str = "20250808T130625Z";

    fn keys(token: Option<&str>) -> Credentials {
        Credentials {
            access_key_id: "AKIDEXAMPLE".into(),
            secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
            session_token: token.map(str::to_owned),
        }
    }

    fn headers(date: &'static str) -> HeaderMap {
        HeaderMap::from_iter([
            (http::header::HOST, HeaderValue::from_static("localhost:1")),
            ("x-amz-date".parse().unwrap(), HeaderValue::from_static(date)),
        ])
    }

    fn request<'a>(headers: &'a HeaderMap, method: &'a Method) -> Signed<'a> {
        let path = "/model/a.b-v1%3A0/converse";
        Signed { method, path, query: "", headers, authority: "localhost:1", body: b"{}" }
    }

    /// What botocore 1.44 signs [`request`] with, at [`DATE`].
    const SIGNATURE: &str = "61a41dbecff8e454305ba23643c4d483fb2e5d47623eff6d54549d53b39fdace";

    fn authorization(signature: &str) -> String {
        format!(
            "{ALGORITHM} Credential=AKIDEXAMPLE/20250808/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}"
        )
    }

    fn outcome(header: &str, date: &'static str, keys: &Credentials, region: &str) -> Result<(), String> {
        let headers = headers(date);
        verify(&request(&headers, &Method::POST), header, keys, region, NOW)
            .map_err(|refusal| format!("{}: {}", refusal.code, refusal.message))
    }

    #[test]
    fn the_path_is_encoded_once_more() {
        let headers = headers(DATE);
        let canonical = canonical_request(&request(&headers, &Method::POST), "host;x-amz-date");
        assert!(canonical.starts_with("POST\n/model/a.b-v1%253A0/converse\n\nhost:localhost:1\nx-amz-date:"));
    }

    #[test]
    fn http2_signs_the_authority() {
        let headers = headers(DATE);
        let canonical = canonical_request(&request(&headers, &Method::POST), ":authority;x-amz-date");
        assert!(canonical.contains("\n:authority:localhost:1\n"));
    }

    #[test]
    fn accepts_the_right_signature_and_no_other() {
        let good = authorization(SIGNATURE);
        assert_eq!(outcome(&good, DATE, &keys(None), "us-east-1"), Ok(()));
        let wrong = outcome(&authorization(&"0".repeat(64)), DATE, &keys(None), "us-east-1").unwrap_err();
        assert!(wrong.starts_with("InvalidSignatureException: The request signature we calculated does not match"));
        assert!(wrong.contains("'POST\n/model/a.b-v1%253A0/converse\n") && wrong.contains("String-to-Sign"));
    }

    #[test]
    fn agrees_with_botocore_on_queries_and_spaces() {
        let mut headers = headers(DATE);
        headers.insert("x-custom", HeaderValue::from_static("  a   b "));
        let request = Signed { query: "b=2&a=x%20y", ..request(&headers, &Method::POST) };
        let header = authorization("cafd187a3d4165a6c49ad7565cdf1a2991da136270f443777df063544c782ee8");
        let header = header.replace("x-amz-date,", "x-amz-date;x-custom,");
        assert_eq!(verify(&request, &header, &keys(None), "us-east-1", NOW), Ok(()));
    }

    #[test]
    fn names_what_is_wrong_as_aws_does() {
        let good = authorization(SIGNATURE);
        let cases = [
            (
                outcome(&good, "20250808T105739Z", &keys(None), "us-east-1"),
                "InvalidSignatureException: Signature expired: 20250808T105739Z is now earlier than 20250808T130125Z (20250808T130625Z - 5 min.)",
            ),
            (
                outcome(&good, "20250808T140000Z", &keys(None), "us-east-1"),
                "InvalidSignatureException: Signature not yet current: 20250808T140000Z is still later than 20250808T131125Z (20250808T130625Z + 5 min.)",
            ),
            (
                outcome(&good, DATE, &keys(Some("token")), "us-east-1"),
                "UnrecognizedClientException: The security token included in the request is invalid.",
            ),
            (
                outcome(&good, DATE, &keys(None), "eu-west-1"),
                "InvalidSignatureException: Credential should be scoped to a valid region, not 'us-east-1'. ",
            ),
            (
                outcome(&good.replace("/bedrock/", "/bedrock-runtime/"), DATE, &keys(None), "us-east-1"),
                "InvalidSignatureException: Credential should be scoped to correct service: 'bedrock'.",
            ),
            (
                outcome("AWS4-HMAC-SHA256 Credential=x", DATE, &keys(None), "us-east-1"),
                "IncompleteSignatureException: Authorization header requires 'SignedHeaders' parameter.",
            ),
        ];
        for (outcome, expected) in cases {
            assert_eq!(outcome.unwrap_err(), expected);
        }
    }

    #[test]
    fn a_session_token_is_not_repeated_in_the_refusal() {
        let mut headers = headers(DATE);
        headers.insert("x-amz-security-token", HeaderValue::from_static("secret-token"));
        let header = authorization("0").replace("x-amz-date,", "x-amz-date;x-amz-security-token,");
        let request = request(&headers, &Method::POST);
        let refusal = verify(&request, &header, &keys(Some("secret-token")), "us-east-1", NOW).unwrap_err();
        assert!(!refusal.message.contains("secret-token") && refusal.message.contains("(session token)"));
    }
}
