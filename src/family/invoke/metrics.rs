//! `amazon-bedrock-invocationMetrics`, which the service appends to the last chunk of every InvokeModel stream.

use serde::Deserialize;

use crate::conversation::{Event, Usage};

/// The name of the member.
pub(super) const KEY: &str = "amazon-bedrock-invocationMetrics";

/// The service's own count, in every family's last chunk.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metrics {
    input_token_count: Option<u64>,
    output_token_count: Option<u64>,
    cache_read_input_token_count: Option<u64>,
    cache_write_input_token_count: Option<u64>,
}

impl From<Metrics> for Usage {
    fn from(metrics: Metrics) -> Usage {
        Usage {
            input_tokens: metrics.input_token_count,
            output_tokens: metrics.output_token_count,
            total_tokens: None,
            cache_read_input_tokens: metrics.cache_read_input_token_count,
            cache_write_input_tokens: metrics.cache_write_input_token_count,
        }
    }
}

/// What a model's own chunks said of usage, and the service's count where they said nothing.
///
/// The two can differ (recording `invoke-stream-claude-3-5-sonnet-tool-result-03`: 133 against 97 output tokens); the
/// model's own count is what Converse reports too, so it wins.
#[derive(Debug, Default)]
pub(super) struct Tally {
    native: bool,
}

impl Tally {
    /// The model's own count.
    pub(super) fn native(&mut self, usage: Usage, events: &mut Vec<Event>) {
        self.native = true;
        events.push(Event::Usage(usage));
    }

    /// The service's count.
    pub(super) fn service(&self, metrics: Option<Metrics>, events: &mut Vec<Event>) {
        if let Some(metrics) = metrics.filter(|_| !self.native) {
            events.push(Event::Usage(metrics.into()));
        }
    }
}
