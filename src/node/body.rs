//! A large request body, which JavaScript hands over piece by piece so that no call takes long.

use std::mem;

use napi_derive::napi;

use crate::client::openai::Payload;
use crate::error::{Error, Kind, Result};

/// What stands in the JSON for a long string: this and its index.
const MARK: &str = "\0";

/// The most bytes of one request body: well above what any model takes, well below what a process has.
const MOST: usize = 128 * 1024 * 1024;

/// A body that is being collected.
#[napi]
#[derive(Default)]
pub struct RequestBody {
    collected: Collected,
}

/// The pieces so far.
#[derive(Default)]
pub(super) struct Collected {
    json: Vec<u8>,
    long: Vec<Vec<u8>>,
    size: usize,
}

#[napi]
impl RequestBody {
    /// An empty body.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> RequestBody {
        RequestBody::default()
    }

    /// Adds JSON. In it the string of U+0000 and a number stands for a long string, the first of which is number 0.
    #[napi(catch_unwind)]
    pub fn json(&mut self, bytes: &[u8]) {
        if self.collected.has_room_for(bytes) {
            self.collected.json.extend_from_slice(bytes);
        }
    }

    /// Begins a long string.
    #[napi(catch_unwind)]
    pub fn long(&mut self) {
        self.collected.long.push(Vec::new());
    }

    /// Adds to the last long string.
    #[napi(catch_unwind)]
    pub fn more(&mut self, bytes: &[u8]) {
        if self.collected.has_room_for(bytes)
            && let Some(last) = self.collected.long.last_mut()
        {
            last.extend_from_slice(bytes);
        }
    }
}

impl RequestBody {
    /// What was collected; nothing is left.
    pub(super) fn take(&mut self) -> Collected {
        mem::take(&mut self.collected)
    }
}

impl Collected {
    /// A body that came at once.
    pub(super) fn of(json: String) -> Collected {
        Collected { size: json.len(), json: json.into_bytes(), long: Vec::new() }
    }

    /// The body as the engine takes it.
    pub(super) fn payload(self) -> Result<Payload> {
        if self.size > MOST {
            let message = format!("The request body has more than {MOST} bytes. Send less at once.");
            return Err(Error::new(Kind::InvalidRequest, message));
        }
        let long = self.long.into_iter().map(text).collect::<Result<_>>()?;
        Ok(Payload { json: text(self.json)?, long, mark: MARK.to_owned() })
    }

    fn has_room_for(&mut self, bytes: &[u8]) -> bool {
        self.size = self.size.saturating_add(bytes.len());
        self.size <= MOST
    }
}

fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| Error::new(Kind::InvalidRequest, "The request body is not UTF-8."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_a_payload() {
        let mut body = RequestBody::new();
        body.json("{\"a\":\"\\u00000\",\"b\":\"é".as_bytes().split_last().unwrap().1);
        body.json(&["é".as_bytes()[1], b'"', b'}']);
        body.long();
        body.more(b"long ");
        body.more(b"one");
        let Payload { json, long, mark } = body.take().payload().unwrap();
        assert_eq!(json, r#"{"a":"\u00000","b":"é"}"#, "characters may be cut");
        assert_eq!((long, mark.as_str()), (vec!["long one".to_owned()], "\0"));
    }

    #[test]
    fn what_is_no_text_or_too_much_is_refused() {
        let mut body = RequestBody::new();
        body.json(&[0xff]);
        assert_eq!(body.take().payload().unwrap_err().kind, Kind::InvalidRequest);
        let mebibyte = vec![b' '; 1024 * 1024];
        (0..129).for_each(|_| body.json(&mebibyte));
        let collected = body.take();
        assert!(collected.json.len() <= MOST, "what is too much is not kept");
        assert!(collected.payload().unwrap_err().message.contains("bytes"));
    }
}
