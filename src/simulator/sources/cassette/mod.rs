//! Cassettes: answers of the real service, recorded and played back.
//!
//! A cassette holds interactions, each a request and its answer. They are a JSON file each in a folder, or a line each
//! of a JSONL file; VCR's YAML is read as well. A tape is what a simulator plays and records: it meets every operation,
//! also those that the simulator does not know and requests that it would refuse.
//!
//! ```text
//! play:    files → Interaction → by canonical request → answer, in the order of recording
//! record:  request → upstream → answer as it comes → Interaction → redacted → files
//! ```

mod canonical;
mod files;
mod interaction;
mod play;
mod record;
mod redact;
mod vcr;
mod yaml;

use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use axum::body::Body as HttpBody;
use bytes::Bytes;
use http::{Response, request};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::simulator::exception::Exception;
use crate::simulator::journal::Guard;
use crate::simulator::options::Credentials;
use interaction::Request;
use play::{Found, Player};
use record::Recorder;

/// Bytes of a body that are looked through at once.
const LARGEST_HERE: usize = 16 * 1024;

/// What is recorded, and from where. In JSON the path alone, or an object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Record {
    /// A folder, or a file whose name ends in `.jsonl`. Made where it does not exist.
    pub path: PathBuf,
    /// Base URL of who answers. Default: Bedrock in the region of the options.
    #[serde(default)]
    pub upstream: Option<String>,
    /// Keys for it. Default: AWS's own chain for AWS, no signature for another upstream.
    #[serde(default)]
    pub credentials: Option<Credentials>,
}

/// What is played. In JSON the path alone, or an object.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Replay {
    /// A folder, or a file whose name ends in `.json`, `.jsonl`, `.yaml` or `.yml`.
    pub path: PathBuf,
    /// Whether a request that is not in the cassette is an error. Default false: other sources answer it.
    #[serde(default)]
    pub strict: bool,
    /// How fast answers come: 1 as they were recorded, 2 twice as fast. Default 0: at once.
    #[serde(default, deserialize_with = "speed")]
    pub speed: f64,
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Record, D::Error> {
        Record::deserialize(with_path(deserializer)?).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Replay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Replay, D::Error> {
        Replay::deserialize(with_path(deserializer)?).map_err(D::Error::custom)
    }
}

/// A path alone is an object with nothing else.
fn with_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(path) => Ok(json!({ "path": path })),
        other => Ok(other),
    }
}

fn speed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let speed = f64::deserialize(deserializer)?;
    let usable = speed == 0.0 || (0.001..=1000.0).contains(&speed);
    usable.then_some(speed).ok_or_else(|| D::Error::custom("speed is 0, or from 0.001 to 1000"))
}

/// What a simulator plays and records.
#[derive(Debug, Default)]
pub(in crate::simulator) struct Tape {
    player: Option<Player>,
    recorder: Option<Recorder>,
}

/// A request to whoever answers instead of the simulator.
pub(in crate::simulator) struct Sent<'a> {
    pub(in crate::simulator) head: &'a request::Parts,
    pub(in crate::simulator) body: &'a Bytes,
    /// The id of its account.
    pub(in crate::simulator) account: &'a str,
    pub(in crate::simulator) now: SystemTime,
    pub(in crate::simulator) journal: &'a Guard,
}

impl Tape {
    /// Reads what is to be played and makes place for what is to be recorded.
    pub(in crate::simulator) fn open(
        replay: Option<&Replay>,
        record: Option<&Record>,
        region: &str,
    ) -> io::Result<Tape> {
        Ok(Tape {
            player: replay.map(Player::open).transpose()?,
            recorder: record.map(|record| Recorder::open(record, region)).transpose()?,
        })
    }

    /// Whether there is a cassette, or a service that is recorded.
    pub(in crate::simulator) fn runs(&self) -> bool {
        self.player.is_some() || self.recorder.is_some()
    }

    /// What the cassette, or the service that is recorded, answers; `None` where there is neither, or the cassette does
    /// not know the request and others may.
    pub(in crate::simulator) async fn reply(&self, sent: Sent<'_>) -> Result<Option<Response<HttpBody>>, Exception> {
        let request = || Request::of(sent.head, sent.body);
        if let Some(player) = &self.player {
            match player.find(sent.account, &redacted(request(), sent.body.len()).await?) {
                Found::Answer(answer, title) => {
                    sent.journal.answered_by(title);
                    return answer.response(player.speed()).map(Some);
                }
                Found::Nothing(why) if player.is_strict() && self.recorder.is_none() => {
                    sent.journal.answered_by("cassette");
                    return Err(Exception::validation(why));
                }
                Found::Nothing(_) => {}
            }
        }
        let Some(recorder) = &self.recorder else { return Ok(None) };
        sent.journal.answered_by("recorded");
        recorder.forward(request(), sent.head, sent.body, sent.now).await.map(Some)
    }
}

/// The request without what a cassette must not hold: here, or where there is much to look through, on a thread that no
/// stream waits for.
async fn redacted(request: Request, length: usize) -> Result<Request, Exception> {
    if length <= LARGEST_HERE {
        return Ok(redact::request(request));
    }
    let redacted = tokio::task::spawn_blocking(move || redact::request(request)).await;
    redacted.map_err(|error| Exception::new("InternalServerException", error.to_string()))
}

/// A short look at a value, for messages.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 60;
    let mut text = json!(value).to_string();
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
}
