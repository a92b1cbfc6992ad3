//! `extra_body` as the Access Gateway takes it: fields of the table count as if they stood at top level, everything else
//! is for the model and goes to `additionalModelRequestFields`.

use serde_json::{Map, Value};

use super::fields::{Row, knows};
use super::losses::Losses;
use super::path::Path;
use super::read::Object;
use crate::error::Result;

/// Puts the fields of `table` in their place and gives what is for the model.
pub(super) fn spread(fields: &mut Object<'_>, table: &[Row], losses: &mut Losses<'_>) -> Result<Map<String, Value>> {
    let mut strangers = Map::new();
    for (name, value) in fields.map("extra_body")?.unwrap_or_default() {
        match knows(table, &name) {
            false => drop(strangers.insert(name, value)),
            true if fields.has(&name) => {
                losses.left_out(Path::field("extra_body").member(&name), "the field at top level counts")?;
            }
            true => fields.put(name, value),
        }
    }
    Ok(strangers)
}

/// The same with `additionalModelRequestFields`, which wins: all that is for the model's own body.
pub(super) fn for_the_model(
    fields: &mut Object<'_>,
    table: &[Row],
    losses: &mut Losses<'_>,
) -> Result<Map<String, Value>> {
    let mut members = spread(fields, table, losses)?;
    members.extend(fields.map("additionalModelRequestFields")?.unwrap_or_default());
    Ok(members)
}
