//! `serve`: arguments into settings of the gateway, and a gateway that runs, on the simulator where that is asked for.

use std::io;
use std::path::{Path, PathBuf};

use lexopt::{Arg, Parser, ValueExt as _};
use serde_json::json;

use super::refused::Flags;
use super::{Command, Failure};
use crate::config::{Environment, process_environment};
use crate::error::Error;
use crate::gateway::settings::table::{self, Takes};
use crate::gateway::settings::{Layers, PREFIX, Resolved};
use crate::gateway::{Gateway, Running, Settings};
use crate::simulator::{self, Simulator};

/// Flags that are no settings.
pub(super) const NAMES_OF_ITS_OWN: [&str; 6] = ["config", "help", "json", "print-config", "simulate", "version"];

const SERVE: Flags = Flags {
    command: "serve",
    names: || {
        let settings = table::all().map(|row| row.name.replace('_', "-"));
        settings.chain(NAMES_OF_ITS_OWN.map(str::to_owned)).collect()
    },
};

/// What `serve` was asked.
#[derive(Debug, Default)]
pub struct Serve {
    /// `--config`, or `BEDROCK_GATEWAY_CONFIG`: the TOML file.
    pub config: Option<PathBuf>,
    /// `--simulate`: on the built-in simulator.
    pub simulate: bool,
    /// `--json`: one line for scripts.
    pub json: bool,
    /// Settings that flags gave.
    pub given: Layers,
}

pub(super) fn parse(mut parser: Parser) -> Result<Command, Failure> {
    let mut serve = Serve::default();
    while let Some(argument) = parser.next().map_err(|error| SERVE.refused(error))? {
        let name = match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::HelpServe),
            Arg::Long("version") | Arg::Short('V') => return Ok(Command::Version),
            Arg::Long(name) => name.to_owned(),
            other => return Err(SERVE.refused(other.unexpected())),
        };
        match name.as_str() {
            "json" => serve.json = true,
            "simulate" => serve.simulate = true,
            "config" => serve.config = Some(parser.value().map_err(|error| SERVE.refused(error))?.into()),
            _ => flag(&name, &mut parser, &mut serve.given)?,
        }
    }
    Ok(Command::Serve(Box::new(serve)))
}

fn flag(name: &str, parser: &mut Parser, given: &mut Layers) -> Result<(), Failure> {
    let row = table::all().find(|row| row.name.replace('_', "-") == name).ok_or_else(|| SERVE.unknown(name))?;
    let text = match row.takes {
        Takes::Switch => parser.optional_value(),
        _ => Some(parser.value().map_err(|error| SERVE.refused(error))?),
    };
    let text = text.map(|text| text.string()).transpose().map_err(|error| SERVE.refused(error))?;
    given.flag(row, text.as_deref()).map_err(|problem| Failure::usage(format!("--{name}: {problem}")))
}

impl Serve {
    /// The settings: file, then environment, then flags.
    pub fn settings(
        &self,
        environment: Environment<'_>,
        read: &dyn Fn(&Path) -> io::Result<String>,
    ) -> Result<Resolved, Failure> {
        let mut layers = Layers::default();
        let config = self.config.clone().or_else(|| environment(&format!("{PREFIX}CONFIG")).map(PathBuf::from));
        if let Some(path) = config {
            let name = path.display().to_string();
            let text = read(&path).map_err(|error| Failure::usage(format!("Cannot read the file {name}: {error}.")))?;
            layers.file(&text, &name).map_err(|error| usage(&error))?;
        }
        layers.environment(environment).map_err(|error| usage(&error))?;
        layers.over(self.given.clone());
        layers.resolve().map_err(|error| usage(&error))
    }
}

fn usage(error: &Error) -> Failure {
    Failure::usage(error.message.clone())
}

/// A gateway, with the simulator it stands on.
#[derive(Debug)]
pub struct Serving {
    gateway: Running,
    simulator: Option<simulator::Running>,
}

impl Serving {
    /// Starts it; returns when it accepts connections.
    pub(super) async fn start(serve: &Serve) -> Result<Serving, Failure> {
        let Resolved { settings, .. } = serve.settings(&process_environment, &|path| std::fs::read_to_string(path))?;
        let simulator = match serve.simulate {
            true => Some(Simulator::start(simulator::Options::default()).await.map_err(|error| cannot(&error))?),
            false => None,
        };
        let own = simulator.as_ref().map(simulator::Running::env).unwrap_or_default();
        // What the simulator says of itself wins over AWS's variables, so that nothing reaches AWS.
        let environment = |name: &str| match own.iter().find(|(own, _)| *own == name) {
            Some((_, value)) => Some(value.clone()),
            None if !own.is_empty() && name.starts_with("AWS_") => None,
            None => process_environment(name),
        };
        let settings = match &simulator {
            Some(simulator) => on_simulator(settings, simulator),
            None => settings,
        };
        let gateway = Gateway::start(settings, &environment).await.map_err(|error| cannot(&error))?;
        Ok(Serving { gateway, simulator })
    }

    pub(super) fn text(&self, serve: &Serve) -> String {
        let url = self.gateway.url();
        let simulator = self.simulator.as_ref().map(simulator::Running::url);
        if serve.json {
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

    /// Stops the gateway, then what it stands on.
    pub async fn close(self) {
        self.gateway.close().await;
        if let Some(simulator) = self.simulator {
            simulator.close().await;
        }
    }
}

/// Settings that lead to the simulator and nowhere else.
fn on_simulator(settings: Settings, simulator: &simulator::Running) -> Settings {
    let options = simulator.state().options();
    Settings {
        region: Some(options.region.clone()),
        profile: None,
        base_url: Some(simulator.url()),
        access_key_id: Some(options.credentials.access_key_id.clone()),
        secret_access_key: Some(options.credentials.secret_access_key.clone()),
        session_token: options.credentials.session_token.clone(),
        ..settings
    }
}

fn cannot(error: &dyn std::fmt::Display) -> Failure {
    Failure { message: error.to_string(), exit_code: 1 }
}
