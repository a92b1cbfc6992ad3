//! AWS regions: their form, and the name and domains of the partition that each is in.
//!
//! Names and domains are those of AWS's endpoint rules (`partitions.json`).

use super::environment::{Environment, variable};
use crate::error::{Error, Kind, Result};

/// A partition: a part of AWS with accounts, ARNs and domains of its own.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Partition {
    prefix: &'static str,
    /// As ARNs begin with it after `arn:`, e.g. `aws`.
    name: &'static str,
    /// The domain of its services, e.g. `amazonaws.com`.
    pub(super) domain: &'static str,
    /// The same for IPv4 and IPv6, e.g. `api.aws`.
    pub(super) dual_stack_domain: &'static str,
}

const fn row(
    prefix: &'static str,
    name: &'static str,
    domain: &'static str,
    dual_stack_domain: &'static str,
) -> Partition {
    Partition { prefix, name, domain, dual_stack_domain }
}

/// By the beginning of a region's name; the last is everything else.
const PARTITIONS: &[Partition] = &[
    row("cn-", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    row("eusc-", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"),
    row("us-iso-", "aws-iso", "c2s.ic.gov", "api.aws.ic.gov"),
    row("us-isob-", "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"),
    row("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    row("us-isof-", "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    row("us-gov-", "aws-us-gov", "amazonaws.com", "api.aws"),
    row("", "aws", "amazonaws.com", "api.aws"),
];

impl Partition {
    /// The partition of a region.
    pub(super) fn of(region: &str) -> &'static Partition {
        let found = PARTITIONS.iter().find(|partition| region.starts_with(partition.prefix));
        // The last prefix is empty, so one is always found; the first is as good as any to say so to the compiler.
        found.unwrap_or(&PARTITIONS[0])
    }
}

/// The name of the partition of a region, as ARNs have it: `aws`, `aws-cn`, `aws-us-gov` …
pub fn partition(region: &str) -> &'static str {
    Partition::of(region).name
}

/// The region of a client's options or of the environment: `AWS_REGION`, then `AWS_DEFAULT_REGION`.
pub(super) fn region(option: Option<&str>, environment: Environment<'_>) -> Result<Option<String>> {
    if let Some(region) = option.map(str::trim) {
        if region.is_empty() {
            return Err(misfit("The Bedrock AWS `region` must not be empty."));
        }
        return checked(region.to_owned()).map(Some);
    }
    of_environment(environment).map(checked).transpose()
}

/// The region of the environment, as it is there.
pub(super) fn of_environment(environment: Environment<'_>) -> Option<String> {
    variable(environment, "AWS_REGION").or_else(|| variable(environment, "AWS_DEFAULT_REGION"))
}

fn checked(region: String) -> Result<String> {
    if is_region(&region) {
        return Ok(region);
    }
    Err(misfit("The Bedrock AWS `region` is invalid. Use a standard AWS region such as `us-east-1`."))
}

fn misfit(message: &str) -> Error {
    Error::new(Kind::Configuration, message).at("options.region")
}

/// Whether `text` has the form of a region: `[a-z]{2,8}(-[a-z0-9]+)+-[0-9]+`, as openai-node wants it.
pub(super) fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [first, middle @ .., number] = parts.as_slice() else { return false };
    (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && !middle.is_empty()
        && middle.iter().all(|part| !part.is_empty() && part.bytes().all(is_lowercase_or_digit))
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_lowercase_or_digit(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_have_a_form() {
        for region in ["us-east-1", "us-gov-west-1", "eusc-de-east-1", "ap-southeast-12"] {
            assert!(is_region(region), "{region}");
        }
        for other in
            ["", "us", "us-east", "us-1", "US-east-1", "us-east-1.evil.example", "us--1", "us-east-1/", "local"]
        {
            assert!(!is_region(other), "{other}");
        }
    }

    #[test]
    fn every_region_has_a_partition() {
        for (region, name) in [("eu-west-1", "aws"), ("us-gov-east-1", "aws-us-gov"), ("us-isof-east-1", "aws-iso-f")] {
            assert_eq!(partition(region), name);
        }
        assert_eq!(Partition::of("eu-west-1").domain, "amazonaws.com");
        assert_eq!(Partition::of("cn-north-1").domain, "amazonaws.com.cn");
        assert_eq!(Partition::of("us-isob-east-1").dual_stack_domain, "api.aws.scloud");
        assert_eq!(PARTITIONS.last().map(|partition| partition.prefix), Some(""));
    }
}
