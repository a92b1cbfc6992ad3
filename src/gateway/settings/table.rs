//! Every setting, one row each: the command line, the environment and the reference in docs/gateway.md are made of it.

/// One setting.
#[derive(Debug)]
pub struct Row {
    /// Its name in TOML, a member of [`Settings`](super::Settings).
    pub name: &'static str,
    /// What its value is.
    pub takes: Takes,
    /// One sentence or two, the last of which tells the default.
    pub help: &'static str,
    /// Whether its value is not to be shown.
    pub secret: bool,
    /// Whether it holds from start to stop: a reload leaves it as it is.
    pub fixed: bool,
    /// The variable of the Bedrock Access Gateway for the same (its README, "Environment variables").
    pub access_gateway: Option<Variable>,
}

/// A variable of the Bedrock Access Gateway. Ours, where it is set, wins over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// It is the setting.
    Is(&'static str),
    /// It is one more item of a setting that holds several.
    Adds(&'static str),
}

impl Variable {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Variable::Is(name) | Variable::Adds(name) => name,
        }
    }
}

impl Row {
    const fn fixed(self) -> Row {
        Row { fixed: true, ..self }
    }

    /// The Access Gateway calls it so.
    const fn also(self, name: &'static str) -> Row {
        Row { access_gateway: Some(Variable::Is(name)), ..self }
    }

    /// The Access Gateway's variable of this name is one more of these.
    const fn also_one(self, name: &'static str) -> Row {
        Row { access_gateway: Some(Variable::Adds(name)), ..self }
    }
}

/// A setting made of objects: only a file or a program can hold it.
#[derive(Debug)]
pub struct Nested {
    /// Its name in TOML.
    pub name: &'static str,
    /// One sentence or two.
    pub help: &'static str,
    /// Whether the names of its members are the user's own, as the aliases of models are.
    pub named_by_user: bool,
    /// Names of members, wherever they stand in it, whose values are not to be shown.
    pub secrets: &'static [&'static str],
}

/// Settings made of objects, in the order of the reference.
pub const NESTED: &[Nested] = &[
    Nested {
        name: "keys",
        help: "Keys with what each of them may do; see docs/gateway-keys.md. Default none.",
        named_by_user: false,
        secrets: &["key", "hash"],
    },
    Nested {
        name: "targets",
        help: "Where requests may go: regions, accounts, endpoints; see docs/gateway-routing.md. Default: where the \
               settings of Bedrock say.",
        named_by_user: false,
        secrets: &["secret_access_key", "session_token", "api_key"],
    },
    Nested {
        name: "aliases",
        help: "What callers may call models; see docs/gateway-routing.md. Default none.",
        named_by_user: true,
        secrets: &[],
    },
    Nested {
        name: "prices",
        help: "What a million tokens cost by model, in US dollars, for budgets in dollars. Default none.",
        named_by_user: true,
        secrets: &[],
    },
];

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// `true` or `false`; as a flag nothing.
    Switch,
    /// A number.
    Number,
    /// Text, called so in the help.
    Text(&'static str),
    /// Texts: the flag may be given several times; in the environment they are separated by commas.
    Texts(&'static str),
}

/// A heading, and the settings below it.
pub type Section = (&'static str, &'static [Row]);

/// All settings but lists of objects, in the order of the help.
pub const TABLE: &[Section] = &[
    (
        "Listening",
        &[
            row("host", Takes::Text("address"), "Address to listen on. Default 127.0.0.1: this machine only.").fixed(),
            row("port", Takes::Number, "Port; 0 takes a free one. Default 8080.").fixed(),
            row(
                "workers",
                Takes::Number,
                "Threads that serve; 0, the default: one for each processor. A gateway started by JavaScript has one.",
            )
            .fixed(),
            row("path_prefixes", Takes::Texts("path"), "What stands before OpenAI's paths. Default /v1 and /api/v1.")
                .also_one("API_ROUTE_PREFIX"),
            row(
                "tls_cert",
                Takes::Text("file"),
                "PEM file with the certificate and those between it and its root; with tls_key it is served over TLS. Default none.",
            ),
            row("tls_key", Takes::Text("file"), "PEM file with the private key of the certificate. Default none."),
            row(
                "allowed_origins",
                Takes::Texts("origin"),
                "Origins whose web pages may call (CORS), such as https://example.com, or *. Default none.",
            )
            .also("ALLOWED_ORIGINS"),
            row(
                "drain_seconds",
                Takes::Number,
                "How long everything is still answered when the gateway is told to stop, while /ready says no: time for load balancers to see it. Default 0.",
            ),
            row(
                "shutdown_seconds",
                Takes::Number,
                "How long running requests may then take to end. Streams that run longer end with an error event. Default 30.",
            ),
        ],
    ),
    (
        "Bedrock",
        &[
            row("region", Takes::Text("name"), "AWS region. Default: AWS_REGION, then the profile's."),
            row(
                "profile",
                Takes::Text("name"),
                "Profile of AWS's configuration files. Default: AWS's own chain of credentials.",
            ),
            row("base_url", Takes::Text("url"), "Base URL of bedrock-runtime. Default: AWS's for the region."),
            row(
                "access_key_id",
                Takes::Text("id"),
                "Id of an AWS access key. Default: AWS's own chain of credentials.",
            ),
            secret("secret_access_key", Takes::Text("secret"), "The secret of the access key. Default none."),
            secret("session_token", Takes::Text("token"), "The session token of temporary keys. Default none."),
            row(
                "role_arn",
                Takes::Text("arn"),
                "ARN of an IAM role that is taken on with these credentials (STS AssumeRole). Default none.",
            ),
            row("external_id", Takes::Text("id"), "External id that the role's account asks for. Default none."),
            row(
                "role_session_name",
                Takes::Text("name"),
                "What the role's account calls the gateway in its log. Default bedrock-wrapper.",
            ),
            row(
                "upstream_timeout_seconds",
                Takes::Number,
                "How long a call of Bedrock may take, retries and stream included; 0: any time. Default 0.",
            ),
            row("upstream_connect_seconds", Takes::Number, "How long connecting to Bedrock may take. Default 10."),
            row(
                "upstream_first_byte_seconds",
                Takes::Number,
                "How long Bedrock may take for the head of an answer, and so for all of one that is no stream. Default 3600.",
            ),
            row("upstream_idle_seconds", Takes::Number, "How long Bedrock may be silent within an answer. Default 300."),
            row(
                "max_retries",
                Takes::Number,
                "How often a call of Bedrock that failed is made again before there is content, 0 to 100. Default 2.",
            ),
        ],
    ),
    (
        "Models",
        &[
            row(
                "default_model",
                Takes::Text("model"),
                "The model that answers OpenAI's names in chats: gpt-*, chatgpt-*, o1*, o3*, o4*. Default \
                 anthropic.claude-sonnet-4-6.",
            )
            .also("DEFAULT_MODEL"),
            row(
                "default_embedding_model",
                Takes::Text("model"),
                "The model that answers text-embedding-*. Default cohere.embed-multilingual-v3.",
            )
            .also("DEFAULT_EMBEDDING_MODEL"),
            row(
                "cross_region_inference",
                Takes::Switch,
                "Whether models are called through inference profiles, which answer in several regions of a geography, \
                 where their ids alone will not do, and whether those are listed. Default true.",
            )
            .also("ENABLE_CROSS_REGION_INFERENCE"),
            row(
                "application_inference_profiles",
                Takes::Switch,
                "Whether the account's own inference profiles are listed. Default true.",
            )
            .also("ENABLE_APPLICATION_INFERENCE_PROFILES"),
        ],
    ),
    (
        "Targets",
        &[
            row(
                "strategy",
                Takes::Text("name"),
                "How one of several targets is chosen: priority, weighted, least_latency or sticky. Default priority.",
            ),
            row("max_attempts", Takes::Number, "Most targets that are asked for one request. Default 3."),
        ],
    ),
    (
        "Access",
        &[
            secret(
                "api_keys",
                Takes::Texts("key"),
                "Keys that callers may show, without any limits. Default: none is asked for.",
            )
            .also_one("API_KEY"),
            row(
                "api_key_secret_arn",
                Takes::Text("arn"),
                "A secret of AWS Secrets Manager with more of them: {\"api_key\": \"…\"}, a list, or one a line. Default none.",
            )
            .also("API_KEY_SECRET_ARN"),
            row(
                "api_key_param_name",
                Takes::Text("name"),
                "The same as a parameter of AWS Systems Manager, such as a SecureString. Default none.",
            )
            .also("API_KEY_PARAM_NAME"),
            row(
                "api_key_refresh_seconds",
                Takes::Number,
                "How often these two are read again; 0: only at the start and on reload. Default 300.",
            ),
            row(
                "keys_file",
                Takes::Text("file.toml"),
                "A TOML file with [[keys]], read again on reload. Default none.",
            ),
            row(
                "pass_through_credentials",
                Takes::Switch,
                "Callers may bring AWS credentials of their own, which their requests are then signed with. Default: no.",
            ),
            row(
                "allow_anonymous",
                Takes::Switch,
                "Whether whoever reaches a gateway without keys may use it. Default false: it then listens on this machine only.",
            ),
        ],
    ),
    (
        "Limits",
        &[
            row(
                "guardrail",
                Takes::Text("guardrail"),
                "Guardrail of chats and moderations whose requests name none: id or ARN, with :version behind it unless it is the draft. Default none.",
            ),
            row(
                "remote_images",
                Takes::Text("off|https|on"),
                "Which URLs of images, documents and videos in requests are fetched: none, https only, or http too. Default https.",
            ),
            row(
                "remote_image_hosts",
                Takes::Texts("host"),
                "Hosts that such URLs and their redirects may name, each with the names below it. Default: all.",
            ),
            row(
                "remote_image_denied_hosts",
                Takes::Texts("host"),
                "Hosts that such URLs and their redirects may not name, each with the names below it. Default none.",
            ),
            row(
                "remote_images_private",
                Takes::Switch,
                "Whether such URLs may lead to addresses that are not on the public internet, this machine's among them. Default false.",
            ),
            secret(
                "redis_url",
                Takes::Text("url"),
                "Redis or Valkey, in which replicas share what they count of [[keys]]. Default none: each counts for itself.",
            )
            .fixed(),
            row(
                "redis_seconds",
                Takes::Number,
                "How long Redis may take to answer before a replica counts for itself. Default 0.1.",
            )
            .fixed(),
            row("max_body_bytes", Takes::Number, "The largest body of a request in bytes. Default 33554432 (32 MiB)."),
            row("max_in_flight", Takes::Number, "Requests that are answered at the same time. Default 10000."),
            row("max_connections", Takes::Number, "Connections at the same time; more have to wait. Default 50000.")
                .fixed(),
            row(
                "header_seconds",
                Takes::Number,
                "How long a client may take for the head of a request; 0: any time. Default 10.",
            ),
            row(
                "body_seconds",
                Takes::Number,
                "How long a client may take for the body of a request, and one second more for each KiB; 0: any time. Default 30.",
            ),
            row(
                "idle_seconds",
                Takes::Number,
                "How long a connection is kept open between two requests; longer than load balancers in front do; 0: for ever. Default 75.",
            ),
            row(
                "write_seconds",
                Takes::Number,
                "How long a client may take nothing of its answer before it is let go; 0: never. Default 60.",
            ),
        ],
    ),
    (
        "Answers",
        &[
            row(
                "ping_seconds",
                Takes::Number,
                "How long a stream may be silent before a comment says that it lives; 0: never. Default 15.",
            ),
            row(
                "strict_params",
                Takes::Switch,
                "Whether what would be left out of a request with a warning is an error. Default false.",
            ),
            row(
                "reasoning_format",
                Takes::Text("form"),
                "Where answers have the model's reasoning: reasoning_content, reasoning, think (in the content) or hidden; a request's header x-reasoning-format wins. Default reasoning_content.",
            ),
            row(
                "bedrock_metadata",
                Takes::Switch,
                "Whether answers have the member bedrock, with what Bedrock told besides. Default false.",
            ),
            row(
                "prompt_caching",
                Takes::Switch,
                "Whether chat requests that do not speak of caching get cache points, where the model keeps any. Default false.",
            )
            .also("ENABLE_PROMPT_CACHING"),
            row(
                "compress_bytes",
                Takes::Number,
                "Answers of so many bytes or more are compressed with gzip for clients that take it; 0: none. Streams never are. Default 65536.",
            ),
        ],
    ),
    (
        "Watching",
        &[
            row(
                "access_log",
                Takes::Text("place"),
                "Where a line of JSON about each request goes: off, stdout, stderr or the path of a file. Default: stderr \
                 where a program serves, off in JavaScript.",
            ),
            row(
                "log_content",
                Takes::Switch,
                "Whether prompts and answers are logged and traced too, cut at 16 KiB. Default: they are not.",
            ),
            row(
                "otlp_endpoint",
                Takes::Text("url"),
                "Where OpenTelemetry traces and metrics go over HTTP. Default: OTEL_EXPORTER_OTLP_ENDPOINT, else nowhere.",
            ),
            row("metrics_port", Takes::Number, "A port of its own for /metrics. Default: the gateway's own port.")
                .fixed(),
            row("page", Takes::Switch, "Whether there is a page for people at /. Default true."),
        ],
    ),
];

const fn row(name: &'static str, takes: Takes, help: &'static str) -> Row {
    Row { name, takes, help, secret: false, fixed: false, access_gateway: None }
}

const fn secret(name: &'static str, takes: Takes, help: &'static str) -> Row {
    Row { secret: true, ..row(name, takes, help) }
}

/// All rows.
pub fn all() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().flat_map(|(_, rows)| rows.iter())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::Settings;

    #[test]
    fn every_setting_has_a_row_and_every_row_a_setting() {
        let settings = serde_json::to_value(Settings::default()).unwrap();
        let mut known: Vec<&str> = settings.as_object().unwrap().keys().map(String::as_str).collect();
        let mut rows: Vec<&str> = all().map(|row| row.name).chain(NESTED.iter().map(|nested| nested.name)).collect();
        known.sort_unstable();
        rows.sort_unstable();
        assert_eq!(known, rows);
    }

    #[test]
    fn what_the_access_gateway_adds_is_a_list_of_texts() {
        for row in all().filter(|row| matches!(row.access_gateway, Some(Variable::Adds(_)))) {
            assert!(matches!(row.takes, Takes::Texts(_)), "{}", row.name);
        }
    }

    #[test]
    fn helps_are_sentences() {
        for row in all() {
            assert!(row.help.ends_with('.') && row.help.contains("efault"), "{}", row.name);
        }
    }
}
