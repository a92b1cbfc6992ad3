//! Faults on demand: what goes wrong, for which requests, how often.

use serde::{Deserialize, Serialize};

use super::exception::Exception;
use super::route::Operation;

/// What AWS says by default under these codes (recordings and captures).
const MESSAGES: &[(&str, &str)] = &[
    ("AccessDeniedException", "You don't have access to the model with the specified model ID."),
    ("ExpiredTokenException", "The security token included in the request is expired"),
    (
        "InternalServerException",
        "The system encountered an unexpected error during processing. Try your request again.",
    ),
    ("ModelNotReadyException", "Model is not ready for inference."),
    (
        "ResourceNotFoundException",
        "This model version has reached the end of its life. Please refer to the AWS documentation for more details.",
    ),
    ("ServiceUnavailableException", "Service capacity limit has been reached. Please try again later."),
    ("ThrottlingException", "Too many requests, please wait before trying again."),
    ("UnrecognizedClientException", "The security token included in the request is invalid."),
];

/// A fault and the requests it meets. As JSON: the action's `fault` name and members, beside `model`, `operation` and
/// `times`: `{"fault": "error", "code": "ThrottlingException", "retryAfter": 1, "times": 2}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// What happens.
    #[serde(flatten)]
    pub action: Action,
    /// Model ids that it meets, `*` standing for any text. Default: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// API name of the operation that it meets, such as `ConverseStream`. Default: all that can have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// How many requests it meets before it is used up; 0 means every request. Default 1.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

/// What goes wrong. `frame` counts the frames that arrive before it; the fault needs a stream of more frames than that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Action {
    /// An error status instead of an answer.
    Error {
        /// AWS's name of the exception, which decides the status.
        code: String,
        /// Default: AWS's own text for the code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// Seconds in a `Retry-After` header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
    /// A modelled exception in the stream, which then ends in good order.
    Exception {
        /// AWS's name of the exception.
        code: String,
        /// Default: AWS's own text for the code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// Frames before it.
        #[serde(default)]
        frame: usize,
    },
    /// An unmodelled error frame, after which the stream ends.
    ErrorFrame {
        /// Value of `:error-code`.
        code: String,
        /// Value of `:error-message`.
        message: String,
        /// Frames before it.
        #[serde(default)]
        frame: usize,
    },
    /// Half a frame (or half a body), then the connection is closed.
    Truncate {
        /// Frames before it.
        #[serde(default)]
        frame: usize,
    },
    /// A frame whose closing checksum is wrong; the stream goes on.
    BadChecksum {
        /// Frames before it.
        #[serde(default)]
        frame: usize,
    },
    /// A frame that claims to be of 4 GiB, after which the stream ends.
    Oversize {
        /// Frames before it.
        #[serde(default)]
        frame: usize,
    },
    /// Silence on an open connection, until the client leaves.
    Stall {
        /// Frames before it.
        #[serde(default)]
        frame: usize,
    },
    /// The TCP connection is reset.
    Reset {
        /// Frames before it; 0 resets before any answer.
        #[serde(default)]
        frame: usize,
    },
}

impl Fault {
    /// A fault that meets the next request that can have it.
    pub fn once(action: Action) -> Fault {
        Fault { action, model: None, operation: None, times: 1 }
    }

    /// Whether the fault makes sense: AWS models the exception it names.
    pub(super) fn check(&self) -> Result<(), String> {
        match &self.action {
            Action::Error { code, .. } | Action::Exception { code, .. } if !Exception::known(code) => {
                Err(format!("'{code}' is no exception of Bedrock; use a name such as ThrottlingException"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn fits(&self, operation: Operation, model: &str) -> bool {
        (operation.is_stream() || !self.action.needs_stream())
            && self.operation.as_ref().is_none_or(|name| name == operation.name())
            && self.model.as_ref().is_none_or(|pattern| matches(pattern, model))
    }

    /// Counts one use; true when it was the last.
    pub(super) fn use_up(&mut self) -> bool {
        if self.times == 0 {
            return false;
        }
        self.times -= 1;
        self.times == 0
    }
}

impl Action {
    fn needs_stream(&self) -> bool {
        match self {
            Action::Exception { .. } | Action::ErrorFrame { .. } | Action::BadChecksum { .. } => true,
            Action::Oversize { .. } => true,
            Action::Stall { frame } | Action::Reset { frame } | Action::Truncate { frame } => *frame > 0,
            Action::Error { .. } => false,
        }
    }

    /// The frame at which a stream breaks.
    pub(super) fn frame(&self) -> usize {
        match self {
            Action::Error { .. } => 0,
            Action::Exception { frame, .. }
            | Action::ErrorFrame { frame, .. }
            | Action::Truncate { frame }
            | Action::BadChecksum { frame }
            | Action::Oversize { frame }
            | Action::Stall { frame }
            | Action::Reset { frame } => *frame,
        }
    }
}

/// The message to send: the given one or AWS's.
pub(super) fn message_for(code: &str, message: Option<&str>) -> String {
    let usual = MESSAGES.iter().find(|(name, _)| *name == code).map(|(_, text)| *text);
    message.or(usual).unwrap_or("The simulator was asked to fail.").to_owned()
}

/// Whether `text` fits a pattern in which `*` stands for any text.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_its_json() {
        let fault: Fault = serde_json::from_value(
            json!({"fault": "error", "code": "ThrottlingException", "retryAfter": 2, "model": "*nova*", "times": 3}),
        )
        .unwrap();
        let action = Action::Error { code: "ThrottlingException".into(), message: None, retry_after: Some(2) };
        assert_eq!(fault, Fault { action, model: Some("*nova*".into()), operation: None, times: 3 });
        assert!(serde_json::from_value::<Fault>(json!({"fault": "nonsense"})).is_err());
        let unknown = Fault::once(Action::Error { code: "Nope".into(), message: None, retry_after: None });
        assert!(unknown.check().is_err());
    }

    #[test]
    fn patterns_match_whole_ids() {
        for (pattern, text, expected) in [
            ("*", "anything", true),
            ("us.*", "us.amazon.nova-lite-v1:0", true),
            ("*nova*", "us.amazon.nova-lite-v1:0", true),
            ("*nova", "us.amazon.nova-lite-v1:0", false),
            ("a*b*c", "axbxc", true),
            ("abc", "abcd", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn stream_faults_wait_for_a_stream() {
        let fault = Fault::once(Action::BadChecksum { frame: 1 });
        assert!(!fault.fits(Operation::Converse, "m") && fault.fits(Operation::ConverseStream, "m"));
        let mut twice = Fault { times: 2, ..Fault::once(Action::Stall { frame: 0 }) };
        assert_eq!((twice.use_up(), twice.use_up()), (false, true));
    }
}
