//! Members that the service may add one day: they change nothing of what is understood, and they are kept.

use bedrock_wrapper::conversation::Event;
use bedrock_wrapper::family::{self, Api};
use serde_json::{Value, json};

use super::{Case, Recording, Told, corpus, skipped};

const NAME: &str = "addedOneDay";

#[test]
fn members_that_nobody_knows_are_kept_and_change_nothing() {
    let mut recordings = corpus::chosen();
    recordings.extend(corpus::shared());
    let answered = |recording: &&Recording| recording.value["response"]["status"] == 200;
    let mut checked = 0;
    for recording in recordings.iter().filter(answered).filter(|recording| skipped(recording).is_none()) {
        let case = Case::of(recording);
        let before = match recording.stream() {
            Some(_) => decode_stream(&case, |_| {}),
            None => decode_body(&case, |_| {}),
        };
        let after = match recording.stream() {
            Some(_) => decode_stream(&case, add_stranger),
            None => decode_body(&case, add_stranger),
        };
        let strangers = after.iter().filter(|event| matches!(event, Event::Other { name, .. } if name == NAME)).count();
        assert!(strangers > 0 || before.is_empty(), "{}: lost", recording.name);
        assert_eq!(Told::of(&after), Told::of(&before), "{}", recording.name);
        checked += 1;
    }
    assert!(checked > 80);
}

/// Adds a member to the object itself and to each delta in it.
fn add_stranger(body: &mut Value) {
    for place in ["", "/contentBlockDelta", "/choices/0/delta"] {
        if let Some(Value::Object(members)) = body.pointer_mut(place) {
            members.insert(NAME.to_owned(), json!({"a": [1]}));
        }
    }
}

fn decode_body(case: &Case<'_>, change: impl Fn(&mut Value)) -> Vec<Event> {
    let mut body = case.recording.value["response"]["body"].clone();
    change(&mut body);
    family::decode(case.api, case.model, body.to_string().as_bytes()).unwrap()
}

fn decode_stream(case: &Case<'_>, change: impl Fn(&mut Value)) -> Vec<Event> {
    let (mut decoder, mut events) = (family::stream_decoder(case.api), Vec::new());
    for event in case.recording.decoded().iter().filter(|event| event["message_type"] == "event") {
        let mut payload = if case.api == Api::Converse { event["payload"].clone() } else { event["chunk"].clone() };
        change(&mut payload);
        decoder.step(event["event_type"].as_str().unwrap(), payload.to_string().as_bytes(), &mut events).unwrap();
    }
    events
}
