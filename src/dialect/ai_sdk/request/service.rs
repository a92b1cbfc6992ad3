//! What a call tells the service besides the conversation: the provider's own options as members of the Converse body.

use serde_json::{Map, Value, json};

use super::options::Options;
use crate::conversation::{Extras, FormatRoute};
use crate::dialect::ai_sdk::fields::refusal;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// The most entries of `anthropicBeta`, each of which is sought among the others.
const MOST_BETAS: usize = 100;
/// The most pointers in `additionalModelResponseFieldPaths` (Converse).
const MOST_PATHS: usize = 10;
/// Bedrock's service tiers (`ServiceTierType`).
const TIERS: &[&str] = &["default", "flex", "priority", "reserved"];
/// Reads every option that is left; what has no meaning here goes into the body as it is.
pub(super) fn parse(mut options: Options<'_>, route: FormatRoute) -> Result<Extras> {
    let mut map = |name: &str| options.holding(name).map(name);
    let guardrail = map("guardrailConfig")?.map(Value::Object);
    let performance = map("performanceConfig")?.map(Value::Object);
    let metadata = map("requestMetadata")?.unwrap_or_default();
    let prompt_variables = map("promptVariables")?.map(Value::Object);
    let output_config = map("outputConfig")?.map(Value::Object);
    let mut additional_fields = map("additionalModelRequestFields")?.unwrap_or_default();
    if route == FormatRoute::Tool {
        without_format(&mut additional_fields);
    }
    betas(&mut options, &mut additional_fields)?;
    let paths = response_paths(&mut options)?;
    Ok(Extras {
        guardrail,
        performance,
        service_tier: tier(&mut options)?,
        metadata,
        additional_fields,
        tells_stop_sequence: paths.is_none(),
        additional_response_paths: paths.unwrap_or_default(),
        prompt_variables,
        output_config,
        others: others(&options)?,
    })
}

/// Where a tool holds the answer to the schema, the service is not to do it once more.
fn without_format(fields: &mut Map<String, Value>) {
    let Some(config) = fields.get_mut("output_config").and_then(Value::as_object_mut) else { return };
    config.shift_remove("format");
    if config.is_empty() {
        fields.shift_remove("output_config");
    }
}

/// The word, or what Converse has: `{"type": …}`.
fn tier(options: &mut Options<'_>) -> Result<Option<String>> {
    let name = "serviceTier";
    let holder = options.holding(name);
    let word = match holder.take(name) {
        None => return Ok(None),
        Some(Value::String(word)) => word,
        Some(given) => {
            let mut tier = Object::read(given, holder.at(name), "a word or an object with a type")?;
            tier.required_string("type", "give default, flex, priority or reserved")?
        }
    };
    if TIERS.contains(&word.as_str()) {
        return Ok(Some(word));
    }
    Err(Error::invalid(holder.at(name), format!("must be one of {}.", TIERS.join(", "))))
}

/// `anthropicBeta` beside what `additionalModelRequestFields.anthropic_beta` has.
fn betas(options: &mut Options<'_>, fields: &mut Map<String, Value>) -> Result<()> {
    let name = "anthropicBeta";
    let holder = options.holding(name);
    let betas = holder.strings(name)?;
    if betas.is_empty() {
        return Ok(());
    }
    if betas.len() > MOST_BETAS {
        return Err(Error::invalid(holder.at(name), format!("must hold at most {MOST_BETAS} entries.")));
    }
    // Whoever gave another form there wants it sent as it is.
    if let Value::Array(known) = fields.entry("anthropic_beta").or_insert_with(|| json!([])) {
        for beta in betas {
            if !known.iter().any(|other| *other == beta) {
                known.push(Value::String(beta));
            }
        }
    }
    Ok(())
}

/// `None`: nothing is said, so that it is ours to choose.
fn response_paths(options: &mut Options<'_>) -> Result<Option<Vec<String>>> {
    let name = "additionalModelResponseFieldPaths";
    let holder = options.holding(name);
    if !holder.has(name) {
        return Ok(None);
    }
    let paths = holder.strings(name)?;
    if paths.len() > MOST_PATHS {
        return Err(Error::invalid(holder.at(name), format!("must hold at most {MOST_PATHS} JSON pointers.")));
    }
    Ok(Some(paths))
}

/// Nothing that would stand twice in the body.
fn others(options: &Options<'_>) -> Result<Map<String, Value>> {
    let mut others = Map::new();
    for (name, value, place) in options.unread() {
        if let Some(why) = refusal(name) {
            return Err(Error::invalid(place, format!("cannot be given here: {why}.")));
        }
        others.insert(name.to_owned(), value.clone());
    }
    Ok(others)
}
