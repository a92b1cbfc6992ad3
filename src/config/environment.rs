//! What this process was started with. Passed on as a function, so that the rules are tested without an environment.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::error::{Error, Kind, Result};

/// Reads one environment variable, from any thread.
pub type Environment<'a> = &'a (dyn Fn(&str) -> Option<String> + Sync);

/// Holds a Bedrock API key (Amazon Bedrock User Guide, "Use an Amazon Bedrock API key").
pub const BEARER_VARIABLE: &str = "AWS_BEARER_TOKEN_BEDROCK";

/// The environment of this process; an empty variable counts as absent, as in AWS's SDKs.
pub fn process_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The arguments of this process, without its name.
pub fn arguments() -> impl Iterator<Item = OsString> {
    std::env::args_os().skip(1)
}

/// Where this system keeps temporary files.
pub fn temporary_folder() -> PathBuf {
    std::env::temp_dir()
}

/// A variable without blanks around it; a blank one counts as absent.
pub(super) fn variable(environment: Environment<'_>, name: &str) -> Option<String> {
    environment(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// A variable that is `true` or `false`, in any case.
pub(super) fn flag(environment: Environment<'_>, name: &str) -> Result<Option<bool>> {
    match variable(environment, name) {
        None => Ok(None),
        Some(value) if value.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Some(value) if value.eq_ignore_ascii_case("false") => Ok(Some(false)),
        Some(_) => {
            let message = format!("The environment variable {name} must be `true` or `false`.");
            Err(Error::new(Kind::Configuration, message).at(name))
        }
    }
}
