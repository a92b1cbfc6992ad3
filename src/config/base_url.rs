//! A base URL as OpenAI's clients are given one: what of it is the service's root, and whether it is one of AWS's own.

use url::Url;

use super::region::{Partition, is_region};
use crate::error::{Error, Kind, Result};

/// Paths that clients add to the root of a service, longest first.
const API_ROOTS: &[&str] = &["/openai/v1", "/v1"];

/// A base URL, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BaseUrl {
    /// Without a slash at the end, and without the path of an API.
    pub(super) root: String,
    /// The path of the API where it was written: `/openai/v1` or `/v1`.
    pub(super) api_root: Option<&'static str>,
    /// What AWS's own host says.
    pub(super) host: Option<AwsHost>,
}

/// A host of Amazon Bedrock.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AwsHost {
    pub(super) service: Service,
    pub(super) region: String,
}

/// The two services that speak OpenAI's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    Mantle,
    Runtime,
}

impl BaseUrl {
    /// Reads `text`; `name` is the option or variable it stands in.
    pub(super) fn parse(text: &str, name: &str) -> Result<BaseUrl> {
        let misfit = |message: String| Error::new(Kind::Configuration, message).at(name);
        let text = text.trim();
        if text.is_empty() {
            return Err(misfit(format!("The Bedrock `{name}` must not be empty.")));
        }
        let invalid = || misfit(format!("The Bedrock `{name}` must be a URL that begins with http:// or https://."));
        let mut url = Url::parse(text).map_err(|_| invalid())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(misfit(format!("The Bedrock `{name}` must not contain a user name or password.")));
        }
        if let Some(operation) = url.path().find("/responses") {
            let path = url.path()[..operation].to_owned();
            url.set_path(&path);
            url.set_query(None);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(misfit(format!("The Bedrock `{name}` must end with its path, without `?` and `#`.")));
        }
        let host = aws_host(&url);
        if host.is_some() && url.scheme() != "https" {
            return Err(misfit("Canonical Amazon Bedrock endpoints require HTTPS.".to_owned()));
        }
        let path = url.path().trim_end_matches('/');
        let api_root = API_ROOTS.iter().copied().find(|root| path.ends_with(root));
        let path = api_root.and_then(|root| path.strip_suffix(root)).unwrap_or(path);
        let root = format!("{}{}", url.origin().ascii_serialization(), path.trim_end_matches('/'));
        Ok(BaseUrl { root, api_root, host })
    }
}

/// The host, if it is one that AWS gives Bedrock: `bedrock-mantle.{region}.api.aws`,
/// `bedrock-runtime[-fips].{region}.{domain}`.
fn aws_host(url: &Url) -> Option<AwsHost> {
    let host = url.host_str()?.trim_end_matches('.');
    let (name, rest) = host.split_once('.')?;
    let (region, domain) = rest.split_once('.')?;
    let partition = Partition::of(region);
    let service = match name {
        "bedrock-mantle" if domain == MANTLE_DOMAIN => Service::Mantle,
        "bedrock-runtime" | "bedrock-runtime-fips"
            if domain == partition.domain || domain == partition.dual_stack_domain =>
        {
            Service::Runtime
        }
        _ => return None,
    };
    (is_region(region) && url.port().is_none()).then(|| AwsHost { service, region: region.to_owned() })
}

/// bedrock-mantle has no other (openai-node's Bedrock provider).
pub(super) const MANTLE_DOMAIN: &str = "api.aws";

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<BaseUrl> {
        BaseUrl::parse(text, "baseURL")
    }

    #[test]
    fn what_clients_add_to_the_root_is_taken_off() {
        for (text, root, api_root) in [
            ("http://localhost:4000", "http://localhost:4000", None),
            ("http://localhost:4000/", "http://localhost:4000", None),
            ("http://localhost:4000/openai/v1/", "http://localhost:4000", Some("/openai/v1")),
            ("http://localhost:4000/v1", "http://localhost:4000", Some("/v1")),
            ("https://proxy.example/bedrock/v1/responses?x=1", "https://proxy.example/bedrock", Some("/v1")),
            ("https://proxy.example/bedrock", "https://proxy.example/bedrock", None),
        ] {
            let url = parse(text).unwrap();
            assert_eq!((url.root.as_str(), url.api_root), (root, api_root), "{text}");
        }
    }

    #[test]
    fn hosts_of_aws_are_known() {
        let host = |text: &str| parse(text).unwrap().host.map(|host| (host.service, host.region));
        let runtime = |region: &str| Some((Service::Runtime, region.to_owned()));
        assert_eq!(host("https://bedrock-runtime.us-east-1.amazonaws.com"), runtime("us-east-1"));
        assert_eq!(host("https://BEDROCK-runtime-fips.us-east-1.api.aws./openai/v1"), runtime("us-east-1"));
        assert_eq!(host("https://bedrock-runtime.cn-north-1.amazonaws.com.cn"), runtime("cn-north-1"));
        let mantle = host("https://bedrock-mantle.eu-west-1.api.aws/v1");
        assert_eq!(mantle, Some((Service::Mantle, "eu-west-1".to_owned())));
        for other in [
            "https://bedrock-runtime.us-east-1.amazonaws.com.evil.example",
            "https://bedrock-runtime.cn-north-1.amazonaws.com",
            "https://bedrock-mantle.us-east-1.amazonaws.com",
            "https://bedrock-runtime.us-east-1.amazonaws.com:8443",
            "https://vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com",
        ] {
            assert_eq!(host(other), None, "{other}");
        }
    }

    #[test]
    fn urls_that_cannot_be_meant_are_refused() {
        for (text, message) in [
            (" ", "The Bedrock `baseURL` must not be empty."),
            ("localhost:4000", "The Bedrock `baseURL` must be a URL that begins with http:// or https://."),
            ("https://user:secret@proxy.example", "The Bedrock `baseURL` must not contain a user name or password."),
            ("https://proxy.example/v1?key=1", "The Bedrock `baseURL` must end with its path, without `?` and `#`."),
            ("http://bedrock-runtime.us-east-1.amazonaws.com", "Canonical Amazon Bedrock endpoints require HTTPS."),
        ] {
            assert_eq!(parse(text).unwrap_err().message, message);
        }
    }
}
