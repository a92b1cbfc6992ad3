//! A role that is taken on with the credentials (STS AssumeRole): how one gateway serves several accounts.

use serde_json::{Map, Value};

use super::credentials::Credentials;
use super::members::text;
use crate::error::{Error, Kind, Result};

/// Who is called as, in the words of AssumeRole.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Role {
    /// `RoleArn`.
    pub arn: String,
    /// `ExternalId`, which the other account may ask for.
    pub external_id: Option<String>,
    /// `RoleSessionName`: what its log calls the caller. Default `bedrock-wrapper`.
    pub session_name: String,
}

const SESSION_NAME: &str = "bedrock-wrapper";

impl Role {
    /// The options `roleArn`, `externalId` and `roleSessionName`.
    pub(super) fn of_options(options: &Map<String, Value>, credentials: &Credentials) -> Result<Option<Role>> {
        let [arn, external_id, session_name] =
            ["roleArn", "externalId", "roleSessionName"].map(|name| text(options, name, "a string"));
        let (external_id, session_name) = (external_id?, session_name?);
        let Some(arn) = arn?.map(str::trim) else {
            return match (external_id, session_name) {
                (None, None) => Ok(None),
                (Some(_), _) => Err(misfit("externalId", "`externalId` belongs to `roleArn`, which is missing.")),
                (None, Some(_)) => {
                    Err(misfit("roleSessionName", "`roleSessionName` belongs to `roleArn`, which is missing."))
                }
            };
        };
        if credentials.is_bearer() && *credentials != Credentials::EnvironmentToken {
            let message =
                "A role is taken on with AWS credentials, which a Bedrock API key is not. Configure one of them.";
            return Err(misfit("roleArn", message));
        }
        if !is_role(arn) {
            return Err(misfit(
                "roleArn",
                "`roleArn` must be the ARN of an IAM role: arn:aws:iam::123456789012:role/name.",
            ));
        }
        if external_id.is_some_and(|id| !(2..=1224).contains(&id.len())) {
            return Err(misfit("externalId", "`externalId` must have 2 to 1224 characters."));
        }
        if session_name.is_some_and(|name| !is_session_name(name)) {
            let message = "`roleSessionName` must have 2 to 64 letters, digits or characters of `+=,.@-_`.";
            return Err(misfit("roleSessionName", message));
        }
        Ok(Some(Role {
            arn: arn.to_owned(),
            external_id: external_id.map(str::to_owned),
            session_name: session_name.unwrap_or(SESSION_NAME).to_owned(),
        }))
    }
}

/// `arn:aws:iam::123456789012:role/path/name`
fn is_role(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else { return false };
    partition.starts_with("aws")
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty())
}

/// `[\w+=,.@-]{2,64}`
fn is_session_name(name: &str) -> bool {
    (2..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}

fn misfit(param: &str, message: &str) -> Error {
    Error::new(Kind::Configuration, message).at(format!("options.{param}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn role(options: Value) -> Result<Option<Role>> {
        Role::of_options(options.as_object().unwrap(), &Credentials::Chain)
    }

    #[test]
    fn a_role_is_read_with_what_belongs_to_it() {
        let arn = "arn:aws:iam::123456789012:role/path/bedrock";
        let read = role(json!({"roleArn": arn, "externalId": "tenant-1"})).unwrap().unwrap();
        assert_eq!((read.arn.as_str(), read.external_id.as_deref()), (arn, Some("tenant-1")));
        assert_eq!(read.session_name, "bedrock-wrapper");
        assert_eq!(role(json!({})).unwrap(), None);
    }

    #[test]
    fn what_is_no_role_is_refused() {
        let arn = "arn:aws:iam::123456789012:role/bedrock";
        for (options, param) in [
            (json!({"roleArn": "bedrock"}), "options.roleArn"),
            (json!({"roleArn": "arn:aws:iam::1:role/bedrock"}), "options.roleArn"),
            (json!({"roleArn": 7}), "options.roleArn"),
            (json!({"externalId": "tenant-1"}), "options.externalId"),
            (json!({"roleSessionName": "me"}), "options.roleSessionName"),
            (json!({"roleArn": arn, "roleSessionName": "a b"}), "options.roleSessionName"),
            (json!({"roleArn": arn, "externalId": ""}), "options.externalId"),
        ] {
            assert_eq!(role(options).unwrap_err().param.as_deref(), Some(param));
        }
        let token = Credentials::Token(crate::config::Secret::new("key"));
        assert!(Role::of_options(json!({"roleArn": arn}).as_object().unwrap(), &token).is_err());
    }
}
