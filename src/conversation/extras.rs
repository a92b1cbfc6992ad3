//! What a request tells the service besides the conversation.

use serde_json::{Map, Value};

/// How long a prompt cache keeps what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ttl {
    /// `5m`
    FiveMinutes,
    /// `1h`
    OneHour,
}

impl Ttl {
    /// Converse's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Ttl::FiveMinutes => "5m",
            Ttl::OneHour => "1h",
        }
    }
}

/// A mark: what stands before it is to be kept in the prompt cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CachePoint {
    /// For how long; `None`: the service's default of five minutes.
    pub ttl: Option<Ttl>,
}

/// Cache points that the caller does not set but asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caching {
    /// After the instructions.
    pub system: bool,
    /// After the last user turn, and the one before it.
    pub messages: bool,
    /// After the tools.
    pub tools: bool,
    /// For how long.
    pub ttl: Option<Ttl>,
    /// Whether a model that keeps nothing is passed over in silence: a setting asks for it, not the caller.
    pub where_possible: bool,
}

/// Members of a Converse request that are passed on as they are; `None` and empty ones are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extras {
    /// `guardrailConfig`.
    pub guardrail: Option<Value>,
    /// `performanceConfig`.
    pub performance: Option<Value>,
    /// `serviceTier`'s `type`.
    pub service_tier: Option<String>,
    /// `requestMetadata`: at most 16 entries.
    pub metadata: Map<String, Value>,
    /// `additionalModelRequestFields`.
    pub additional_fields: Map<String, Value>,
    /// `additionalModelResponseFieldPaths`: at most 10 JSON pointers.
    pub additional_response_paths: Vec<String>,
    /// Whether Claude is to tell which stop sequence ended its answer, unless there are paths.
    pub tells_stop_sequence: bool,
    /// `promptVariables`.
    pub prompt_variables: Option<Value>,
    /// `outputConfig`.
    pub output_config: Option<Value>,
    /// Members that nobody here knows.
    pub others: Map<String, Value>,
}
