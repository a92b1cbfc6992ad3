//! Faults on demand: what goes wrong, for which requests, how often.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::exception::Exception;
use crate::misfit::read;

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

/// A fault and the requests it meets. As JSON: the action's `fault` name and members, beside `model`, `operation`,
/// `times` and `probability`: `{"fault": "error", "code": "ThrottlingException", "retryAfter": 1, "times": 2}`.
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
    /// How many requests it meets before it is used up; 0 means every request. Default 1, or 0 with a probability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// The part of the fitting requests that it meets, above 0 to 1. Follows the seed. Default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
}

/// What goes wrong. `frame` counts the frames that arrive before it; the fault needs a stream of more frames than that.
/// `event` is the name of a Converse event, or of a native chunk: its `type`, or its first key.
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
        /// Further members of the body, such as `originalStatusCode`.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        details: Map<String, Value>,
    },
    /// The answer, status line and all, comes this late.
    SlowHeaders {
        /// How late, in milliseconds.
        #[serde(rename = "for")]
        milliseconds: u64,
    },
    /// A modelled exception in the stream, which then ends in good order.
    Exception {
        /// AWS's name of the exception.
        code: String,
        /// Default: AWS's own text for the code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// Further members of the payload, such as `originalStatusCode`.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        details: Map<String, Value>,
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
    /// The stream ends in good order, but too early.
    End {
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
    /// A frame whose prelude checksum is wrong; the stream goes on.
    BadPrelude {
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
    /// An event of a type that no service model has; the stream goes on.
    UnknownEvent {
        /// Frames before it.
        #[serde(default)]
        frame: usize,
    },
    /// All events of a name are left out.
    Omit {
        /// Such as `messageStop`, `metadata`, `content_block_stop`.
        event: String,
    },
    /// All events of a name come twice.
    Duplicate {
        /// Such as `messageStop`.
        event: String,
    },
    /// Silence on an open connection.
    Stall {
        /// Frames before it.
        #[serde(default)]
        frame: usize,
        /// How long, in milliseconds. Default: until the client leaves.
        #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
        milliseconds: Option<u64>,
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
        Fault::times(action, 1)
    }

    /// A fault that meets the next `times` requests that can have it; 0: all.
    pub fn times(action: Action, times: u32) -> Fault {
        Fault { action, model: None, operation: None, times: Some(times), probability: None }
    }

    /// Reads a fault or a list of them from JSON, or says what is wrong.
    pub fn parse(given: Value) -> Result<Vec<Fault>, String> {
        let list = if given.is_array() { given } else { Value::Array(vec![given]) };
        let faults: Vec<Fault> = read(list).map_err(|misfit| format!("not a fault: {misfit}"))?;
        faults.iter().try_for_each(Fault::check)?;
        Ok(faults)
    }

    /// Whether the fault makes sense: AWS models the exception it names, and it can happen.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.probability.is_some_and(|probability| !(probability > 0.0 && probability <= 1.0)) {
            return Err("probability is above 0 and at most 1".into());
        }
        match &self.action {
            Action::Error { code, .. } | Action::Exception { code, .. } if !Exception::known(code) => {
                Err(format!("'{code}' is no exception of Bedrock; use a name such as ThrottlingException"))
            }
            _ => Ok(()),
        }
    }

    /// Whether a request may meet it; `streams` says whether its answer is a stream.
    pub(super) fn fits(&self, operation: &str, streams: bool, model: &str) -> bool {
        (streams || !self.action.needs_stream())
            && self.operation.as_ref().is_none_or(|name| name == operation)
            && self.model.as_ref().is_none_or(|pattern| matches(pattern, model))
    }

    /// Whether it meets this one of the requests that may meet it.
    pub(super) fn strikes(&self, random: &mut fastrand::Rng) -> bool {
        self.probability.is_none_or(|probability| random.f64() < probability)
    }

    /// Counts one use; true when it was the last.
    pub(super) fn use_up(&mut self) -> bool {
        match &mut self.times {
            None => self.probability.is_none(),
            Some(0) => false,
            Some(times) => {
                *times -= 1;
                *times == 0
            }
        }
    }
}

impl Action {
    fn needs_stream(&self) -> bool {
        match self {
            Action::Error { .. } | Action::SlowHeaders { .. } => false,
            Action::Stall { frame, .. } | Action::Reset { frame } | Action::Truncate { frame } => *frame > 0,
            _ => true,
        }
    }

    /// The frame at which a stream breaks; `None` where it is not a matter of counting.
    pub(super) fn frame(&self) -> Option<usize> {
        match self {
            Action::Error { .. } | Action::SlowHeaders { .. } | Action::Omit { .. } | Action::Duplicate { .. } => None,
            Action::Exception { frame, .. }
            | Action::ErrorFrame { frame, .. }
            | Action::Truncate { frame }
            | Action::End { frame }
            | Action::BadChecksum { frame }
            | Action::BadPrelude { frame }
            | Action::Oversize { frame }
            | Action::UnknownEvent { frame }
            | Action::Stall { frame, .. }
            | Action::Reset { frame } => Some(*frame),
        }
    }

    /// The name that it has in JSON.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Action::Error { .. } => "error",
            Action::SlowHeaders { .. } => "slowHeaders",
            Action::Exception { .. } => "exception",
            Action::ErrorFrame { .. } => "errorFrame",
            Action::Truncate { .. } => "truncate",
            Action::End { .. } => "end",
            Action::BadChecksum { .. } => "badChecksum",
            Action::BadPrelude { .. } => "badPrelude",
            Action::Oversize { .. } => "oversize",
            Action::UnknownEvent { .. } => "unknownEvent",
            Action::Omit { .. } => "omit",
            Action::Duplicate { .. } => "duplicate",
            Action::Stall { .. } => "stall",
            Action::Reset { .. } => "reset",
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
        let action = Action::Error {
            code: "ThrottlingException".into(),
            message: None,
            retry_after: Some(2),
            details: Map::new(),
        };
        assert_eq!(serde_json::to_value(&action).unwrap()["fault"], action.name());
        assert_eq!(fault, Fault { model: Some("*nova*".into()), ..Fault::times(action, 3) });
        assert!(serde_json::from_value::<Fault>(json!({"fault": "nonsense"})).is_err());
        for senseless in
            [json!({"fault": "exception", "code": "Nope"}), json!({"fault": "truncate", "probability": 1.5})]
        {
            assert!(serde_json::from_value::<Fault>(senseless).unwrap().check().is_err());
        }
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
        assert!(!fault.fits("Converse", false, "m") && fault.fits("ConverseStream", true, "m"));
    }

    #[test]
    fn faults_are_used_up_but_for_those_by_chance() {
        let fault = |times: Option<u32>, probability| Fault {
            times,
            probability,
            ..Fault::once(Action::Truncate { frame: 0 })
        };
        let mut twice = fault(Some(2), None);
        assert_eq!((twice.use_up(), twice.use_up()), (false, true));
        assert!(fault(None, None).use_up() && !fault(Some(0), None).use_up() && !fault(None, Some(0.5)).use_up());
    }

    #[test]
    fn chance_is_as_given() {
        let mut random = fastrand::Rng::with_seed(3);
        let fault = Fault { probability: Some(0.25), ..Fault::once(Action::Truncate { frame: 0 }) };
        let met = (0..4000).filter(|_| fault.strikes(&mut random)).count();
        assert!((900..1100).contains(&met), "{met}");
    }
}
