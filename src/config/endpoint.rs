//! Where to call: the hosts of the three services, and which of them a chat goes to.

use serde_json::{Map, Value};

use super::base_url::{AwsHost, BaseUrl, MANTLE_DOMAIN, Service};
use super::environment::{Environment, flag, variable};
use super::members::{boolean, text};
use super::region::Partition;
use crate::error::{Error, Kind, Result};

/// A way past the four operations, on which bodies pass as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// OpenAI's API on bedrock-runtime: `/openai/v1`.
    RuntimeOpenAi,
    /// OpenAI's API on bedrock-mantle: `/openai/v1` or `/v1`, by model.
    Mantle,
    /// The control plane `bedrock`: ListFoundationModels, ListInferenceProfiles.
    ControlPlane,
    /// `bedrock-agent-runtime`: Rerank.
    AgentRuntime,
    /// AWS Secrets Manager.
    SecretsManager,
    /// AWS Systems Manager, whose Parameter Store holds secrets too.
    SystemsManager,
}

/// URLs without a slash at the end, where they are not AWS's own for the region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Endpoints {
    /// Of bedrock-runtime.
    pub runtime: Option<String>,
    /// Of bedrock-mantle.
    pub mantle: Option<String>,
    /// Of the control plane.
    pub control_plane: Option<String>,
    /// Of bedrock-agent-runtime.
    pub agent_runtime: Option<String>,
    /// Of Secrets Manager.
    pub secrets_manager: Option<String>,
    /// Of Systems Manager.
    pub systems_manager: Option<String>,
    /// The path of OpenAI's API on [`Route::Mantle`] where the caller wrote it: `/openai/v1` or `/v1`.
    pub api_root: Option<&'static str>,
    /// Only endpoints with FIPS 140 modules; `None`: as the AWS profile says.
    pub fips: Option<bool>,
    /// Endpoints that have IPv6 addresses too; `None`: as the AWS profile says.
    pub dual_stack: Option<bool>,
}

/// Endpoints, the route of a chat where one was chosen, and the region that a host of AWS names.
pub(super) struct Chosen {
    pub(super) endpoints: Endpoints,
    pub(super) route: Option<Route>,
    pub(super) region: Option<String>,
}

impl Endpoints {
    /// Where bedrock-mantle is.
    pub fn mantle_in(&self, region: Option<&str>) -> Option<String> {
        self.mantle.clone().or_else(|| Some(format!("https://bedrock-mantle.{}.{MANTLE_DOMAIN}", region?)))
    }

    /// Where the control plane is.
    pub fn control_plane_in(&self, region: Option<&str>) -> Option<String> {
        self.control_plane.clone().or_else(|| Some(self.regional("bedrock", region?)))
    }

    /// Where bedrock-agent-runtime is.
    pub fn agent_runtime_in(&self, region: Option<&str>) -> Option<String> {
        self.agent_runtime.clone().or_else(|| Some(self.regional("bedrock-agent-runtime", region?)))
    }

    /// Where Secrets Manager is.
    pub fn secrets_manager_in(&self, region: Option<&str>) -> Option<String> {
        self.secrets_manager.clone().or_else(|| Some(self.regional("secretsmanager", region?)))
    }

    /// Where Systems Manager is.
    pub fn systems_manager_in(&self, region: Option<&str>) -> Option<String> {
        self.systems_manager.clone().or_else(|| Some(self.regional("ssm", region?)))
    }

    /// AWS's own host for a service in a region.
    fn regional(&self, service: &str, region: &str) -> String {
        let partition = Partition::of(region);
        let domain = if self.dual_stack == Some(true) { partition.dual_stack_domain } else { partition.domain };
        let fips = if self.fips == Some(true) { "-fips" } else { "" };
        format!("https://{service}{fips}.{region}.{domain}")
    }

    /// What the environment says and nothing else: the services' own variables, then the general one, which never
    /// leads to bedrock-mantle. `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true` switches them off (AWS SDKs and Tools
    /// Reference Guide, "Service-specific endpoints").
    pub(super) fn of_environment(environment: Environment<'_>) -> Result<Endpoints> {
        let ignored = environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|value| value == "true");
        let of = |name: &'static str| if ignored { Ok(None) } else { url_of(environment, name) };
        let general = of("AWS_ENDPOINT_URL")?;
        Ok(Endpoints {
            runtime: of("AWS_ENDPOINT_URL_BEDROCK_RUNTIME")?.or_else(|| general.clone()),
            mantle: None,
            control_plane: of("AWS_ENDPOINT_URL_BEDROCK")?.or_else(|| general.clone()),
            agent_runtime: of("AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME")?.or_else(|| general.clone()),
            secrets_manager: of("AWS_ENDPOINT_URL_SECRETS_MANAGER")?.or_else(|| general.clone()),
            systems_manager: of("AWS_ENDPOINT_URL_SSM")?.or(general),
            api_root: None,
            fips: flag(environment, "AWS_USE_FIPS_ENDPOINT")?,
            dual_stack: flag(environment, "AWS_USE_DUALSTACK_ENDPOINT")?,
        })
    }

    /// The same with `url` for every service of Bedrock.
    pub(super) fn all_at(mut self, url: String) -> Endpoints {
        self.runtime = Some(url.clone());
        self.mantle = Some(url.clone());
        self.control_plane = Some(url.clone());
        self.agent_runtime = Some(url);
        self
    }

    /// AWS has no FIPS or dual-stack variant of somebody else's host.
    pub(super) fn check(&self, route: Option<Route>) -> Result<()> {
        let fips = self.fips == Some(true);
        if fips && route == Some(Route::Mantle) {
            return Err(misfit("useFipsEndpoint", "bedrock-mantle has no FIPS endpoint. Set `endpoint: 'runtime'`."));
        }
        if (fips || self.dual_stack == Some(true)) && self.runtime.is_some() {
            let message = "A FIPS or dual-stack endpoint cannot be combined with an endpoint URL. Configure only one.";
            return Err(misfit("baseURL", message));
        }
        Ok(())
    }
}

fn url_of(environment: Environment<'_>, name: &str) -> Result<Option<String>> {
    variable(environment, name).map(|url| plain_url(&url, name)).transpose()
}

/// A URL that is taken as it is.
pub(super) fn plain_url(url: &str, name: &str) -> Result<String> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("http" | "https") => Ok(url.trim_end_matches('/').to_owned()),
        _ => {
            let message = format!("{name} must be a URL that begins with http:// or https://.");
            Err(Error::new(Kind::Configuration, message).at(name))
        }
    }
}

/// What a client's options choose.
pub(super) fn choose(
    options: &Map<String, Value>,
    region: Option<&str>,
    environment: Environment<'_>,
) -> Result<Chosen> {
    let mut endpoints = Endpoints::of_environment(environment)?;
    endpoints.fips = boolean(options, "useFipsEndpoint")?.or(endpoints.fips);
    endpoints.dual_stack = boolean(options, "useDualstackEndpoint")?.or(endpoints.dual_stack);
    let (service, url) = service_or_url(text(options, "endpoint", "`mantle`, `runtime` or a URL")?)?;
    let Some(base) = base_url(options, url, environment)? else {
        let route = service.map(route_of);
        endpoints.check(route)?;
        return Ok(Chosen { endpoints, route, region: None });
    };
    let BaseUrl { root, api_root, host } = base;
    endpoints.api_root = api_root;
    let Some(AwsHost { service: named, region: host_region }) = host else {
        let endpoints = endpoints.all_at(root);
        let route = service.map(route_of);
        endpoints.check(route)?;
        return Ok(Chosen { endpoints, route, region: None });
    };
    agree(service, named)?;
    if region.is_some_and(|region| region != host_region) {
        let message = format!(
            "The Bedrock endpoint region `{host_region}` does not match the configured AWS region `{}`.",
            region.unwrap_or_default()
        );
        return Err(misfit("region", &message));
    }
    let route = match named {
        Service::Mantle => {
            endpoints.mantle = Some(root);
            Some(Route::Mantle)
        }
        Service::Runtime => {
            endpoints.runtime = Some(root);
            service.map(route_of)
        }
    };
    endpoints.check(route)?;
    Ok(Chosen { endpoints, route, region: Some(host_region) })
}

fn route_of(service: Service) -> Route {
    match service {
        Service::Mantle => Route::Mantle,
        Service::Runtime => Route::RuntimeOpenAi,
    }
}

/// `endpoint` names a service, or is the same as `baseURL`.
fn service_or_url(endpoint: Option<&str>) -> Result<(Option<Service>, Option<&str>)> {
    match endpoint.map(str::trim) {
        None => Ok((None, None)),
        Some("mantle") => Ok((Some(Service::Mantle), None)),
        Some("runtime") => Ok((Some(Service::Runtime), None)),
        Some(url) if url.contains("://") => Ok((None, Some(url))),
        Some(_) => Err(misfit("endpoint", "The Bedrock `endpoint` must be either `mantle` or `runtime`, or a URL.")),
    }
}

/// `baseURL`, `endpoint` where it is a URL, `AWS_BEDROCK_BASE_URL`; `baseURL: null` leaves the variable out.
fn base_url(
    options: &Map<String, Value>,
    endpoint: Option<&str>,
    environment: Environment<'_>,
) -> Result<Option<BaseUrl>> {
    match (text(options, "baseURL", "a string or null")?, endpoint) {
        (Some(_), Some(_)) => {
            let message = "The `baseURL` and `endpoint` options are mutually exclusive when `endpoint` is a URL.";
            Err(misfit("endpoint", message))
        }
        (Some(url), None) => BaseUrl::parse(url, "baseURL").map(Some),
        (None, Some(url)) => BaseUrl::parse(url, "endpoint").map(Some),
        (None, None) if options.get("baseURL") == Some(&Value::Null) => Ok(None),
        (None, None) => {
            let url = variable(environment, "AWS_BEDROCK_BASE_URL");
            url.map(|url| BaseUrl::parse(&url, "AWS_BEDROCK_BASE_URL")).transpose()
        }
    }
}

/// The host of a URL belongs to the service that was chosen.
fn agree(chosen: Option<Service>, named: Service) -> Result<()> {
    let (named, chosen) = match (chosen, named) {
        (Some(Service::Mantle), Service::Runtime) => ("runtime", "mantle"),
        (Some(Service::Runtime), Service::Mantle) => ("mantle", "runtime"),
        _ => return Ok(()),
    };
    let message = format!(
        "The Bedrock {named} hostname does not match the selected `{chosen}` endpoint. Set `endpoint: '{named}'` to use \
         this hostname."
    );
    Err(misfit("endpoint", &message))
}

fn misfit(param: &str, message: &str) -> Error {
    Error::new(Kind::Configuration, message).at(format!("options.{param}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_plane_has_a_host_for_each_kind_of_endpoint() {
        let host = |region: &str, fips: bool, dual_stack: bool| {
            let endpoints = Endpoints { fips: Some(fips), dual_stack: Some(dual_stack), ..Endpoints::default() };
            endpoints.control_plane_in(Some(region)).unwrap()
        };
        assert_eq!(host("us-east-1", false, false), "https://bedrock.us-east-1.amazonaws.com");
        assert_eq!(host("us-east-1", true, false), "https://bedrock-fips.us-east-1.amazonaws.com");
        assert_eq!(host("us-east-1", false, true), "https://bedrock.us-east-1.api.aws");
        assert_eq!(host("us-gov-west-1", true, true), "https://bedrock-fips.us-gov-west-1.api.aws");
        assert_eq!(host("cn-north-1", false, true), "https://bedrock.cn-north-1.api.amazonwebservices.com.cn");
        let plain = Endpoints::default();
        let secrets = plain.secrets_manager_in(Some("eu-west-1"));
        assert_eq!(secrets.as_deref(), Some("https://secretsmanager.eu-west-1.amazonaws.com"));
        let parameters = plain.systems_manager_in(Some("cn-north-1"));
        assert_eq!(parameters.as_deref(), Some("https://ssm.cn-north-1.amazonaws.com.cn"));
    }

    #[test]
    fn the_agent_runtime_has_a_host_in_every_partition() {
        let host = |region: &str| Endpoints::default().agent_runtime_in(Some(region)).unwrap();
        assert_eq!(host("eu-west-1"), "https://bedrock-agent-runtime.eu-west-1.amazonaws.com");
        assert_eq!(host("us-gov-west-1"), "https://bedrock-agent-runtime.us-gov-west-1.amazonaws.com");
        assert_eq!(host("cn-north-1"), "https://bedrock-agent-runtime.cn-north-1.amazonaws.com.cn");
        let own =
            |name: &str| (name == "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME").then(|| "http://localhost:2/".to_owned());
        let endpoints = Endpoints::of_environment(&own).unwrap();
        assert_eq!(endpoints.agent_runtime_in(None).as_deref(), Some("http://localhost:2"));
        assert_eq!(endpoints.runtime, None);
        assert_eq!(endpoints.all_at("http://a".to_owned()).agent_runtime.as_deref(), Some("http://a"));
    }

    #[test]
    fn no_variable_leads_to_mantle_but_its_own() {
        let environment = |name: &str| name.starts_with("AWS_ENDPOINT_URL").then(|| "http://localhost:1".to_owned());
        let endpoints = Endpoints::of_environment(&environment).unwrap();
        assert_eq!(endpoints.control_plane_in(None).as_deref(), Some("http://localhost:1"));
        assert_eq!(endpoints.mantle_in(Some("eu-west-1")).as_deref(), Some("https://bedrock-mantle.eu-west-1.api.aws"));
        assert_eq!(endpoints.mantle_in(None), None);
    }
}
