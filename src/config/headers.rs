//! `defaultHeaders`: what every request to Bedrock carries besides its own headers, and is signed with them.

use http::{HeaderName, HeaderValue};
use serde_json::{Map, Value};

use super::credentials::Secret;
use super::members::given;
use crate::error::{Error, Kind, Result};

/// Headers that say who asks, or are made of the request.
const OWN: &[&str] = &[
    "authorization",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
];

/// Names in lower case and values; a member that is `null` counts as absent.
pub(super) fn headers(options: &Map<String, Value>) -> Result<Vec<(String, Secret)>> {
    match given(options, "defaultHeaders") {
        None => Ok(Vec::new()),
        Some(Value::Object(headers)) => {
            headers.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| header(name, value)).collect()
        }
        Some(other) => Err(wrong(Error::wrong_type("options.defaultHeaders", "an object", other))),
    }
}

fn header(name: &str, value: &Value) -> Result<(String, Secret)> {
    let param = format!("options.defaultHeaders.{name}");
    let Value::String(text) = value else { return Err(wrong(Error::wrong_type(param, "a string", value))) };
    let Ok(name) = HeaderName::try_from(name) else {
        return Err(wrong(Error::invalid(param, "is no name of a header.")));
    };
    if OWN.contains(&name.as_str()) {
        return Err(wrong(Error::invalid(param, "is a header that each request has of its own. Leave it out.")));
    }
    // As text: the signature is made of it.
    match HeaderValue::try_from(text) {
        Ok(value) if value.to_str().is_ok() => Ok((name.as_str().to_owned(), Secret::new(text.trim()))),
        _ => Err(wrong(Error::invalid(param, "must be of printable ASCII characters."))),
    }
}

fn wrong(error: Error) -> Error {
    error.of_kind(Kind::Configuration)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(given: Value) -> Result<Vec<(String, Secret)>> {
        headers(json!({"defaultHeaders": given}).as_object().unwrap())
    }

    #[test]
    fn headers_are_read_and_what_cannot_be_sent_is_refused_without_being_shown() {
        assert_eq!(read(json!({"X-Team": " a ", "x-none": null})).unwrap(), [("x-team".into(), Secret::new("a"))]);
        assert_eq!(read(Value::Null).unwrap(), []);
        for (given, param) in [
            (json!([]), "options.defaultHeaders"),
            (json!({"x-a": 1}), "options.defaultHeaders.x-a"),
            (json!({"x a": "s3cret"}), "options.defaultHeaders.x a"),
            (json!({"x-a": "s3cret\n"}), "options.defaultHeaders.x-a"),
            (json!({"x-a": "s3crét"}), "options.defaultHeaders.x-a"),
            (json!({"Authorization": "s3cret"}), "options.defaultHeaders.Authorization"),
        ] {
            let error = read(given).unwrap_err();
            assert_eq!((error.param.as_deref(), error.kind), (Some(param), Kind::Configuration));
            assert!(!error.message.contains("s3c"), "{error}");
        }
    }
}
