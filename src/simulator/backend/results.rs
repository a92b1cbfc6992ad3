//! An answer that uses what tools said: "The weather in Paris: 18 °C."

use serde_json::Value;

use super::phrases::words_of_name;
use super::{Ask, tokens};
use crate::simulator::question::{Part, Question, Role, ToolResult, ToolUse};

/// Most tokens of a result that an answer repeats.
const QUOTED_TOKENS: u64 = 200;

/// Words that tools' names begin with and that a sentence does without.
const VERBS: &[&str] = &["get", "fetch", "find", "lookup", "retrieve", "read", "show", "check", "query", "current"];

/// What the tools said that the latest turn brings results of.
pub(super) fn tell(ask: &Ask) -> Option<String> {
    let turn = ask.question.turns.last().filter(|turn| turn.role == Role::User)?;
    let told: Vec<String> = turn.tool_results().map(|result| told(result, call(ask.question, &result.id))).collect();
    (!told.is_empty()).then(|| told.join("\n"))
}

/// The call that a result answers.
fn call<'a>(question: &'a Question, id: &str) -> Option<&'a ToolUse> {
    let parts = question.turns.iter().rev().flat_map(|turn| &turn.parts);
    parts.into_iter().find_map(|part| match part {
        Part::ToolUse(call) if call.id == id => Some(call),
        _ => None,
    })
}

fn told(result: &ToolResult, call: Option<&ToolUse>) -> String {
    let said = said(result);
    let said = match tokens::truncate(&said, QUOTED_TOKENS) {
        short if short.len() < said.len() => format!("{short} …"),
        _ => said,
    };
    let stop = if said.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    match (result.is_error, call) {
        (true, Some(call)) => format!("The tool {} failed: {said}{stop}", call.name),
        (true, None) => format!("The tool failed: {said}{stop}"),
        (false, Some(call)) => format!("{}: {said}{stop}", subject(call)),
        (false, None) => format!("The tool said: {said}{stop}"),
    }
}

/// "The weather in Paris".
fn subject(call: &ToolUse) -> String {
    let words = words_of_name(&call.name);
    let thing: Vec<&str> = words.iter().map(String::as_str).skip_while(|word| VERBS.contains(word)).collect();
    let place = call.input.as_object().into_iter().flatten().find_map(|(name, value)| {
        let is_place = ["city", "location", "place"].iter().any(|word| name.to_lowercase().contains(word));
        value.as_str().filter(|_| is_place)
    });
    match (thing.join(" "), place) {
        (thing, Some(place)) if !thing.is_empty() => format!("The {thing} in {place}"),
        (thing, None) if !thing.is_empty() && words.len() > 1 && thing.split(' ').count() < words.len() => {
            format!("The {thing}")
        }
        _ => format!("The result of {}", call.name),
    }
}

/// What the result says, in words.
fn said(result: &ToolResult) -> String {
    let texts = result.parts.iter().map(|part| match part {
        Part::Text(text) => match serde_json::from_str(text) {
            Ok(json @ (Value::Object(_) | Value::Array(_))) => in_words(&json),
            _ => text.trim().to_owned(),
        },
        Part::Image(image) => super::facts::describe(image.source.bytes()),
        Part::Document(document) => format!("the document \"{}\"", document.name),
        Part::Video(_) => "a video".to_owned(),
        Part::Audio(_) => "a sound".to_owned(),
        Part::SearchResult(found) => format!("{}: {}", found.title, found.chunks.concat()),
        _ => String::new(),
    });
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    if texts.is_empty() { "nothing".to_owned() } else { texts.join("; ") }
}

/// `{"temperature": 18, "unit": "C"}` as "temperature 18, unit C"; what is nested stays JSON.
fn in_words(json: &Value) -> String {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match json {
        Value::Object(members) if members.len() == 1 => members.values().map(plain).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{} {}", name.replace('_', " "), plain(value)));
            members.collect::<Vec<_>>().join(", ")
        }
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        value => plain(value),
    }
}

#[cfg(test)]
mod tests {
    use super::super::answer;
    use super::super::tests::ask;
    use super::*;
    use crate::simulator::question::Turn;
    use serde_json::json;

    fn after(name: &str, input: Value, said: &str, is_error: bool) -> String {
        let mut question = ask("Please ask the tool.");
        let call = Part::ToolUse(ToolUse { id: "1".into(), name: name.into(), input });
        question.turns.push(Turn { role: Role::Assistant, parts: vec![call] });
        let result = ToolResult { id: "1".into(), parts: vec![Part::Text(said.into())], is_error };
        question.turns.push(Turn { role: Role::User, parts: vec![Part::ToolResult(result)] });
        answer(&question, false).text()
    }

    #[test]
    fn results_are_told() {
        let paris = json!({"city": "Paris"});
        let cases = [
            (("get_weather", paris.clone(), "18 °C and sunny", false), "The weather in Paris: 18 °C and sunny."),
            (
                ("getWeather", paris.clone(), r#"{"temperature":18,"unit":"C"}"#, false),
                "The weather in Paris: temperature 18, unit C.",
            ),
            (("add", json!({"a": 2}), "5", false), "The result of add: 5."),
            (("add", json!({}), r#"{"sum": 5}"#, false), "The result of add: 5."),
            (("get_current_time", json!({}), "Noon!", false), "The time: Noon!"),
            (("opening_hours", json!({}), "[9, 17]", false), "The result of opening_hours: 9, 17."),
            (("get_weather", paris, "no such city", true), "The tool get_weather failed: no such city."),
            (("get_weather", json!({}), "", false), "The weather: nothing."),
        ];
        for ((name, input, said, is_error), expected) in cases {
            assert_eq!(after(name, input, said, is_error), expected);
        }
    }
}
