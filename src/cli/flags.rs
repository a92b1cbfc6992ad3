//! The flags of `simulate`, one row each. A new option of the simulator needs one row here and nothing else.

/// A flag and the member of the simulator's options, as JSON, that it sets.
pub(super) struct Flag {
    /// Without the dashes.
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    /// Dots lead into objects; empty for all options at once.
    pub(super) member: &'static str,
    /// One sentence, which also tells the default.
    pub(super) help: &'static str,
}

/// What stands after a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing; the flag means this value.
    Nothing(bool),
    /// A number.
    Number,
    /// Text, called so in the help.
    Text(&'static str),
    /// Text, which may be given several times.
    Texts(&'static str),
    /// The name of a file that holds JSON.
    JsonFile,
    /// The name of a file of rules: a list of them, or an object with `rules` and `scripts`; JSON or TOML.
    RulesFile,
}

/// A heading of the help, and the flags below it.
pub(super) type Section = (&'static str, &'static [Flag]);

/// Where `simulate` listens unless it is told otherwise, so that a configuration stays true from run to run.
pub(super) const DEFAULT_PORT: u16 = 4010;

pub(super) const SECTIONS: &[Section] = &[
    (
        "Listening",
        &[
            flag("port", Takes::Number, "port", "Port; 0 takes a free one. Default 4010."),
            flag("host", Takes::Text("address"), "host", "Address to listen on. Default 127.0.0.1: this machine only."),
            flag(
                "tls",
                Takes::Nothing(true),
                "tls",
                "A second port that speaks TLS, with a certificate made for this run.",
            ),
            flag("tls-port", Takes::Number, "tls.port", "Port for TLS; 0, the default, takes a free one."),
            flag(
                "ca-file",
                Takes::Text("file"),
                "tls.caFile",
                "Where to leave the authority's certificate. Default: a temporary file.",
            ),
        ],
    ),
    (
        "Access",
        &[
            flag(
                "auth",
                Takes::Text("mode"),
                "auth",
                "strict (the default) verifies signatures and keys, lenient their form, off nothing.",
            ),
            flag("region", Takes::Text("name"), "region", "Region that signatures are scoped to. Default us-east-1."),
            flag(
                "access-key-id",
                Takes::Text("id"),
                "credentials.accessKeyId",
                "Access key that strict accepts, with its secret. Default: fresh ones.",
            ),
            flag(
                "secret-access-key",
                Takes::Text("secret"),
                "credentials.secretAccessKey",
                "The secret of the access key.",
            ),
            flag(
                "session-token",
                Takes::Text("token"),
                "credentials.sessionToken",
                "Session token that requests must carry. Default none.",
            ),
            flag(
                "bearer-key",
                Takes::Texts("key"),
                "bearerKeys",
                "Bedrock API key that strict accepts; may be given several times.",
            ),
            flag(
                "require-profiles",
                Takes::Nothing(true),
                "requireProfiles",
                "Refuse bare ids of models that AWS offers through inference profiles only.",
            ),
            flag(
                "end-of-life",
                Takes::Nothing(true),
                "endOfLife",
                "Answer 404 for models that AWS has stopped serving.",
            ),
        ],
    ),
    (
        "Management",
        &[
            flag(
                "s3-directory",
                Takes::Text("folder"),
                "s3Directory",
                "Folder that stands for Amazon S3, for logs and batches. Default none.",
            ),
            flag("job-duration", Takes::Number, "jobDuration", "Milliseconds that a job takes. Default 2000."),
        ],
    ),
    (
        "Answers",
        &[
            flag(
                "backend",
                Takes::Text("url"),
                "backend.url",
                "Base URL of an OpenAI-compatible service that answers in place of the built-in model.",
            ),
            flag("backend-api-key", Takes::Text("key"), "backend.apiKey", "Bearer key for the backend. Default none."),
            flag(
                "model-map",
                Takes::Text("file"),
                "backend.modelMap",
                "TOML that says which of the backend's models stands for which of Bedrock's; AWSim's files fit.",
            ),
            flag("seed", Takes::Number, "seed", "Seed of all that is random. Default: another one each time."),
            flag("no-padding", Takes::Nothing(false), "padding", "Leave AWS's random padding out of stream frames."),
            flag(
                "time-to-first-token",
                Takes::Number,
                "physics.timeToFirstToken",
                "Milliseconds before an answer begins. Default 0.",
            ),
            flag(
                "tokens-per-second",
                Takes::Number,
                "physics.tokensPerSecond",
                "Pace of an answer. Default 0: as fast as it goes.",
            ),
            flag("jitter", Takes::Number, "physics.jitter", "Unevenness of the pace, 0 to 1. Default 0."),
            flag(
                "tokens-per-chunk",
                Takes::Number,
                "physics.tokensPerChunk",
                "Tokens in a piece of a stream. Default 1.",
            ),
            flag("rules", Takes::RulesFile, "rules", "Rules, and scripts, from a JSON or TOML file."),
            flag(
                "replay",
                Takes::Text("path"),
                "replay.path",
                "Answer from a cassette: a folder, or a .json, .jsonl or .yaml (VCR) file.",
            ),
            flag(
                "replay-strict",
                Takes::Nothing(true),
                "replay.strict",
                "A request that is not in the cassette is an error. Default: it is answered otherwise.",
            ),
            flag("replay-speed", Takes::Number, "replay.speed", "1 as recorded, 2 twice as fast. Default 0: at once."),
            flag(
                "record",
                Takes::Text("path"),
                "record.path",
                "Pass requests on to Bedrock and record the answers, redacted, in a folder or a .jsonl file.",
            ),
            flag(
                "record-upstream",
                Takes::Text("url"),
                "record.upstream",
                "Record from here instead, unsigned. Default: Bedrock in the region, with your AWS credentials.",
            ),
            flag(
                "quotas",
                Takes::JsonFile,
                "quotas",
                "A list of limits on requests and tokens a minute. Default none.",
            ),
            flag(
                "faults",
                Takes::JsonFile,
                "faults",
                "A list of faults that are in force from the start. Default none.",
            ),
            flag("options", Takes::JsonFile, "", "All options as simulate() takes them; other flags win over it."),
        ],
    ),
];

const fn flag(name: &'static str, takes: Takes, member: &'static str, help: &'static str) -> Flag {
    Flag { name, takes, member, help }
}

/// All rows, in the order of the help.
pub(super) fn all() -> impl Iterator<Item = &'static Flag> {
    SECTIONS.iter().flat_map(|(_, flags)| flags.iter())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::parse::NAMES_OF_ITS_OWN;
    use crate::simulator::Options;
    use serde_json::json;

    #[test]
    fn names_are_unique_and_helps_are_sentences() {
        let mut names: Vec<&str> = all().map(|flag| flag.name).chain(NAMES_OF_ITS_OWN).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
        for flag in all() {
            assert!(flag.help.ends_with('.') && flag.help.len() <= 100, "--{}: {}", flag.name, flag.help);
        }
    }

    #[test]
    fn every_option_has_a_flag() {
        let refused = serde_json::from_value::<Options>(json!({"": 0})).unwrap_err().to_string();
        let options: Vec<&str> = refused.split('`').skip(3).step_by(2).collect();
        assert!(options.len() > 20, "{refused}");
        for option in options {
            let has_flag = all().any(|flag| flag.member.split('.').next() == Some(option));
            assert!(
                has_flag || option == "scripts",
                "{option}: scripts alone come with the file of another flag, --rules"
            );
        }
    }

    #[test]
    fn every_member_is_one_of_the_options() {
        for flag in all().filter(|flag| !flag.member.is_empty()) {
            let value = flag.member.rsplit('.').fold(json!([]), |inner, name| json!({ name: inner }));
            let known =
                serde_json::from_value::<Options>(value).map_or_else(|error| error.to_string(), |_| String::new());
            assert!(!known.contains("unknown field"), "--{}: {known}", flag.name);
        }
    }
}
