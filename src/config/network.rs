//! The way out of this machine as the environment describes it: proxies, and certificates to trust besides the system's.
//!
//! The variables and their rules are curl's (curl(1), "ENVIRONMENT"): lower case goes before upper case, `ALL_PROXY`
//! stands in for the other two, `NO_PROXY` names what is reached directly. Unlike curl the upper-case `HTTP_PROXY` counts
//! too, as in AWS's CLI and Node; unlike undici a proxy for http is not one for https.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use url::Url;

use super::Environment;
use crate::error::{Error, Kind, Result};

/// Files of certificates that are trusted besides the system's: Node's, and that of AWS's SDKs and CLI.
const CERTIFICATE_VARIABLES: [&str; 2] = ["NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE"];
const HTTP_VARIABLES: [&str; 4] = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
const HTTPS_VARIABLES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const DIRECT_VARIABLES: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// Where the instance and container metadata of AWS answers over IPv6. Over IPv4 it is link-local.
const METADATA: [Ipv6Addr; 2] =
    [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)];

/// How connections leave this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Network {
    http: Option<Proxy>,
    https: Option<Proxy>,
    direct: Vec<Direct>,
    /// The variables that name files of PEM certificates, with the files.
    pub certificates: Vec<(&'static str, PathBuf)>,
}

/// A proxy that is asked for a connection.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Proxy {
    /// The variable that names it.
    pub variable: &'static str,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// Its host; an IPv6 address in brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// User and password, from its URL.
    pub user: Option<(String, String)>,
}

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// HTTP: `CONNECT` for https, absolute URLs for http.
    Http,
    /// The same inside of TLS.
    Https,
}

/// One entry of `NO_PROXY`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Direct {
    host: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Hosts {
    All,
    /// This name, and those below it.
    Name(String),
    /// Addresses that share this many leading bits.
    Addresses(IpAddr, u32),
}

impl Network {
    /// What the variables say; an unusable proxy is an error rather than a direct connection.
    pub fn resolve(environment: Environment<'_>) -> Result<Network> {
        let first = |names: &[&'static str]| names.iter().find_map(|&name| Some((name, environment(name)?)));
        let proxy = |names| first(names).map(|(name, url)| Proxy::parse(name, &url)).transpose();
        let direct = first(&DIRECT_VARIABLES).map(|(_, list)| direct(&list)).unwrap_or_default();
        let file = |name| Some((name, PathBuf::from(environment(name)?)));
        Ok(Network {
            http: proxy(&HTTP_VARIABLES)?,
            https: proxy(&HTTPS_VARIABLES)?,
            direct,
            certificates: CERTIFICATE_VARIABLES.into_iter().filter_map(file).collect(),
        })
    }

    /// The proxy for a connection; `None` means directly. `host` may be a name or an address, in brackets or not.
    pub fn proxy(&self, is_https: bool, host: &str, port: u16) -> Option<&Proxy> {
        let proxy = if is_https { self.https.as_ref() } else { self.http.as_ref() }?;
        let host = host.trim_start_matches('[').trim_end_matches([']', '.']);
        let address = host.parse::<IpAddr>().ok();
        let is_direct = address.is_some_and(is_metadata)
            || self
                .direct
                .iter()
                .any(|direct| direct.port.is_none_or(|own| own == port) && direct.covers(host, address));
        (!is_direct).then_some(proxy)
    }
}

/// What a proxy must never see, since it gives out credentials: AWS's metadata services.
fn is_metadata(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => METADATA.contains(&v6),
    }
}

impl Proxy {
    fn parse(variable: &'static str, given: &str) -> Result<Proxy> {
        let spelled = if given.contains("://") { given.to_owned() } else { format!("http://{given}") };
        let unusable = |reason: &str| {
            let message = format!("The proxy in the environment variable {variable} cannot be used: {reason}.");
            Error::new(Kind::Configuration, message).at(variable)
        };
        let url = Url::parse(&spelled).map_err(|error| unusable(&error.to_string()))?;
        let protocol = match url.scheme() {
            "http" => Protocol::Http,
            "https" => Protocol::Https,
            other => {
                return Err(unusable(&format!("its URL begins with {other}://, and must with http:// or https://")));
            }
        };
        let host = url.host_str().ok_or_else(|| unusable("its URL has no host"))?.to_owned();
        let port = url.port_or_known_default().ok_or_else(|| unusable("its URL has no port"))?;
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let user = (!url.username().is_empty() || url.password().is_some())
            .then(|| (decoded(url.username()), decoded(url.password().unwrap_or_default())));
        Ok(Proxy { variable, protocol, host, port, user })
    }

    /// The `proxy-authorization` that goes with its user and password.
    pub fn authorization(&self) -> Option<String> {
        let (user, password) = self.user.as_ref()?;
        Some(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({}:{} of {})", self.host, self.port, self.variable)
    }
}

/// Entries between commas or spaces.
fn direct(list: &str) -> Vec<Direct> {
    list.split([',', ' ', '\t', '\n']).filter(|entry| !entry.is_empty()).map(Direct::parse).collect()
}

impl Direct {
    fn parse(entry: &str) -> Direct {
        let (host, port) = split_port(entry);
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Direct { host: Hosts::parse(host), port }
    }

    fn covers(&self, host: &str, address: Option<IpAddr>) -> bool {
        match (&self.host, address) {
            (Hosts::All, _) => true,
            (Hosts::Name(name), None) => is_within(host, name),
            (&Hosts::Addresses(network, bits), Some(address)) => shares(network, address, bits),
            _ => false,
        }
    }
}

/// `host:port`, but an IPv6 address in brackets only has a port.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    let with_port = entry.rsplit_once(':').filter(|(host, _)| !host.contains(':') || host.ends_with(']'));
    match with_port.and_then(|(host, port)| Some((host, port.parse().ok()?))) {
        Some((host, port)) => (host, Some(port)),
        None => (entry, None),
    }
}

impl Hosts {
    fn parse(host: &str) -> Hosts {
        if host == "*" {
            return Hosts::All;
        }
        let (address, bits) = host.split_once('/').map_or((host, None), |(address, bits)| (address, bits.parse().ok()));
        match address.parse::<IpAddr>() {
            Ok(address) => Hosts::Addresses(address, bits.unwrap_or(u32::MAX)),
            Err(_) => Hosts::Name(host.trim_start_matches('*').trim_matches('.').to_ascii_lowercase()),
        }
    }
}

/// Whether `host` is `name` or below it. Nothing is below an empty name.
fn is_within(host: &str, name: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let above = host.strip_suffix(name);
    !name.is_empty() && above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
}

fn shares(one: IpAddr, other: IpAddr, bits: u32) -> bool {
    let differ = match (one.to_canonical(), other.to_canonical()) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        _ => return false,
    };
    differ >= bits.min(if one.to_canonical().is_ipv4() { Ipv4Addr::BITS } else { Ipv6Addr::BITS })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(environment: &[(&str, &str)]) -> Result<Network> {
        Network::resolve(&|name: &str| {
            environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn each_scheme_has_its_variable_and_lower_case_goes_first() {
        let found =
            network(&[("HTTPS_PROXY", "http://upper:1"), ("https_proxy", "lower:2"), ("ALL_PROXY", "https://all")]);
        let found = found.unwrap();
        let https = found.proxy(true, "example.com", 443).unwrap();
        assert_eq!((https.variable, https.host.as_str(), https.port), ("https_proxy", "lower", 2));
        let http = found.proxy(false, "example.com", 80).unwrap();
        assert_eq!((http.variable, http.protocol, http.port), ("ALL_PROXY", Protocol::Https, 443));
        assert_eq!(network(&[("HTTP_PROXY", "http://a")]).unwrap().proxy(true, "example.com", 443), None);
    }

    #[test]
    fn user_and_password_are_decoded_and_never_shown() {
        let found = network(&[("HTTP_PROXY", "http://user%40corp:s3%3Acret@proxy:3128")]).unwrap();
        let proxy = found.proxy(false, "example.com", 80).unwrap();
        assert_eq!(proxy.authorization().unwrap(), format!("Basic {}", STANDARD.encode("user@corp:s3:cret")));
        assert!(!format!("{found:?}").contains("cret"), "{found:?}");
        let error = network(&[("HTTP_PROXY", "ftp://user:s3cret@proxy")]).unwrap_err();
        assert!(error.message.contains("HTTP_PROXY") && !error.message.contains("s3cret"), "{error}");
        assert!(!network(&[("HTTPS_PROXY", "http://user:s3cret@pro xy")]).unwrap_err().message.contains("s3cret"));
    }

    #[test]
    fn no_proxy_knows_names_addresses_networks_ports_and_everything() {
        for (list, host, port, is_direct) in [
            ("example.com", "example.com", 443, true),
            ("example.com", "API.Example.com", 443, true),
            ("example.com", "notexample.com", 443, false),
            (".example.com", "example.com", 443, true),
            ("*.example.com", "a.b.example.com", 443, true),
            ("*.example.com", "example.org", 443, false),
            ("a, b  c", "c", 443, true),
            ("example.com:8443", "example.com", 8443, true),
            ("example.com:8443", "example.com", 443, false),
            ("10.0.0.0/8", "10.1.2.3", 80, true),
            ("10.0.0.0/8", "11.1.2.3", 80, false),
            ("10.0.0.0/8", "ten.example.com", 80, false),
            ("127.0.0.1", "127.0.0.1", 80, true),
            ("127.0.0.1:4010", "127.0.0.1", 4010, true),
            ("127.0.0.1:4010", "127.0.0.1", 4011, false),
            ("0.0.0.0/0", "8.8.8.8", 80, true),
            ("fd00::/8", "[fd12::1]", 80, true),
            ("fd00::/8", "[fe12::1]", 80, false),
            ("::1", "::1", 80, true),
            ("[::1]:8080", "[::1]", 8080, true),
            ("[::1]:8080", "[::1]", 80, false),
            ("localhost", "localhost.", 80, true),
            ("*", "anything", 80, true),
            ("", "example.com", 80, false),
            (".,*.,/,:", "example.com", 80, false),
            ("10.0.0.0/999", "10.0.0.0", 80, true),
        ] {
            let found = network(&[("ALL_PROXY", "http://proxy:1"), ("NO_PROXY", list)]).unwrap();
            assert_eq!(found.proxy(true, host, port).is_none(), is_direct, "{host}:{port} with NO_PROXY={list}");
        }
    }

    #[test]
    fn no_proxy_sees_what_gives_out_credentials() {
        let found = network(&[("ALL_PROXY", "http://proxy:1")]).unwrap();
        for host in ["169.254.169.254", "169.254.170.2", "[fd00:ec2::254]", "[fd00:ec2::23]"] {
            assert_eq!(found.proxy(false, host, 80), None, "{host}");
        }
        assert!(found.proxy(false, "localhost", 80).is_some());
    }

    #[test]
    fn certificates_of_node_and_of_aws_both_count() {
        let found = network(&[("AWS_CA_BUNDLE", "/b.pem"), ("NODE_EXTRA_CA_CERTS", "/a.pem")]).unwrap();
        let names: Vec<_> = found.certificates.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, CERTIFICATE_VARIABLES);
    }
}
