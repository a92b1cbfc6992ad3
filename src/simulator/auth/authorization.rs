//! The parts of a signature, in the `Authorization` header or in the query of a presigned URL.

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, header};
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};

use crate::simulator::exception::Exception;
use crate::simulator::route;
use crate::simulator::wording::{
    ACCESS_DATE, ACCESS_HEADER, ACCESS_PARAMETER, ACCESS_QUERY, SCOPE_ELEMENTS, SCOPE_SERVICE,
};

pub(super) const SERVICE: &str = "bedrock";
/// What requests to bedrock-mantle are signed for: those of OpenAI's API, which bedrock-runtime has too.
const MANTLE: &str = "bedrock-mantle";
/// What an `Authorization` header must hold, in AWS's order.
const PARAMETERS: [&str; 3] = ["Credential", "Signature", "SignedHeaders"];

/// What a request claims about its signature; nothing of it is checked yet.
#[derive(Debug, PartialEq)]
pub(super) struct Authorization<'a> {
    pub(super) algorithm: Cow<'a, str>,
    credential: Cow<'a, str>,
    /// `X-Amz-Date`, as sent. Only strict needs one.
    date: Option<Cow<'a, str>>,
    /// Seconds for which a presigned URL is valid.
    pub(super) expires: Option<u64>,
    pub(super) signed_headers: Cow<'a, str>,
    pub(super) signature: Cow<'a, str>,
    pub(super) session_token: Option<Cow<'a, str>>,
    /// All of it, where it came in a header.
    header: &'a str,
}

/// A credential with its scope, taken apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scope<'a> {
    pub(super) access_key_id: &'a str,
    pub(super) date: &'a str,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
    pub(super) terminator: &'a str,
}

impl Scope<'_> {
    /// Whether it names a service that has `path`.
    pub(super) fn is_for(&self, path: &str) -> bool {
        self.service == SERVICE || self.service == MANTLE && route::is_openais(path)
    }
}

impl<'a> Authorization<'a> {
    /// Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
    pub(super) fn from_header(given: &'a str, headers: &'a HeaderMap) -> Result<Authorization<'a>, Exception> {
        let (algorithm, fields) = given.split_once(' ').unwrap_or((given, ""));
        let field = |name: &str| {
            let mut pairs = fields.split(',').filter_map(|pair| pair.trim().split_once('='));
            pairs.find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
        };
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let date = text("x-amz-date").or_else(|| text(header::DATE.as_str()));
        let parts = [field("Credential"), field("Signature"), field("SignedHeaders")];
        let [Some(credential), Some(signature), Some(signed_headers)] = parts else {
            let absent = PARAMETERS.iter().zip(parts).filter(|(_, value)| value.is_none());
            let told: String = absent.map(|(name, _)| ACCESS_PARAMETER.fill(&[name])).collect();
            return Err(incomplete(told, date.is_none(), given));
        };
        Ok(Authorization {
            algorithm: algorithm.into(),
            credential: credential.into(),
            date: date.map(Cow::from),
            expires: None,
            signed_headers: signed_headers.into(),
            signature: signature.into(),
            session_token: headers.get("x-amz-security-token").map(|value| String::from_utf8_lossy(value.as_bytes())),
            header: given,
        })
    }

    /// Reads the query of a presigned URL.
    pub(super) fn from_query(query: &'a str) -> Result<Authorization<'a>, Exception> {
        let field = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            let value = pairs.find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))?;
            Some(percent_decode_str(value).decode_utf8_lossy())
        };
        let names = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"];
        let [Some(algorithm), Some(credential), Some(signature), Some(signed_headers), Some(date)] = names.map(field)
        else {
            let absent = names.into_iter().filter(|name| field(name).is_none());
            let told: String = absent.map(|name| ACCESS_QUERY.fill(&[&name])).collect();
            return Err(Exception::new(
                "IncompleteSignatureException",
                told + "Re-examine the query-string parameters.",
            ));
        };
        let expires = field("X-Amz-Expires").and_then(|seconds| seconds.parse().ok());
        let session_token = field("X-Amz-Security-Token");
        let date = Some(date);
        Ok(Authorization { algorithm, credential, date, expires, signed_headers, signature, session_token, header: "" })
    }

    /// The date of the signature, as sent.
    pub(super) fn date(&self) -> Result<&str, Exception> {
        self.date.as_deref().ok_or_else(|| incomplete(String::new(), true, self.header))
    }

    /// The first part of the credential, which may, in theory, hold slashes.
    pub(super) fn access_key_id(&self) -> &str {
        self.credential.rsplitn(5, '/').nth(4).unwrap_or_default()
    }

    pub(super) fn scope(&self) -> Result<Scope<'_>, Exception> {
        let mut parts = self.credential.rsplitn(5, '/');
        let (Some(terminator), Some(service), Some(region), Some(date), Some(access_key_id)) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Exception::new("IncompleteSignatureException", SCOPE_ELEMENTS.fill(&[&self.credential])));
        };
        Ok(Scope { access_key_id, date, region, service, terminator })
    }

    /// Refuses a signature for another service than that which has `path`.
    pub(super) fn check_service(&self, path: &str) -> Result<(), Exception> {
        if self.scope()?.is_for(path) {
            return Ok(());
        }
        Err(Exception::new("InvalidSignatureException", SCOPE_SERVICE.fill(&[&SERVICE])))
    }
}

/// What is absent, and the header's hash in place of the header.
fn incomplete(mut told: String, no_date: bool, header: &str) -> Exception {
    if no_date {
        told += &ACCESS_DATE.text();
    }
    told += &ACCESS_HEADER.fill(&[&BASE64_STANDARD.encode(Sha256::digest(header))]);
    Exception::new("IncompleteSignatureException", told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(given: &str, headers: &HeaderMap) -> String {
        let refusal = Authorization::from_header(given, headers).unwrap_err();
        assert_eq!((refusal.code.as_str(), refusal.status), ("IncompleteSignatureException", 400));
        refusal.message
    }

    #[test]
    fn what_is_absent_is_listed_and_the_header_is_not_repeated() {
        let told = refusal("AWS4-HMAC-SHA256 Credential=AKIA/secret, Signature=", &HeaderMap::new());
        assert!(told.starts_with(
            "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' \
             parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
             (Hashed with SHA-256 and encoded with Base64) Authorization="
        ));
        assert!(!told.contains("secret"));
    }

    #[test]
    fn a_credential_has_five_elements() {
        let query = "X-Amz-Algorithm=a&X-Amz-Credential=b%2Fc&X-Amz-Signature=d&X-Amz-SignedHeaders=e&X-Amz-Date=f";
        let given = Authorization::from_query(query).unwrap();
        assert_eq!(
            given.scope().unwrap_err().message,
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'b/c'"
        );
        assert_eq!(given.access_key_id(), "");
    }
}
