//! What could not be carried over, and what the caller is told. Nothing is dropped without one of these.

use serde::Serialize;

/// Something the caller asked for that was changed, emulated or left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// Which rule it was.
    pub code: LossCode,
    /// Path of the request field, where one is at issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
    /// What happened and why, one or two sentences.
    pub message: String,
}

impl Loss {
    /// A loss that concerns the field at `param`.
    pub fn of(code: LossCode, param: impl Into<String>, message: impl Into<String>) -> Self {
        Loss { code, param: Some(param.into()), message: message.into() }
    }

    /// A loss that concerns no single field.
    pub fn general(code: LossCode, message: impl Into<String>) -> Self {
        Loss { code, param: None, message: message.into() }
    }
}

/// The rules by which something is lost. The spelling is part of the public contract (`warnings[].code`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LossCode {
    /// The field has no counterpart, or none on this path, and was left out.
    UnsupportedField,
    /// The value was moved into what the model accepts.
    ValueAdjusted,
    /// A part of a message was left out.
    ContentOmitted,
    /// The model lacks the feature; it is done on our side.
    Emulated,
    /// The call went through another API or operation than asked.
    Fallback,
    /// A picture was scaled or converted.
    ImageConverted,
    /// The model answered with reasoning that the text does not show.
    ReasoningOmitted,
    /// The model has reached or will reach its end of life.
    EndOfLife,
}
