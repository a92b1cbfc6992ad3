//! What a guardrail is asked about, and what it finds.

use super::Image;

/// One text or picture to judge.
#[derive(Clone, Debug)]
pub enum Part {
    /// A text.
    Text(String),
    /// A picture.
    Image(Image),
}

/// Which guardrail judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guardrail {
    /// Its id or ARN.
    pub id: String,
    /// `DRAFT` or a number.
    pub version: String,
}

/// What a guardrail says of an input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assessment {
    /// Whether it would have stepped in.
    pub intervened: bool,
    /// What it looked for, found or not.
    pub findings: Vec<Finding>,
}

/// One thing that a guardrail looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Which policy: `content`, `topic`, `word`, `sensitive_information`.
    pub policy: &'static str,
    /// What: a filter such as `HATE`, the name of a topic, the type of a word list or of an entity.
    pub name: String,
    /// Whether it was found.
    pub detected: bool,
    /// What the guardrail does about it: `BLOCKED`, `ANONYMIZED`, `NONE`.
    pub action: Option<String>,
    /// How sure it is, 0 to 1, where it says.
    pub confidence: Option<f64>,
}
