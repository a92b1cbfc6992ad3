//! A large request body, which JavaScript hands over piece by piece so that no call takes long.

use std::mem;

use napi::bindgen_prelude::{ClassInstance, Either};
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
    /// Long strings that are whole.
    long: Vec<Vec<u8>>,
    /// The one that is not.
    open: Vec<u8>,
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

    /// Adds to the long strings. `ends` are the places in `bytes` where one ends and the next begins; what comes after the
    /// last of them is the beginning of one that is whole with the next end, or with the body.
    #[napi(catch_unwind)]
    pub fn long(&mut self, bytes: &[u8], ends: &[u32]) {
        if self.collected.has_room_for(bytes) {
            self.collected.add_long(bytes, ends);
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
    /// A body as JavaScript gives it: at once, collected, or none.
    pub(super) fn given(body: Option<Either<String, ClassInstance<'_, RequestBody>>>) -> Collected {
        match body {
            None => Collected::default(),
            Some(Either::A(json)) => Collected::of(json),
            Some(Either::B(mut body)) => body.take(),
        }
    }

    /// A body that came at once.
    pub(super) fn of(json: String) -> Collected {
        Collected { size: json.len(), json: json.into_bytes(), ..Collected::default() }
    }

    /// The body as the engine takes it.
    pub(super) fn payload(mut self) -> Result<Payload> {
        if self.size > MOST {
            let message = format!("The request body has more than {MOST} bytes. Send less at once.");
            return Err(Error::new(Kind::InvalidRequest, message));
        }
        if !self.open.is_empty() {
            self.long.push(self.open);
        }
        let long = self.long.into_iter().map(text).collect::<Result<_>>()?;
        Ok(Payload::Text { json: text(self.json)?, long, mark: MARK.to_owned() })
    }

    fn add_long(&mut self, bytes: &[u8], ends: &[u32]) {
        let (mut rest, mut at) = (bytes, 0);
        for &end in ends {
            let (piece, after) = rest.split_at_checked(end.saturating_sub(at) as usize).unwrap_or((rest, &[]));
            self.open.extend_from_slice(piece);
            self.long.push(mem::take(&mut self.open));
            (rest, at) = (after, end);
        }
        self.open.extend_from_slice(rest);
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
        body.long(b"long ", &[]);
        body.long(b"oneanother", &[3]);
        body.long(b"the last", &[0]);
        let Payload::Text { json, long, mark } = body.take().payload().unwrap() else { unreachable!() };
        assert_eq!(json, r#"{"a":"\u00000","b":"é"}"#, "characters may be cut");
        assert_eq!((long, mark.as_str()), (["long one", "another", "the last"].map(str::to_owned).to_vec(), "\0"));
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
