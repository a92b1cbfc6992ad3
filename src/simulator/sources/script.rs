//! Scripts: a request chooses by name who answers it, so that tests that share everything else need no state.
//!
//! A script is a conversation: its first answer answers a request without assistant messages, its second one with one
//! assistant message, and so on; the last also answers all that are longer.

use serde::{Deserialize, Deserializer};

use super::scripted::{Scripted, one_or_many};
use super::{Asked, Reply};
use crate::simulator::exception::Exception;
use crate::simulator::question::Role;

/// Header that names the script.
const HEADER: &str = "x-simulator-script";
/// Member of a Converse body that does.
const METADATA: &str = "/requestMetadata/simulator";

/// Answers by turn. In JSON one answer, or a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Script(pub Vec<Scripted>);

impl<'de> Deserialize<'de> for Script {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Script, D::Error> {
        one_or_many(deserializer).map(Script)
    }
}

/// A model id as sent, without the `#script` at its end, and the script.
pub(in crate::simulator) fn split(id: &str) -> (&str, Option<&str>) {
    match id.rsplit_once('#') {
        Some((id, script)) => (id, Some(script)),
        None => (id, None),
    }
}

/// What the script that the request names has to say.
pub(super) fn reply(asked: &Asked<'_>) -> Result<Option<Reply>, Exception> {
    let header = || asked.head.headers.get(HEADER).and_then(|name| name.to_str().ok());
    let Some(name) = asked.script.or_else(header).or_else(|| asked.body.at(METADATA).as_str()) else { return Ok(None) };
    let scripts = &asked.state.options().scripts;
    let Some(Script(answers)) = scripts.get(name) else {
        let known: Vec<&str> = scripts.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(Exception::validation(format!("The simulator has no script {name:?}. It has: {known}.")));
    };
    let spoken = asked.question.turns.iter().filter(|turn| turn.role == Role::Assistant).count();
    let Some(scripted) = answers.get(spoken).or(answers.last()) else { return Ok(None) };
    asked.journal.answered_by(format!("script {name:?}"));
    scripted.reply(asked.input).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::Options;
    use crate::simulator::question::Turn;
    use crate::simulator::sources::testing::Case;
    use serde_json::json;

    fn case() -> Case {
        let scripts = json!({"scripts": {"trip": ["Where to?", "Oslo it is."], "short": "Yes."}});
        let options: Options = serde_json::from_value(scripts).unwrap();
        Case::with_options(options, "hello")
    }

    #[tokio::test]
    async fn the_turn_chooses_the_answer() {
        let mut case = case();
        case.head.headers.insert(HEADER, "trip".parse().unwrap());
        for expected in ["Where to?", "Oslo it is.", "Oslo it is."] {
            assert_eq!(case.reply().await.unwrap(), expected);
            case.question.turns.push(Turn::new(Role::Assistant, "…"));
        }
    }

    #[tokio::test]
    async fn header_metadata_and_model_name_it() {
        let mut case = case();
        case.script = Some("short");
        assert_eq!(case.reply().await.unwrap(), "Yes.");
        case.script = None;
        assert_eq!(case.reply().await, None);
        case.set_body(json!({"requestMetadata": {"simulator": "short"}}));
        assert_eq!(case.reply().await.unwrap(), "Yes.");
        case.set_body(json!({"requestMetadata": {"simulator": "long"}}));
        let refused = case.ask().await.unwrap_err();
        assert_eq!(refused.message, "The simulator has no script \"long\". It has: short, trip.");
        assert_eq!(split("us.amazon.nova-lite-v1:0#short"), ("us.amazon.nova-lite-v1:0", Some("short")));
    }
}
