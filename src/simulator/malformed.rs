//! What is not HTTP at all, refused in AWS's shape.

/// The status that hyper refuses with, and the text that goes with it. Not confirmed by a recording.
const REFUSALS: &[(u16, &str)] = &[
    (400, "The request is not valid HTTP."),
    (414, "The request target is too long."),
    (431, "The headers of the request are too large."),
];

/// Headers and body of such a refusal.
pub(super) fn words(status: u16) -> (String, String) {
    let text = REFUSALS.iter().find(|(known, _)| *known == status).map_or("", |(_, text)| text);
    let kind = "ValidationException:http://internal.amazon.com/coral/com.amazon.coral.service/";
    (format!("x-amzn-errortype: {kind}\r\n"), format!(r#"{{"message":"{text}"}}"#))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_text() {
        for (status, text) in REFUSALS {
            let (headers, body) = words(*status);
            assert_eq!(body, format!(r#"{{"message":"{text}"}}"#));
            assert!(headers.starts_with("x-amzn-errortype: ValidationException:") && headers.ends_with("\r\n"));
        }
    }
}
