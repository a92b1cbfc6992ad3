//! From a raw request path to an inference operation and a model id.
//!
//! The id is one percent-encoded label; clients also send ARNs with raw slashes, so the path is split at its last one.

use percent_encoding::percent_decode_str;

/// The operations that are simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Converse,
    ConverseStream,
    InvokeModel,
    InvokeModelWithResponseStream,
    /// Any other, by the API's name of it; see [`super::control`].
    Control(&'static str),
}

/// Last path segment → operation.
const SUFFIXES: &[(&str, Operation)] = &[
    ("converse", Operation::Converse),
    ("converse-stream", Operation::ConverseStream),
    ("invoke", Operation::InvokeModel),
    ("invoke-with-response-stream", Operation::InvokeModelWithResponseStream),
];

impl Operation {
    /// The API's name of the operation.
    pub(super) fn name(self) -> &'static str {
        match self {
            Operation::Converse => "Converse",
            Operation::ConverseStream => "ConverseStream",
            Operation::InvokeModel => "InvokeModel",
            Operation::InvokeModelWithResponseStream => "InvokeModelWithResponseStream",
            Operation::Control(name) => name,
        }
    }

    /// Whether the body is in Bedrock's shape (else in the model's own).
    pub(super) fn is_converse(self) -> bool {
        matches!(self, Operation::Converse | Operation::ConverseStream)
    }

    /// Whether the answer is an event stream.
    pub(super) fn is_stream(self) -> bool {
        matches!(self, Operation::ConverseStream | Operation::InvokeModelWithResponseStream)
    }
}

/// The operation and decoded model id of `POST path`; `None` when the path is not one of inference or is not UTF-8. A `+`
/// is a plus.
pub(super) fn parse(path: &str) -> Option<(Operation, String)> {
    let (label, suffix) = path.strip_prefix("/model/")?.rsplit_once('/')?;
    let (_, operation) = SUFFIXES.iter().find(|(name, _)| *name == suffix)?;
    let id = percent_decode_str(label).decode_utf8().ok()?;
    (!id.is_empty()).then(|| (*operation, id.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_ids_in_every_spelling() {
        let arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6";
        let cases = [
            ("/model/a.b-v1%3A0/converse", Operation::Converse, "a.b-v1:0"),
            ("/model/a.b-v1:0/converse-stream", Operation::ConverseStream, "a.b-v1:0"),
            ("/model/a+b%C3%A9/invoke", Operation::InvokeModel, "a+bé"),
            (
                "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.anthropic.claude-sonnet-4-6/invoke-with-response-stream",
                Operation::InvokeModelWithResponseStream,
                arn,
            ),
        ];
        for (path, operation, id) in cases {
            assert_eq!(parse(path), Some((operation, id.to_owned())), "{path}");
        }
        assert_eq!(parse(&format!("/model/{arn}/converse")), Some((Operation::Converse, arn.to_owned())));
    }

    #[test]
    fn anything_else_is_no_operation() {
        for path in
            ["/", "/model/converse", "/model//converse", "/model/a/nope", "/model/%ff/converse", "/models/a/invoke"]
        {
            assert_eq!(parse(path), None, "{path}");
        }
    }
}
