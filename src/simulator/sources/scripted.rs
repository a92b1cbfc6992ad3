//! Answers as people write them: in a rule, a script or a function, as JSON or in Rust.
//!
//! What is told here is provider-neutral: the writers render it in Bedrock's own shape and in every family's. It is told
//! as it stands: neither `maxTokens` nor stop sequences cut it.

use std::fmt;

use futures::stream::{self, StreamExt as _};
use serde::de::{self, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use super::raw::{Raw, RawFrames};
use super::{Reply, Speech, content};
use crate::simulator::answer::{Answer, Cache, Event, Stop, Usage};
use crate::simulator::exception::Exception;
use crate::simulator::faults::message_for;
use crate::simulator::physics::Physics;

pub use super::content::{Base64, Content, Image, ReasoningBlock, TextBlock, ToolUse, Words};

/// Most items of a list within an answer.
const MOST_ITEMS: usize = 100_000;

/// An answer that somebody wrote. In JSON a string, or an object with the members of [`Told`], or `raw`, or `frames`.
///
/// ```
/// # use bedrock_wrapper::simulator::Scripted;
/// let plain = Scripted::from("It is sunny.");
/// let call: Scripted = serde_json::from_str(r#"{"toolUse": {"name": "weather", "input": {"city": "Oslo"}}}"#).unwrap();
/// # assert_ne!(plain, call);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Scripted {
    /// What the model says, in no family's shape.
    Told(Box<Told>),
    /// Any HTTP answer.
    Raw {
        /// The answer.
        raw: Box<Raw>,
    },
    /// An event stream, frame by frame.
    Frames(Box<RawFrames>),
}

/// What the model says. In JSON an object with some of these members in camelCase.
///
/// `reasoning`, `text`, `image` and `toolUse` are spoken in this order; `content` gives the blocks in any other order and
/// goes before them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Told {
    /// Blocks in this order.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "list")]
    pub content: Vec<Content>,
    /// What it thought. Signed as the model's family does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<Words>,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Words>,
    /// Converse's `Citation` objects, on the text.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "list")]
    pub citations: Vec<Value>,
    /// An image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// The tools it calls; in JSON one or a list.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub tool_use: Vec<ToolUse>,
    /// Converse's word for why it stopped. Default: `tool_use` where a tool is called, else `end_turn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<String>,
    /// The stop sequence that was met, for the stop reason `stop_sequence`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_sequence: Option<String>,
    /// Tokens. Default: the simulator's count.
    #[serde(skip_serializing_if = "UsageGiven::is_empty")]
    pub usage: UsageGiven,
    /// How it fails: as an error status when nothing was told before, else as an exception in the stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// Its pace. Default: the simulator's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub physics: Option<Physics>,
}

/// Tokens as given; what is `None` is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct UsageGiven {
    /// Tokens of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Tokens of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// Tokens read from the prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_read_input_tokens: Option<u64>,
    /// Tokens written to the prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_write_input_tokens: Option<u64>,
}

/// An exception instead of an answer, or at the end of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Failure {
    /// AWS's name of the exception, such as `ThrottlingException`.
    pub code: String,
    /// Default: AWS's own text for the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// HTTP status. Default: AWS's own for the code; 400 for a code that it does not have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Seconds in a `Retry-After` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Member of ModelErrorException and ModelStreamErrorException.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_status_code: Option<u16>,
    /// Member of ModelStreamErrorException.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_message: Option<String>,
    /// Member of ModelErrorException.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_name: Option<String>,
}

impl<T: Into<String>> From<T> for Scripted {
    fn from(text: T) -> Scripted {
        Scripted::Told(Box::new(Told { text: Some(Words::Whole(text.into())), ..Told::default() }))
    }
}

impl<'de> Deserialize<'de> for Scripted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scripted, D::Error> {
        let mut value = Value::deserialize(deserializer)?;
        let scripted = match &mut value {
            Value::String(text) => return Ok(Scripted::from(std::mem::take(text))),
            Value::Object(members) if members.contains_key("raw") && members.len() == 1 => {
                serde_json::from_value(members["raw"].take()).map(|raw| Scripted::Raw { raw })
            }
            Value::Object(members) if members.contains_key("raw") => {
                return Err(D::Error::custom("`raw` is an answer of its own and stands alone"));
            }
            Value::Object(members) if members.contains_key("frames") => {
                serde_json::from_value(value).map(Scripted::Frames)
            }
            Value::Object(_) => serde_json::from_value(value).map(Scripted::Told),
            _ => return Err(D::Error::custom("an answer is a string or an object")),
        };
        scripted.map_err(D::Error::custom)
    }
}

impl Scripted {
    /// What the simulator makes of it; `input` is the simulator's count of the request's tokens.
    pub(super) fn reply(&self, input: u64) -> Result<Reply, Exception> {
        match self {
            Scripted::Told(told) => Ok(told.reply(input)),
            Scripted::Raw { raw } => raw.response().map(Reply::Raw),
            Scripted::Frames(frames) => frames.response().map(Reply::Raw),
        }
    }
}

impl Told {
    fn reply(&self, input: u64) -> Reply {
        let answer = self.answer(input);
        let speech = match &self.error {
            None => Speech::Whole(answer),
            Some(failure) => Speech::Live(stream::iter(broken(answer, failure, self.physics.as_ref())).boxed()),
        };
        Reply::Speech(speech, self.physics.clone())
    }

    fn answer(&self, input: u64) -> Answer {
        let own = [
            self.reasoning.clone().map(|reasoning| Content::Reasoning(ReasoningBlock { reasoning, signature: None })),
            self.text.clone().map(|text| Content::Text(TextBlock { text, citations: self.citations.clone() })),
            self.image.clone().map(|image| Content::Image { image }),
        ];
        let calls = self.tool_use.iter().map(|call| Content::ToolUse { tool_use: call.clone() });
        let all = self.content.iter().cloned().chain(own.into_iter().flatten()).chain(calls);
        let all: Vec<Content> = all.collect();
        let calls = all.iter().any(|content| matches!(content, Content::ToolUse { .. }));
        let reason = self.stop_reason.as_deref().unwrap_or(match &self.stop_sequence {
            Some(_) => "stop_sequence",
            None if calls => "tool_use",
            None => "end_turn",
        });
        let stop = Stop::from_reason(reason, self.stop_sequence.as_deref());
        let usage = self.usage.complete(input, all.iter().map(content::tokens).sum());
        Answer::new(all.into_iter().map(Content::into_block).collect(), stop, usage)
    }
}

/// The steps of an answer that fails at its end, or before it begins where there is nothing to say.
fn broken(answer: Answer, failure: &Failure, physics: Option<&Physics>) -> Vec<Result<Event, Exception>> {
    let failed = Err(failure.exception());
    if answer.blocks.is_empty() {
        return vec![failed];
    }
    let steps = answer.events(physics.map_or(1, |physics| physics.tokens_per_chunk));
    steps.filter(|step| !matches!(step, Event::Stop(..))).map(Ok).chain([failed]).collect()
}

impl UsageGiven {
    fn is_empty(&self) -> bool {
        *self == UsageGiven::default()
    }

    fn complete(&self, input: u64, output: u64) -> Usage {
        let cache = match (self.cache_read_input_tokens, self.cache_write_input_tokens) {
            (None, None) => None,
            (read, write) => Some(Cache { read: read.unwrap_or(0), write: write.unwrap_or(0), write_hour: 0 }),
        };
        let (input, output) = (self.input_tokens.unwrap_or(input), self.output_tokens.unwrap_or(output.max(1)));
        Usage { cache, ..Usage::new(input, output) }
    }
}

impl Failure {
    /// A failure with AWS's text for the code.
    pub fn new(code: impl Into<String>) -> Failure {
        Failure {
            code: code.into(),
            message: None,
            status: None,
            retry_after: None,
            original_status_code: None,
            original_message: None,
            resource_name: None,
        }
    }

    fn exception(&self) -> Exception {
        let mut exception = Exception::new(&self.code, message_for(&self.code, self.message.as_deref()));
        exception.status = self.status.unwrap_or(exception.status);
        exception.retry_after = self.retry_after;
        let members = [
            ("originalMessage", self.original_message.as_ref().map(|text| json!(text))),
            ("originalStatusCode", self.original_status_code.map(|code| json!(code))),
            ("resourceName", self.resource_name.as_ref().map(|name| json!(name))),
        ];
        exception.extra.extend(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        exception
    }
}

/// A list that is not too long.
pub(in crate::simulator) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    struct Items<T>(std::marker::PhantomData<T>);
    impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Items<T> {
        type Value = Vec<T>;
        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(formatter, "a list of at most {MOST_ITEMS} items")
        }
        fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
            let mut out = Vec::new();
            while let Some(item) = items.next_element()? {
                if out.len() == MOST_ITEMS {
                    return Err(A::Error::custom(format!("a list has at most {MOST_ITEMS} items")));
                }
                out.push(item);
            }
            Ok(out)
        }
    }
    deserializer.deserialize_seq(Items(std::marker::PhantomData))
}

/// A list, or one item without it.
pub(super) fn one_or_many<'de, D: Deserializer<'de>, T: de::DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(Vec::new()),
        many @ Value::Array(_) => list(many).map_err(D::Error::custom),
        one => serde_json::from_value(one).map(|one| vec![one]).map_err(D::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::answer::{Block, Spoken};

    fn told(answer: Value) -> Answer {
        match serde_json::from_value(answer).unwrap() {
            Scripted::Told(told) => told.answer(7),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_string_is_a_text() {
        assert_eq!(told(json!("Hello there")), Answer::text_only("Hello there", Stop::EndTurn, Usage::new(7, 2)));
    }

    #[test]
    fn members_are_spoken_in_their_order() {
        let answer = told(json!({
            "toolUse": {"name": "sum", "input": {"b": 1, "a": 2}, "id": "t1"},
            "text": ["On", " the"],
            "reasoning": "Hm.",
            "citations": [{"title": "x"}],
            "usage": {"inputTokens": 100, "cacheReadInputTokens": 40},
        }));
        let [Block::Reasoning { text: thought, .. }, Block::Text { text, citations }, Block::ToolUse { call, input }] =
            answer.blocks.as_slice()
        else {
            panic!("{answer:?}")
        };
        assert_eq!((thought.text().as_ref(), citations), ("Hm.", &vec![json!({"title": "x"})]));
        assert_eq!(text, &Spoken::Pieces(vec!["On".into(), " the".into()]));
        assert_eq!((call.id.as_deref(), call.name.as_str()), (Some("t1"), "sum"));
        assert_eq!((input.text().as_ref(), &answer.stop), (r#"{"b":1,"a":2}"#, &Stop::ToolUse));
        let cache = Some(Cache { read: 40, write: 0, write_hour: 0 });
        assert_eq!(answer.usage, Usage { input: 100, output: 2 + 2 + 13, cache });
    }

    #[test]
    fn what_is_written_is_read_again() {
        for answer in [
            json!({"text": "a"}),
            json!({"content": [
                {"text": "a", "citations": [{"title": "t"}]}, {"reasoning": ["b"], "signature": "s"},
                {"redactedReasoning": "AAEC"}, {"toolUse": {"name": "n", "input": {}}},
                {"toolResult": {"toolUseId": "x"}}, {"image": {"format": "png", "base64": "AAEC"}},
            ], "stopReason": "max_tokens"}),
            json!({"error": {"code": "ThrottlingException", "retryAfter": 3}}),
            json!({"raw": {"status": 503, "headers": {"x-a": "b"}, "body": {"z": 1, "a": 2}}}),
            json!({"frames": [{"event": "messageStart", "payload": {"role": "assistant"}, "delay": 3}, {"base64": "AAEC"}]}),
        ] {
            let read: Scripted = serde_json::from_value(answer.clone()).unwrap();
            let mut written = serde_json::to_value(&read).unwrap();
            let mut expected = answer;
            written.sort_all_objects();
            expected.sort_all_objects();
            assert_eq!(written, expected);
        }
    }

    #[test]
    fn what_is_not_an_answer_is_refused_with_a_reason() {
        for (answer, reason) in [
            (json!(3), "an answer is a string or an object"),
            (json!({"txt": "a"}), "unknown field `txt`"),
            (json!({"content": [{"speech": "a"}]}), "a block has one of"),
            (json!({"raw": {}, "text": "a"}), "stands alone"),
            (json!({"text": 3}), "a string or a list of strings"),
            (json!({"image": {"base64": "%"}}), "base64"),
            (json!({"raw": {"status": 99}}), "status"),
            (json!({"raw": {"headers": {"a b": "c"}}}), "header"),
            (json!({"frames": [{"evnt": "x"}]}), "a frame has one of"),
            (json!({"frames": [{"base64": "", "delay": 1e12 as u64}]}), "a delay is at most"),
        ] {
            let refused = serde_json::from_value::<Scripted>(answer.clone()).unwrap_err().to_string();
            assert!(refused.contains(reason), "{answer}: {refused}");
        }
    }

    #[tokio::test]
    async fn a_failure_comes_after_what_was_told_before_it() {
        let error = json!({"code": "ModelStreamErrorException", "originalStatusCode": 500});
        let scripted: Scripted = serde_json::from_value(json!({"text": "On the", "error": error})).unwrap();
        let Reply::Speech(speech, None) = scripted.reply(1).unwrap() else { panic!() };
        let live = speech.into_events(1).await.unwrap();
        let steps: Vec<_> = live.collect().await;
        let failure = steps.last().unwrap().clone().unwrap_err();
        assert_eq!(
            (steps.len(), failure.status, &failure.extra),
            (5, 424, &vec![("originalStatusCode".to_owned(), json!(500))])
        );

        let scripted: Scripted = serde_json::from_value(json!({ "error": error })).unwrap();
        let Reply::Speech(speech, None) = scripted.reply(1).unwrap() else { panic!() };
        assert!(speech.into_events(1).await.is_err(), "an error of the whole");
    }
}
