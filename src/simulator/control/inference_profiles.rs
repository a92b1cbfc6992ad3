//! Inference profiles: those that AWS defines for a geography, and those that an account makes over a model.
//!
//! Sources: AWS's documentation of cross-Region inference; a recorded GetInferenceProfile, which has a member
//! (`toolboxArn`) that the service model does not name.

use serde_json::{Value, json};

use super::resource::{Kind, Resource};
use super::store::missing;
use super::{Request, Store, foundation_models, paging};
use crate::simulator::exception::Exception;
use crate::simulator::models::{self, Listing, Model};
use crate::simulator::wording;

pub(super) const KIND: Kind = Kind {
    resource: "application-inference-profile",
    list: "inferenceProfileSummaries",
    summary: &[],
    filters: &[],
    status: Some(("status", ["ACTIVE"; 4])),
    times: ("createdAt", Some("updatedAt"), None),
};

/// When the profiles of AWS say they were made. The service has a date for each.
const SYSTEM_CREATED: &str = "2024-08-26T00:00:00.000Z";

/// Profiles of this prefix, as their names begin, from which regions they can be used, and where they lead.
struct Geography {
    prefix: &'static str,
    label: &'static str,
    sources: &'static [&'static str],
    destinations: &'static [&'static str],
}

const US: &[&str] = &["us-east-1", "us-east-2", "us-west-2"];
const EU: &[&str] = &["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"];
const APAC: &[&str] = &[
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
];

const GEOGRAPHIES: &[Geography] = &[
    Geography {
        prefix: "us",
        label: "US",
        sources: &["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1"],
        destinations: US,
    },
    Geography { prefix: "eu", label: "EU", sources: EU, destinations: EU },
    Geography { prefix: "apac", label: "APAC", sources: APAC, destinations: APAC },
    Geography {
        prefix: "jp",
        label: "JP",
        sources: &["ap-northeast-1", "ap-northeast-3"],
        destinations: &["ap-northeast-1", "ap-northeast-3"],
    },
    Geography {
        prefix: "au",
        label: "AU",
        sources: &["ap-southeast-2", "ap-southeast-4"],
        destinations: &["ap-southeast-2", "ap-southeast-4"],
    },
    Geography {
        prefix: "ca",
        label: "CA",
        sources: &["ca-central-1", "ca-west-1"],
        destinations: &["ca-central-1", "ca-west-1"],
    },
];

pub(super) fn list(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let wanted = |kind: &str| request.query("type").is_none_or(|wanted| wanted == kind);
    let own =
        store.all(&KIND).iter().map(|profile| profile.whole(&KIND, request.now)).filter(|_| wanted("APPLICATION"));
    let own: Vec<Value> = own.collect();
    paging::page(request, KIND.list, system(request).filter(|_| wanted("SYSTEM_DEFINED")).chain(own))
}

pub(super) fn get(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let identifier = request.label("inferenceProfileIdentifier");
    let is =
        |profile: &Value| ["inferenceProfileId", "inferenceProfileArn"].iter().any(|key| profile[key] == identifier);
    if let Some(profile) = system(request).find(is) {
        return Ok(profile);
    }
    let own = store.all(&KIND).iter().map(|profile| profile.whole(&KIND, request.now)).find(is);
    own.ok_or_else(|| missing(identifier))
}

pub(super) fn create(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let source = request.get("modelSource")["copyFrom"].as_str().unwrap_or_default();
    let name = request.text("inferenceProfileName");
    store.check_name(&KIND, name)?;
    let model = Model::find(source).ok_or_else(|| wording::UNKNOWN_MODEL.refuse(&[]))?;
    let models = match system(request).find(|profile| profile["inferenceProfileArn"] == source) {
        Some(profile) => profile["models"].clone(),
        None => json!([{"modelArn": foundation_models::arn(&request.region, &model.id)}]),
    };
    let id = request.new_id();
    let arn = request.arn(KIND.resource, &id);
    let members = json!({
        "description": request.get("description"),
        "inferenceProfileArn": arn,
        "inferenceProfileId": id,
        "inferenceProfileName": name,
        "models": models,
        "type": "APPLICATION",
    });
    let mut profile = Resource::now(request, arn.clone(), name, members).with_model(model.id);
    profile.members.insert("toolboxArn".into(), Value::Null);
    store.add(&KIND, profile, request.get("tags"))?;
    Ok(json!({"inferenceProfileArn": arn, "status": "ACTIVE"}))
}

pub(super) fn delete(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let identifier = request.label("inferenceProfileIdentifier");
    if system(request).any(|profile| {
        [&profile["inferenceProfileId"], &profile["inferenceProfileArn"]].contains(&&Value::from(identifier))
    }) {
        return Err(wording::SYSTEM_PROFILE.refuse(&[&identifier]));
    }
    let arn = store.get(&KIND, identifier, request.now)?.arn.clone();
    store.remove(&KIND, &arn);
    Ok(json!({}))
}

/// The profiles that AWS defines for the region of the request.
fn system(request: &Request<'_>) -> impl Iterator<Item = Value> {
    models::listings().flat_map(move |model| {
        foundation_models::geographies(model.id).filter_map(move |prefix| profile(request, model, prefix))
    })
}

fn profile(request: &Request<'_>, model: &Listing, prefix: &str) -> Option<Value> {
    let region = request.region.as_str();
    let (label, destinations): (&str, Vec<&str>) = match GEOGRAPHIES.iter().find(|geography| geography.prefix == prefix)
    {
        Some(geography) if geography.sources.contains(&region) => (geography.label, geography.destinations.to_vec()),
        Some(_) => return None,
        // A global profile leads to no region in particular, and to its own.
        None => ("Global", vec!["", region]),
    };
    let id = format!("{prefix}.{}", model.id);
    // Amazon's own are named without it.
    let model_name = match model.provider() {
        "Amazon" => model.name.to_owned(),
        provider => format!("{provider} {}", model.name),
    };
    let models: Vec<Value> =
        destinations.iter().map(|region| json!({"modelArn": foundation_models::arn(region, model.id)})).collect();
    Some(json!({
        "createdAt": SYSTEM_CREATED,
        "description": format!("Routes requests to {model_name} {}.", described(prefix, &destinations)),
        "inferenceProfileArn": request.arn("inference-profile", &id),
        "inferenceProfileId": id,
        "inferenceProfileName": format!("{label} {model_name}"),
        "models": models,
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
        "updatedAt": SYSTEM_CREATED,
    }))
}

fn described(prefix: &str, destinations: &[&str]) -> String {
    match destinations {
        _ if prefix == "global" => "globally across all supported AWS Regions".to_owned(),
        [most @ .., last] if !most.is_empty() => format!("in {} and {last}", most.join(", ")),
        _ => format!("in {}", destinations.concat()),
    }
}
