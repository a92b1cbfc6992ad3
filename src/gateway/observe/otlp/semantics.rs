//! OpenTelemetry's names for operations (semantic conventions for generative AI systems, and for HTTP).

use crate::gateway::route::Operation;

/// `gen_ai.provider.name`
pub(super) const PROVIDER: &str = "aws.bedrock";

/// `gen_ai.operation.name` by the operation's name; those that ask no model have none. The conventions leave names of
/// one's own for what they do not list.
const OPERATIONS: &[(&str, &str)] = &[
    ("chat.completions", "chat"),
    ("embeddings", "embeddings"),
    ("images.generations", "image_generation"),
    ("moderations", "moderation"),
    ("rerank", "rerank"),
];

/// `gen_ai.operation.name` of an operation, by its name in metrics.
pub(super) fn operation(route: &str) -> Option<&'static str> {
    OPERATIONS.iter().find(|(known, _)| *known == route).map(|(_, name)| *name)
}

/// `http.route`: the path below the prefix that was used, without what differs from request to request.
pub(super) fn http_route(operation: Operation, path: &str) -> String {
    let below = operation.path();
    match operation {
        Operation::Model => path.find(below).map_or_else(String::new, |at| format!("{}{below}{{model}}", &path[..at])),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::route::OPERATIONS as OPERATIONS_SERVED;

    #[test]
    fn every_operation_that_asks_a_model_is_named() {
        for (_, _, known) in OPERATIONS_SERVED {
            assert_eq!(operation(known.name()).is_some(), known.asks_a_model(), "{known:?}");
        }
    }

    #[test]
    fn routes_hold_no_model() {
        assert_eq!(http_route(Operation::Model, "/api/v1/models/a%3A0"), "/api/v1/models/{model}");
        assert_eq!(http_route(Operation::ChatCompletions, "/v1/chat/completions"), "/v1/chat/completions");
    }
}
