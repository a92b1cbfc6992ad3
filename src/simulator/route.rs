//! From a raw request path to an inference operation and a model id.
//!
//! The id is one percent-encoded label; clients also send ARNs with raw slashes, so the path is split at its last one.

use percent_encoding::percent_decode_str;
use serde::Deserialize;

/// The operations that are simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Converse,
    ConverseStream,
    InvokeModel,
    InvokeModelWithResponseStream,
    /// OpenAI's chat completions, whole or as server-sent events.
    ChatCompletions {
        stream: bool,
    },
    /// OpenAI's Responses, whole or as server-sent events.
    Responses {
        stream: bool,
    },
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
            Operation::ChatCompletions { .. } => "ChatCompletions",
            Operation::Responses { .. } => "Responses",
            Operation::Control(name) => name,
        }
    }

    /// Whether the body is in Bedrock's shape (else in the model's own).
    pub(super) fn is_converse(self) -> bool {
        matches!(self, Operation::Converse | Operation::ConverseStream)
    }

    /// Whether the answer comes in events.
    pub(super) fn is_stream(self) -> bool {
        match self {
            Operation::ConverseStream | Operation::InvokeModelWithResponseStream => true,
            Operation::ChatCompletions { stream } | Operation::Responses { stream } => stream,
            _ => false,
        }
    }

    /// Whether the path is OpenAI's, not Bedrock's.
    pub(super) fn is_openais(self) -> bool {
        matches!(self, Operation::ChatCompletions { .. } | Operation::Responses { .. })
    }
}

/// An operation, by whether its answer is to come in events.
type Streamable = fn(bool) -> Operation;

/// Paths of OpenAI's API, on bedrock-runtime and bedrock-mantle.
const OPENAIS: &[(&str, Streamable)] = &[
    ("/openai/v1/chat/completions", |stream| Operation::ChatCompletions { stream }),
    ("/openai/v1/responses", |stream| Operation::Responses { stream }),
    ("/v1/chat/completions", |stream| Operation::ChatCompletions { stream }),
    ("/v1/responses", |stream| Operation::Responses { stream }),
];

/// Whether the path is that of InvokeModelWithBidirectionalStream, which is not simulated.
pub(super) fn is_bidirectional(path: &str) -> bool {
    path.starts_with("/model/") && path.ends_with("/invoke-with-bidirectional-stream")
}

/// Whether the path is one of OpenAI's API.
pub(super) fn is_openais(path: &str) -> bool {
    OPENAIS.iter().any(|(known, _)| *known == path)
}

/// Operations of OpenAI's API, which name their model in the body, and whether they are to stream there too. A body that
/// cannot be read names none.
pub(super) fn parse_openais(path: &str, body: &[u8]) -> Option<(Operation, String)> {
    #[derive(Deserialize, Default)]
    struct Named {
        #[serde(default)]
        model: String,
        #[serde(default)]
        stream: Option<bool>,
    }
    let (_, operation) = OPENAIS.iter().find(|(known, _)| *known == path)?;
    let named = serde_json::from_slice::<Named>(body).unwrap_or_default();
    Some((operation(named.stream.unwrap_or_default()), named.model))
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
    fn operations_of_openais_name_their_model_in_the_body() {
        let body = br#"{"model": "openai.gpt-oss-20b-1:0", "stream": true}"#;
        let expected = (Operation::ChatCompletions { stream: true }, "openai.gpt-oss-20b-1:0".to_owned());
        assert_eq!(parse_openais("/openai/v1/chat/completions", body), Some(expected));
        let unnamed = Some((Operation::ChatCompletions { stream: false }, String::new()));
        assert_eq!(parse_openais("/v1/chat/completions", b"nonsense"), unnamed);
        let responses = (Operation::Responses { stream: true }, "openai.gpt-oss-20b-1:0".to_owned());
        assert_eq!(parse_openais("/v1/responses", body), Some(responses));
        assert_eq!(parse_openais("/v1/completions", body), None);
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
