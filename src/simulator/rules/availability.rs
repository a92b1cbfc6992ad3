//! Which model an id names, and whether it can be had: in this form, at this time, from this region.

use std::time::SystemTime;

use super::super::exception::Exception;
use super::super::models::{Model, OnDemand};
use super::super::timestamp;
use super::super::wording;

/// What decides, besides the id.
pub(in crate::simulator) struct Availability<'a> {
    /// Whether models are held to the profiles of the recorded regions, and profiles to their geography.
    pub(in crate::simulator) require_profiles: bool,
    /// Whether models end with their announced life.
    pub(in crate::simulator) end_of_life: bool,
    pub(in crate::simulator) now: SystemTime,
    /// The region that the request was signed for.
    pub(in crate::simulator) region: Option<&'a str>,
}

/// Geographies of profiles → prefixes of the regions that have them. `global` is everywhere.
const GEOGRAPHIES: &[(&str, &[&str])] = &[
    ("us", &["us-", "ca-"]),
    ("us-gov", &["us-gov-"]),
    ("eu", &["eu-", "il-"]),
    ("apac", &["ap-", "me-"]),
    ("jp", &["ap-northeast-1", "ap-northeast-3"]),
    ("au", &["ap-southeast-2", "ap-southeast-4", "ap-southeast-6"]),
    ("ca", &["ca-", "us-"]),
    ("in", &["ap-south-"]),
];

/// The model, or what the service says instead.
pub(in crate::simulator) fn find(id: &str, given: &Availability<'_>) -> Result<Model, Exception> {
    let region = given.region.filter(|_| given.require_profiles);
    let model = Model::find(id).filter(|model| is_offered(model, region));
    let model = model.ok_or_else(|| wording::UNKNOWN_MODEL.refuse(&[]))?;
    let refused = match model.series.on_demand {
        OnDemand::Yes => false,
        OnDemand::SomeRegions => given.require_profiles,
        OnDemand::No => true,
    };
    if refused && model.is_bare() {
        return Err(wording::PROFILE_ONLY.refuse(&[&id]));
    }
    if given.end_of_life && model.has_ended(timestamp::seconds(given.now)) {
        return Err(Exception::new("ResourceNotFoundException", wording::END_OF_LIFE.text()));
    }
    Ok(model)
}

/// Whether the geography of a profile has the region.
fn is_offered(model: &Model, region: Option<&str>) -> bool {
    let (Some(geography), Some(region)) = (model.geography(), region) else { return true };
    let row = GEOGRAPHIES.iter().find(|row| row.0 == geography);
    row.is_none_or(|(_, regions)| regions.iter().any(|prefix| region.starts_with(prefix)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const PLAIN: Availability<'_> =
        Availability { require_profiles: false, end_of_life: false, now: SystemTime::UNIX_EPOCH, region: None };

    fn told(id: &str, given: &Availability<'_>) -> String {
        find(id, given).map_or_else(|refusal| format!("{} {}", refusal.status, refusal.message), |model| model.id)
    }

    #[test]
    fn ids_are_held_to_their_profiles_when_asked() {
        let strict = Availability { require_profiles: true, ..PLAIN };
        let id = "anthropic.claude-3-7-sonnet-20250219-v1:0";
        assert_eq!(told(id, &PLAIN), id);
        assert_eq!(told(id, &strict), format!("400 {}", wording::PROFILE_ONLY.fill(&[&id])));
        assert_eq!(told(&format!("us.{id}"), &strict), id);
        assert_eq!(
            told("writer.palmyra-x5-v1:0", &PLAIN),
            format!("400 {}", wording::PROFILE_ONLY.fill(&[&"writer.palmyra-x5-v1:0"]))
        );
    }

    #[test]
    fn models_end_when_their_time_has_come() {
        let at = |seconds| Availability {
            end_of_life: true,
            now: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds),
            ..PLAIN
        };
        let ended = format!("404 {}", wording::END_OF_LIFE.text());
        assert_eq!(told("anthropic.claude-v2:1", &at(1_750_000_000)), "anthropic.claude-v2:1");
        assert_eq!(told("anthropic.claude-v2:1", &at(1_761_000_000)), ended);
        assert_eq!(told("us.anthropic.claude-3-7-sonnet-20250219-v1:0", &at(1_790_000_000)), ended);
        assert_eq!(told("amazon.nova-lite-v1:0", &at(1_790_000_000)), "amazon.nova-lite-v1:0");
        assert_eq!(told("anthropic.claude-v2:1", &PLAIN), "anthropic.claude-v2:1");
    }

    #[test]
    fn a_profile_belongs_to_the_regions_of_its_geography() {
        let from = |region| Availability { require_profiles: true, region: Some(region), ..PLAIN };
        let invalid = format!("400 {}", wording::UNKNOWN_MODEL.text());
        for (id, region, offered) in [
            ("us.amazon.nova-lite-v1:0", "us-east-1", true),
            ("us.amazon.nova-lite-v1:0", "eu-west-1", false),
            ("eu.amazon.nova-lite-v1:0", "eu-west-1", true),
            ("eu.amazon.nova-lite-v1:0", "us-east-1", false),
            ("apac.amazon.nova-lite-v1:0", "ap-northeast-1", true),
            ("jp.anthropic.claude-sonnet-4-5-20250929-v1:0", "ap-southeast-2", false),
            ("global.anthropic.claude-sonnet-4-5-20250929-v1:0", "sa-east-1", true),
            ("amazon.nova-lite-v1:0", "eu-west-1", true),
            ("arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0", "us-east-1", false),
        ] {
            assert_eq!(told(id, &from(region)) != invalid, offered, "{id} from {region}");
            assert_ne!(told(id, &Availability { require_profiles: false, ..from(region) }), invalid, "{id}");
        }
    }
}
