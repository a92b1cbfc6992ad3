//! The list of models: the rows of the catalog, and what the service lists beside them.

use std::collections::{BTreeMap, HashSet};

use super::model::{Model, Status};
use super::{Id, models};

/// One entry of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// What to call it by: an id with or without geography, or an ARN.
    pub id: String,
    /// Who made it, e.g. `anthropic`.
    pub owner: String,
    /// When it came out, in seconds since 1970; 0: not known.
    pub created: u64,
    /// The day on which its service ends (ISO 8601), where that is known.
    pub shutdown_date: Option<String>,
    /// Whether the service takes it through an inference profile only, not by this id.
    pub through_profile: bool,
}

/// The geographies whose inference profiles can be called from the regions whose names begin so; the longest beginning
/// counts. Profiles named `global` can be called from all of them (user guide, "Supported Regions and models for inference
/// profiles").
const GEOGRAPHIES_OF: &[(&str, &[&str])] = &[
    ("af-", &["af"]),
    ("ap-", &["apac"]),
    ("ap-northeast-1", &["apac", "jp"]),
    ("ap-northeast-2", &["apac", "kr"]),
    ("ap-northeast-3", &["apac", "jp"]),
    ("ap-south-", &["apac", "in"]),
    ("ap-southeast-2", &["apac", "au"]),
    ("ap-southeast-4", &["apac", "au"]),
    ("ca-", &["ca", "us"]),
    ("eu-", &["eu"]),
    ("il-", &["il"]),
    ("me-", &["me"]),
    ("mx-", &["mx", "us"]),
    ("sa-", &["sa"]),
    ("us-", &["us"]),
    ("us-gov-", &["us-gov"]),
];

/// The rows of the catalog with what the service lists, which wins; in the order of the ids. `region` chooses among the
/// inference profiles of the catalog.
pub fn merged<'l>(region: Option<&str>, service: impl Iterator<Item = &'l Listed>) -> Vec<Listed> {
    let rows = models().filter(|model| model.status == Status::Active).flat_map(|model| entries(model, region));
    let mut all: BTreeMap<String, Listed> = rows.map(|listed| (listed.id.clone(), listed)).collect();
    all.extend(service.map(|listed| (listed.id.clone(), listed.clone())));
    let profiled: HashSet<String> = all.keys().filter_map(|id| profiled(id)).map(str::to_owned).collect();
    all.into_values().filter(|listed| !(listed.through_profile && profiled.contains(&listed.id))).collect()
}

/// The id without geography of an inference profile's.
fn profiled(id: &str) -> Option<&str> {
    Id::parse(id).filter(|id| id.geography.is_some()).map(|id| id.base)
}

/// What a row is called by in a region.
fn entries(model: &Model, region: Option<&str>) -> impl Iterator<Item = Listed> {
    let listed = move |id: String| Listed {
        owner: owner(model.id),
        id,
        shutdown_date: model.end_of_life.map(str::to_owned),
        ..Listed::default()
    };
    let bare = (!model.requires_profile).then(|| model.id.to_owned());
    let geographies = model.profiles.iter().filter(move |geography| is_near(geography, region));
    let profiles = geographies.map(|geography| format!("{geography}.{}", model.id));
    bare.into_iter().chain(profiles).map(listed).collect::<Vec<_>>().into_iter()
}

fn is_near(geography: &str, region: Option<&str>) -> bool {
    let Some(region) = region else { return true };
    let of_region = GEOGRAPHIES_OF.iter().filter(|(beginning, _)| region.starts_with(beginning));
    match of_region.max_by_key(|(beginning, _)| beginning.len()) {
        Some((beginning, geographies)) => {
            geographies.contains(&geography) || geography == "global" && *beginning != "us-gov-"
        }
        None => true,
    }
}

/// The provider in a model's id.
pub fn owner(id: &str) -> String {
    Id::parse(id).map_or("bedrock", |id| id.provider).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::GEOGRAPHIES;

    fn ids(region: Option<&str>, service: &[Listed]) -> Vec<String> {
        merged(region, service.iter()).into_iter().map(|listed| listed.id).collect()
    }

    fn listed(id: &str) -> Listed {
        Listed { id: id.into(), owner: owner(id), created: 7, ..Listed::default() }
    }

    #[test]
    fn the_table_is_sorted_and_names_geographies() {
        assert!(GEOGRAPHIES_OF.is_sorted_by(|(a, _), (b, _)| a < b));
        assert!(GEOGRAPHIES_OF.iter().all(|(_, all)| all.iter().all(|one| GEOGRAPHIES.contains(one))));
    }

    #[test]
    fn the_catalog_alone_is_what_can_be_called_in_a_region() {
        let has = |region, id: &str| ids(region, &[]).contains(&id.to_owned());
        for (region, id, there) in [
            (Some("us-east-1"), "us.amazon.nova-lite-v1:0", true),
            (Some("us-east-1"), "eu.amazon.nova-lite-v1:0", false),
            (Some("eu-west-1"), "eu.amazon.nova-lite-v1:0", true),
            (None, "eu.amazon.nova-lite-v1:0", true),
            (Some("us-gov-west-1"), "us.amazon.nova-lite-v1:0", false),
            (Some("us-east-1"), "amazon.nova-lite-v1:0", true),
            (Some("us-east-1"), "amazon.titan-embed-text-v2:0", true),
            (Some("us-east-1"), "amazon.nova-2-lite-v1:0", false),
            (Some("eu-west-1"), "global.amazon.nova-2-lite-v1:0", true),
            (Some("us-east-1"), "ai21.j2-ultra-v1", false),
        ] {
            assert_eq!(has(region, id), there, "{region:?} {id}");
        }
    }

    #[test]
    fn what_the_service_lists_is_added_and_wins() {
        let profile = Listed {
            owner: "anthropic".into(),
            ..listed("arn:aws:bedrock:us-east-1:1:application-inference-profile/a")
        };
        let service = [listed("amazon.nova-lite-v1:0"), listed("amazon.nova-next-v1:0"), profile.clone()];
        let all = merged(Some("us-east-1"), service.iter());
        assert!(all.is_sorted_by(|a, b| a.id < b.id), "each once, in order");
        assert!(all.contains(&profile) && all.contains(&service[1]));
        assert_eq!(all.iter().find(|listed| listed.id == "amazon.nova-lite-v1:0"), Some(&service[0]));
    }

    #[test]
    fn what_needs_a_profile_is_listed_by_it_where_there_is_one() {
        let bare = Listed { through_profile: true, ..listed("amazon.nova-next-v1:0") };
        assert!(ids(None, std::slice::from_ref(&bare)).contains(&bare.id));
        let both = [bare.clone(), listed("us.amazon.nova-next-v1:0")];
        let all = ids(None, &both);
        assert!(!all.contains(&bare.id) && all.contains(&both[1].id));
    }
}
