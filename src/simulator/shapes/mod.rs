//! The shapes of AWS's service model: which operations there are, and what their requests may hold.
//!
//! The data is `model.json`, made from botocore by `scripts/shapes.py`. It is read once, at the first request. What a
//! request violates is told in the words and order of the service; every violation is found, not only the first.

mod check;
mod java;
mod model;
mod pattern;
mod route;
mod violations;

use std::sync::LazyLock;

use http::HeaderMap;
use serde_json::{Map, Value};

use super::exception::Exception;
use model::Model;
pub(super) use model::Operation;
pub(super) use route::{Route, route};

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::read(model::JSON));

/// The operation of that name, of any service.
pub(super) fn operation(name: &str) -> Option<&'static Operation> {
    MODEL.operations.iter().find(|operation| operation.name == name)
}

/// A request, taken apart.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    /// URI labels by name, decoded.
    pub(super) labels: &'a [(&'a str, &'a str)],
    /// The query as sent, without its `?`.
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    /// The members of the body; empty when the operation has a body of another kind, or none.
    pub(super) body: &'a Map<String, Value>,
}

impl Operation {
    /// Refuses a request that does not have the shape of the operation's input.
    pub(super) fn check(&self, parts: Parts<'_>) -> Result<(), Exception> {
        check::check(&MODEL, self, parts)
    }
}

#[cfg(test)]
impl Operation {
    /// The path with this in place of every label.
    pub(super) fn path_with(&self, label: &str) -> String {
        let text = |segment: &model::Segment| match segment {
            model::Segment::Literal(text) => format!("/{text}"),
            model::Segment::Label(_) => format!("/{label}"),
        };
        self.path.iter().map(text).collect()
    }
}

/// The answers of the operations, to judge our own by.
#[cfg(test)]
static ANSWERS: LazyLock<Model> =
    LazyLock::new(|| Model::read(include_str!("../../../__test__/fixtures/shapes/answers.json")));

/// Refuses an answer that does not have the shape of the operation's output.
#[cfg(test)]
pub(super) fn check_answer(operation: &str, answer: &Value) -> Result<(), Exception> {
    let operation = ANSWERS.operations.iter().find(|known| known.name == operation).unwrap();
    let body = answer.as_object().unwrap();
    check::check(&ANSWERS, operation, Parts { labels: &[], query: "", headers: &HeaderMap::new(), body })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn outcome(name: &str, labels: &[(&str, &str)], query: &str, headers: &HeaderMap, body: &Value) -> String {
        let empty = Map::new();
        let body = body.as_object().unwrap_or(&empty);
        let outcome = operation(name).unwrap().check(Parts { labels, query, headers, body });
        outcome.map_or_else(|refusal| refusal.message, |()| "accepted".into())
    }

    fn of_body(name: &str, body: Value) -> String {
        let labels = [("modelId", "amazon.nova-lite-v1:0"), ("guardrailIdentifier", "abc"), ("guardrailVersion", "1")];
        outcome(name, &labels, "", &HeaderMap::new(), &body)
    }

    fn one(violation: &str) -> String {
        format!("1 validation error detected: {violation}")
    }

    #[test]
    fn speaks_as_the_service_does() {
        let must = "failed to satisfy constraint: Member must";
        let block = |block: Value| json!({"messages": [{"role": "user", "content": [block]}]});
        let at = "messages.1.member.content.1.member";
        let cases = [
            (
                json!({"inferenceConfig": {"temperature": 32424}}),
                one(&format!(
                    "Value '32424.0' at 'inferenceConfig.temperature' {must} have value less than or equal to 1"
                )),
            ),
            (
                json!({"inferenceConfig": {"topP": -0.5, "maxTokens": 0}}),
                format!(
                    "2 validation errors detected: Value '0' at 'inferenceConfig.maxTokens' {must} have value greater than or equal to 1; Value '-0.5' at 'inferenceConfig.topP' {must} have value greater than or equal to 0"
                ),
            ),
            (
                json!({"toolConfig": {"tools": [{"toolSpec": {"name": "goal.upsert", "inputSchema": {"json": {}}}}]}}),
                one(&format!(
                    "Value 'goal.upsert' at 'toolConfig.tools.1.member.toolSpec.name' {must} satisfy regular expression pattern: [a-zA-Z0-9_-]+"
                )),
            ),
            (
                json!({"toolConfig": {"tools": []}}),
                one(&format!("Value '[]' at 'toolConfig.tools' {must} have length greater than or equal to 1")),
            ),
            (
                json!({"messages": [{"content": [{"text": "x"}]}]}),
                one(&format!("Value null at 'messages.1.member.role' {must} not be null")),
            ),
            (
                json!({"messages": [{"role": "tool", "content": []}]}),
                one(&format!(
                    "Value 'tool' at 'messages.1.member.role' {must} satisfy enum value set: [user, assistant, system]"
                )),
            ),
            (
                block(json!({"image": {"format": "jpg", "source": {"bytes": "QUJD"}}})),
                one(&format!("Value at '{at}.image.format' {must} satisfy enum value set: [png, jpeg, gif, webp]")),
            ),
            (
                block(json!({"toolUse": {"toolUseId": "a", "name": "x.y", "input": {}}})),
                one(&format!("Value at '{at}.toolUse.name' {must} satisfy regular expression pattern: [a-zA-Z0-9_-]+")),
            ),
            (
                block(json!({"image": {"format": "png", "source": {"bytes": ""}}})),
                one(&format!("Value at '{at}.image.source.bytes' {must} have length greater than or equal to 1")),
            ),
            (
                block(json!({"reasoningContent": {"reasoningText": {"signature": "s"}}})),
                one(&format!("Value null at '{at}.reasoningContent.reasoningText.text' {must} not be null")),
            ),
            (block(json!({})), one(&format!("Value at '{at}' {must} have exactly one member set"))),
            (block(json!({"text": "x", "image": null, "unknown": 1})), "accepted".into()),
            (
                json!({"inferenceConfig": {"stopSequences": ["a", ""]}}),
                one(&format!(
                    "Value '[a, ]' at 'inferenceConfig.stopSequences' {must} satisfy constraint: [Member must have length greater than or equal to 1, Member must not be null]"
                )),
            ),
            (
                json!({"requestMetadata": {"k": "é"}}),
                one(
                    "Value at 'requestMetadata' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: [a-zA-Z0-9\\s:_@$#=/+,-.]{0,256}, Member must not be null]",
                ),
            ),
            (
                json!({"promptVariables": {"name": {}}}),
                one(&format!("Value at 'promptVariables.name.member' {must} have exactly one member set")),
            ),
            (json!({"system": []}), "accepted".into()),
            (
                json!({"system": null, "additionalModelRequestFields": {"anything": [1, {"x": null}]}}),
                "accepted".into(),
            ),
        ];
        for (body, expected) in cases {
            assert_eq!(of_body("Converse", body.clone()), expected, "{body}");
        }
    }

    #[test]
    fn refuses_json_of_another_type() {
        let cases = [
            (json!({"messages": "Hi"}), "Expected list or null"),
            (json!({"messages": {}}), "Start of structure or map found where not expected."),
            (json!({"messages": ["Hi"]}), "Unexpected value type in payload"),
            (json!({"messages": [[]]}), "Start of list found where not expected"),
            (json!({"messages": [{"role": 1}]}), "NUMBER_VALUE can not be converted to a String"),
            (json!({"inferenceConfig": {"maxTokens": "10"}}), "STRING_VALUE can not be converted to an Integer"),
            (json!({"inferenceConfig": {"maxTokens": 1.5}}), "NUMBER_VALUE can not be converted to an Integer"),
            (
                json!({"inferenceConfig": {"maxTokens": 4_000_000_000_u64}}),
                "NUMBER_VALUE can not be converted to an Integer",
            ),
            (json!({"inferenceConfig": {"temperature": true}}), "TRUE_VALUE can not be converted to a Float"),
            (json!({"requestMetadata": 1}), "Expected map or null"),
            (
                json!({"messages": [{"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": "no!"}}}]}]}),
                "Invalid Base64 encoding",
            ),
            (json!({"inferenceConfig": {"maxTokens": 10.0}}), "accepted"),
        ];
        for (body, expected) in cases {
            assert_eq!(of_body("Converse", body.clone()), expected, "{body}");
        }
    }

    #[test]
    fn labels_queries_and_headers_are_members_too() {
        let none = HeaderMap::new();
        let empty = json!({});
        let must = "failed to satisfy constraint: Member must";
        let labels = [("guardrailIdentifier", "Not/Valid")];
        assert!(outcome("GetGuardrail", &labels, "", &none, &empty).contains(&format!(
            "Value 'Not/Valid' at 'guardrailIdentifier' {must} satisfy regular expression pattern: "
        )));
        for (query, expected) in [
            ("maxResults=5&nextToken=abc", "accepted".to_owned()),
            ("maxResults=0", one(&format!("Value '0' at 'maxResults' {must} have value greater than or equal to 1"))),
            ("maxResults=many", "STRING_VALUE can not be converted to an Integer".into()),
            (
                "type=MINE",
                one(&format!(
                    "Value 'MINE' at 'typeEquals' {must} satisfy enum value set: [SYSTEM_DEFINED, APPLICATION]"
                )),
            ),
        ] {
            assert_eq!(outcome("ListInferenceProfiles", &[], query, &none, &empty), expected, "{query}");
        }
        assert_eq!(outcome("ListAsyncInvokes", &[], "submitTimeAfter=yesterday", &none, &empty), "Invalid timestamp");
        let headers = HeaderMap::from_iter([(
            "x-amzn-bedrock-trace".parse::<http::HeaderName>().unwrap(),
            "yes".parse().unwrap(),
        )]);
        let labels = [("modelId", "a.b")];
        assert_eq!(
            outcome("InvokeModel", &labels, "", &headers, &empty),
            one(&format!("Value 'yes' at 'trace' {must} satisfy enum value set: [ENABLED, DISABLED, ENABLED_FULL]"))
        );
    }

    #[test]
    fn model_ids_of_every_kind_pass() {
        let account = "arn:aws:bedrock:us-east-1:123456789012";
        let ids = [
            "anthropic.claude-3-haiku-20240307-v1:0".to_owned(),
            "us.anthropic.claude-sonnet-4-6".into(),
            "does-not-exist".into(),
            "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-tg1-large".into(),
            format!("{account}:inference-profile/us.anthropic.claude-3-7-sonnet-20250219-v1:0"),
            format!("{account}:application-inference-profile/1arbu5hu2sjr"),
            format!("{account}:prompt/ABCDEFGHIJ:3"),
            "arn:aws:sagemaker:us-east-1:123456789012:endpoint/quick-start".into(),
        ];
        for id in ids {
            assert_eq!(outcome("Converse", &[("modelId", &id)], "", &HeaderMap::new(), &json!({})), "accepted", "{id}");
        }
        assert!(
            outcome("Converse", &[("modelId", "a b")], "", &HeaderMap::new(), &json!({}))
                .starts_with("1 validation error")
        );
    }

    #[test]
    fn an_answer_does_not_grow_with_what_is_wrong() {
        let many = json!({"toolConfig": {"tools": vec![json!({}); 5000]}, "system": vec![json!({"text": ""}); 5000]});
        let told = of_body("Converse", many);
        assert!(told.starts_with("100 validation errors detected: ") && told.len() < 20_000, "{}", told.len());
        let long = json!({"name": "n".repeat(100_000)});
        assert!(of_body("CreateGuardrail", long).len() < 5_000);
    }

    /// JSON that looks like what an operation takes, with any value in the wrong place.
    fn any_json() -> impl Strategy<Value = Value> {
        let words = ["", "user", "QUJD", "a-b", "é", "2024-05-01T12:00:00Z", "png", "DRAFT", "BLOCK", "1"];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            proptest::sample::select(words.to_vec()).prop_map(Value::from),
        ];
        let names: Vec<String> = MODEL.members().collect();
        leaf.prop_recursive(7, 80, 6, move |inner| {
            let members = proptest::collection::vec((proptest::sample::select(names.clone()), inner.clone()), 0..6);
            prop_oneof![
                proptest::collection::vec(inner, 0..4).prop_map(Value::from),
                members.prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_json_breaks_it(value in any_json()) {
            for operation in &MODEL.operations {
                if let Some(Value::Object(member)) = value.as_object().and_then(|object| object.values().next()) {
                    let _ = operation.check(Parts { labels: &[], query: "", headers: &HeaderMap::new(), body: member });
                }
                of_body(&operation.name, value.clone());
            }
        }
    }
}
