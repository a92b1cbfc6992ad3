//! A gateway, with the simulator that it stands on where it was asked to.

use crate::config::process_environment;
use crate::error::{Error, Kind, Result};
use crate::gateway::settings::TargetSettings;
use crate::gateway::{Gateway, Running, Settings};
use crate::simulator::{self, Simulator};

/// Both, running.
#[derive(Debug)]
pub struct Serving {
    gateway: Running,
    simulator: Option<simulator::Running>,
}

impl Serving {
    /// Starts a gateway, with `simulate` on a simulator of its own; returns when it accepts connections.
    pub async fn start(settings: Settings, simulate: bool) -> Result<Serving> {
        let simulator = match simulate {
            true => Some(Simulator::start(simulator::Options::default()).await.map_err(cannot_simulate)?),
            false => None,
        };
        let behind = Behind::of(simulator.as_ref());
        let gateway = Gateway::start(behind.settings(settings), &|name: &str| behind.variable(name)).await?;
        Ok(Serving { gateway, simulator })
    }

    /// Takes other settings; connections stay. Returns what their owner should know. On an error the old ones stay.
    pub async fn reload(&self, settings: Settings) -> Result<Vec<String>> {
        let behind = Behind::of(self.simulator.as_ref());
        self.gateway.reload(behind.settings(settings), &|name: &str| behind.variable(name)).await
    }

    /// Base URL of the gateway.
    pub fn url(&self) -> String {
        self.gateway.url()
    }

    /// Base URL of the simulator, if it stands on one.
    pub fn simulator_url(&self) -> Option<String> {
        self.simulator.as_ref().map(simulator::Running::url)
    }

    /// What its owner should know, a sentence each.
    pub fn warnings(&self) -> Vec<String> {
        self.gateway.warnings()
    }

    /// Stops the gateway, then what it stands on.
    pub async fn close(self) {
        self.gateway.close().await;
        if let Some(simulator) = self.simulator {
            simulator.close().await;
        }
    }
}

/// What answers the gateway's requests: Bedrock, or the simulator.
struct Behind<'a> {
    simulator: Option<&'a simulator::Running>,
    variables: Vec<(&'static str, String)>,
}

impl<'a> Behind<'a> {
    fn of(simulator: Option<&'a simulator::Running>) -> Behind<'a> {
        Behind { simulator, variables: simulator.map(simulator::Running::env).unwrap_or_default() }
    }

    /// What the simulator says of itself wins over AWS's variables, so that nothing reaches AWS.
    fn variable(&self, name: &str) -> Option<String> {
        match self.variables.iter().find(|(own, _)| *own == name) {
            Some((_, value)) => Some(value.clone()),
            None if self.simulator.is_some() && name.starts_with("AWS_") => None,
            None => process_environment(name),
        }
    }

    /// Settings that lead to the simulator and nowhere else. It costs nobody anything, so that all may use it.
    fn settings(&self, settings: Settings) -> Settings {
        let Some(simulator) = self.simulator else { return settings };
        let options = simulator.state().options();
        // Targets keep their names and shares, but all of them are the simulator.
        let targets = settings.targets.iter().map(TargetSettings::without_place).collect();
        Settings {
            targets,
            region: Some(options.region.clone()),
            profile: None,
            role_arn: None,
            external_id: None,
            role_session_name: None,
            base_url: Some(simulator.url()),
            access_key_id: Some(options.credentials.access_key_id.clone()),
            secret_access_key: Some(options.credentials.secret_access_key.clone()),
            session_token: options.credentials.session_token.clone(),
            allow_anonymous: true,
            ..settings
        }
    }
}

fn cannot_simulate(error: std::io::Error) -> Error {
    Error::new(Kind::Configuration, format!("The simulator {error}."))
}
