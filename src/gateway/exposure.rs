//! Who may use a gateway that asks for no key. It spends its owner's money, so that it is for this machine only unless
//! the owner says otherwise.

use super::settings::Settings;
use crate::error::{Error, Kind, Result};

/// Refuses a gateway that anybody in the network could use; a warning where anybody on this machine can.
pub(super) fn check(settings: &Settings, asks_for_keys: bool) -> Result<Option<String>> {
    if asks_for_keys || settings.allow_anonymous {
        return Ok(None);
    }
    let host = settings.host;
    if host.is_loopback() {
        let warning = "No key is asked for: whoever can reach this machine's own address can use the gateway. Set \
                       `api_keys`, or `allow_anonymous` to allow it.";
        return Ok(Some(warning.to_owned()));
    }
    let message = format!(
        "The gateway would listen on {host} and ask for no key: whoever reaches it could use it at your cost. Set \
         `api_keys` or `[[keys]]`, or `allow_anonymous = true` if something before it asks who calls."
    );
    Err(Error::new(Kind::Configuration, message).at("allow_anonymous"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_needs_no_key() {
        let on = |host: &str| Settings { host: host.parse().unwrap(), ..Settings::default() };
        assert!(check(&on("127.0.0.1"), false).unwrap().is_some());
        assert!(check(&on("::1"), false).unwrap().is_some());
        assert_eq!(check(&on("0.0.0.0"), false).unwrap_err().param.as_deref(), Some("allow_anonymous"));
        assert_eq!(check(&on("0.0.0.0"), true).unwrap(), None);
        assert_eq!(check(&Settings { allow_anonymous: true, ..on("::") }, false).unwrap(), None);
    }
}
