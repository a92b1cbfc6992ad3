//! Which inference profile serves a model that has no on-demand throughput.

use crate::catalog::{Id, Target};

/// Beginnings of regions, and the geographies whose profiles can be called there, the nearest first.
const GEOGRAPHIES: &[(&str, &[&str])] = &[
    ("us-gov-", &["us-gov"]),
    ("us-", &["us", "global"]),
    ("ca-", &["ca", "us", "global"]),
    ("eu-", &["eu", "global"]),
    ("il-", &["eu", "global"]),
    ("ap-northeast-1", &["jp", "apac", "global"]),
    ("ap-northeast-3", &["jp", "apac", "global"]),
    ("ap-southeast-2", &["au", "apac", "global"]),
    ("ap-southeast-4", &["au", "apac", "global"]),
    ("ap-south-", &["apac", "in", "global"]),
    ("ap-", &["apac", "global"]),
    ("me-", &["apac", "global"]),
    ("", &["global"]),
];

/// The id with the geography of the region; `None` for ids that have one already, and ARNs.
pub(super) fn of(target: &Target, region: Option<&str>) -> Option<String> {
    let id = Id::parse(&target.wire_id).filter(|id| id.geography.is_none())?;
    let region = region.unwrap_or_default();
    let (_, near) = GEOGRAPHIES.iter().find(|row| region.starts_with(row.0))?;
    let known = near.iter().find(|geography| target.model.profiles.contains(geography));
    let geography = known.or_else(|| near.first())?;
    Some(format!("{geography}.{}", id.base))
}
