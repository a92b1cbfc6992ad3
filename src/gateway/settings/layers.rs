//! Settings from several places: what is given later wins, setting by setting.

use serde_json::{Map, Number, Value};

use super::Settings;
use super::table::{self, Row, Takes};
use crate::config::Environment;
use crate::error::{Error, Kind, Result};

/// What the names of settings begin with in the environment.
pub const PREFIX: &str = "BEDROCK_GATEWAY_";

/// The places: a TOML file, then the environment, then flags or a program's options.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    given: Map<String, Value>,
}

impl Layers {
    /// Adds the text of a TOML file.
    pub fn toml(&mut self, text: &str) -> Result<()> {
        let file: Map<String, Value> =
            toml::from_str(text).map_err(|error| wrong(format!("The configuration file is not TOML: {error}")))?;
        self.object(file);
        Ok(())
    }

    /// Adds what the environment has.
    pub fn environment(&mut self, environment: Environment<'_>) -> Result<()> {
        for row in table::all() {
            let name = format!("{PREFIX}{}", row.name.to_ascii_uppercase());
            if let Some(text) = environment(&name) {
                let value = value(row, &text).map_err(|problem| wrong(format!("{name}: {problem}")).at(&name))?;
                self.given.insert(row.name.to_owned(), value);
            }
        }
        Ok(())
    }

    /// Adds members of an object, by their names in TOML.
    pub fn object(&mut self, object: Map<String, Value>) {
        self.given.extend(object.into_iter().filter(|(_, value)| !value.is_null()));
    }

    /// The settings.
    pub fn settings(self) -> Result<Settings> {
        Settings::read(Value::Object(self.given))
    }
}

/// What a text means for a setting.
pub(crate) fn value(row: &Row, text: &str) -> std::result::Result<Value, String> {
    let text = text.trim();
    match row.takes {
        Takes::Switch => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(Value::Bool(true)),
            "false" | "0" | "no" | "off" => Ok(Value::Bool(false)),
            _ => Err("must be `true` or `false`.".to_owned()),
        },
        Takes::Number => text.parse::<Number>().map(Value::Number).map_err(|_| "must be a number.".to_owned()),
        Takes::Text(_) => Ok(text.into()),
        Takes::Texts(_) => {
            Ok(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Value::from).collect())
        }
    }
}

fn wrong(message: String) -> Error {
    Error::new(Kind::Configuration, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_later_wins_setting_by_setting() {
        let mut layers = Layers::default();
        layers.toml("port = 1\nping_seconds = 2\npath_prefixes = [\"/x\"]").unwrap();
        let variables = |name: &str| match name {
            "BEDROCK_GATEWAY_PORT" => Some("3".to_owned()),
            "BEDROCK_GATEWAY_API_KEYS" => Some("one, two".to_owned()),
            _ => None,
        };
        layers.environment(&variables).unwrap();
        let settings = layers.settings().unwrap();
        assert_eq!((settings.port, settings.ping_seconds.duration().as_secs()), (3, 2));
        assert_eq!(settings.api_keys, ["one", "two"]);
        assert_eq!(settings.path_prefixes, ["/x"]);
    }

    #[test]
    fn what_does_not_fit_names_its_place() {
        let mut layers = Layers::default();
        let variables = |name: &str| (name == "BEDROCK_GATEWAY_PORT").then(|| "high".to_owned());
        assert_eq!(layers.environment(&variables).unwrap_err().param.as_deref(), Some("BEDROCK_GATEWAY_PORT"));
        layers.toml("prot = 1").unwrap();
        assert!(layers.settings().unwrap_err().message.contains("prot"));
    }
}
