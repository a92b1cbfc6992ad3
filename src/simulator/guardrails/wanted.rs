//! What a request says about guardrails: Converse in its body, InvokeModel in headers.

use std::sync::Arc;

use http::HeaderMap;
use serde_json::Value;

use super::report::{Named, Scope};
use super::store::{Edition, Guardrails};
use crate::simulator::exception::Exception;
use crate::simulator::native::Body;
use crate::simulator::route::Operation;
use crate::simulator::wording;

/// Characters of a guardrail's id (every recording).
const ID_LENGTH: usize = 12;

/// What a request says about guardrails.
#[derive(Debug)]
pub(in crate::simulator) struct Wanted {
    identifier: String,
    version: String,
    pub(super) trace: Option<Scope>,
    pub(super) asynchronous: bool,
    /// Of the tags that mark what is to be judged.
    pub(super) suffix: Option<String>,
    pub(super) operation: Operation,
}

impl Wanted {
    /// From Converse's `guardrailConfig`; `None` when no guardrail is named.
    pub(in crate::simulator) fn in_converse(operation: Operation, body: &Body) -> Option<Wanted> {
        let config = body.get("guardrailConfig");
        let text = |key: &str| config[key].as_str().unwrap_or_default();
        Wanted {
            identifier: text("guardrailIdentifier").to_owned(),
            version: text("guardrailVersion").to_owned(),
            trace: scope(text("trace")),
            asynchronous: text("streamProcessingMode") == "async",
            suffix: None,
            operation,
        }
        .named()
    }

    /// From InvokeModel's headers, and `config`, which was in the body.
    pub(in crate::simulator) fn in_headers(
        operation: Operation,
        headers: &HeaderMap,
        config: &Value,
    ) -> Option<Wanted> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Wanted {
            identifier: text("x-amzn-bedrock-guardrailidentifier").to_owned(),
            version: text("x-amzn-bedrock-guardrailversion").to_owned(),
            trace: scope(text("x-amzn-bedrock-trace")),
            asynchronous: config["streamProcessingMode"] == "ASYNCHRONOUS",
            suffix: config["tagSuffix"].as_str().map(str::to_owned),
            operation,
        }
        .named()
    }

    /// The guardrail, at its version. AWS tells ids that cannot be from those that are not there.
    pub(super) fn find(&self, guardrails: &Guardrails) -> Result<(Named, Arc<Edition>), Exception> {
        let id = self.identifier.rsplit('/').next().unwrap_or_default();
        if id.len() != ID_LENGTH {
            return Err(wording::INVALID_GUARDRAIL.refuse(&[]));
        }
        guardrails.applied(&self.identifier, &self.version).ok_or_else(|| wording::UNKNOWN_GUARDRAIL.refuse(&[]))
    }

    fn named(self) -> Option<Wanted> {
        (!self.identifier.is_empty()).then_some(self)
    }
}

fn scope(word: &str) -> Option<Scope> {
    match word.to_ascii_lowercase().as_str() {
        "enabled" => Some(Scope::Interventions),
        "enabled_full" => Some(Scope::Full),
        _ => None,
    }
}
