//! What a request tells the service besides the conversation: Converse's own members, at top level, and the headers by
//! which bedrock-runtime's OpenAI endpoint takes them.

use serde_json::{Map, Value};

use super::metadata;
use super::request::Headers;
use crate::conversation::Extras;
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// The most entries of `anthropic_beta`, each of which is sought among the others.
const MOST_BETAS: usize = 100;
/// The most pointers in `additionalModelResponseFieldPaths` (Converse).
const MOST_PATHS: usize = 10;

/// OpenAI's service tiers and Bedrock's (`ServiceTierType`). `auto` leaves it to the service.
const TIERS: &[(&str, Option<&str>)] = &[
    ("auto", None),
    ("default", Some("default")),
    ("flex", Some("flex")),
    ("priority", Some("priority")),
    ("fast", Some("priority")),
    ("scale", Some("reserved")),
];

/// The tier that served a request, in OpenAI's word.
pub(super) fn api_service_tier(tier: &str) -> &str {
    TIERS.iter().find(|(_, bedrock)| *bedrock == Some(tier)).map_or(tier, |(word, _)| word)
}

/// What was read.
pub(super) struct Told {
    pub(super) extras: Extras,
    /// `metadata` as it was given.
    pub(super) metadata: Option<Map<String, Value>>,
}

/// Reads Converse's own members, `metadata` and its kin, and the headers. A field wins over a header. `strangers` go to
/// the model with `additionalModelRequestFields`.
pub(super) fn parse(
    fields: &mut Object<'_>,
    strangers: Map<String, Value>,
    headers: Headers<'_>,
    losses: &mut Losses<'_>,
) -> Result<Told> {
    let metadata = fields.map("metadata")?;
    let extras = Extras {
        guardrail: guardrail(fields, headers)?,
        performance: performance(fields, headers)?,
        service_tier: tier(fields, headers)?,
        metadata: request_metadata(fields, metadata.as_ref(), headers, losses)?,
        additional_fields: additional_fields(fields, strangers, headers, losses)?,
        additional_response_paths: response_paths(fields)?,
        tells_stop_sequence: false,
        prompt_variables: fields.map("promptVariables")?.map(Value::Object),
        output_config: fields.map("outputConfig")?.map(Value::Object),
        others: Map::new(),
    };
    Ok(Told { extras, metadata })
}

fn guardrail(fields: &mut Object<'_>, headers: Headers<'_>) -> Result<Option<Value>> {
    if let Some(config) = fields.map("guardrailConfig")? {
        return Ok(Some(Value::Object(config)));
    }
    let Some(identifier) = headers("x-amzn-bedrock-guardrailidentifier") else { return Ok(None) };
    let mut config = Map::from_iter([("guardrailIdentifier".to_owned(), Value::String(identifier))]);
    let version = headers("x-amzn-bedrock-guardrailversion");
    config.extend(version.map(|version| ("guardrailVersion".to_owned(), Value::String(version))));
    // InvokeModel's header is in capitals, Converse's member is not.
    let trace = headers("x-amzn-bedrock-trace").map(|trace| trace.to_ascii_lowercase());
    config.extend(trace.map(|trace| ("trace".to_owned(), Value::String(trace))));
    Ok(Some(Value::Object(config)))
}

fn performance(fields: &mut Object<'_>, headers: Headers<'_>) -> Result<Option<Value>> {
    if let Some(config) = fields.map("performanceConfig")? {
        return Ok(Some(Value::Object(config)));
    }
    let latency = headers("x-amzn-bedrock-performanceconfig-latency");
    Ok(latency.map(|latency| Value::Object(Map::from_iter([("latency".to_owned(), Value::String(latency))]))))
}

/// Bedrock's `serviceTier` as Converse has it (`{"type": …}`) or its word, then OpenAI's `service_tier`.
fn tier(fields: &mut Object<'_>, headers: Headers<'_>) -> Result<Option<String>> {
    let asked = fields.string("service_tier")?;
    match fields.take("serviceTier") {
        Some(Value::String(word)) => return Ok(Some(word)),
        Some(given) => {
            let mut tier = Object::read(given, fields.at("serviceTier"), "an object with a type")?;
            return tier.required_string("type", "give default, flex, priority or reserved").map(Some);
        }
        None => {}
    }
    match asked {
        None => Ok(headers("x-amzn-bedrock-service-tier")),
        Some(word) => match TIERS.iter().find(|(api, _)| *api == word) {
            Some((_, tier)) => Ok(tier.map(str::to_owned)),
            None => {
                let words: Vec<&str> = TIERS.iter().map(|(api, _)| *api).collect();
                Err(Error::invalid("service_tier", format!("must be one of {}.", words.join(", "))))
            }
        },
    }
}

/// What is most Bedrock's own comes first: there is room for 16.
fn request_metadata(
    fields: &mut Object<'_>,
    api: Option<&Map<String, Value>>,
    headers: Headers<'_>,
    losses: &mut Losses<'_>,
) -> Result<Map<String, Value>> {
    let mut entries = Map::new();
    let own = fields.map("requestMetadata")?.unwrap_or_default();
    add_all(&mut entries, &own, Path::field("requestMetadata"), losses)?;
    let name = "x-amzn-bedrock-request-metadata";
    if let Some(text) = headers(name) {
        let given: Map<String, Value> = serde_json::from_str(&text)
            .map_err(|error| Error::invalid(name, format!("must be a JSON object of strings: {error}.")))?;
        add_all(&mut entries, &given, Path::field(name), losses)?;
    }
    for name in ["user", "safety_identifier"] {
        if let Some(text) = fields.string(name)?.filter(|text| !text.is_empty()) {
            metadata::add(&mut entries, name, &text, Path::field(name), losses)?;
        }
    }
    if let Some(api) = api {
        metadata::check(api, Path::field("metadata"))?;
        add_all(&mut entries, api, Path::field("metadata"), losses)?;
    }
    Ok(entries)
}

fn add_all(
    to: &mut Map<String, Value>,
    from: &Map<String, Value>,
    path: Path<'_>,
    losses: &mut Losses<'_>,
) -> Result<()> {
    for (key, value) in from {
        let path = path.member(key);
        let Value::String(text) = value else { return Err(Error::wrong_type(path, "a string", value)) };
        metadata::add(to, key, text, path, losses)?;
    }
    Ok(())
}

/// `additionalModelRequestFields` as it is, then the rest of `extra_body`, then Anthropic's betas.
fn additional_fields(
    fields: &mut Object<'_>,
    strangers: Map<String, Value>,
    headers: Headers<'_>,
    losses: &mut Losses<'_>,
) -> Result<Map<String, Value>> {
    let mut additional = fields.map("additionalModelRequestFields")?.unwrap_or_default();
    for (name, value) in strangers {
        if additional.contains_key(&name) {
            losses.left_out(Path::field("extra_body").member(&name), "additionalModelRequestFields says it")?;
        } else {
            additional.insert(name, value);
        }
    }
    let mut betas = fields.strings("anthropic_beta")?;
    let header = headers("anthropic-beta").unwrap_or_default();
    betas.extend(header.split(',').map(str::trim).filter(|beta| !beta.is_empty()).map(str::to_owned));
    if betas.is_empty() {
        return Ok(additional);
    }
    if betas.len() > MOST_BETAS {
        return Err(Error::invalid("anthropic_beta", format!("must hold at most {MOST_BETAS} entries.")));
    }
    let known = additional.entry("anthropic_beta").or_insert_with(|| Value::Array(Vec::new()));
    // Whoever gave another form wants it sent as it is.
    if let Value::Array(known) = known {
        for beta in betas {
            if !known.iter().any(|other| *other == beta) {
                known.push(Value::String(beta));
            }
        }
    }
    Ok(additional)
}

fn response_paths(fields: &mut Object<'_>) -> Result<Vec<String>> {
    let name = "additionalModelResponseFieldPaths";
    let paths = fields.strings(name)?;
    if paths.len() > MOST_PATHS {
        return Err(Error::invalid(name, format!("must hold at most {MOST_PATHS} JSON pointers.")));
    }
    Ok(paths)
}
