//! Which URLs may be fetched at all: schemes and hosts. Which addresses is [`Reach`](super::Reach)'s to say.

use serde::{Deserialize, Serialize};
use url::Url;

use super::invalid;
use crate::error::Result;

/// Which schemes of URLs are fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Remote {
    /// None: everything has to come with the request.
    Off,
    /// `https:` only.
    Https,
    /// `https:` and `http:`.
    #[default]
    On,
}

/// Which URLs may be fetched; redirects have to fit as well. The default lets all through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permit {
    /// Schemes.
    pub remote: Remote,
    /// Hosts that may be asked, each with the names below it; empty: all.
    pub hosts: Vec<String>,
    /// Hosts that may not, which wins.
    pub denied_hosts: Vec<String>,
}

impl Permit {
    /// Whether `url` may be fetched; the error says why not.
    pub(super) fn check(&self, url: &Url) -> Result<()> {
        match self.remote {
            Remote::Off => return Err(invalid("URLs are not fetched here; send the data itself, as a data URL")),
            Remote::Https if url.scheme() != "https" => {
                return Err(invalid(format!("`{}:` URLs are not fetched here, only https", url.scheme())));
            }
            Remote::Https | Remote::On => {}
        }
        let host = url.host_str().unwrap_or_default();
        let listed = |hosts: &[String]| hosts.iter().any(|known| is_within(host, known));
        if listed(&self.denied_hosts) || !self.hosts.is_empty() && !listed(&self.hosts) {
            return Err(invalid(format!("nothing is fetched from {host} here")));
        }
        Ok(())
    }
}

/// Whether `host` is `known` or a name below it. `Url` has made it lower case; a dot at its end says nothing.
fn is_within(host: &str, known: &str) -> bool {
    let (host, known) = (host.trim_end_matches('.'), known.trim_matches('.').to_ascii_lowercase());
    let rest = host.strip_suffix(known.as_str());
    !known.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(permit: &Permit, url: &str) -> Option<String> {
        permit.check(&Url::parse(url).unwrap()).err().map(|error| error.message)
    }

    #[test]
    fn schemes_and_hosts_are_let_through_or_not() {
        let open = Permit::default();
        assert_eq!(refusal(&open, "http://example.com/a.png"), None);
        let secure = Permit { remote: Remote::Https, ..open.clone() };
        assert_eq!(refusal(&secure, "https://example.com/a.png"), None);
        assert!(refusal(&secure, "http://example.com/a.png").unwrap().contains("only https"));
        let off = Permit { remote: Remote::Off, ..open.clone() };
        assert!(refusal(&off, "https://example.com/a.png").unwrap().contains("not fetched here"));
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let some = Permit { hosts: texts(&["example.com"]), denied_hosts: texts(&["Inner.example.com"]), ..open };
        for url in ["https://example.com/", "https://A.Example.com./x", "https://cdn.example.com:8443/"] {
            assert_eq!(refusal(&some, url), None, "{url}");
        }
        for url in ["https://notexample.com/", "https://example.com.evil/", "https://a.inner.example.com/?secret=1"] {
            let message = refusal(&some, url).unwrap();
            assert!(message.starts_with("nothing is fetched from") && !message.contains("secret"), "{message}");
        }
    }
}
