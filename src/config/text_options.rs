//! The third argument of `bedrockWrapper`.

use serde_json::Value;

use super::patience::{PATIENCE_OPTIONS, Patience};
use crate::conversation::{Loss, LossCode};
use crate::error::{Error, Result};

/// Options of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Converse instead of InvokeModel.
    pub use_converse_api: bool,
    /// Time limits and retries.
    pub patience: Patience,
}

impl Options {
    /// The third argument of `bedrockWrapper`. `signal` and `logging` are the shell's business.
    pub fn resolve(given: &Value, losses: &mut Vec<Loss>) -> Result<Options> {
        let mut options = Options { use_converse_api: false, patience: Patience::default() };
        let members = match given {
            Value::Object(members) => members,
            Value::Null => return Ok(options),
            other => {
                return Err(Error::wrong_type("options", "an object", other));
            }
        };
        options.patience = options.patience.resolve(members, "options")?;
        for (name, value) in members {
            match (name.as_str(), value) {
                (_, Value::Null) | ("logging" | "signal", _) => {}
                ("useConverseAPI", Value::Bool(converse)) => options.use_converse_api = *converse,
                ("useConverseAPI", other) => {
                    return Err(Error::wrong_type("options.useConverseAPI", "true or false", other));
                }
                (name, _) if PATIENCE_OPTIONS.contains(&name) => {}
                _ => {
                    let param = format!("options.{name}");
                    losses.push(Loss::of(LossCode::UnsupportedField, param, "This option is not known."));
                }
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn options_of_the_wrong_type_are_refused_and_unknown_ones_reported() {
        let mut losses = Vec::new();
        assert!(Options::resolve(&json!({"useConverseAPI": "yes"}), &mut losses).is_err());
        assert!(Options::resolve(&json!({"idleTimeout": 0}), &mut losses).is_err());
        let options = Options::resolve(&json!({"idleTimeout": 1500, "colour": 1}), &mut losses).unwrap();
        assert_eq!(options.patience.between.as_millis(), 1500);
        assert_eq!(losses.len(), 1);
    }
}
