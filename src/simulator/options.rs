//! How a simulator is set up. Defaults for randomness and time are made here and nowhere else.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::faults::Fault;
use super::identity::token;
use super::llm::Backend;
use super::physics::Physics;
use super::quotas::Quota;
use super::sources::{Record, Replay, Rule, Script, list};
use super::timestamp;

/// Where the simulator reads the time.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// How requests are authenticated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Auth {
    /// Anything goes, also no `Authorization` header.
    Off,
    /// An `Authorization` header of the right form, scoped to `bedrock`; keys and signatures are not checked.
    Lenient,
    /// As AWS: access key, date, region, service, session token and signature must be right; bearer keys must be known.
    #[default]
    Strict,
}

/// The one pair of keys that [`Auth::Strict`] accepts.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Credentials {
    /// Public part, 16 to 128 letters and digits.
    pub access_key_id: String,
    /// Secret part.
    pub secret_access_key: String,
    /// Set for temporary credentials; requests must then carry it.
    pub session_token: Option<String>,
    /// When they expire, in seconds since 1970; in JSON as AWS spells it, `2026-12-31T23:59:59Z`. Default: never.
    #[serde(default, deserialize_with = "moment")]
    pub expiration: Option<u64>,
}

impl Credentials {
    /// Fresh keys that look like AWS's.
    pub(super) fn generate(random: &mut fastrand::Rng) -> Credentials {
        let access_key_id = format!("AKIA{}", token(random, 16).to_ascii_uppercase());
        Credentials { access_key_id, secret_access_key: token(random, 40), session_token: None, expiration: None }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// A Bedrock API key that [`Auth::Strict`] accepts. In JSON the key alone, or an object.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "BearerKeyForm")]
pub struct BearerKey {
    /// The key itself. AWS's long-term keys begin with `ABSK`.
    pub key: String,
    /// When it expires, in seconds since 1970; in JSON as AWS spells it, `2026-12-31T23:59:59Z`. Default: never.
    pub expiration: Option<u64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum BearerKeyForm {
    Key(String),
    #[serde(rename_all = "camelCase")]
    Expiring {
        key: String,
        #[serde(default, deserialize_with = "moment")]
        expiration: Option<u64>,
    },
}

impl From<BearerKeyForm> for BearerKey {
    fn from(form: BearerKeyForm) -> BearerKey {
        match form {
            BearerKeyForm::Key(key) => BearerKey { key, expiration: None },
            BearerKeyForm::Expiring { key, expiration } => BearerKey { key, expiration },
        }
    }
}

impl fmt::Debug for BearerKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BearerKey").field("expiration", &self.expiration).finish_non_exhaustive()
    }
}

/// A date of ISO 8601 in UTC, to the second.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let (seconds, _) = text.trim_end_matches('Z').split_once('.').unwrap_or((text.trim_end_matches('Z'), ""));
    let basic: String = seconds.chars().filter(|letter| !matches!(letter, '-' | ':')).collect();
    let parsed = timestamp::parse(&(basic + "Z"));
    parsed.map(Some).ok_or_else(|| D::Error::custom(format!("{text} is not a date such as 2026-12-31T23:59:59Z")))
}

/// Settings of a simulator. `Options::default()` is a strict Bedrock in us-east-1 on a free port, with fresh keys, no
/// delays and no faults. As JSON: an object with some of these members in camelCase.
#[derive(Clone, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    /// TCP port; 0 (the default) takes a free one.
    pub port: u16,
    /// Address of this machine to listen on. Default `127.0.0.1`, which only this machine reaches; `0.0.0.0` is every
    /// address it has.
    pub host: IpAddr,
    /// A second port that speaks TLS. Default none; in JSON `true` or an object.
    #[serde(deserialize_with = "tls")]
    pub tls: Option<Tls>,
    /// Region that signatures must be scoped to. Default `us-east-1`.
    pub region: String,
    /// Default [`Auth::Strict`].
    pub auth: Auth,
    /// Keys that are accepted. Default: fresh ones.
    pub credentials: Credentials,
    /// Bearer keys that are accepted under [`Auth::Strict`]. Default: none.
    pub bearer_keys: Vec<BearerKey>,
    /// Seed of request ids, message ids and padding. Default: random.
    pub seed: u64,
    /// Whether stream payloads carry AWS's random padding `p`. Default true.
    pub padding: bool,
    /// The pace of answers. Default: as fast as it goes.
    pub physics: Physics,
    /// Refuse bare ids of models that the recorded regions offer through inference profiles only, and profiles of
    /// another geography than that of the signed region. Default false.
    pub require_profiles: bool,
    /// Answer 404 for models past the end of their life, by the simulator's clock. Default false.
    pub end_of_life: bool,
    /// Rules of the main account from the start, which meet the requests of all accounts. Default: none.
    #[serde(deserialize_with = "list")]
    pub rules: Vec<Rule>,
    /// A cassette whose answers are played back. Default: none.
    pub replay: Option<Replay>,
    /// Requests that neither a rule nor a cassette answers are passed on, and recorded. Default: they are not.
    pub record: Option<Record>,
    /// Answers that a request chooses by name: in the header `x-simulator-script`, in Converse's
    /// `requestMetadata.simulator`, or after a `#` at the end of the model id. Default: none.
    pub scripts: BTreeMap<String, Script>,
    /// The folder that stands for Amazon S3: `s3://bucket/key` is `bucket/key` in it. Logs of invocations and asynchronous
    /// answers are written there. Default: none, and nothing is written.
    pub s3_directory: Option<PathBuf>,
    /// How long a job takes, and anything else of the management API that is not ready at once. Default 2 seconds.
    #[serde(deserialize_with = "milliseconds")]
    pub job_duration: Duration,
    /// What answers in place of the built-in model. In JSON: a URL, or `{url, apiKey, modelMap}`. Default: nothing.
    pub backend: Option<Backend>,
    /// Requests and tokens a minute; the first that fits a model applies to it. Default: no limits.
    pub quotas: Vec<Quota>,
    /// Faults in force from the start; more can be added while it runs. Default: none.
    #[serde(deserialize_with = "checked")]
    pub faults: Vec<Fault>,
    /// The time. Default: the system's.
    #[serde(skip)]
    pub clock: Clock,
}

/// The port with TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Tls {
    /// TCP port; 0 (the default) takes a free one.
    pub port: u16,
    /// Where the certificate of the authority is written, to stay. Default: a temporary file that is removed at the end.
    pub ca_file: Option<PathBuf>,
}

fn tls<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Tls>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null | Value::Bool(false) => Ok(None),
        Value::Bool(true) => Ok(Some(Tls::default())),
        settings => serde_json::from_value(settings).map(Some).map_err(D::Error::custom),
    }
}

fn milliseconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_millis)
}

fn checked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Fault>, D::Error> {
    let faults = Vec::<Fault>::deserialize(deserializer)?;
    faults.iter().try_for_each(Fault::check).map_err(D::Error::custom)?;
    Ok(faults)
}

impl Default for Options {
    fn default() -> Options {
        let seed = fastrand::u64(..);
        Options {
            port: 0,
            host: Ipv4Addr::LOCALHOST.into(),
            tls: None,
            region: "us-east-1".into(),
            auth: Auth::Strict,
            credentials: Credentials::generate(&mut fastrand::Rng::with_seed(seed)),
            bearer_keys: Vec::new(),
            seed,
            padding: true,
            physics: Physics::default(),
            backend: None,
            quotas: Vec::new(),
            require_profiles: false,
            end_of_life: false,
            rules: Vec::new(),
            replay: None,
            record: None,
            scripts: BTreeMap::new(),
            s3_directory: None,
            job_duration: Duration::from_secs(2),
            faults: Vec::new(),
            clock: Arc::new(SystemTime::now),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("port", &self.port)
            .field("region", &self.region)
            .field("auth", &self.auth)
            .field("credentials", &self.credentials)
            .field("seed", &self.seed)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn options_are_read_from_json_and_unknown_ones_refused() {
        let options: Options = serde_json::from_value(json!({
            "region": "eu-west-1", "auth": "off", "physics": {"tokensPerSecond": 50, "tokensPerChunk": 3},
            "credentials": {"accessKeyId": "AKIA", "secretAccessKey": "s"},
            "faults": [{"fault": "stall", "frame": 2}],
        }))
        .unwrap();
        assert_eq!((options.region.as_str(), options.auth, options.port), ("eu-west-1", Auth::Off, 0));
        assert_eq!((options.physics.tokens_per_second, options.physics.tokens_per_chunk), (50.0, 3));
        assert_eq!((options.credentials.session_token, options.faults.len()), (None, 1));
        assert!(options.padding, "what is left out keeps its default");
        let given = json!({"bearerKeys": ["a", {"key": "b", "expiration": "1970-01-01T00:01:00.000Z"}]});
        let keys = serde_json::from_value::<Options>(given).unwrap().bearer_keys;
        assert_eq!(keys.iter().map(|known| known.expiration).collect::<Vec<_>>(), [None, Some(60)]);
        let tls = |given: Value| serde_json::from_value::<Options>(json!({ "tls": given })).unwrap().tls;
        assert_eq!((tls(json!(true)), tls(json!(false))), (Some(Tls::default()), None));
        assert_eq!(tls(json!({"port": 4011})).unwrap().port, 4011);
        for refused in [
            json!({"prot": 1}),
            json!({"host": "everywhere"}),
            json!({"tls": {"prot": 1}}),
            json!({"bearerKeys": [{"key": "b", "expiration": "tomorrow"}]}),
            json!({"faults": [{"fault": "error", "code": "NoSuchException"}]}),
        ] {
            assert!(serde_json::from_value::<Options>(refused).is_err());
        }
    }

    #[test]
    fn secrets_stay_out_of_debug_output() {
        let mut options = Options {
            bearer_keys: vec![BearerKey { key: "ABSKsecret".into(), expiration: None }],
            ..Options::default()
        };
        options.credentials.session_token = Some("token-secret".into());
        let shown = format!("{options:?}");
        let secret = &options.credentials.secret_access_key;
        assert!(!shown.contains(secret.as_str()) && !shown.contains("token-secret") && !shown.contains("ABSKsecret"));
        assert!(shown.contains(&options.credentials.access_key_id));
    }
}
