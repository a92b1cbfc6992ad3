//! Which inference profiles can be called from a region.

use super::{Id, Target};

/// Beginnings of regions, and the geographies whose profiles can be called there, the likeliest first (user guide,
/// "Supported Regions and models for inference profiles"). The first row that fits counts.
const GEOGRAPHIES: &[(&str, &[&str])] = &[
    ("us-gov-", &["us-gov"]),
    ("us-", &["us", "global"]),
    ("ca-", &["ca", "us", "global"]),
    ("mx-", &["global", "us", "mx"]),
    ("sa-", &["global", "sa"]),
    ("eu-", &["eu", "global"]),
    ("il-", &["eu", "il", "global"]),
    ("af-", &["global", "af"]),
    ("me-", &["apac", "me", "global"]),
    ("ap-northeast-1", &["jp", "apac", "global"]),
    ("ap-northeast-2", &["apac", "kr", "global"]),
    ("ap-northeast-3", &["jp", "apac", "global"]),
    ("ap-southeast-2", &["au", "apac", "global"]),
    ("ap-southeast-4", &["au", "apac", "global"]),
    ("ap-south-", &["apac", "in", "global"]),
    ("ap-", &["apac", "global"]),
    ("", &["global"]),
];

/// The geographies whose inference profiles can be called from a region, the likeliest first.
pub(super) fn geographies(region: &str) -> &'static [&'static str] {
    GEOGRAPHIES.iter().find(|(beginning, _)| region.starts_with(beginning)).map_or(&[], |(_, near)| near)
}

impl Target {
    /// The id of the inference profile that serves the model in a region, or is the likeliest to; `None` for ids that have
    /// a geography already, and ARNs.
    pub fn profile_in(&self, region: Option<&str>) -> Option<String> {
        let id = Id::parse(&self.wire_id).filter(|id| id.geography.is_none())?;
        let near = geographies(region.unwrap_or_default());
        let geography = self.known_profile(near).or_else(|| near.first().copied())?;
        Some(format!("{geography}.{}", id.base))
    }

    /// The same where the model cannot be called by its bare id, and a profile is known to exist in the region.
    pub fn needed_profile_in(&self, region: &str) -> Option<String> {
        let is_known = self.model.requires_profile && self.known_profile(geographies(region)).is_some();
        self.profile_in(Some(region)).filter(|_| is_known)
    }

    fn known_profile(&self, near: &[&'static str]) -> Option<&'static str> {
        near.iter().copied().find(|geography| self.model.profiles.contains(geography))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{GEOGRAPHIES as KNOWN, resolve};

    #[test]
    fn every_row_can_be_reached_and_names_geographies() {
        for (index, (beginning, near)) in GEOGRAPHIES.iter().enumerate() {
            let first = GEOGRAPHIES.iter().position(|(earlier, _)| beginning.starts_with(earlier));
            assert_eq!(first, Some(index), "{beginning} stands behind a row that takes its regions");
            assert!(!near.is_empty() && near.iter().all(|geography| KNOWN.contains(geography)), "{beginning}");
        }
    }

    #[test]
    fn a_bare_id_gets_the_nearest_profile_of_its_model() {
        for (model, region, profile) in [
            ("amazon.nova-2-lite-v1:0", Some("us-east-1"), Some("us.amazon.nova-2-lite-v1:0")),
            ("amazon.nova-2-lite-v1:0", Some("ap-northeast-1"), Some("jp.amazon.nova-2-lite-v1:0")),
            ("amazon.nova-2-lite-v1:0", Some("ap-southeast-2"), Some("global.amazon.nova-2-lite-v1:0")),
            ("anthropic.claude-next", Some("eu-west-1"), Some("eu.anthropic.claude-next")),
            ("anthropic.claude-next", None, Some("global.anthropic.claude-next")),
            ("us.amazon.nova-2-lite-v1:0", Some("us-east-1"), None),
            ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-2-lite-v1:0", Some("us-east-1"), None),
        ] {
            assert_eq!(resolve(model).unwrap().profile_in(region).as_deref(), profile, "{model} in {region:?}");
        }
    }

    #[test]
    fn only_what_is_known_is_asked_for_without_a_refusal() {
        let needed = |model: &str, region: &str| resolve(model).unwrap().needed_profile_in(region);
        let upscale = "stability.stable-fast-upscale-v1:0";
        assert_eq!(needed(upscale, "us-west-2").as_deref(), Some("us.stability.stable-fast-upscale-v1:0"));
        assert_eq!(needed(upscale, "eu-west-1"), None, "no profile is known there");
        assert_eq!(needed("cohere.embed-v4:0", "us-west-2"), None, "it can be called by its id");
    }
}
