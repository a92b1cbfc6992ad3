//! Where the access log goes.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// In settings `off`, `stdout`, `stderr`, or the path of a file, which lines are appended to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum AccessLog {
    /// Nowhere.
    #[default]
    Off,
    /// To standard output.
    Stdout,
    /// To standard error.
    Stderr,
    /// To a file.
    File(PathBuf),
}

impl From<String> for AccessLog {
    fn from(text: String) -> AccessLog {
        match text.as_str() {
            "off" | "" => AccessLog::Off,
            "stdout" => AccessLog::Stdout,
            "stderr" => AccessLog::Stderr,
            _ => AccessLog::File(text.into()),
        }
    }
}

impl From<AccessLog> for String {
    fn from(log: AccessLog) -> String {
        match log {
            AccessLog::Off => "off".to_owned(),
            AccessLog::Stdout => "stdout".to_owned(),
            AccessLog::Stderr => "stderr".to_owned(),
            AccessLog::File(path) => path.to_string_lossy().into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_paths_come_back_as_they_were() {
        for text in ["off", "stdout", "stderr", "/var/log/gateway.jsonl", "logs/off"] {
            assert_eq!(String::from(AccessLog::from(text.to_owned())), text);
        }
        assert_eq!(AccessLog::from("logs/off".to_owned()), AccessLog::File("logs/off".into()));
    }
}
