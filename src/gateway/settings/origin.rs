//! Where a setting comes from.

use std::fmt;

use super::names;

/// The place that gave a setting its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody did.
    Default,
    /// A TOML file, called so.
    File(String),
    /// This variable of the environment.
    Environment(String),
    /// A flag.
    Flag,
    /// A program's options.
    Option,
}

impl Origin {
    /// How whoever set the setting at `path` (`keys[0].id`) finds it.
    pub(super) fn place(&self, path: &str) -> String {
        match self {
            Origin::Default => path.to_owned(),
            Origin::File(file) => format!("{file}: {path}"),
            Origin::Environment(variable) => variable.clone(),
            Origin::Flag => format!("--{}", path.split('[').next().unwrap_or(path).replace('_', "-")),
            Origin::Option => format!("options.{}", names::camel(path)),
        }
    }

    /// A name as it is written there.
    pub(super) fn spelling(&self, name: &str) -> String {
        match self {
            Origin::Flag => name.replace('_', "-"),
            Origin::Option => names::camel(name),
            _ => name.to_owned(),
        }
    }
}

/// As a comment behind the setting.
impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => formatter.write_str("default"),
            Origin::File(file) => formatter.write_str(file),
            Origin::Environment(variable) => write!(formatter, "environment: {variable}"),
            Origin::Flag => formatter.write_str("flag"),
            Origin::Option => formatter.write_str("option"),
        }
    }
}
