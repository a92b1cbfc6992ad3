//! Settings from several places: what is given later wins, setting by setting, and each remembers where it comes from.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Number, Value, to_value};

use super::Settings;
use super::names;
use super::origin::Origin;
use super::table::{self, Row, Takes, Variable};
use crate::config::Environment;
use crate::error::{Error, Kind, Result};
use crate::misfit::{self, Misfit};
use crate::nearest::nearest;

/// What the names of settings begin with in the environment.
pub const PREFIX: &str = "BEDROCK_GATEWAY_";

/// The places: a TOML file, then the environment, then flags or a program's options.
#[derive(Clone, Default)]
pub struct Layers {
    given: Map<String, Value>,
    origins: BTreeMap<String, Origin>,
    warnings: Vec<String>,
}

/// Settings, and how they came about.
#[derive(Debug)]
pub struct Resolved {
    /// The settings.
    pub settings: Settings,
    /// Where those come from that are no defaults, by name.
    pub origins: BTreeMap<String, Origin>,
    /// What could not be heeded, a sentence each.
    pub warnings: Vec<String>,
}

impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Secrets stand among the values.
        f.debug_struct("Layers").field("origins", &self.origins).finish_non_exhaustive()
    }
}

impl Layers {
    /// Those of a program, whose standard error is there for the access log; in JavaScript it is somebody else's.
    pub fn of_program() -> Layers {
        let given = Map::from_iter([("access_log".to_owned(), "stderr".into())]);
        Layers { given, ..Layers::default() }
    }

    /// Adds the text of a TOML file that is called `name`.
    pub fn file(&mut self, text: &str, name: &str) -> Result<()> {
        let file: Map<String, Value> = toml::from_str(text).map_err(|error| wrong(not_toml(name, text, &error)))?;
        file.into_iter().for_each(|(setting, value)| self.give(setting, value, Origin::File(name.to_owned())));
        Ok(())
    }

    /// Adds what the environment has: `BEDROCK_GATEWAY_…`, else the variables of the Access Gateway. Those have names that
    /// others may mean something else by, so that a value that does not fit is a warning there.
    pub fn environment(&mut self, environment: Environment<'_>) -> Result<()> {
        for row in table::all() {
            let name = format!("{PREFIX}{}", row.name.to_ascii_uppercase());
            if let Some(text) = environment(&name) {
                let value = value(row, &text).map_err(|problem| wrong(format!("{name}: {problem}")).at(&name))?;
                self.give(row.name.to_owned(), value, Origin::Environment(name));
            } else if let Some(variable) = row.access_gateway
                && let Some(text) = environment(variable.name())
            {
                self.access_gateway(row, variable, &text);
            }
        }
        Ok(())
    }

    fn access_gateway(&mut self, row: &Row, variable: Variable, text: &str) {
        let value = match variable {
            Variable::Is(_) => value(row, text),
            Variable::Adds(_) => Ok(self.with_one_more(row, text.trim())),
        };
        match value {
            Ok(value) => {
                self.give(row.name.to_owned(), value, Origin::Environment(variable.name().to_owned()));
            }
            Err(problem) => {
                let (theirs, ours) = (variable.name(), row.name);
                self.warnings.push(format!("The variable {theirs} is left aside: as {ours} it {problem}"));
            }
        }
    }

    fn with_one_more(&self, row: &Row, item: &str) -> Value {
        let present = self.given.get(row.name).cloned().or_else(|| default_of(row.name));
        let mut items = present.and_then(|present| present.as_array().cloned()).unwrap_or_default();
        if !items.iter().any(|present| present == item) {
            items.push(item.into());
        }
        items.into()
    }

    /// Adds a flag: its text, or `None` for a switch without one. A list grows with each.
    pub fn flag(&mut self, row: &Row, text: Option<&str>) -> std::result::Result<(), String> {
        let value = value(row, text.unwrap_or("true"))?;
        match (self.given.get_mut(row.name), value) {
            (Some(Value::Array(items)), Value::Array(more)) => items.extend(more),
            (_, value) => self.give(row.name.to_owned(), value, Origin::Flag),
        }
        Ok(())
    }

    /// Adds a program's options, in JavaScript's spelling; `null` counts as absent.
    pub fn options(&mut self, options: Map<String, Value>) {
        let given = names::of_program(options).into_iter().filter(|(_, value)| !value.is_null());
        given.for_each(|(setting, value)| self.give(setting, value, Origin::Option));
    }

    /// Adds what another has, which wins.
    pub fn over(&mut self, other: Layers) {
        self.given.extend(other.given);
        self.origins.extend(other.origins);
        self.warnings.extend(other.warnings);
    }

    fn give(&mut self, setting: String, value: Value, origin: Origin) {
        self.origins.insert(setting.clone(), origin);
        self.given.insert(setting, value);
    }

    /// The settings, or the first that does not fit, with the place that gave it.
    pub fn resolve(self) -> Result<Resolved> {
        let Layers { given, origins, warnings } = self;
        let settings = misfit::read(Value::Object(given)).map_err(|misfit| told(&misfit, &origins))?;
        Ok(Resolved { settings, origins, warnings })
    }
}

/// What a text means for a setting; else what it must be.
fn value(row: &Row, text: &str) -> std::result::Result<Value, String> {
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

fn default_of(setting: &str) -> Option<Value> {
    to_value(Settings::default()).ok()?.get(setting).cloned()
}

fn told(Misfit { place, problem }: &Misfit, origins: &BTreeMap<String, Origin>) -> Error {
    let setting = place.split(['.', '[']).next().unwrap_or(place);
    let origin = origins.get(setting).unwrap_or(&Origin::Default);
    let at = origin.place(place);
    let problem = unknown(problem, origin).unwrap_or_else(|| format!("{problem}."));
    wrong(format!("{at}: {problem}")).at(match origin {
        Origin::File(_) => place.clone(),
        _ => at,
    })
}

/// Serde lists every name that it knows; the nearest are of more use.
fn unknown(problem: &str, origin: &Origin) -> Option<String> {
    let rest = problem.strip_prefix("unknown field `")?;
    let (name, rest) = rest.split_once('`')?;
    let known = rest.split('`').skip(1).step_by(2).map(|known| origin.spelling(known)).collect::<Vec<_>>();
    let near = nearest(&origin.spelling(name), known.iter().map(String::as_str));
    let hint = match near.first() {
        Some(near) => format!("did you mean {near}?"),
        None => "docs/gateway.md lists all there are.".to_owned(),
    };
    Some(format!("there is no such setting; {hint}"))
}

/// Where and why a text is not TOML; without the line itself, which may hold a key.
fn not_toml(name: &str, text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map(|before| format!(", line {}", before.matches('\n').count() + 1)).unwrap_or_default();
    format!("{name} is not TOML{line}: {}.", error.message())
}

fn wrong(message: String) -> Error {
    Error::new(Kind::Configuration, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_file_that_is_no_toml_is_told_without_its_secrets() {
        let error = Layers::default().file("port = 1\napi_keys = [\"sk-secret\", oh]", "a.toml").unwrap_err();
        assert!(error.message.starts_with("a.toml is not TOML, line 2: "), "{}", error.message);
        assert!(!error.message.contains("sk-secret"));
    }

    #[test]
    fn what_comes_later_wins_setting_by_setting() {
        let mut layers = Layers::default();
        layers.file("port = 1\nping_seconds = 2\npath_prefixes = [\"/x\"]\nregion = \"eu-west-1\"", "g.toml").unwrap();
        let variables = |name: &str| match name {
            "BEDROCK_GATEWAY_PORT" => Some("3".to_owned()),
            "BEDROCK_GATEWAY_API_KEYS" => Some("one, two".to_owned()),
            "BEDROCK_GATEWAY_REGION" => Some("eu-west-2".to_owned()),
            _ => None,
        };
        layers.environment(&variables).unwrap();
        let mut flags = Layers::default();
        let row = table::all().find(|row| row.name == "region").unwrap();
        flags.flag(row, Some("eu-west-3")).unwrap();
        layers.over(flags);
        let Resolved { settings, origins, .. } = layers.resolve().unwrap();
        assert_eq!((settings.port, settings.ping_seconds.duration().as_secs()), (3, 2));
        assert_eq!(settings.api_keys, ["one", "two"]);
        assert_eq!(settings.path_prefixes, ["/x"]);
        assert_eq!(settings.region.as_deref(), Some("eu-west-3"));
        let origin = |name: &str| origins.get(name).map(ToString::to_string).unwrap_or_default();
        assert_eq!(origin("port"), "environment: BEDROCK_GATEWAY_PORT");
        assert_eq!(
            (origin("ping_seconds"), origin("region"), origin("host")),
            ("g.toml".into(), "flag".into(), String::new())
        );
    }

    #[test]
    fn the_access_gateways_variables_count_where_ours_are_not_set() {
        let theirs = |name: &str| match name {
            "API_KEY" => Some("one,whole".to_owned()),
            "API_ROUTE_PREFIX" => Some("/llm".to_owned()),
            _ => None,
        };
        let mut layers = Layers::default();
        layers.environment(&theirs).unwrap();
        let settings = layers.resolve().unwrap().settings;
        assert_eq!(settings.api_keys, ["one,whole"]);
        assert_eq!(settings.path_prefixes, ["/v1", "/api/v1", "/llm"]);
        let both = |name: &str| if name == "BEDROCK_GATEWAY_API_KEYS" { Some("ours".to_owned()) } else { theirs(name) };
        let mut layers = Layers::default();
        layers.environment(&both).unwrap();
        assert_eq!(layers.resolve().unwrap().settings.api_keys, ["ours"]);
    }

    #[test]
    fn what_does_not_fit_names_its_place_and_what_was_meant() {
        let mut layers = Layers::default();
        let variables = |name: &str| (name == "BEDROCK_GATEWAY_PORT").then(|| "high".to_owned());
        let error = layers.environment(&variables).unwrap_err();
        assert_eq!(
            (error.param.as_deref(), error.message.as_str()),
            (Some("BEDROCK_GATEWAY_PORT"), "BEDROCK_GATEWAY_PORT: must be a number.",)
        );
        layers.file("prot = 1", "g.toml").unwrap();
        let error = layers.resolve().unwrap_err();
        assert_eq!(error.message, "g.toml: prot: there is no such setting; did you mean port?");
        for (options, message) in [
            (json!({"pingSecond": 1}), "options.pingSecond: there is no such setting; did you mean pingSeconds?"),
            (
                json!({"maxBodyBytes": -1}),
                "options.maxBodyBytes: invalid value: integer `-1`, expected a whole number from 0.",
            ),
            (json!({"host": "here"}), "options.host: expected an IP address such as 127.0.0.1."),
            (json!({"zzz": 1}), "options.zzz: there is no such setting; docs/gateway.md lists all there are."),
        ] {
            let mut layers = Layers::default();
            layers.options(object(options));
            assert_eq!(layers.resolve().unwrap_err().message, message);
        }
    }

    #[test]
    fn switches_are_read_in_the_usual_words() {
        const SWITCH: Row =
            Row { name: "x", takes: Takes::Switch, help: "", secret: false, fixed: false, access_gateway: None };
        for (text, expected) in [("true", Ok(true)), ("0", Ok(false)), ("ON", Ok(true)), ("express:*", Err(()))] {
            assert_eq!(value(&SWITCH, text).map(|value| value == json!(true)).map_err(|_| ()), expected, "{text}");
        }
    }

    #[test]
    fn secrets_are_in_no_debug_text() {
        let mut layers = Layers::default();
        layers.options(object(json!({"apiKeys": ["sk-hidden"]})));
        assert!(!format!("{layers:?}").contains("sk-hidden"));
    }
}
