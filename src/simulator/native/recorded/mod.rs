//! The codecs beside every recorded answer of InvokeModel and its stream: decoded into our answer and written again, it
//! must be the same bytes, frame by frame. Ids, dates, padding and latencies are given to the writer, or left out.

mod readers;

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use corpus::Recording;

use super::{Body, Opening, Timing, codec, finish};
use crate::simulator::answer::{Answer, Event};
use crate::simulator::frames::{Frame, Reader};
use crate::simulator::identity::Identity;
use crate::simulator::models::{Family, Kind, Model};
use crate::simulator::{backend, direct, events};

#[path = "../../../../__test__/rust/recordings/corpus.rs"]
#[allow(dead_code, reason = "other judges look at more of a recording")]
mod corpus;

/// Members that are names, dates and times: their values are not compared, wherever they stand.
const FREE: &[&str] = &[
    "id",
    "response_id",
    "generation_id",
    "created",
    "requestDurationMillis",
    "invocationLatency",
    "firstByteLatency",
];

/// A way in which some recordings differ, and why. What it leaves of both must be equal.
struct Difference {
    what: &'static str,
    why: &'static str,
    leave_out: fn(&mut Value),
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        what: "key order",
        why: "the recorder stored an object, or Cohere and Claude 3 put their keys otherwise in early 2024",
        leave_out: |value| value.sort_all_objects(),
    },
    Difference {
        what: "tokens at the start",
        why: "`output_tokens` of message_start: what had been made by then, 1 to 8",
        leave_out: |value| {
            if value["type"] == "message_start" {
                remove(value, &["output_tokens"]);
            }
        },
    },
    Difference {
        what: "tokens in metrics",
        why: "`outputTokenCount` leaves out what a tool call costs Claude; Cohere bills fewer tokens than it counts",
        leave_out: |value| {
            remove(value, &["outputTokenCount", "inputTokenCount"]);
            if value["event_type"] == "stream-end" {
                remove(value, &["billed_units", "tokens"]);
            }
        },
    },
    Difference {
        what: "the place of `model`",
        why: "first in the latest recordings of 3.5 Haiku and later models, after `role` in earlier ones; `-28k` in the first weeks of Claude 3",
        leave_out: |value| {
            if value["type"] == "message_start" || value["type"] == "message" {
                remove(value, &["model"]);
            }
        },
    },
    Difference {
        what: "tokens of Claude's cache",
        why: "told with every answer of 3.5 Haiku and later models, before late 2025 only with some",
        leave_out: |value| remove(value, &["cache_creation_input_tokens", "cache_read_input_tokens"]),
    },
    Difference {
        what: "how long Claude caches",
        why: "told with the latest recordings of Claude 4 only",
        leave_out: |value| remove(value, &["cache_creation"]),
    },
    Difference {
        what: "all tokens at the end",
        why: "in message_delta of the latest recordings of Claude 4 only",
        leave_out: |value| {
            if value["type"] == "message_delta" {
                remove(value, &["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"]);
            }
        },
    },
    Difference {
        what: "tokens of the thinking",
        why: "`output_tokens_details`, told by Claude 5; our usage does not tell them apart",
        leave_out: |value| remove(value, &["output_tokens_details"]),
    },
    Difference {
        what: "the type of a completion",
        why: "Claude 2 and Instant wrote none before 2025",
        leave_out: |value| {
            if !value["completion"].is_null() {
                remove(value, &["type"]);
            }
        },
    },
    Difference {
        what: "cache metrics of Nova",
        why: "told since March 2025",
        leave_out: |value| remove(value, &["cacheReadInputTokenCount", "cacheWriteInputTokenCount"]),
    },
    Difference {
        what: "probabilities",
        why: "Jurassic-2 tells the tokens of the prompt and how likely each was",
        leave_out: |value| {
            if !value["completions"].is_null() {
                remove(value, &["tokens"]);
            }
        },
    },
    Difference {
        what: "gpt-oss's own cache",
        why: "`prompt_tokens_details` where it was used",
        leave_out: |value| remove(value, &["prompt_tokens_details"]),
    },
    Difference {
        what: "another recorder's shape",
        why: "one client kept the vectors only",
        leave_out: |value| {
            if !value["data"].is_null() || value["response_type"] == "embeddings_by_type" {
                *value = Value::Null;
            }
        },
    },
];

#[test]
fn answers_are_written_as_recorded() {
    assert_eq!(judge(corpus::chosen()), Verdict { identical: 38, but_for_differences: 23 });
    let shared = corpus::shared();
    if !shared.is_empty() {
        assert_eq!(judge(shared), Verdict { identical: 103, but_for_differences: 126 });
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Verdict {
    identical: usize,
    but_for_differences: usize,
}

/// Lines are the body, or the frames.
struct Pair {
    theirs: Vec<String>,
    ours: Vec<String>,
}

fn judge(recordings: Vec<Recording>) -> Verdict {
    let (mut identical, mut but_for, mut wrong) = (0, BTreeMap::<Vec<&str>, Vec<String>>::new(), Vec::new());
    for Recording { name, value } in recordings {
        let Some(pair) = written(&value) else { continue };
        match pair.differences() {
            Some(differences) if differences.is_empty() => identical += 1,
            Some(differences) => but_for.entry(differences).or_default().push(name),
            None => wrong.push(format!("{name}\n theirs {}\n ours   {}", pair.first_apart().0, pair.first_apart().1)),
        }
    }
    println!("{identical} identical");
    for (differences, names) in &but_for {
        println!("{} but for {}, such as {}", names.len(), differences.join(", "), names[0]);
    }
    let unused = DIFFERENCES.iter().filter(|difference| !but_for.keys().any(|used| used.contains(&difference.what)));
    unused.for_each(|difference| println!("nowhere: {} ({})", difference.what, difference.why));
    assert!(wrong.is_empty(), "{} answers are written otherwise:\n{}", wrong.len(), wrong.join("\n"));
    Verdict { identical, but_for_differences: but_for.values().map(Vec::len).sum() }
}

impl Pair {
    /// The differences that account for all that is different; `None` where they do not.
    fn differences(&self) -> Option<Vec<&'static str>> {
        let left = |used: &[&Difference], lines: &[String]| {
            let leave = |line: &String| left_of(line, used);
            lines.iter().map(leave).collect::<Vec<_>>()
        };
        let equal = |used: &[&Difference]| left(used, &self.theirs) == left(used, &self.ours);
        let mut used: Vec<&Difference> = DIFFERENCES.iter().collect();
        if !equal(&used) {
            return None;
        }
        // Those without which it is equal too are none.
        for difference in DIFFERENCES {
            let without: Vec<&Difference> =
                used.iter().copied().filter(|other| other.what != difference.what).collect();
            if equal(&without) {
                used = without;
            }
        }
        Some(used.iter().map(|difference| difference.what).collect())
    }

    fn first_apart(&self) -> (String, String) {
        let all: Vec<&Difference> = DIFFERENCES.iter().collect();
        let nothing = || "nothing".to_owned();
        let most = self.theirs.len().max(self.ours.len());
        let lines = |lines: &[String], at: usize| lines.get(at).map_or_else(nothing, |line| left_of(line, &all));
        let apart = (0..most).map(|at| (lines(&self.theirs, at), lines(&self.ours, at)));
        apart
            .filter(|(theirs, ours)| theirs != ours)
            .map(|(theirs, ours)| (clipped(theirs), clipped(ours)))
            .next()
            .unwrap_or_default()
    }
}

fn clipped(mut line: String) -> String {
    if line.chars().count() > 900 {
        line = line.chars().take(900).collect();
    }
    line
}

/// A line without names and without what these differences are about.
fn left_of(line: &str, differences: &[&Difference]) -> String {
    let (head, json) = line.split_at(line.find(['{', '"']).unwrap_or(0));
    let mut value: Value = serde_json::from_str(json).unwrap();
    differences.iter().for_each(|difference| (difference.leave_out)(&mut value));
    free(&mut value);
    format!("{head}{value}")
}

fn free(value: &mut Value) {
    each_object(value, &mut |members| {
        members.iter_mut().filter(|(key, _)| FREE.contains(&key.as_str())).for_each(|(_, value)| *value = Value::Null);
    });
}

fn remove(value: &mut Value, keys: &[&str]) {
    each_object(value, &mut |members| members.retain(|key, _| !keys.contains(&key.as_str())));
}

fn each_object(value: &mut Value, act: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            act(members);
            members.values_mut().for_each(|value| each_object(value, act));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, act)),
        _ => {}
    }
}

/// The recorded answer and ours; `None` for what is no answer of a model.
fn written(recording: &Value) -> Option<Pair> {
    let features = recording["features"].as_array().into_iter().flatten();
    let by_guardrail = features.filter_map(Value::as_str).any(|feature| feature.starts_with("guardrail"));
    if recording["response"]["status"] != 200 || by_guardrail {
        return None;
    }
    let model = Model::find(recording["model_id"].as_str()?)?;
    let request = &recording["request"]["body"];
    let body = |stand_in: Value| {
        Body::parse(if request.is_null() { stand_in } else { request.clone() }.to_string().as_bytes()).unwrap()
    };
    match recording["operation"].as_str() {
        Some("InvokeModel") if model.series.family.kind() != Kind::Text => {
            (!request.is_null()).then(|| made(recording, &model, &body(Value::Null)))
        }
        Some("InvokeModel") => {
            let told: Value = serde_json::from_str(&text_of(recording)).unwrap();
            Some(whole(recording, &model, &body(stand_in(&model, &[told]))))
        }
        Some("InvokeModelWithResponseStream") => {
            let frames = frames_of(recording);
            let failed = frames.iter().any(|frame| frame.header(":exception-type").is_some());
            let chunks: Vec<Value> = frames
                .iter()
                .filter(|_| !failed)
                .map(|frame| serde_json::from_str(&chunk_of(frame)).unwrap())
                .collect();
            (!failed).then(|| streamed(&frames, &chunks, &model, &body(stand_in(&model, &chunks))))
        }
        _ => None,
    }
}

/// A request that could have had this answer: some recordings are of answers only.
fn stand_in(model: &Model, chunks: &[Value]) -> Value {
    let first = &chunks[0];
    let messages = json!([{"role": "user", "content": "Hello"}]);
    let has = |key: &str| chunks.iter().any(|chunk| !chunk[key].is_null());
    match model.series.family {
        Family::Claude if has("completion") => {
            json!({"prompt": "\n\nHuman: Hello\n\nAssistant:", "max_tokens_to_sample": 9})
        }
        Family::Claude => json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": messages}),
        Family::Nova => json!({ "messages": messages }),
        Family::Titan => json!({"inputText": "Hello"}),
        Family::Llama | Family::Imported => json!({"prompt": "Hello"}),
        Family::Command => {
            json!({"prompt": first["prompt"].as_str().unwrap_or("Hello"), "stream": !has("generations")})
        }
        Family::CommandR => {
            let last = chunks.iter().rev().map(|chunk| chunk.pointer("/response").unwrap_or(chunk)).next();
            json!({"message": last.unwrap()["chat_history"][0]["message"]})
        }
        Family::Jurassic => json!({"prompt": first["prompt"]["text"]}),
        _ => json!({"messages": messages, "stream_options": {"include_usage": has("usage")}}),
    }
}

/// A vector counts by its length, a score by being one.
fn made(recording: &Value, model: &Model, body: &Body) -> Pair {
    let mut theirs: Value = serde_json::from_str(&text_of(recording)).unwrap();
    let mut ours = direct::answer(model, body, &identity(), &direct::of_text).ok().unwrap().body;
    for value in [&mut theirs, &mut ours] {
        numbers_as_lengths(value);
        each_object(value, &mut |members| {
            members.retain(|key, _| !["inputTextTokenCount", "index", "relevance_score"].contains(&key.as_str()));
        });
    }
    Pair { theirs: vec![theirs.to_string()], ours: vec![ours.to_string()] }
}

fn numbers_as_lengths(value: &mut Value) {
    match value {
        Value::Array(items) if items.iter().all(Value::is_number) => *value = format!("{} numbers", items.len()).into(),
        Value::Array(items) => items.iter_mut().for_each(numbers_as_lengths),
        Value::Object(members) => members.values_mut().for_each(numbers_as_lengths),
        _ => {}
    }
}

fn whole(recording: &Value, model: &Model, body: &Body) -> Pair {
    let theirs = text_of(recording);
    let answer = readers::whole(model, body, &serde_json::from_str(&theirs).unwrap());
    let ours = with_opening(model, body, &answer, |opening| codec(model, body).whole(opening, &answer).to_string());
    Pair { theirs: vec![theirs], ours: vec![ours] }
}

fn streamed(frames: &[Frame], chunks: &[Value], model: &Model, body: &Body) -> Pair {
    let answer = readers::streamed(model, body, chunks);
    let ours = with_opening(model, body, &answer, |opening| chunks_of(opening, answer.clone()));
    // Our frames, with the padding that was recorded, so that head and payload can be compared as they are.
    let padding = |at: usize| frames.get(at).and_then(padding_of);
    let framed = ours.iter().enumerate().map(|(at, chunk)| shown(&events::chunk(chunk, padding(at).as_deref())));
    Pair { ours: framed.collect(), theirs: frames.iter().map(shown).collect() }
}

fn chunks_of(opening: &Opening, answer: Answer) -> Vec<Value> {
    let mut writer = codec(opening.model, opening.body).stream(opening).ok().unwrap();
    let steps = answer.events(1).flat_map(|event| match event {
        Event::Stop(stop, usage) => finish(writer.as_mut(), stop, usage, Timing { latency: 2, first_byte: 1 }),
        event => writer.step(event),
    });
    steps.collect()
}

fn with_opening<T>(model: &Model, body: &Body, answer: &Answer, write: impl FnOnce(&Opening) -> T) -> T {
    let question = codec(model, body).read(body).unwrap_or_else(|refusal| panic!("{}", refusal.message));
    // Counting our own way must not fail either.
    assert!(backend::input_tokens(&question) > 0);
    let usage = answer.usage;
    write(&Opening { question: &question, model, identity: &identity(), input: usage.input, cache: usage.cache, body })
}

fn identity() -> Identity {
    Identity::new(&mut fastrand::Rng::with_seed(1), 1_700_000_000)
}

fn text_of(recording: &Value) -> String {
    let response = &recording["response"];
    response["body_text"].as_str().map_or_else(|| response["body"].to_string(), str::to_owned)
}

fn frames_of(recording: &Value) -> Vec<Frame> {
    let mut reader = Reader::default();
    reader.push(&BASE64_STANDARD.decode(recording["response"]["body_base64"].as_str().unwrap()).unwrap());
    std::iter::from_fn(|| reader.frame().unwrap()).collect()
}

fn payload_of(frame: &Frame) -> Value {
    serde_json::from_slice(frame.payload()).unwrap()
}

fn padding_of(frame: &Frame) -> Option<String> {
    payload_of(frame)["p"].as_str().map(str::to_owned)
}

fn chunk_of(frame: &Frame) -> String {
    let bytes = BASE64_STANDARD.decode(payload_of(frame)["bytes"].as_str().unwrap()).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Headers, the payload's members and the chunk.
fn shown(frame: &Frame) -> String {
    let members: Vec<String> = payload_of(frame).as_object().unwrap().keys().cloned().collect();
    format!("{} {}", format!("{:?} {members:?}", frame.headers()).replace(['"', '{'], "'"), chunk_of(frame))
}
