//! Model ids and ARNs, read to the letter: what is not of the documented form is not accepted.
//!
//! An id is `[geography.]provider.model`; an ARN names a model, or a resource of an account that only the service can
//! look into. Nothing here knows which models exist.

/// Geographies of cross-region inference profiles: the first part of a profile's id.
pub const GEOGRAPHIES: &[&str] =
    &["af", "apac", "au", "ca", "eu", "global", "il", "in", "jp", "kr", "me", "mx", "sa", "us", "us-gov"];

/// Providers of models on Bedrock: the first part of a model's id.
pub const PROVIDERS: &[&str] = &[
    "ai21",
    "amazon",
    "anthropic",
    "cohere",
    "deepseek",
    "google",
    "luma",
    "meta",
    "minimax",
    "mistral",
    "moonshot",
    "moonshotai",
    "nvidia",
    "openai",
    "qwen",
    "stability",
    "twelvelabs",
    "writer",
    "xai",
    "zai",
];

/// Resources of an account or region that can be called, as `(service, resource type, whether it names its model)`.
const RESOURCES: &[(&str, &str, bool)] = &[
    ("bedrock", "application-inference-profile", false),
    ("bedrock", "custom-model", false),
    ("bedrock", "custom-model-deployment", false),
    ("bedrock", "default-prompt-router", false),
    ("bedrock", "foundation-model", true),
    ("bedrock", "imported-model", false),
    ("bedrock", "inference-profile", true),
    ("bedrock", "prompt", false),
    ("bedrock", "prompt-router", false),
    ("bedrock", "provisioned-model", false),
    ("sagemaker", "endpoint", false),
];

/// A model id: `[geography.]provider.model`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id<'a> {
    /// The geography of the inference profile, e.g. `us`.
    pub geography: Option<&'a str>,
    /// The id without geography, e.g. `amazon.nova-lite-v1:0`.
    pub base: &'a str,
    /// Who made the model, e.g. `amazon`; one of [`PROVIDERS`].
    pub provider: &'a str,
}

impl<'a> Id<'a> {
    /// Reads an id; `None` where it has not the form of one or Bedrock has no such provider.
    pub fn parse(id: &'a str) -> Option<Id<'a>> {
        let (geography, base) = match id.split_once('.') {
            Some((first, rest)) if GEOGRAPHIES.contains(&first) => (Some(first), rest),
            _ => (None, id),
        };
        let (provider, model) = base.split_once('.')?;
        let known = PROVIDERS.contains(&provider);
        (known && is_model(model)).then_some(Id { geography, base, provider })
    }

    /// The base id without the context length that ids of provisioned throughput end with (`…-v1:0:48k`).
    pub fn without_context_length(&self) -> &'a str {
        match self.base.rsplit_once(':') {
            Some((base, length)) if is_context_length(length) => base,
            _ => self.base,
        }
    }
}

fn is_model(model: &str) -> bool {
    let ends = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".:_-".contains(&byte);
    ends(model.as_bytes().first()) && ends(model.as_bytes().last()) && model.bytes().all(inner)
}

fn is_context_length(part: &str) -> bool {
    part.strip_suffix(['k', 'm']).is_some_and(is_digits)
}

/// An ARN that can stand in the place of a model id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// The region the resource lives in: requests must go there.
    pub region: &'a str,
    /// The model it names; `None` where only the service knows what lies behind it.
    pub model: Option<Id<'a>>,
}

impl<'a> Arn<'a> {
    /// Reads `arn:partition:service:region:account:type/resource`; `None` where it is none or cannot be called.
    pub fn parse(arn: &'a str) -> Option<Arn<'a>> {
        let mut parts = arn.splitn(6, ':');
        let mut part = || parts.next();
        let (scheme, partition, service) = (part()?, part()?, part()?);
        let (region, account, path) = (part()?, part()?, part()?);
        let (kind, name) = path.split_once('/')?;
        let (.., names_model) = RESOURCES.iter().find(|(of, resource, _)| (*of, *resource) == (service, kind))?;
        let well_formed = scheme == "arn"
            && (partition == "aws" || partition.starts_with("aws-"))
            && is_region(region)
            && (account.is_empty() || account.len() == 12 && is_digits(account))
            && is_resource_name(name);
        if !well_formed {
            return None;
        }
        let model = if *names_model { Some(Id::parse(name)?) } else { None };
        Some(Arn { region, model })
    }
}

/// `us-east-1`, `us-gov-west-1`, `us-isob-east-1`. Strict, for the region becomes part of a host name.
fn is_region(region: &str) -> bool {
    let Some((area, number)) = region.rsplit_once('-') else { return false };
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    is_digits(number) && area.contains('-') && area.split('-').all(is_word)
}

fn is_resource_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:/-".contains(&byte))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_unique() {
        assert!(GEOGRAPHIES.is_sorted_by(|a, b| a < b), "keep GEOGRAPHIES in alphabetical order");
        assert!(PROVIDERS.is_sorted_by(|a, b| a < b), "keep PROVIDERS in alphabetical order");
        assert!(RESOURCES.is_sorted_by(|a, b| a < b), "keep RESOURCES in alphabetical order");
        assert!(GEOGRAPHIES.iter().all(|geography| !PROVIDERS.contains(geography)), "an id must read in one way");
    }

    #[test]
    fn ids_are_read_with_and_without_geography() {
        let id = Id::parse("us-gov.amazon.nova-lite-v1:0").unwrap();
        assert_eq!((id.geography, id.provider, id.base), (Some("us-gov"), "amazon", "amazon.nova-lite-v1:0"));
        assert_eq!(Id::parse("zai.glm-4.7").unwrap().geography, None);
        let provisioned = Id::parse("anthropic.claude-3-haiku-20240307-v1:0:48k").unwrap();
        assert_eq!(provisioned.without_context_length(), "anthropic.claude-3-haiku-20240307-v1:0");
        assert_eq!(Id::parse("amazon.nova-lite-v1:0").unwrap().without_context_length(), "amazon.nova-lite-v1:0");
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        for id in [
            "",
            ".",
            "us.",
            "us.amazon",
            "us.amazon.",
            "us.eu.amazon.nova-lite-v1:0",
            "amazon.",
            "amazon.nova lite",
            "amazon.nova/lite",
            "amazon.nova-micro-v1:O",
            "amazon.nova-",
            "junk-us.amazon.nova-lite-v1:0",
            "junk-amazon.nova-lite-v1:0",
            "nobody.model-v1:0",
            "Claude-4-5-Sonnet",
            "DeepSeek-V3.1",
        ] {
            assert_eq!(Id::parse(id), None, "{id:?}");
        }
    }

    #[test]
    fn arns_name_a_model_or_a_resource_and_tell_their_region() {
        let named = Arn::parse("arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0");
        assert_eq!(named, Some(Arn { region: "eu-central-1", model: Id::parse("eu.amazon.nova-pro-v1:0") }));
        for arn in [
            "arn:aws:bedrock:us-west-2:123456789012:application-inference-profile/a1b2c3d4e5f6",
            "arn:aws:bedrock:us-west-2:123456789012:custom-model/amazon.nova-lite-v1:0:300k/abcdef123456",
            "arn:aws:bedrock:us-west-2:123456789012:custom-model-deployment/abcdef123456",
            "arn:aws:bedrock:us-west-2:123456789012:default-prompt-router/anthropic.claude:1",
            "arn:aws:bedrock:us-west-2:123456789012:imported-model/abcdef123456",
            "arn:aws:bedrock:us-west-2:123456789012:prompt/PROMPT12345:1",
            "arn:aws:bedrock:us-west-2:123456789012:prompt-router/abcdef123456",
            "arn:aws:bedrock:us-west-2:123456789012:provisioned-model/abcdefgh1234",
            "arn:aws:sagemaker:us-west-2:123456789012:endpoint/My-Endpoint",
        ] {
            assert_eq!(Arn::parse(arn), Some(Arn { region: "us-west-2", model: None }), "{arn}");
        }
        let gov = "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/amazon.nova-pro-v1:0";
        assert_eq!(Arn::parse(gov).unwrap().region, "us-gov-west-1");
    }

    #[test]
    fn what_is_not_a_callable_arn_is_refused() {
        for arn in [
            "arn:aws:bedrock",
            "arn:aws:s3:::bucket/key",
            "arn:aws:bedrock:us-west-2::foundation-model/",
            "arn:aws:bedrock:us-west-2::foundation-model/nonsense",
            "arn:aws:bedrock:us-west-2:123456789012:guardrail/abc",
            "arn:aws:sagemaker:us-west-2:123456789012:imported-model/abc",
            "arn:aws:bedrock:evil.example/:123456789012:imported-model/abc",
            "arn:aws:bedrock::123456789012:imported-model/abc",
            "arn:aws:bedrock:us-west-2:12:imported-model/abc",
            "arn:aws:bedrock:us-west-2:123456789012:imported-model/a b",
            "arn:awsome:bedrock:us-west-2:123456789012:imported-model/abc",
            "nra:aws:bedrock:us-west-2:123456789012:imported-model/abc",
        ] {
            assert_eq!(Arn::parse(arn), None, "{arn}");
        }
    }
}
