//! `[[targets]]`: where requests may go: a region, an account, an endpoint.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Settings;

/// One target. What it leaves out is as the plain settings (`region`, `profile`, `base_url`, …) say.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetSettings {
    /// What it is called in answers, logs and metrics: up to 64 letters, digits, `-`, `_`, `.`.
    pub name: String,
    /// AWS region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Profile of AWS's configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Id of an AWS access key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
    /// Its secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_access_key: Option<String>,
    /// Token of temporary keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_token: Option<String>,
    /// A Bedrock API key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// ARN of a role that is taken on with these credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// What the role's account asks for besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What its log calls the gateway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_session_name: Option<String>,
    /// Base URL, if not AWS's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// `runtime` or `mantle`, where chats are to pass as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Its share under `weighted` and `sticky`, compared with the others'. Default 1; 0: only when no other is left.
    #[serde(default = "one")]
    pub weight: f64,
    /// Which is asked first: the lowest. Default 0.
    #[serde(default)]
    pub priority: u32,
    /// Models that it is asked for: names or ids, where `*` stands for anything. Default: all.
    #[serde(default)]
    pub models: Vec<String>,
    /// Requests that it answers at the same time. Default: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
}

fn one() -> f64 {
    1.0
}

impl fmt::Debug for TargetSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Secrets stand among them.
        f.debug_struct("TargetSettings").field("name", &self.name).field("region", &self.region).finish_non_exhaustive()
    }
}

impl TargetSettings {
    /// One that leaves out everything but its name.
    fn named(name: impl Into<String>) -> TargetSettings {
        TargetSettings {
            name: name.into(),
            region: None,
            profile: None,
            access_key_id: None,
            secret_access_key: None,
            session_token: None,
            api_key: None,
            role_arn: None,
            external_id: None,
            role_session_name: None,
            base_url: None,
            endpoint: None,
            weight: one(),
            priority: 0,
            models: Vec::new(),
            concurrency: None,
        }
    }

    /// The same without where it is and as whom: there it is as the plain settings say.
    pub fn without_place(&self) -> TargetSettings {
        let TargetSettings { weight, priority, concurrency, .. } = *self;
        let models = self.models.clone();
        TargetSettings { weight, priority, models, concurrency, ..TargetSettings::named(&self.name) }
    }
}

/// What a target is called where the settings name none.
const DEFAULT: &str = "default";

impl Settings {
    /// The targets; without any, the one that the plain settings describe.
    pub(in crate::gateway) fn all_targets(&self) -> Vec<TargetSettings> {
        if !self.targets.is_empty() {
            return self.targets.clone();
        }
        vec![TargetSettings::named(DEFAULT)]
    }

    /// The options of a target's client, as `new Bedrock` takes them.
    pub(in crate::gateway) fn options_of(&self, target: &TargetSettings) -> Value {
        let mut options = match self.client_options() {
            Value::Object(options) => options,
            _ => Map::new(),
        };
        let own = [&target.profile, &target.access_key_id, &target.secret_access_key, &target.api_key];
        if own.into_iter().any(Option::is_some) {
            // Credentials are a set: none of another's is left among them.
            let others = ["profile", "accessKeyId", "secretAccessKey", "sessionToken", "apiKey"];
            options.retain(|name, _| !others.contains(&name.as_str()));
        }
        if target.role_arn.is_some() {
            options.retain(|name, _| !["externalId", "roleSessionName"].contains(&name.as_str()));
        }
        let given = [
            ("region", &target.region),
            ("profile", &target.profile),
            ("accessKeyId", &target.access_key_id),
            ("secretAccessKey", &target.secret_access_key),
            ("sessionToken", &target.session_token),
            ("apiKey", &target.api_key),
            ("roleArn", &target.role_arn),
            ("externalId", &target.external_id),
            ("roleSessionName", &target.role_session_name),
            ("baseURL", &target.base_url),
            ("endpoint", &target.endpoint),
        ];
        options.extend(given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?.into()))));
        Value::Object(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json};

    /// Where and as whom the first target is called.
    fn options(settings: Value) -> Value {
        let settings: Settings = from_value(settings).unwrap();
        let Value::Object(mut options) = settings.options_of(&settings.all_targets()[0]) else { unreachable!() };
        let names = ["region", "profile", "accessKeyId", "secretAccessKey", "sessionToken"];
        options.retain(|name, _| names.contains(&name.as_str()));
        Value::Object(options)
    }

    #[test]
    fn what_a_target_leaves_out_is_as_the_plain_settings_say() {
        let plain =
            json!({"region": "us-east-1", "access_key_id": "AKIA", "secret_access_key": "s", "session_token": "t"});
        let expected = json!({
            "region": "us-east-1", "accessKeyId": "AKIA", "secretAccessKey": "s", "sessionToken": "t",
        });
        assert_eq!(options(plain.clone()), expected);
        let mut with = plain.clone();
        with["targets"] = json!([{"name": "west", "region": "us-west-2"}]);
        assert_eq!(options(with.clone())["region"], "us-west-2");
        assert_eq!(options(with.clone())["sessionToken"], "t");
        with["targets"] = json!([{"name": "west", "profile": "work"}]);
        let expected = json!({"region": "us-east-1", "profile": "work"});
        assert_eq!(options(with), expected, "credentials are a set");
    }

    #[test]
    fn secrets_are_not_shown() {
        let target = json!({"name": "west", "secret_access_key": "s3cret", "api_key": "s3cret"});
        let target: TargetSettings = from_value(target).unwrap();
        assert!(!format!("{target:?}").contains("s3cret"));
        assert!(from_value::<TargetSettings>(json!({"name": "west", "regoin": "x"})).is_err());
    }
}
