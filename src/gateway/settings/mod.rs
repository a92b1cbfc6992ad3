//! How a gateway is set up. Every setting has one flat name, the same everywhere: `--ping-seconds`,
//! `BEDROCK_GATEWAY_PING_SECONDS`, `ping_seconds` in TOML, `pingSeconds` in JavaScript. Rows are in [`table`].

mod access_log;
mod alias;
mod key;
mod layers;
mod names;
mod origin;
mod prefixes;
mod price;
mod reloaded;
mod seconds;
mod shown;
pub mod table;
mod target;
mod upstream;

pub use access_log::AccessLog;
pub(super) use alias::is_weight;
pub use alias::{AliasSettings, ChoiceSettings, Strategy};
pub use key::{KeySettings, Moment, Period};
pub use layers::{Layers, PREFIX, Resolved};
pub use origin::Origin;
pub(super) use price::NANOS;
pub use price::Price;
pub(super) use reloaded::reloaded;
pub use seconds::Seconds;
pub use target::TargetSettings;
pub use upstream::ReasoningFormat;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::media::Remote;

/// Settings as resolved. What they mean, and their defaults, is in [`table::TABLE`].
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Address to listen on.
    pub host: IpAddr,
    /// Port; 0 takes a free one.
    pub port: u16,
    /// Threads that serve; 0: one for each processor. Programs only.
    pub workers: usize,
    /// What stands before OpenAI's paths.
    #[serde(deserialize_with = "prefixes::read")]
    pub path_prefixes: Vec<String>,
    /// Certificate chain, a PEM file.
    pub tls_cert: Option<String>,
    /// Its private key, a PEM file.
    pub tls_key: Option<String>,
    /// Origins whose web pages may call.
    pub allowed_origins: Vec<String>,
    /// How long everything is still answered once the gateway is told to stop.
    pub drain_seconds: Seconds,
    /// How long running requests may take to end after that.
    pub shutdown_seconds: Seconds,
    /// How long a client may take for the head of a request.
    pub header_seconds: Seconds,
    /// How long a client may take for the body of a request.
    pub body_seconds: Seconds,
    /// How long a connection may wait for its next request.
    pub idle_seconds: Seconds,
    /// How long a client may take nothing of its answer.
    pub write_seconds: Seconds,
    /// Connections at the same time.
    pub max_connections: usize,
    /// The largest body of a request in bytes.
    pub max_body_bytes: usize,
    /// Requests that are answered at the same time.
    pub max_in_flight: usize,
    /// How long a stream may be silent before a comment says that it lives; 0: never.
    pub ping_seconds: Seconds,
    /// Answers of so many bytes or more are compressed; 0: none.
    pub compress_bytes: usize,
    /// The guardrail of requests that name none.
    pub guardrail: Option<String>,
    /// Which URLs in requests are fetched.
    pub remote_images: Remote,
    /// Hosts that they may name; empty: all.
    pub remote_image_hosts: Vec<String>,
    /// Hosts that they may not name.
    pub remote_image_denied_hosts: Vec<String>,
    /// Whether they may lead to addresses that are not on the public internet.
    pub remote_images_private: bool,
    /// Keys that callers may show, without any limits.
    pub api_keys: Vec<String>,
    /// Whether others than this machine may use a gateway that asks for no key.
    pub allow_anonymous: bool,
    /// Where a line about each request goes.
    pub access_log: AccessLog,
    /// Whether what is said is logged and traced too.
    pub log_content: bool,
    /// Where traces and metrics go as OTLP.
    pub otlp_endpoint: Option<String>,
    /// Port of `/metrics`, if not the gateway's own.
    pub metrics_port: Option<u16>,
    /// Whether there is a page at `/`.
    pub page: bool,
    /// A secret of AWS Secrets Manager with keys.
    pub api_key_secret_arn: Option<String>,
    /// A parameter of AWS Systems Manager with keys.
    pub api_key_param_name: Option<String>,
    /// How often these are read again; 0: only at the start and on reload.
    pub api_key_refresh_seconds: Seconds,
    /// Keys with what each of them may do.
    pub keys: Vec<KeySettings>,
    /// A TOML file with more `[[keys]]`.
    pub keys_file: Option<PathBuf>,
    /// Redis or Valkey, in which replicas share what they count of keys.
    pub redis_url: Option<String>,
    /// How long it may take before the gateway counts for itself.
    pub redis_seconds: Seconds,
    /// Whether callers may bring AWS credentials of their own.
    pub pass_through_credentials: bool,
    /// What a million tokens cost by model, for budgets in dollars; `*` in a name stands for anything.
    pub prices: BTreeMap<String, Price>,
    /// AWS region.
    pub region: Option<String>,
    /// Profile of AWS's configuration.
    pub profile: Option<String>,
    /// Base URL of bedrock-runtime, if not AWS's own.
    pub base_url: Option<String>,
    /// Id of an AWS access key.
    pub access_key_id: Option<String>,
    /// Its secret.
    pub secret_access_key: Option<String>,
    /// Token of temporary keys.
    pub session_token: Option<String>,
    /// How long a call of Bedrock may take, retries and stream included; 0: any time.
    pub upstream_timeout_seconds: Seconds,
    /// How long connecting to Bedrock may take.
    #[serde(deserialize_with = "seconds::above_zero")]
    pub upstream_connect_seconds: Seconds,
    /// How long Bedrock may take for the head of an answer.
    #[serde(deserialize_with = "seconds::above_zero")]
    pub upstream_first_byte_seconds: Seconds,
    /// How long Bedrock may be silent within an answer.
    #[serde(deserialize_with = "seconds::above_zero")]
    pub upstream_idle_seconds: Seconds,
    /// How often a failed call of Bedrock is made again, at most.
    #[serde(deserialize_with = "upstream::retries")]
    pub max_retries: u32,
    /// Whether what would be left out of a request is an error.
    pub strict_params: bool,
    /// Where answers have the model's reasoning.
    pub reasoning_format: ReasoningFormat,
    /// Whether answers have the member `bedrock`.
    pub bedrock_metadata: bool,
    /// Whether requests that do not speak of caching have kept what can be.
    pub prompt_caching: bool,
    /// ARN of a role that is taken on with the credentials.
    pub role_arn: Option<String>,
    /// What the role's account asks for besides.
    pub external_id: Option<String>,
    /// What its log calls the gateway.
    pub role_session_name: Option<String>,
    /// The model that answers OpenAI's names (`gpt-*`, `o1*`, …) in chats; empty: none does.
    pub default_model: String,
    /// The model that answers `text-embedding-*`; empty: none does.
    pub default_embedding_model: String,
    /// Whether models are called through inference profiles of several regions, and those are listed.
    pub cross_region_inference: bool,
    /// Whether application inference profiles are listed.
    pub application_inference_profiles: bool,
    /// How one of several targets is chosen.
    pub strategy: Strategy,
    /// Most targets that are asked for one request.
    pub max_attempts: u32,
    /// Where requests may go; without any, where the settings above say.
    pub targets: Vec<TargetSettings>,
    /// What callers may call models.
    pub aliases: BTreeMap<String, AliasSettings>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            host: Ipv4Addr::LOCALHOST.into(),
            port: 8080,
            workers: 0,
            path_prefixes: vec!["/v1".to_owned(), "/api/v1".to_owned()],
            tls_cert: None,
            tls_key: None,
            allowed_origins: Vec::new(),
            drain_seconds: Seconds::whole(0),
            shutdown_seconds: Seconds::whole(30),
            header_seconds: Seconds::whole(10),
            body_seconds: Seconds::whole(30),
            idle_seconds: Seconds::whole(75),
            write_seconds: Seconds::whole(60),
            max_connections: 50_000,
            max_body_bytes: 32 * 1024 * 1024,
            max_in_flight: 10_000,
            ping_seconds: Seconds::whole(15),
            compress_bytes: 64 * 1024,
            guardrail: None,
            remote_images: Remote::Https,
            remote_image_hosts: Vec::new(),
            remote_image_denied_hosts: Vec::new(),
            remote_images_private: false,
            api_keys: Vec::new(),
            allow_anonymous: false,
            access_log: AccessLog::Off,
            log_content: false,
            otlp_endpoint: None,
            metrics_port: None,
            page: true,
            api_key_secret_arn: None,
            api_key_param_name: None,
            api_key_refresh_seconds: Seconds::whole(300),
            keys: Vec::new(),
            keys_file: None,
            redis_url: None,
            redis_seconds: Seconds::thousandths(100),
            pass_through_credentials: false,
            prices: BTreeMap::new(),
            region: None,
            profile: None,
            base_url: None,
            access_key_id: None,
            secret_access_key: None,
            session_token: None,
            upstream_timeout_seconds: Seconds::whole(0),
            upstream_connect_seconds: Seconds::whole(10),
            upstream_first_byte_seconds: Seconds::whole(3600),
            upstream_idle_seconds: Seconds::whole(300),
            max_retries: 2,
            strict_params: false,
            reasoning_format: ReasoningFormat::default(),
            bedrock_metadata: false,
            prompt_caching: false,
            role_arn: None,
            external_id: None,
            role_session_name: None,
            default_model: "anthropic.claude-sonnet-4-6".to_owned(),
            default_embedding_model: "cohere.embed-multilingual-v3".to_owned(),
            cross_region_inference: true,
            application_inference_profiles: true,
            strategy: Strategy::Priority,
            max_attempts: 3,
            targets: Vec::new(),
            aliases: BTreeMap::new(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Secrets stand among them.
        f.debug_struct("Settings").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}
