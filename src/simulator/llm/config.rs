//! Which service answers for which model: a URL, or a file in TOML. AWSim's files are read as they are.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde::de::Error as _;

/// Largest file that is read, in bytes.
const LARGEST_FILE: u64 = 1024 * 1024;

/// Provider → where it listens unless told otherwise.
const ENDPOINTS: &[(&str, &str)] = &[
    ("deepinfra", "https://api.deepinfra.com/v1/openai"),
    ("fireworks", "https://api.fireworks.ai/inference/v1"),
    ("groq", "https://api.groq.com/openai/v1"),
    ("llamacpp", "http://127.0.0.1:8080/v1"),
    ("lmstudio", "http://127.0.0.1:1234/v1"),
    ("localai", "http://127.0.0.1:8080/v1"),
    ("mistral", "https://api.mistral.ai/v1"),
    ("ollama", "http://127.0.0.1:11434/v1"),
    ("openai", "https://api.openai.com/v1"),
    ("openrouter", "https://openrouter.ai/api/v1"),
    ("together", "https://api.together.xyz/v1"),
    ("vllm", "http://127.0.0.1:8000/v1"),
];

/// Services that answer in place of the built-in model, and which of their models stands for which of Bedrock's.
#[derive(Clone, Default, PartialEq)]
pub struct Backend {
    /// By name; each has at least an endpoint.
    pub(super) services: BTreeMap<String, Endpoint>,
    /// The one that is asked where nothing else is said.
    pub(super) default: String,
    /// Model id, with `*` for any text → targets, tried in order.
    pub(super) chat: BTreeMap<String, Targets>,
    pub(super) embed: BTreeMap<String, Targets>,
    /// What the file holds and nothing is done with.
    warnings: Vec<String>,
}

/// A service.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Endpoint {
    /// Without a slash at the end.
    pub(super) url: String,
    pub(super) api_key: Option<String>,
}

/// Where a model's requests go.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Targets {
    pub(super) targets: Vec<Target>,
    /// Begin with another one each time.
    pub(super) in_turn: bool,
}

/// A model of a service.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(super) struct Target {
    /// Name of the service; empty for the default one.
    #[serde(default)]
    pub(super) backend: String,
    /// The service's name of the model.
    pub(super) tag: String,
    /// Milliseconds from the request to the head of the answer. Default two minutes.
    pub(super) timeout_ms: Option<u64>,
    /// Wins over the request's.
    pub(super) max_tokens: Option<u64>,
    /// Wins over the request's.
    pub(super) temperature: Option<f64>,
}

/// Why a backend cannot be used; the text says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

impl fmt::Debug for Backend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let urls: BTreeMap<_, _> = self.services.iter().map(|(name, service)| (name, &service.url)).collect();
        formatter
            .debug_struct("Backend")
            .field("services", &urls)
            .field("default", &self.default)
            .finish_non_exhaustive()
    }
}

impl Backend {
    /// One service that answers for every model, at the base URL of its OpenAI-compatible API.
    pub fn at(url: &str, api_key: Option<String>) -> Result<Backend, ConfigError> {
        let mut backend = Backend { default: "backend".into(), ..Backend::default() };
        backend.services.insert(backend.default.clone(), Endpoint { url: base(url)?, api_key });
        Ok(backend)
    }

    /// Reads a file. `environment` is asked for keys that the file does not hold itself.
    pub fn read(path: &Path, environment: &dyn Fn(&str) -> Option<String>) -> Result<Backend, ConfigError> {
        let problem = |error: &dyn fmt::Display| ConfigError(format!("{}: {error}", path.display()));
        let length = std::fs::metadata(path).map_err(|error| problem(&error))?.len();
        if length > LARGEST_FILE {
            return Err(problem(&format!("{length} bytes are too many for a model map")));
        }
        let text = std::fs::read_to_string(path).map_err(|error| problem(&error))?;
        Backend::parse(&text, environment).map_err(|error| problem(&error))
    }

    /// Reads the text of a file.
    pub fn parse(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Backend, ConfigError> {
        let file: File = toml::from_str(text).map_err(|error| ConfigError(error.message().to_owned()))?;
        let mut backend = Backend { default: file.default_backend.clone().unwrap_or_default(), ..Backend::default() };
        for (name, service) in &file.backends {
            let endpoint = service.resolve(name, &file.credentials, environment)?;
            backend.services.insert(name.clone(), endpoint);
        }
        if backend.default.is_empty() {
            backend.default = backend.services.keys().next().cloned().unwrap_or_default();
        }
        backend.chat.extend(file.invoke.into_iter().map(|(id, tag)| (id, tag.into())));
        backend.embed.extend(file.embed.into_iter().map(|(id, tag)| (id, tag.into())));
        for (id, alias) in file.aliases {
            let map = if alias.kind.as_deref() == Some("embed") { &mut backend.embed } else { &mut backend.chat };
            map.insert(id, alias.resolve()?);
        }
        backend.warnings =
            file.others.keys().map(|key| format!("Nothing is done with [{key}] of the model map.")).collect();
        backend.check()?;
        Ok(backend)
    }

    /// The services of `self` and the map of `map`: a URL with a file beside it.
    pub fn with_map(mut self, map: Backend) -> Backend {
        self.chat.extend(map.chat);
        self.embed.extend(map.embed);
        self.services.extend(map.services);
        self.warnings.extend(map.warnings);
        self
    }

    /// What a file holds and nothing is done with, each a sentence.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Every target names a service that there is. A map alone, to be joined to a URL, names none.
    fn check(&self) -> Result<(), ConfigError> {
        if !self.default.is_empty() && !self.services.contains_key(&self.default) {
            return Err(ConfigError(format!("default_backend names [backends.{}], which is not there", self.default)));
        }
        for (id, targets) in self.chat.iter().chain(&self.embed) {
            for target in &targets.targets {
                if !target.backend.is_empty() && !self.services.contains_key(&target.backend) {
                    let name = &target.backend;
                    return Err(ConfigError(format!("\"{id}\" names [backends.{name}], which is not there")));
                }
            }
        }
        Ok(())
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct File {
    default_backend: Option<String>,
    credentials: BTreeMap<String, Key>,
    backends: BTreeMap<String, ServiceGiven>,
    aliases: BTreeMap<String, Alias>,
    invoke: BTreeMap<String, TagGiven>,
    embed: BTreeMap<String, TagGiven>,
    #[serde(flatten)]
    others: BTreeMap<String, toml::Value>,
}

/// A key, or the environment variable that holds it.
#[derive(Default, Deserialize)]
struct Key {
    api_key: Option<String>,
    api_key_env: Option<String>,
}

#[derive(Deserialize)]
struct ServiceGiven {
    provider: Option<String>,
    endpoint: Option<String>,
    /// Name of a table below `credentials`.
    credential: Option<String>,
    api_key: Option<String>,
    api_key_env: Option<String>,
}

#[derive(Deserialize)]
struct Alias {
    /// `chat` (the default) or `embed`.
    kind: Option<String>,
    /// `first` (the default) or `round_robin`.
    strategy: Option<String>,
    targets: Vec<Target>,
}

/// A tag of the default service, or a target.
#[derive(Deserialize)]
#[serde(untagged)]
enum TagGiven {
    Tag(String),
    Target(Target),
}

impl From<TagGiven> for Targets {
    fn from(given: TagGiven) -> Targets {
        let target = match given {
            TagGiven::Tag(tag) => Target { tag, ..Target::default() },
            TagGiven::Target(target) => target,
        };
        Targets { targets: vec![target], in_turn: false }
    }
}

impl Alias {
    fn resolve(self) -> Result<Targets, ConfigError> {
        let in_turn = match self.strategy.as_deref() {
            None | Some("first") => false,
            Some("round_robin" | "round-robin") => true,
            Some(other) => {
                return Err(ConfigError(format!("strategy is \"first\" or \"round_robin\", not \"{other}\"")));
            }
        };
        if self.targets.is_empty() {
            return Err(ConfigError("an alias needs at least one target".into()));
        }
        Ok(Targets { targets: self.targets, in_turn })
    }
}

impl ServiceGiven {
    fn resolve(
        &self,
        name: &str,
        credentials: &BTreeMap<String, Key>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Endpoint, ConfigError> {
        let provider =
            self.provider.as_deref().map(|provider| provider.to_lowercase().replace(['-', '_', ' ', '.'], ""));
        let usual = provider.and_then(|provider| ENDPOINTS.iter().find(|(known, _)| *known == provider));
        let url = self.endpoint.as_deref().or(usual.map(|(_, url)| *url));
        let url = url.ok_or_else(|| ConfigError(format!("[backends.{name}] needs an endpoint")))?;
        let shared = match &self.credential {
            None => None,
            Some(credential) => Some(credentials.get(credential).ok_or_else(|| {
                ConfigError(format!("[backends.{name}] names [credentials.{credential}], which is not there"))
            })?),
        };
        let own = Key { api_key: self.api_key.clone(), api_key_env: self.api_key_env.clone() };
        let api_key = [Some(&own), shared]
            .into_iter()
            .flatten()
            .find_map(|key| key.api_key.clone().or_else(|| key.api_key_env.as_deref().and_then(environment)));
        Ok(Endpoint { url: base(url)?, api_key })
    }
}

/// A base URL without a slash at the end; a bare host gets the usual `/v1`.
fn base(url: &str) -> Result<String, ConfigError> {
    let parsed = url::Url::parse(url).map_err(|error| ConfigError(format!("\"{url}\" is not a URL: {error}")))?;
    if !parsed.username().is_empty() || parsed.password().is_some() {
        // It would not be sent, and is told to people.
        return Err(ConfigError("a backend's URL has no user name and no password; its apiKey is sent to it".into()));
    }
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(ConfigError(format!("\"{url}\" is neither http nor https")));
    }
    let trimmed = url.trim_end_matches('/');
    Ok(if parsed.path().trim_end_matches('/').is_empty() { format!("{trimmed}/v1") } else { trimmed.to_owned() })
}

/// As an option in JSON: a URL, or `{url, apiKey, modelMap}`, of which `modelMap` names a file.
impl<'de> Deserialize<'de> for Backend {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Backend, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            Url(String),
            Settings(Settings),
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Settings {
            url: Option<String>,
            api_key: Option<String>,
            model_map: Option<std::path::PathBuf>,
        }
        let settings = match Given::deserialize(deserializer)? {
            Given::Url(url) => Settings { url: Some(url), api_key: None, model_map: None },
            Given::Settings(settings) => settings,
        };
        let map = settings.model_map.map(|path| Backend::read(&path, &crate::config::process_environment));
        let map = map.transpose().map_err(D::Error::custom)?;
        let served =
            settings.url.map(|url| Backend::at(&url, settings.api_key)).transpose().map_err(D::Error::custom)?;
        match (served, map) {
            (Some(served), Some(map)) => Ok(served.with_map(map)),
            (Some(only), None) => Ok(only),
            (None, Some(only)) if !only.services.is_empty() => Ok(only),
            (None, _) => Err(D::Error::custom("a backend needs a url, or a modelMap with [backends]")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWSIM: &str = r#"
        default_backend = "ollama"
        [credentials.openrouter]
        api_key_env = "OPENROUTER_API_KEY"
        [backends.ollama]
        provider = "ollama"
        endpoint = "http://localhost:11434/v1"
        [backends.cloud]
        provider = "openrouter"
        credential = "openrouter"
        [aliases."anthropic.claude-3-haiku-20240307-v1:0"]
        kind = "chat"
        strategy = "first"
        targets = [{ backend = "ollama", tag = "llama3.1:8b", timeout_ms = 5000 }, { backend = "cloud", tag = "a/b" }]
        [invoke]
        "amazon.titan-text-express-v1" = "llama3.1:8b"
        "meta.llama3-70b-instruct-v1:0" = { backend = "cloud", tag = "llama3:70b" }
        [embed]
        "amazon.titan-embed-text-v2:0" = "nomic-embed-text"
        [pricing."anthropic.claude-3-haiku-20240307-v1:0"]
        input_per_million_tokens = 0.25
    "#;

    fn environment(name: &str) -> Option<String> {
        (name == "OPENROUTER_API_KEY").then(|| "key-of-the-environment".into())
    }

    #[test]
    fn reads_awsims_file() {
        let backend = Backend::parse(AWSIM, &environment).unwrap();
        assert_eq!(backend.default, "ollama");
        assert_eq!(backend.services["cloud"].url, "https://openrouter.ai/api/v1");
        assert_eq!(backend.services["cloud"].api_key.as_deref(), Some("key-of-the-environment"));
        let targets = &backend.chat["anthropic.claude-3-haiku-20240307-v1:0"].targets;
        assert_eq!((targets.len(), targets[0].timeout_ms, targets[1].tag.as_str()), (2, Some(5000), "a/b"));
        assert_eq!(backend.chat["meta.llama3-70b-instruct-v1:0"].targets[0].backend, "cloud");
        assert_eq!(backend.embed["amazon.titan-embed-text-v2:0"].targets[0].tag, "nomic-embed-text");
        assert_eq!(backend.warnings(), ["Nothing is done with [pricing] of the model map."]);
        assert!(!format!("{backend:?}").contains("key-of"));
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, expected) in [
            ("default_backend = \"x\"", "default_backend names [backends.x], which is not there"),
            ("[backends.x]\nprovider = \"nobody\"", "[backends.x] needs an endpoint"),
            (
                "[backends.x]\nendpoint = \"http://me:secret@x\"",
                "a backend's URL has no user name and no password; its apiKey is sent to it",
            ),
            ("[backends.x]\nendpoint = \"ftp://x\"", "\"ftp://x\" is neither http nor https"),
            (
                "[backends.x]\nendpoint = \"http://x\"\ncredential = \"y\"",
                "[backends.x] names [credentials.y], which is not there",
            ),
            ("[invoke]\n\"a\" = { backend = \"x\", tag = \"t\" }", "\"a\" names [backends.x], which is not there"),
            (
                "[aliases.a]\nstrategy = \"best\"\ntargets = []",
                "strategy is \"first\" or \"round_robin\", not \"best\"",
            ),
        ] {
            assert_eq!(Backend::parse(text, &environment).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn a_bare_host_gets_the_usual_path() {
        for (given, expected) in [
            ("http://localhost:11434", "http://localhost:11434/v1"),
            ("http://localhost:11434/v1/", "http://localhost:11434/v1"),
            ("https://api.groq.com/openai/v1", "https://api.groq.com/openai/v1"),
        ] {
            assert_eq!(base(given).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn an_option_is_a_url_or_an_object() {
        let from = |json: serde_json::Value| serde_json::from_value::<Backend>(json).map_err(|error| error.to_string());
        assert_eq!(from("http://localhost:1234/v1".into()).unwrap().services.len(), 1);
        let keyed = from(serde_json::json!({"url": "http://localhost:1", "apiKey": "k"})).unwrap();
        assert_eq!(keyed.services[&keyed.default].api_key.as_deref(), Some("k"));
        assert!(from(serde_json::json!({})).unwrap_err().contains("needs a url"));
        assert!(from(serde_json::json!({"modelMap": "/no/such/file"})).unwrap_err().contains("/no/such/file"));
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(ENDPOINTS.is_sorted_by(|left, right| left.0 < right.0));
    }
}
