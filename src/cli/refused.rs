//! Arguments that are not understood, told with a way out.

use super::Failure;
use crate::nearest::nearest;

/// The flags of a command, to tell which one was meant.
pub(super) struct Flags {
    pub(super) command: &'static str,
    /// Without the dashes.
    pub(super) names: fn() -> Vec<String>,
}

impl Flags {
    /// What the parser says, in our words.
    pub(super) fn refused(&self, error: lexopt::Error) -> Failure {
        match error {
            lexopt::Error::UnexpectedOption(name) => self.unknown(name.trim_start_matches('-')),
            lexopt::Error::MissingValue { option: Some(name) } => Failure::usage(format!("{name} needs a value.")),
            lexopt::Error::UnexpectedValue { option, .. } => Failure::usage(format!("{option} takes no value.")),
            other => Failure::usage(format!("{other}.")),
        }
    }

    /// A flag of another name.
    pub(super) fn unknown(&self, name: &str) -> Failure {
        let names = (self.names)();
        let dashes = if name.chars().count() == 1 { "-" } else { "--" };
        let hint = match nearest(name, names.iter().map(String::as_str)).first() {
            Some(nearest) => format!("did you mean --{nearest}?"),
            None => format!("`bedrock-wrapper {} --help` lists them.", self.command),
        };
        Failure::usage(format!("There is no flag {dashes}{name}; {hint}"))
    }
}
