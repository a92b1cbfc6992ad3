//! `serve`: arguments into settings of the gateway, and a gateway that runs, on the simulator where that is asked for.

use std::io;
use std::path::{Path, PathBuf};

use lexopt::{Arg, Parser, ValueExt as _};
use serde_json::{Map, Value, json};

use super::parse::refused;
use super::{Command, Failure};
use crate::config::{Environment, process_environment};
use crate::error::Error;
use crate::gateway::settings::table::{self, Takes};
use crate::gateway::settings::{Layers, PREFIX, value};
use crate::gateway::{Gateway, Running, Settings};
use crate::simulator::{self, Simulator};

/// Flags that are no settings.
pub(super) const NAMES_OF_ITS_OWN: [&str; 6] = ["config", "help", "json", "print-config", "simulate", "version"];

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
    pub given: Map<String, Value>,
}

pub(super) fn parse(mut parser: Parser) -> Result<Command, Failure> {
    let mut serve = Serve::default();
    while let Some(argument) = parser.next().map_err(refused)? {
        let name = match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::HelpServe),
            Arg::Long("version") | Arg::Short('V') => return Ok(Command::Version),
            Arg::Long(name) => name.to_owned(),
            other => return Err(refused(other.unexpected())),
        };
        match name.as_str() {
            "json" => serve.json = true,
            "simulate" => serve.simulate = true,
            "config" => serve.config = Some(parser.value().map_err(refused)?.into()),
            _ => flag(&name, &mut parser, &mut serve.given)?,
        }
    }
    Ok(Command::Serve(Box::new(serve)))
}

fn flag(name: &str, parser: &mut Parser, given: &mut Map<String, Value>) -> Result<(), Failure> {
    let row = table::all().find(|row| row.name.replace('_', "-") == name);
    let row = row.ok_or_else(|| {
        Failure::usage(format!("There is no flag --{name}; `bedrock-wrapper serve --help` lists them."))
    })?;
    if row.takes == Takes::Switch {
        given.insert(row.name.to_owned(), Value::Bool(true));
        return Ok(());
    }
    let text = parser.value().and_then(|value| value.string()).map_err(refused)?;
    let value = value(row, &text).map_err(|problem| Failure::usage(format!("--{name}: {problem}")))?;
    match (given.get_mut(row.name), value) {
        (Some(Value::Array(list)), Value::Array(more)) => list.extend(more),
        (_, value) => drop(given.insert(row.name.to_owned(), value)),
    }
    Ok(())
}

impl Serve {
    /// The settings: file, then environment, then flags.
    pub fn settings(
        &self,
        environment: Environment<'_>,
        read: &dyn Fn(&Path) -> io::Result<String>,
    ) -> Result<Settings, Failure> {
        let mut layers = Layers::default();
        let config = self.config.clone().or_else(|| environment(&format!("{PREFIX}CONFIG")).map(PathBuf::from));
        if let Some(path) = config {
            let text = read(&path)
                .map_err(|error| Failure::usage(format!("Cannot read the file {}: {error}.", path.display())))?;
            layers.toml(&text).map_err(|error| usage(&error))?;
        }
        layers.environment(environment).map_err(|error| usage(&error))?;
        layers.object(self.given.clone());
        layers.settings().map_err(|error| usage(&error))
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
        let settings = serve.settings(&process_environment, &|path| std::fs::read_to_string(path))?;
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
