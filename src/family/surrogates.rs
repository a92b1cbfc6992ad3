//! A character outside the basic plane, cut in half by the service: `\ud83d` at the end of one delta, `\udc4b` at the
//! beginning of the next (golden case `surrogate-pair-split-over-deltas`).
//!
//! Neither half is text, so JSON readers refuse the event. The first half is kept and put before the second; one that
//! stays alone becomes U+FFFD where it stood.

use super::StreamDecoder;
use crate::conversation::Event;
use crate::error::Result;

/// A decoder of events that may hold halves of characters.
pub(super) struct Mended {
    decoder: Box<dyn StreamDecoder>,
    waiting: Option<Waiting>,
}

/// The first half of a character, and what to say if the other does not come.
struct Waiting {
    half: Escape,
    alone: Option<Event>,
}

/// `\ud83d`
type Escape = [u8; 6];

impl Mended {
    /// Mends what `decoder` refuses.
    pub(super) fn new(decoder: Box<dyn StreamDecoder>) -> Self {
        Mended { decoder, waiting: None }
    }

    fn mend(&mut self, event_type: &str, payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
        let Joined { json, met, half } = join(payload, self.waiting.as_ref().map(|waiting| waiting.half), true);
        let waiting = self.waiting.take().filter(|_| !met);
        events.extend(waiting.and_then(|waiting| waiting.alone));
        let first = events.len();
        self.decoder.step(event_type, &json, events)?;
        let Some(half) = half else { return Ok(()) };
        let new = events.get(first..).unwrap_or_default();
        let delta = new.iter().rposition(|event| alone(event).is_some());
        let alone = delta.and_then(|place| alone(new.get(place)?));
        let end = new.iter().position(|event| matches!(event, Event::BlockStop { .. } | Event::Stop(_)));
        match (end, alone) {
            // What would complete it does not come any more.
            (Some(end), Some(alone)) => events.insert(first + end, alone),
            (_, alone) => self.waiting = Some(Waiting { half, alone }),
        }
        Ok(())
    }
}

impl StreamDecoder for Mended {
    fn step(&mut self, event_type: &str, payload: &[u8], events: &mut Vec<Event>) -> Result<()> {
        if self.waiting.is_some() {
            return self.mend(event_type, payload, events);
        }
        let before = events.len();
        match self.decoder.step(event_type, payload, events) {
            Err(_) if has_half(payload) => {
                events.truncate(before);
                self.mend(event_type, payload, events)
            }
            outcome => outcome,
        }
    }

    fn finish(&self) -> Result<()> {
        self.decoder.finish()
    }
}

/// U+FFFD as a delta that continues `event`, if that is a delta.
fn alone(event: &Event) -> Option<Event> {
    let replacement = '\u{fffd}'.to_string();
    match *event {
        Event::Text { index, .. } => Some(Event::Text { index, text: replacement }),
        Event::Reasoning { index, .. } => Some(Event::Reasoning { index, text: replacement }),
        Event::ToolInput { index, .. } => Some(Event::ToolInput { index, json: replacement }),
        _ => None,
    }
}

/// A whole answer's `json` with U+FFFD for each half; `None` where there is none.
pub(super) fn replaced(json: &[u8]) -> Option<Vec<u8>> {
    has_half(json).then(|| join(json, None, false).json)
}

struct Joined {
    json: Vec<u8>,
    /// Whether the half that waited has met its other half.
    met: bool,
    /// The first half at the end of a text, taken out to wait.
    half: Option<Escape>,
}

/// `json` without halves. `waiting` goes before a second half that begins a text; a first half that ends one is taken
/// out if there is a next event to `hold` it for. Every other half becomes U+FFFD.
fn join(json: &[u8], mut waiting: Option<Escape>, hold: bool) -> Joined {
    const REPLACEMENT: &[u8] = b"\\ufffd";
    let mut joined = Joined { json: Vec::with_capacity(json.len() + 6), met: false, half: None };
    let (mut rest, mut before): (&[u8], &[u8]) = (json, b"");
    while !rest.is_empty() {
        let (token, tail) = token(rest);
        rest = tail;
        match half(token) {
            None => joined.json.extend_from_slice(token),
            Some((Half::High, escape)) => {
                let (next, after) = self::token(tail);
                if let Some((Half::Low, low)) = half(next) {
                    joined.json.extend([escape, low].as_flattened());
                    rest = after;
                } else if hold && next == b"\"" && joined.half.is_none() {
                    joined.half = Some(escape);
                } else {
                    joined.json.extend_from_slice(REPLACEMENT);
                }
            }
            Some((Half::Low, escape)) => match waiting.take_if(|_| before == b"\"") {
                Some(high) => {
                    joined.met = true;
                    joined.json.extend([high, escape].as_flattened());
                }
                None => joined.json.extend_from_slice(REPLACEMENT),
            },
        }
        before = token;
    }
    joined
}

fn has_half(mut json: &[u8]) -> bool {
    while !json.is_empty() {
        let (token, tail) = token(json);
        json = tail;
        match half(token) {
            None => {}
            Some((Half::Low, _)) => return true,
            Some((Half::High, _)) => {
                let (next, after) = self::token(tail);
                if !matches!(half(next), Some((Half::Low, _))) {
                    return true;
                }
                json = after;
            }
        }
    }
    false
}

enum Half {
    High,
    Low,
}

/// The next escape or byte, and what follows.
fn token(json: &[u8]) -> (&[u8], &[u8]) {
    let length = match json {
        [b'\\', b'u', ..] => 6,
        [b'\\', _, ..] => 2,
        _ => 1,
    };
    json.split_at(length.min(json.len()))
}

fn half(token: &[u8]) -> Option<(Half, Escape)> {
    let escape: Escape = token.try_into().ok()?;
    let digits = std::str::from_utf8(escape.get(2..)?).ok()?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some((Half::High, escape)),
        0xdc00..=0xdfff => Some((Half::Low, escape)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::{Api, stream_decoder};

    /// The events of ConverseStream events, each a type and what it says.
    fn events(wire: &[(&str, &str)]) -> Vec<Event> {
        let (mut decoder, mut events) = (stream_decoder(Api::Converse), Vec::new());
        for (event_type, payload) in wire {
            decoder.step(event_type, payload.as_bytes(), &mut events).unwrap();
        }
        events
    }

    fn text_of(events: &[Event]) -> String {
        events
            .iter()
            .filter_map(|event| if let Event::Text { text, .. } = event { Some(text.as_str()) } else { None })
            .collect()
    }

    const HI: (&str, &str) = ("contentBlockDelta", r#"{"contentBlockIndex":0,"delta":{"text":"Hi \ud83d"}}"#);
    const STOP: (&str, &str) = ("contentBlockStop", r#"{"contentBlockIndex":0}"#);

    #[test]
    fn halves_in_two_events_meet() {
        let second = ("contentBlockDelta", r#"{"contentBlockIndex":0,"delta":{"text":"\udc4b!"}}"#);
        assert_eq!(text_of(&events(&[HI, second, STOP])), "Hi \u{1f44b}!");
    }

    #[test]
    fn a_half_that_stays_alone_is_replaced_where_it_stood() {
        let more = ("contentBlockDelta", r#"{"contentBlockIndex":0,"delta":{"text":"you"}}"#);
        assert_eq!(text_of(&events(&[HI, more])), "Hi \u{fffd}you");
        assert_eq!(text_of(&events(&[HI, HI, STOP])), "Hi \u{fffd}Hi \u{fffd}");
        let ended = events(&[HI, STOP]);
        assert!(matches!(ended.last(), Some(Event::BlockStop { .. })), "{ended:?}");
        assert_eq!(text_of(&ended), "Hi \u{fffd}");
        for lone in [r"\udc4b", r"\ud83d.", r"\udc4b\ud83d."] {
            let payload = format!(r#"{{"contentBlockIndex":0,"delta":{{"text":"{lone}"}}}}"#);
            assert!(text_of(&events(&[("contentBlockDelta", &payload)])).starts_with('\u{fffd}'));
        }
    }

    #[test]
    fn a_half_at_the_end_of_the_last_event_is_replaced() {
        let mut decoder = stream_decoder(Api::Invoke(crate::catalog::Family::Llama3));
        let mut events = Vec::new();
        let last =
            r#"{"generation":"Hi \ud83d","prompt_token_count":null,"generation_token_count":2,"stop_reason":"stop"}"#;
        decoder.step("chunk", last.as_bytes(), &mut events).unwrap();
        assert_eq!(text_of(&events), "Hi \u{fffd}");
        assert!(decoder.finish().is_ok());
    }

    #[test]
    fn whole_pairs_and_escaped_backslashes_are_left_alone() {
        for json in [r#"{"text":"\ud83d\udc4b"}"#, r#"{"text":"\\ud83d"}"#, r#"{"text":"\u00e9"}"#] {
            assert!(!has_half(json.as_bytes()));
            assert_eq!(join(json.as_bytes(), None, true).json, json.as_bytes());
        }
    }

    #[test]
    fn whole_answers_keep_no_half() {
        let mended = |json: &str| String::from_utf8(replaced(json.as_bytes()).unwrap()).unwrap();
        assert_eq!(mended(r#"["Hi \ud83d","\udc4b"]"#), r#"["Hi \ufffd","\ufffd"]"#);
        assert!(replaced(br#"["\ud83d\udc4b"]"#).is_none());
    }
}
