//! A request as rules and functions see it.

use serde::Serialize;
use serde_json::{Map, Value};

use super::Asked;
use crate::simulator::journal::is_secret;
use crate::simulator::question::{Part, Question, Role};

/// A request as a function of a rule gets it. In JavaScript a plain object with these members in camelCase.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Inquiry {
    /// API name of the operation.
    pub operation: &'static str,
    /// Model id or ARN as sent.
    pub model: String,
    /// The account's id, 12 digits.
    pub account: String,
    /// What the user said last, without documents and tool results.
    pub text: String,
    /// The system text.
    pub system: String,
    /// How many user messages there are.
    pub turn: usize,
    /// Names of the tools on offer.
    pub tools: Vec<String>,
    /// What tools said in the last user message.
    pub tool_results: Vec<Heard>,
    /// HTTP headers but for credentials, names in lower case.
    pub headers: Map<String, Value>,
    /// The body as sent.
    pub body: Value,
}

/// What a tool said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Heard {
    /// The id of the tool use; empty where the family has none.
    pub id: String,
    /// The tool, where an earlier message of the request names it.
    pub name: String,
    /// All its text.
    pub text: String,
}

impl Inquiry {
    pub(super) fn of(asked: &Asked<'_>) -> Inquiry {
        let question = asked.question;
        let shown = asked.head.headers.iter().filter(|(name, _)| !is_secret(name));
        let headers = shown
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into()))
            .collect();
        Inquiry {
            operation: asked.operation.name(),
            model: asked.model.requested.clone(),
            account: asked.account.id().to_owned(),
            text: spoken(question),
            system: question.system.clone(),
            turn: question.turns.iter().filter(|turn| turn.role == Role::User).count(),
            tools: question.tools.iter().map(|tool| tool.name.clone()).collect(),
            tool_results: results(question),
            headers,
            body: asked.body.members().clone().into(),
        }
    }
}

/// What the user said last.
pub(super) fn spoken(question: &Question) -> String {
    question.last_user().map(|turn| turn.said().into_owned()).unwrap_or_default()
}

/// What tools said last.
pub(super) fn results(question: &Question) -> Vec<Heard> {
    let name_of = |id: &str| {
        question.turns.iter().flat_map(|turn| &turn.parts).find_map(|part| match part {
            Part::ToolUse(call) if call.id == id => Some(call.name.clone()),
            _ => None,
        })
    };
    let results = question.last_user().into_iter().flat_map(|turn| turn.tool_results());
    let heard = |result: &crate::simulator::question::ToolResult| Heard {
        id: result.id.clone(),
        name: name_of(&result.id).unwrap_or_default(),
        text: result.text().into_owned(),
    };
    results.map(heard).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::sources::testing::Case;

    #[test]
    fn functions_see_no_credentials() {
        let mut case = Case::asking("hello");
        for name in ["authorization", "cookie", "x-amz-security-token", "x-api-key"] {
            case.head.headers.insert(name, "secret".parse().unwrap());
        }
        let seen = case.with(|asked| serde_json::to_value(Inquiry::of(asked)).unwrap());
        assert!(!seen.to_string().contains("secret"), "{seen}");
        assert_eq!((&seen["text"], &seen["headers"]["x-test"]), (&Value::from("hello"), &Value::from("a case")));
        assert_eq!(seen["body"]["inferenceConfig"]["maxTokens"], 10);
    }
}
