//! The list of models: the rows of the catalog, and what the service lists beside them.

use std::collections::{BTreeMap, HashSet};

use super::model::{Model, Status};
use super::region::geographies;
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
    /// What an account calls its own inference profile.
    pub name: Option<String>,
    /// The id of the model behind a profile.
    pub behind: Option<String>,
}

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
    region.is_none_or(|region| geographies(region).contains(&geography))
}

/// The provider in a model's id.
pub fn owner(id: &str) -> String {
    Id::parse(id).map_or("bedrock", |id| id.provider).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(region: Option<&str>, service: &[Listed]) -> Vec<String> {
        merged(region, service.iter()).into_iter().map(|listed| listed.id).collect()
    }

    fn listed(id: &str) -> Listed {
        Listed { id: id.into(), owner: owner(id), created: 7, ..Listed::default() }
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
