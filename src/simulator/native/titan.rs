//! Amazon Titan Text: `inputText` in, `outputText` out.

use serde_json::{Value, json};

use super::body::{Body, check_keys, count, strings};
use super::held::{Held, Step};
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event, Stop};
use crate::simulator::exception::Exception;
use crate::simulator::question::{Question, Role, Turn};

/// `maxTokenCount` when it is missing (AWS's documentation).
const USUAL_TOKENS: u64 = 512;

pub(super) struct Titan;

impl Codec for Titan {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        check_keys(body, &["inputText"], &["textGenerationConfig"])?;
        let config = body.get("textGenerationConfig");
        Ok(Question {
            turns: turns(body.text("inputText")),
            max_tokens: Some(count(&config["maxTokenCount"]).unwrap_or(USUAL_TOKENS)),
            temperature: config["temperature"].as_f64(),
            top_p: config["topP"].as_f64(),
            stop: strings(&config["stopSequences"]),
            ..Question::default()
        })
    }

    fn whole(&self, _: &Opening, answer: &Answer) -> Value {
        json!({
            "inputTextTokenCount": answer.usage.input,
            "results": [{
                "tokenCount": answer.usage.output,
                "outputText": answer.text(),
                "completionReason": completion_reason(&answer.stop),
            }],
        })
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        Ok(Box::new(Stream { held: Held::default(), input: Some(opening.input) }))
    }
}

/// `User: …\nBot: …` as AWS documents it; any other text is one user turn.
fn turns(text: &str) -> Vec<Turn> {
    let mut turns: Vec<(Role, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let spoken = [("User:", Role::User), ("Bot:", Role::Assistant)]
            .into_iter()
            .find_map(|(name, role)| Some((role, line.trim_start().strip_prefix(name)?)));
        match (spoken, turns.last_mut()) {
            (Some((role, line)), _) => turns.push((role, line.trim_start().to_owned())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => turns.push((Role::User, line.to_owned())),
        }
    }
    turns.pop_if(|(role, text)| *role == Role::Assistant && text.trim_end().is_empty());
    turns.into_iter().map(|(role, text)| Turn::new(role, text.trim_end())).collect()
}

fn completion_reason(stop: &Stop) -> &'static str {
    match stop {
        Stop::MaxTokens => "LENGTH",
        Stop::Sequence(_) => "STOP_CRITERIA_MET",
        Stop::ContentFiltered => "CONTENT_FILTERED",
        _ => "FINISH",
    }
}

struct Stream {
    held: Held,
    /// Told in the first chunk only.
    input: Option<u64>,
}

impl Writer for Stream {
    fn step(&mut self, event: Event) -> Vec<Value> {
        let (text, output, reason) = match self.held.step(event) {
            None => return Vec::new(),
            Some(Step::Text(piece)) => (piece, None, None),
            Some(Step::Last(piece, stop, usage)) => (piece, Some(usage.output), Some(completion_reason(&stop))),
        };
        vec![json!({
            "outputText": text,
            "index": 0,
            "totalOutputTextTokenCount": output,
            "completionReason": reason,
            "inputTextTokenCount": self.input.take(),
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_speakers() {
        let turns: Vec<_> = turns("User: Hi\nBot: Hello!\nUser: Who\nare you?\nBot:")
            .into_iter()
            .map(|t| (t.role, t.text().into_owned()))
            .collect();
        let expected = [(Role::User, "Hi"), (Role::Assistant, "Hello!"), (Role::User, "Who\nare you?")];
        assert_eq!(turns, expected.map(|(role, text)| (role, text.to_owned())));
    }
}
