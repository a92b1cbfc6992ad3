//! Where telemetry goes, and as whose: the setting, and OpenTelemetry's own variables (OpenTelemetry specification,
//! "OTLP Exporter Configuration" and "Environment Variable Specification").

use std::time::Duration;

use percent_encoding::percent_decode_str;
use url::Url;

use super::json::{Attribute, Resource};
use crate::config::Environment;
use crate::error::{Error, Kind, Result};
use crate::gateway::settings::Settings;

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";
const SERVICE: &str = "bedrock-gateway";
/// The specification's default.
const TIMEOUT: Duration = Duration::from_secs(10);
const METRICS_EVERY: Duration = Duration::from_secs(60);

/// A collector.
pub(super) struct Collector {
    /// `None` where it gets none.
    pub(super) traces: Option<Url>,
    pub(super) metrics: Option<Url>,
    /// Secrets, most of the time.
    pub(super) headers: Vec<(String, String)>,
    pub(super) timeout: Duration,
    pub(super) metrics_every: Duration,
    pub(super) resource: Resource,
}

impl Collector {
    /// The one that the settings or the environment name.
    pub(super) fn of(settings: &Settings, environment: Environment<'_>) -> Result<Option<Collector>> {
        let variable = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
        if variable("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Ok(None);
        }
        let base = match &settings.otlp_endpoint {
            Some(url) => Some(parsed(url, "otlp_endpoint")?),
            None => variable(ENDPOINT).map(|url| parsed(&url, ENDPOINT)).transpose()?,
        };
        let of_signal = |signal: &str, path: &str| {
            if variable(&format!("OTEL_{signal}_EXPORTER")).is_some_and(|exporter| exporter == "none") {
                return Ok(None);
            }
            let own = format!("OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");
            match variable(&own).filter(|_| settings.otlp_endpoint.is_none()) {
                // A signal's own URL is taken as it is.
                Some(url) => parsed(&url, &own).map(Some),
                None => Ok(base.as_ref().map(|base| below(base, path))),
            }
        };
        let (traces, metrics) = (of_signal("TRACES", "v1/traces")?, of_signal("METRICS", "v1/metrics")?);
        if traces.is_none() && metrics.is_none() {
            return Ok(None);
        }
        if settings.otlp_endpoint.is_none() && variable(PROTOCOL).is_some_and(|protocol| protocol == "grpc") {
            let message = "OTEL_EXPORTER_OTLP_PROTOCOL is grpc, but the gateway exports over HTTP. Set otlp_endpoint to the \
                           collector's HTTP port, which is 4318 by default, or the variable to http/json.";
            return Err(Error::new(Kind::Configuration, message).at(PROTOCOL));
        }
        let milliseconds = |name: &str| variable(name).and_then(|value| value.parse().ok()).map(Duration::from_millis);
        Ok(Some(Collector {
            traces,
            metrics,
            headers: pairs(&variable("OTEL_EXPORTER_OTLP_HEADERS").unwrap_or_default()),
            timeout: milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT").unwrap_or(TIMEOUT),
            metrics_every: milliseconds("OTEL_METRIC_EXPORT_INTERVAL").unwrap_or(METRICS_EVERY),
            resource: resource(variable("OTEL_SERVICE_NAME"), variable("OTEL_RESOURCE_ATTRIBUTES")),
        }))
    }
}

/// The service's name wins over that among the attributes.
fn resource(name: Option<String>, attributes: Option<String>) -> Resource {
    let mut given = pairs(&attributes.unwrap_or_default());
    let own = [
        ("service.name", name.clone().unwrap_or_else(|| SERVICE.to_owned())),
        ("service.version", env!("CARGO_PKG_VERSION").to_owned()),
        // Replicas are told apart by it.
        ("service.instance.id", format!("{:032x}", fastrand::u128(..))),
        ("telemetry.sdk.name", "bedrock-wrapper".to_owned()),
        ("telemetry.sdk.language", "rust".to_owned()),
        ("telemetry.sdk.version", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    if name.is_some() {
        given.retain(|(key, _)| key != "service.name");
    }
    let own = own.into_iter().map(|(key, value)| (key.to_owned(), value));
    let own: Vec<_> = own.filter(|(key, _)| given.iter().all(|(known, _)| known != key)).collect();
    Resource { attributes: own.into_iter().chain(given).map(|(key, value)| Attribute::new(key, value)).collect() }
}

/// `key=value,key=value`, values percent-encoded, as in W3C Baggage. What is no pair is left out, as the specification
/// wants it of environment variables.
fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=')?;
        let value = percent_decode_str(value.trim()).decode_utf8().ok()?.into_owned();
        Some((key.trim().to_owned(), value)).filter(|(key, _)| !key.is_empty())
    };
    text.split(',').filter_map(pair).collect()
}

fn parsed(text: &str, place: &str) -> Result<Url> {
    let url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| {
        let message = format!("{place} must be an http or https URL, such as http://localhost:4318.");
        Error::new(Kind::Configuration, message).at(place)
    })
}

fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collector(setting: Option<&str>, variables: &[(&str, &str)]) -> Result<Option<Collector>> {
        let environment =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let settings = Settings { otlp_endpoint: setting.map(str::to_owned), ..Settings::default() };
        Collector::of(&settings, &environment)
    }

    fn urls(collector: &Collector) -> [Option<&str>; 2] {
        [collector.traces.as_ref().map(Url::as_str), collector.metrics.as_ref().map(Url::as_str)]
    }

    #[test]
    fn without_an_endpoint_nothing_is_exported() {
        assert!(collector(None, &[("OTEL_SERVICE_NAME", "x")]).unwrap().is_none());
        assert!(collector(Some("http://a"), &[("OTEL_SDK_DISABLED", "true")]).unwrap().is_none());
    }

    #[test]
    fn the_setting_wins_over_the_variables() {
        let variables = [
            (ENDPOINT, "http://b:4318/otlp/"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c/t"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b, x=y,broken"),
        ];
        let found = collector(None, &variables).unwrap().unwrap();
        assert_eq!(urls(&found), [Some("http://c/t"), Some("http://b:4318/otlp/v1/metrics")]);
        let headers = [("api-key", "a b"), ("x", "y")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(found.headers, headers);
        let found = collector(Some("http://a:4318"), &variables).unwrap().unwrap();
        assert_eq!(urls(&found), [Some("http://a:4318/v1/traces"), Some("http://a:4318/v1/metrics")]);
    }

    #[test]
    fn what_cannot_work_is_refused() {
        assert!(collector(Some("localhost:4317"), &[]).is_err());
        assert!(collector(None, &[(ENDPOINT, "http://a"), (PROTOCOL, "grpc")]).is_err());
    }

    #[test]
    fn the_service_is_named() {
        let name = |variables: &[(&str, &str)]| {
            let found = collector(Some("http://a"), variables).unwrap().unwrap();
            let attributes = serde_json::to_value(found.resource).unwrap();
            let attributes = attributes["attributes"].as_array().unwrap().clone();
            let names = attributes.iter().filter(|attribute| attribute["key"] == "service.name");
            names.map(|name| name["value"]["stringValue"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let attributes = ("OTEL_RESOURCE_ATTRIBUTES", "service.name=b,deployment.environment.name=test");
        assert_eq!(name(&[]), ["bedrock-gateway"]);
        assert_eq!(name(&[attributes]), ["b"]);
        assert_eq!(name(&[attributes, ("OTEL_SERVICE_NAME", "a")]), ["a"]);
    }
}
