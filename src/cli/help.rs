//! The texts of `--help`, made from the table of flags.

use super::flags::{Flag, SECTIONS, Takes};
use crate::gateway::settings::table;

/// Width of the column that names the flags.
const NAMES: usize = 30;

pub(super) fn overview() -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "bedrock-wrapper {version}\n\n\
         Usage: bedrock-wrapper <command>\n\n\
         Commands:\n\
         \x20 serve       Start a server of OpenAI's API on Bedrock; `bedrock-wrapper serve --help` lists its flags.\n\
         \x20 simulate    Start a Bedrock on this machine; `bedrock-wrapper simulate --help` lists its flags.\n\
         \x20 health      Ask a gateway whether it lives; `bedrock-wrapper health --help` says which.\n\
         \x20 hash-key    Print a new key for callers of the gateway, and its hash for the settings.\n\n\
         Flags:\n\
         \x20 -h, --help       Print this.\n\
         \x20 -V, --version    Print the version.\n"
    )
}

pub(super) fn simulate() -> String {
    let mut text =
        String::from("Start a Bedrock on this machine. Ctrl-C stops it.\n\nUsage: bedrock-wrapper simulate [flags]\n");
    for (heading, flags) in SECTIONS {
        text.push_str(&format!("\n{heading}:\n"));
        flags.iter().for_each(|flag| text.push_str(&row(&named(flag), flag.help)));
    }
    text.push_str("\nOutput:\n");
    for (name, help) in [
        ("--env", "Print the commands that export its variables, and nothing else."),
        ("--json", "Print one line of JSON: url, httpsUrl, caFile, region, env, pid."),
        ("-h, --help", "Print this."),
        ("-V, --version", "Print the version."),
    ] {
        text.push_str(&row(name, help));
    }
    text.push_str("\nExit codes: 0 stopped, 1 cannot run, 2 wrong arguments.\n");
    text
}

pub(super) fn hash_key() -> String {
    let mut text = String::from(
        "Print a new key for callers of the gateway, and its hash, which goes into the settings: only whoever gets the key\n\
         has to know it.\n\nUsage: bedrock-wrapper hash-key [flags]\n\nFlags:\n",
    );
    for (name, help) in [
        ("--stdin", "Print the hash of the key on standard input."),
        ("--json", "Print one line of JSON: key (null with --stdin), hash."),
        ("-h, --help", "Print this."),
        ("-V, --version", "Print the version."),
    ] {
        text.push_str(&row(name, help));
    }
    text.push_str("\nExit codes: 0 printed, 1 cannot read, 2 wrong arguments.\n");
    text
}

pub(super) fn serve() -> String {
    let mut text = String::from(
        "Start a server of OpenAI's API, answered by Amazon Bedrock. Ctrl-C stops it.\n\n\
         Usage: bedrock-wrapper serve [flags]\n\n\
         Each flag is also a variable of the environment (--ping-seconds: BEDROCK_GATEWAY_PING_SECONDS) and a member of\n\
         the configuration file (ping_seconds).\n",
    );
    for (heading, rows) in table::TABLE {
        text.push_str(&format!("\n{heading}:\n"));
        for setting in *rows {
            text.push_str(&row(&setting_named(setting), setting.help));
        }
    }
    text.push_str("\nCommand:\n");
    for (name, help) in [
        ("--config <file.toml>", "Settings from a file; the environment wins over it, and flags over that."),
        ("--print-config", "Print the settings as TOML with where each comes from, secrets hidden; start nothing."),
        ("--simulate", "On the built-in simulator: no AWS account, no cost."),
        ("--json", "Print one line of JSON: url, simulator, pid."),
        ("-h, --help", "Print this."),
        ("-V, --version", "Print the version."),
    ] {
        text.push_str(&row(name, help));
    }
    text.push_str("\nSIGHUP reads file and environment again. SIGINT or SIGTERM ends it when running requests have; a second one at once.\n");
    text.push_str("\nExit codes: 0 stopped, 1 cannot run, 2 wrong arguments or settings.\n");
    text
}

pub(super) fn health() -> String {
    "Ask a gateway whether it lives: prints `ok`, or fails. For the health check of a container that has no shell.\n\n\
     Usage: bedrock-wrapper health [url]\n\n\
     Default: the gateway on this machine that has the settings of this environment, such as BEDROCK_GATEWAY_PORT and the\n\
     file of BEDROCK_GATEWAY_CONFIG. A URL without a path means /health; /ready says whether it takes requests.\n\n\
     Exit codes: 0 status 200, 1 another status or no answer, 2 wrong arguments.\n"
        .to_owned()
}

fn setting_named(setting: &table::Row) -> String {
    let name = setting.name.replace('_', "-");
    match setting.takes {
        table::Takes::Switch => format!("--{name}"),
        table::Takes::Number => format!("--{name} <n>"),
        table::Takes::Text(value) | table::Takes::Texts(value) => format!("--{name} <{value}>"),
    }
}

fn named(flag: &Flag) -> String {
    let name = flag.name;
    match flag.takes {
        Takes::Nothing(_) => format!("--{name}"),
        Takes::Number => format!("--{name} <n>"),
        Takes::Text(value) | Takes::Texts(value) => format!("--{name} <{value}>"),
        Takes::JsonFile => format!("--{name} <file.json>"),
        Takes::RulesFile => format!("--{name} <file>"),
    }
}

fn row(name: &str, help: &str) -> String {
    format!("  {name:NAMES$}  {help}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::flags;

    #[test]
    fn every_flag_has_a_line_of_its_own_and_columns_hold() {
        let text = simulate();
        for flag in flags::all() {
            let name = named(flag);
            assert!(text.lines().any(|line| line.trim_start().starts_with(&format!("{name} "))), "{name}");
            assert!(name.len() <= NAMES, "{name} is too long for its column");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 132));
    }
}
