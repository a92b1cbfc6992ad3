//! What settings mean to a client of Bedrock. The limits are those of `new Bedrock`.

use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use super::{Seconds, Settings};
use crate::client::Client;
use crate::config::Environment;
use crate::media::{FetchLimits, Fetcher, Permit, Reach};

/// The most retries that a client takes.
const MOST_RETRIES: u32 = 100;

/// Where an answer has the model's reasoning, in the words of the header `x-reasoning-format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasoningFormat {
    /// In `reasoning_content`.
    #[default]
    ReasoningContent,
    /// In `reasoning`.
    Reasoning,
    /// In the content, between `<think>` and `</think>`.
    Think,
    /// Nowhere.
    Hidden,
}

pub(super) fn retries<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let retries = u32::deserialize(deserializer)?;
    let few = Some(retries).filter(|retries| *retries <= MOST_RETRIES);
    few.ok_or_else(|| D::Error::custom(format!("expected a whole number from 0 to {MOST_RETRIES}")))
}

impl Settings {
    /// A client with `options`, which are those of these settings or another target's. It fetches what strangers name.
    pub(in crate::gateway) fn client(
        &self,
        options: &Value,
        environment: Environment<'_>,
    ) -> crate::error::Result<Client> {
        let reach = if self.remote_images_private { Reach::Anything } else { Reach::PublicOnly };
        let permit = Permit {
            remote: self.remote_images,
            hosts: self.remote_image_hosts.clone(),
            denied_hosts: self.remote_image_denied_hosts.clone(),
        };
        let limits = FetchLimits { max_redirects: 3, ..FetchLimits::default() };
        let fetcher = Fetcher::new(reach, limits).permitting(permit);
        Ok(Client::new(options, environment, None)?.fetching(Arc::new(fetcher)))
    }

    /// What [`Settings::client`] looks at: a client made of the same is the same.
    pub(in crate::gateway) fn client_is_made_of(&self, options: &Value) -> Value {
        let permit =
            (self.remote_images, self.remote_images_private, &self.remote_image_hosts, &self.remote_image_denied_hosts);
        json!([options, permit])
    }

    /// The options of a client that these settings mean, as `new Bedrock` takes them.
    pub(in crate::gateway) fn client_options(&self) -> Value {
        let texts = [
            ("region", &self.region),
            ("profile", &self.profile),
            ("baseURL", &self.base_url),
            ("accessKeyId", &self.access_key_id),
            ("secretAccessKey", &self.secret_access_key),
            ("sessionToken", &self.session_token),
            ("roleArn", &self.role_arn),
            ("externalId", &self.external_id),
            ("roleSessionName", &self.role_session_name),
        ];
        let texts = texts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?.into())));
        let limits = [
            ("timeout", self.upstream_timeout_seconds),
            ("connectTimeout", self.upstream_connect_seconds),
            ("firstByteTimeout", self.upstream_first_byte_seconds),
            ("idleTimeout", self.upstream_idle_seconds),
        ];
        let limits = limits.into_iter().filter_map(|(name, limit)| Some((name.to_owned(), milliseconds(limit)?)));
        let answers = [
            ("maxRetries", json!(self.max_retries)),
            ("strictParams", json!(self.strict_params)),
            ("reasoningFormat", json!(self.reasoning_format)),
            ("bedrockMetadata", json!(self.bedrock_metadata)),
            ("promptCaching", json!(self.prompt_caching)),
            ("crossRegionInference", json!(self.cross_region_inference)),
        ];
        let answers = answers.map(|(name, value)| (name.to_owned(), value));
        Value::Object(texts.chain(limits).chain(answers).collect::<Map<String, Value>>())
    }
}

/// `None` where there is no limit.
fn milliseconds(limit: Seconds) -> Option<Value> {
    limit.unless_zero().map(|limit| json!(limit.as_secs_f64() * 1000.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Patience;
    use crate::gateway::settings::Layers;

    fn settings(options: Value) -> Result<Settings, String> {
        let mut layers = Layers::default();
        layers.options(options.as_object().cloned().unwrap());
        layers.resolve().map(|resolved| resolved.settings).map_err(|error| error.message)
    }

    #[test]
    fn defaults_are_those_of_a_client() {
        let client = Client::new(&Settings::default().client_options(), &|_| None, None).unwrap();
        assert_eq!(client.patience(), Patience::default());
    }

    #[test]
    fn whatever_is_taken_is_taken_by_a_client_too() {
        let given = json!({
            "upstreamTimeoutSeconds": 0.5, "upstreamConnectSeconds": 0.001, "upstreamFirstByteSeconds": 604_800,
            "upstreamIdleSeconds": 1, "maxRetries": 100, "strictParams": true, "reasoningFormat": "think",
            "bedrockMetadata": true, "promptCaching": true,
        });
        let options = settings(given).unwrap().client_options();
        assert_eq!((&options["timeout"], &options["reasoningFormat"]), (&json!(500.0), &json!("think")));
        assert!(Client::new(&options, &|_| None, None).is_ok());
        for (given, message) in [
            (json!({"maxRetries": 101}), "options.maxRetries: expected a whole number from 0 to 100."),
            (json!({"upstreamIdleSeconds": 0}), "options.upstreamIdleSeconds: expected seconds, from 0.001 to 604800."),
        ] {
            assert_eq!(settings(given).unwrap_err(), message);
        }
        assert!(settings(json!({"reasoningFormat": "loud"})).unwrap_err().starts_with("options.reasoningFormat: "));
    }
}
