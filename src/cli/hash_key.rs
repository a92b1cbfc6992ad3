//! `hash-key`: a new key for the gateway, or the hash of one that somebody has.

use std::io::Read as _;

use lexopt::{Arg, Parser};
use serde_json::json;
use tokio::task::spawn_blocking;

use super::refused::Flags;
use super::{Command, Failure};
use crate::gateway::{KeyHash, new_key};

/// The longest key that is read.
const LONGEST: u64 = 4096;

const HASH_KEY: Flags =
    Flags { command: "hash-key", names: || ["help", "json", "stdin", "version"].map(str::to_owned).into() };

/// What `hash-key` was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HashKey {
    /// `--stdin`: the key is on standard input; else a new one is made.
    pub stdin: bool,
    /// `--json`: one line for scripts.
    pub json: bool,
}

pub(super) fn parse(mut parser: Parser) -> Result<Command, Failure> {
    let mut asked = HashKey::default();
    while let Some(argument) = parser.next().map_err(|error| HASH_KEY.refused(error))? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::HelpHashKey),
            Arg::Long("version") | Arg::Short('V') => return Ok(Command::Version),
            Arg::Long("stdin") => asked.stdin = true,
            Arg::Long("json") => asked.json = true,
            Arg::Long(name) => return Err(HASH_KEY.unknown(name)),
            other => return Err(HASH_KEY.refused(other.unexpected())),
        }
    }
    Ok(Command::HashKey(asked))
}

/// The text to print. A key that was given is not repeated.
pub(super) async fn text(asked: HashKey) -> Result<String, Failure> {
    let cannot = |message: String| Failure { message, exit_code: 1 };
    let (key, hash) = if asked.stdin {
        let read = spawn_blocking(read_key).await.map_err(|error| cannot(error.to_string()))?;
        (None, KeyHash::of(&read?))
    } else {
        let key = new_key().map_err(|error| cannot(error.message))?;
        let hash = KeyHash::of(&key);
        (Some(key), hash)
    };
    Ok(match (asked.json, key) {
        (true, key) => format!("{}\n", json!({"key": key, "hash": hash})),
        (false, Some(key)) => format!("key  = \"{key}\"\nhash = \"{hash}\"\n"),
        (false, None) => format!("hash = \"{hash}\"\n"),
    })
}

fn read_key() -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().take(LONGEST).read_to_string(&mut text);
    read.map_err(|error| Failure { message: format!("Cannot read the key: {error}."), exit_code: 1 })?;
    match text.trim() {
        "" => Err(Failure::usage("There is no key on standard input.")),
        key => Ok(key.to_owned()),
    }
}
