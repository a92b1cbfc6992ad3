//! From a method and a raw path to an operation and its URI labels.

use http::Method;
use percent_encoding::percent_decode_str;

use super::MODEL;
use super::model::{Operation, Segment};

/// Most segments of an ARN with raw slashes; the longest known has four.
const MOST_SEGMENTS: usize = 8;

/// An operation and the labels of the path that named it.
pub(in crate::simulator) struct Route {
    pub(in crate::simulator) operation: &'static Operation,
    /// By name, decoded, in the order of the path.
    pub(in crate::simulator) labels: Vec<(&'static str, String)>,
}

impl Route {
    /// The label of that name; empty when the operation has none.
    pub(in crate::simulator) fn label(&self, name: &str) -> &str {
        self.labels.iter().find(|label| label.0 == name).map_or("", |label| &label.1)
    }
}

/// The operation that a request names; `None` when no service has one there, or a label is not UTF-8.
///
/// A label is one segment, percent-encoded; clients also send ARNs with raw slashes, so an ARN may be several.
pub(in crate::simulator) fn route(method: &Method, path: &str) -> Option<Route> {
    let given: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    let operations = MODEL.operations.iter().filter(|operation| operation.method == method.as_str());
    let fitting = operations.filter_map(|operation| {
        let mut labels = labels(&operation.path, &given)?;
        labels.reverse();
        Some(Route { operation, labels })
    });
    // A literal segment wins over a label.
    fitting.min_by_key(|route| route.labels.len())
}

/// The labels of a path that fits the template, the last one first.
fn labels(template: &'static [Segment], given: &[&str]) -> Option<Vec<(&'static str, String)>> {
    let Some((expected, template)) = template.split_first() else {
        return given.is_empty().then(Vec::new);
    };
    let (first, rest) = given.split_first()?;
    let name = match expected {
        Segment::Literal(text) => return if text == first { labels(template, rest) } else { None },
        Segment::Label(_) if first.is_empty() => return None,
        Segment::Label(name) => name,
    };
    let longest = if first.starts_with("arn:") { MOST_SEGMENTS } else { 1 };
    (1..=longest).rev().find_map(|count| {
        let (value, rest) = given.split_at_checked(count)?;
        let mut found = labels(template, rest)?;
        found.push((name, percent_decode_str(&value.join("/")).decode_utf8().ok()?.into_owned()));
        Some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(method: &str, path: &str) -> String {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        route(&method, path).map_or_else(
            || "none".into(),
            |route| {
                let labels: Vec<_> = route.labels.iter().map(|(name, value)| format!(" {name}={value}")).collect();
                format!("{}{}", route.operation.name, labels.concat())
            },
        )
    }

    #[test]
    fn every_operation_is_found_at_its_own_uri() {
        for operation in &MODEL.operations {
            let segments = operation.path.iter().map(|segment| match segment {
                Segment::Literal(text) | Segment::Label(text) => format!("/{text}"),
            });
            let path: String = segments.collect();
            assert!(told(&operation.method, &path).starts_with(&operation.name), "{path}");
        }
    }

    #[test]
    fn labels_are_decoded_and_arns_may_have_raw_slashes() {
        let cases = [
            ("POST", "/model/a.b-v1%3A0/converse", "Converse modelId=a.b-v1:0"),
            (
                "POST",
                "/model/arn:aws:bedrock:r:1:inference-profile/us.a.b/invoke",
                "InvokeModel modelId=arn:aws:bedrock:r:1:inference-profile/us.a.b",
            ),
            (
                "GET",
                "/guardrails/arn%3Aaws%3Abedrock%3Ar%3A1%3Aguardrail%2Fabc",
                "GetGuardrail guardrailIdentifier=arn:aws:bedrock:r:1:guardrail/abc",
            ),
            ("GET", "/guardrails", "ListGuardrails"),
            (
                "POST",
                "/guardrail/abc/version/DRAFT/apply",
                "ApplyGuardrail guardrailIdentifier=abc guardrailVersion=DRAFT",
            ),
            ("POST", "/custom-models/create-custom-model", "CreateCustomModel"),
            ("DELETE", "/logging/modelinvocations", "DeleteModelInvocationLoggingConfiguration"),
            ("PUT", "/guardrails", "none"),
            ("GET", "/guardrails/", "none"),
            ("GET", "/guardrails/a/b", "none"),
            ("GET", "/guardrails/%ff", "none"),
            ("GET", "guardrails", "none"),
        ];
        for (method, path, expected) in cases {
            assert_eq!(told(method, path), expected, "{method} {path}");
        }
    }
}
