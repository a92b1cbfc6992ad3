//! `serve`: arguments, environment and a file into settings of the gateway, and a gateway that runs with them.

use std::io;
use std::path::{Path, PathBuf};

use lexopt::{Arg, Parser, ValueExt as _};
use serde_json::json;

use super::refused::Flags;
use super::serving::Serving;
use super::{Command, Failure};
use crate::config::Environment;
use crate::error::Error;
use crate::gateway::settings::table::{self, Takes};
use crate::gateway::settings::{Layers, PREFIX, Resolved};

/// Flags that are no settings.
const NAMES_OF_ITS_OWN: [&str; 6] = ["config", "help", "json", "print-config", "simulate", "version"];

const SERVE: Flags = Flags {
    command: "serve",
    names: || {
        let settings = table::all().map(|row| row.name.replace('_', "-"));
        settings.chain(NAMES_OF_ITS_OWN.map(str::to_owned)).collect()
    },
};

/// What `serve` was asked.
#[derive(Debug)]
pub struct Serve {
    /// `--simulate`: on the built-in simulator.
    pub simulate: bool,
    /// `--json`: one line for scripts.
    pub json: bool,
    sources: Sources,
    /// What they gave when the program started.
    pub resolved: Resolved,
}

/// Where its settings come from.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// `--config`, else `BEDROCK_GATEWAY_CONFIG`.
    config: Option<PathBuf>,
    flags: Layers,
}

/// Reads the text of a file.
pub(super) type Read<'a> = &'a dyn Fn(&Path) -> io::Result<String>;

pub(super) fn parse(mut parser: Parser, environment: Environment<'_>, read: Read<'_>) -> Result<Command, Failure> {
    let (mut simulate, mut json, mut print_config) = (false, false, false);
    let mut sources = Sources::default();
    while let Some(argument) = parser.next().map_err(|error| SERVE.refused(error))? {
        let name = match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::HelpServe),
            Arg::Long("version") | Arg::Short('V') => return Ok(Command::Version),
            Arg::Long(name) => name.to_owned(),
            other => return Err(SERVE.refused(other.unexpected())),
        };
        match name.as_str() {
            "json" => json = true,
            "print-config" => print_config = true,
            "simulate" => simulate = true,
            "config" => sources.config = Some(parser.value().map_err(|error| SERVE.refused(error))?.into()),
            _ => flag(&name, &mut parser, &mut sources.flags)?,
        }
    }
    let resolved = sources.resolve(environment, read)?;
    if print_config {
        return Ok(Command::Tell { text: resolved.to_toml(), warnings: resolved.warnings });
    }
    Ok(Command::Serve(Box::new(Serve { simulate, json, sources, resolved })))
}

fn flag(name: &str, parser: &mut Parser, flags: &mut Layers) -> Result<(), Failure> {
    let row = table::all().find(|row| row.name.replace('_', "-") == name).ok_or_else(|| SERVE.unknown(name))?;
    let text = match row.takes {
        Takes::Switch => parser.optional_value(),
        _ => Some(parser.value().map_err(|error| SERVE.refused(error))?),
    };
    let text = text.map(|text| text.string()).transpose().map_err(|error| SERVE.refused(error))?;
    flags.flag(row, text.as_deref()).map_err(|problem| Failure::usage(format!("--{name}: {problem}")))
}

impl Sources {
    /// The file, then the environment, then flags.
    pub(super) fn resolve(&self, environment: Environment<'_>, read: Read<'_>) -> Result<Resolved, Failure> {
        let mut layers = Layers::of_program();
        let config = self.config.clone().or_else(|| environment(&format!("{PREFIX}CONFIG")).map(PathBuf::from));
        if let Some(path) = config {
            let name = path.display().to_string();
            let text = read(&path).map_err(|error| Failure::usage(format!("Cannot read the file {name}: {error}.")))?;
            layers.file(&text, &name).map_err(|error| usage(&error))?;
        }
        layers.environment(environment).map_err(|error| usage(&error))?;
        layers.over(self.flags.clone());
        layers.resolve().map_err(|error| usage(&error))
    }
}

fn usage(error: &Error) -> Failure {
    Failure::usage(error.message.clone())
}

impl Serve {
    /// Starts it; returns when it accepts connections.
    pub(super) async fn start(&self) -> Result<Serving, Failure> {
        let settings = self.resolved.settings.clone();
        let started = Serving::start(settings, self.simulate).await;
        started.map_err(|error| Failure { message: error.message, exit_code: 1 })
    }

    /// What its sources say by now.
    pub(super) fn read_again(&self, environment: Environment<'_>, read: Read<'_>) -> Result<Resolved, Failure> {
        self.sources.resolve(environment, read)
    }

    /// What is printed once it accepts connections.
    pub(super) fn text(&self, serving: &Serving) -> String {
        let (url, simulator) = (serving.url(), serving.simulator_url());
        if self.json {
            return format!("{}\n", json!({"url": url, "simulator": simulator, "pid": std::process::id()}));
        }
        let behind = simulator.map_or_else(|| "Amazon Bedrock".to_owned(), |url| format!("the simulator at {url}"));
        format!(
            "OpenAI's API is served at {url}/v1, answered by {behind}. Ctrl-C stops it.\n\n\
             export OPENAI_BASE_URL={url}/v1\nexport OPENAI_API_KEY=unused\n\n\
             curl {url}/v1/chat/completions -H 'content-type: application/json' \\\n  \
             -d '{{\"model\": \"amazon.nova-micro-v1:0\", \"messages\": [{{\"role\": \"user\", \"content\": \"Hello\"}}]}}'\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::parse;
    use std::ffi::OsString;

    fn parsed(line: &str) -> Result<Command, String> {
        let variables = |name: &str| (name == "BEDROCK_GATEWAY_PING_SECONDS").then(|| "7".to_owned());
        let read = |path: &Path| match path.to_str() {
            Some("gateway.toml") => Ok("port = 1\nping_seconds = 1\n".to_owned()),
            Some("misspelt.toml") => Ok("prot = 1\n".to_owned()),
            _ => Err(io::ErrorKind::NotFound.into()),
        };
        let arguments = ["serve"].into_iter().chain(line.split_whitespace()).map(OsString::from);
        parse(arguments, &variables, &read).map_err(|failure| {
            assert_eq!(failure.exit_code, 2);
            failure.message
        })
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let Ok(Command::Serve(serve)) = parsed("--config gateway.toml --max-in-flight=5 --allow-anonymous") else {
            panic!("it is a right command")
        };
        let settings = &serve.resolved.settings;
        assert_eq!((settings.port, settings.max_in_flight, settings.allow_anonymous), (1, 5, true));
        assert_eq!(settings.ping_seconds.duration().as_secs(), 7);
        assert!(!serve.simulate && !serve.json);
        let Ok(Command::Serve(serve)) = parsed("--allow-anonymous=false --api-keys a --api-keys b,c --simulate") else {
            panic!("it is a right command")
        };
        assert!(serve.simulate && !serve.resolved.settings.allow_anonymous);
        assert_eq!(serve.resolved.settings.api_keys, ["a", "b", "c"]);
    }

    #[test]
    fn the_configuration_is_told_with_its_origins_and_nothing_starts() {
        let Ok(Command::Tell { text, .. }) = parsed("--config gateway.toml --api-keys sk-1 --print-config") else {
            panic!("it is a right command")
        };
        for line in ["port = 1  # gateway.toml", "ping_seconds = 7  # environment: BEDROCK_GATEWAY_PING_SECONDS"] {
            assert!(text.lines().any(|shown| shown == line), "{text}");
        }
        assert!(!text.contains("sk-1"));
    }

    #[test]
    fn mistakes_are_told_with_a_way_out() {
        for (line, expected) in [
            ("--prot 1", "There is no flag --prot; did you mean --port?"),
            ("--port 70000", "--port: invalid value: integer `70000`, expected a whole number from 0 to 65535."),
            ("--port", "--port needs a value."),
            ("--ping-seconds soon", "--ping-seconds: must be a number."),
            ("--allow-anonymous=maybe", "--allow-anonymous: must be `true` or `false`."),
            ("--config misspelt.toml", "misspelt.toml: prot: there is no such setting; did you mean port?"),
        ] {
            assert_eq!(parsed(line).unwrap_err(), expected, "{line}");
        }
        assert!(parsed("--config none.toml").unwrap_err().starts_with("Cannot read the file none.toml: "));
    }
}
