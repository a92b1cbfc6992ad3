//! Who may use a gateway that asks for no key. It spends its owner's money, so that it is for this machine only unless
//! the owner says otherwise.

use super::settings::Settings;
use crate::error::{Error, Kind, Result};

/// Refuses a gateway that anybody in the network could use; a warning where the owner allows it.
pub(super) fn check(settings: &Settings, asks_for_keys: bool) -> Result<Option<String>> {
    let host = settings.host;
    if asks_for_keys || host.is_loopback() {
        return Ok(None);
    }
    if settings.allow_anonymous {
        return Ok(Some(format!("The gateway listens on {host} and asks for no key: whoever reaches it can use it.")));
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
        assert_eq!(check(&on("127.0.0.1"), false).unwrap(), None);
        assert_eq!(check(&on("::1"), false).unwrap(), None);
        assert_eq!(check(&on("0.0.0.0"), false).unwrap_err().param.as_deref(), Some("allow_anonymous"));
        assert_eq!(check(&on("0.0.0.0"), true).unwrap(), None);
        assert!(check(&Settings { allow_anonymous: true, ..on("::") }, false).unwrap().is_some());
    }
}
