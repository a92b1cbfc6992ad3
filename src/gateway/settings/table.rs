//! Every setting, one row each: the command line, the environment and the reference in docs/gateway.md are made of it.

/// One setting.
#[derive(Debug)]
pub struct Row {
    /// Its name in TOML, a member of [`Settings`](super::Settings).
    pub name: &'static str,
    /// What its value is.
    pub takes: Takes,
    /// One sentence or two, the last of which tells the default.
    pub help: &'static str,
    /// Whether its value is not to be shown.
    pub secret: bool,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// `true` or `false`; as a flag nothing.
    Switch,
    /// A number.
    Number,
    /// Text, called so in the help.
    Text(&'static str),
    /// Texts: the flag may be given several times; in the environment they are separated by commas.
    Texts(&'static str),
}

/// A heading, and the settings below it.
pub type Section = (&'static str, &'static [Row]);

/// All settings but lists of objects, in the order of the help.
pub const TABLE: &[Section] = &[
    (
        "Listening",
        &[
            row("host", Takes::Text("address"), "Address to listen on. Default 127.0.0.1: this machine only."),
            row("port", Takes::Number, "Port; 0 takes a free one. Default 8080."),
            row(
                "workers",
                Takes::Number,
                "Threads of the plain program that serve; 0, the default: one for each processor.",
            ),
            row("path_prefixes", Takes::Texts("path"), "What stands before OpenAI's paths. Default /v1 and /api/v1."),
            row(
                "shutdown_seconds",
                Takes::Number,
                "How long running requests may take to end when the gateway is told to stop. Default 30.",
            ),
        ],
    ),
    (
        "Bedrock",
        &[
            row("region", Takes::Text("name"), "AWS region. Default: AWS_REGION, then the profile's."),
            row(
                "profile",
                Takes::Text("name"),
                "Profile of AWS's configuration files. Default: AWS's own chain of credentials.",
            ),
            row("base_url", Takes::Text("url"), "Base URL of bedrock-runtime. Default: AWS's for the region."),
            row(
                "access_key_id",
                Takes::Text("id"),
                "Id of an AWS access key. Default: AWS's own chain of credentials.",
            ),
            secret("secret_access_key", Takes::Text("secret"), "The secret of the access key. Default none."),
            secret("session_token", Takes::Text("token"), "The session token of temporary keys. Default none."),
        ],
    ),
    (
        "Access",
        &[secret(
            "api_keys",
            Takes::Texts("key"),
            "Keys that callers may show as bearer tokens. Default: none is asked for.",
        )],
    ),
    (
        "Limits",
        &[
            row("max_body_bytes", Takes::Number, "The largest body of a request in bytes. Default 33554432 (32 MiB)."),
            row("max_in_flight", Takes::Number, "Requests that are answered at the same time. Default 10000."),
            row("header_seconds", Takes::Number, "How long a client may take for the head of a request. Default 10."),
        ],
    ),
    (
        "Answers",
        &[row(
            "ping_seconds",
            Takes::Number,
            "How long a stream may be silent before a comment says that it lives; 0: never. Default 15.",
        )],
    ),
];

const fn row(name: &'static str, takes: Takes, help: &'static str) -> Row {
    Row { name, takes, help, secret: false }
}

const fn secret(name: &'static str, takes: Takes, help: &'static str) -> Row {
    Row { secret: true, ..row(name, takes, help) }
}

/// All rows.
pub fn all() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().flat_map(|(_, rows)| rows.iter())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::Settings;

    /// Settings that only a file or JavaScript can hold.
    const LISTS: &[&str] = &[];

    #[test]
    fn every_setting_has_a_row_and_every_row_a_setting() {
        let settings = serde_json::to_value(Settings::default()).unwrap();
        let mut known: Vec<&str> = settings.as_object().unwrap().keys().map(String::as_str).collect();
        let mut rows: Vec<&str> = all().map(|row| row.name).chain(LISTS.iter().copied()).collect();
        known.sort_unstable();
        rows.sort_unstable();
        assert_eq!(known, rows);
    }

    #[test]
    fn helps_are_sentences() {
        for row in all() {
            assert!(row.help.ends_with('.') && row.help.contains("efault"), "{}", row.name);
        }
    }
}
