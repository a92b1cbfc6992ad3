//! Plays cassettes: finds the answer to a request, and says what comes nearest where there is none.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::{Mutex, PoisonError};

use super::canonical::Canonical;
use super::files;
use super::interaction::{Interaction, Request, Response};
use super::{Replay, redact};

/// Recordings of one operation and model that a miss is compared with.
const MOST_COMPARED: usize = 200;
/// What a miss tells of the cassette's contents.
const MOST_TARGETS: usize = 10;

/// A cassette that is loaded.
#[derive(Debug)]
pub(super) struct Player {
    recordings: Vec<Recording>,
    /// Canonical request → its recordings, in their order.
    by_request: HashMap<String, Vec<usize>>,
    /// Account and canonical request → how often it was played.
    played: Mutex<HashMap<(String, String), usize>>,
    strict: bool,
    speed: f64,
}

#[derive(Debug)]
struct Recording {
    canonical: Canonical,
    response: Response,
    /// File, and number in it.
    title: String,
}

/// What a cassette has for a request.
pub(super) enum Found<'a> {
    /// An answer, and which it is.
    Answer(&'a Response, String),
    /// Nothing, and why.
    Nothing(String),
}

impl Player {
    pub(super) fn open(replay: &Replay) -> io::Result<Player> {
        let interactions = files::read(&replay.path)?;
        if interactions.is_empty() {
            let problem = format!("{} holds no interaction", replay.path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        Ok(Player::new(interactions, replay.strict, replay.speed))
    }

    fn new(interactions: Vec<(String, Interaction)>, strict: bool, speed: f64) -> Player {
        let mut player =
            Player { recordings: Vec::new(), by_request: HashMap::new(), played: Mutex::default(), strict, speed };
        for (title, Interaction { request, response }) in interactions {
            let canonical = Canonical::of(&redact::request(request));
            player.by_request.entry(canonical.key()).or_default().push(player.recordings.len());
            player.recordings.push(Recording { canonical, response, title });
        }
        player
    }

    pub(super) fn is_strict(&self) -> bool {
        self.strict
    }

    pub(super) fn speed(&self) -> f64 {
        self.speed
    }

    /// The answer to a request of this account: recordings of the same request are played in their order, the last one
    /// again and again.
    pub(super) fn find(&self, account: &str, request: &Request) -> Found<'_> {
        let canonical = Canonical::of(request);
        let key = canonical.key();
        let Some(candidates) = self.by_request.get(&key) else { return Found::Nothing(self.nearest(&canonical)) };
        let mut played = self.played.lock().unwrap_or_else(PoisonError::into_inner);
        let times = played.entry((account.to_owned(), key)).or_default();
        let chosen = candidates.get(*times).or(candidates.last());
        *times += 1;
        match chosen.and_then(|at| self.recordings.get(*at)) {
            Some(recording) => Found::Answer(&recording.response, format!("cassette {}", recording.title)),
            None => Found::Nothing(self.nearest(&canonical)),
        }
    }

    fn nearest(&self, canonical: &Canonical) -> String {
        let alike = self.recordings.iter().filter(|recording| recording.canonical.target == canonical.target);
        let compared =
            alike.take(MOST_COMPARED).map(|recording| (canonical.differences(&recording.canonical), recording));
        let nothing = format!("The cassette has no answer to this request ({}).", canonical.target);
        match compared.min_by_key(|(differences, _)| differences.count) {
            Some((differences, nearest)) => {
                format!("{nothing} The nearest is {}, which differs at {}.", nearest.title, differences.told())
            }
            None => format!("{nothing} It has {}.", self.targets()),
        }
    }

    fn targets(&self) -> String {
        let mut targets = BTreeMap::<&str, usize>::new();
        self.recordings.iter().for_each(|recording| *targets.entry(&recording.canonical.target).or_default() += 1);
        let more = targets.len().saturating_sub(MOST_TARGETS);
        let told: Vec<String> =
            targets.iter().take(MOST_TARGETS).map(|(target, count)| format!("{target} ({count})")).collect();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        told.join(", ") + &more
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn request(text: &str) -> Request {
        let request = json!({"method": "POST", "path": "/model/a.b/converse", "body": {"text": text}});
        serde_json::from_value(request).unwrap()
    }

    fn player() -> Player {
        let interactions =
            [("Hello", 1), ("Hello", 2), ("Bye", 3)].into_iter().enumerate().map(|(at, (text, body))| {
                let response = serde_json::from_value(json!({"status": 200, "body": body})).unwrap();
                (format!("c.jsonl #{}", at + 1), Interaction { request: request(text), response })
            });
        Player::new(interactions.collect(), true, 0.0)
    }

    fn body(found: Found<'_>) -> Value {
        match found {
            Found::Answer(answer, title) => json!([answer.body, title]),
            Found::Nothing(why) => why.into(),
        }
    }

    #[test]
    fn the_same_request_is_answered_in_the_order_of_recording_for_each_account() {
        let player = player();
        for expected in
            [json!([1, "cassette c.jsonl #1"]), json!([2, "cassette c.jsonl #2"]), json!([2, "cassette c.jsonl #2"])]
        {
            assert_eq!(body(player.find("one", &request("Hello"))), expected);
        }
        assert_eq!(body(player.find("other", &request("Hello"))), json!([1, "cassette c.jsonl #1"]));
    }

    #[test]
    fn a_miss_tells_what_comes_nearest() {
        let player = player();
        assert_eq!(
            body(player.find("one", &request("Bye!"))),
            r#"The cassette has no answer to this request (Converse a.b). The nearest is c.jsonl #1, which differs at /text: "Bye!" here, "Hello" there."#
        );
        let other = Request { path: "/model/c.d/converse".into(), ..request("Bye") };
        assert_eq!(
            body(player.find("one", &other)),
            "The cassette has no answer to this request (Converse c.d). It has Converse a.b (3)."
        );
    }
}
