//! Server-sent events as OpenAI's own endpoints write them: bytes in, the `data` of each event out.
//!
//! Source: HTML Standard, "Server-sent events". Only `data` is read; comments and other fields say nothing here.

use crate::error::{Error, Kind, Result};

/// The longest event that is read, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;

/// What a stream of chunks ends with.
pub(in crate::client) const DONE: &str = "[DONE]";

/// The state machine from bytes to events.
#[derive(Debug, Default)]
pub(in crate::client) struct ServerSent {
    /// The line that is not whole yet.
    line: Vec<u8>,
    /// The `data` lines of the event that is not whole yet, each with its line end.
    data: String,
    /// Whether the last line ended in a carriage return, whose line feed may follow.
    returned: bool,
}

impl ServerSent {
    /// Takes a piece of the body and adds the data of each event that is whole with it.
    pub(in crate::client) fn push(&mut self, bytes: &[u8], events: &mut Vec<String>) -> Result<()> {
        let mut rest = bytes;
        if std::mem::take(&mut self.returned) {
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            self.returned = bytes.is_empty();
        }
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            let (line, after) = rest.split_at(end);
            self.line.extend_from_slice(line);
            let returned = after.first() == Some(&b'\r');
            rest = after.get(1..).unwrap_or_default();
            if returned {
                self.returned = rest.is_empty();
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
            self.end_line(events)?;
        }
        self.line.extend_from_slice(rest);
        if self.line.len() + self.data.len() > LONGEST {
            return Err(broken(&format!("holds an event of more than {LONGEST} bytes")));
        }
        Ok(())
    }

    fn end_line(&mut self, events: &mut Vec<String>) -> Result<()> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            if self.data.pop().is_some() {
                events.push(std::mem::take(&mut self.data));
            }
            return Ok(());
        }
        let line = std::str::from_utf8(&line).map_err(|_| broken("is not UTF-8"))?;
        if let Some(data) = line.strip_prefix("data:") {
            self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
            self.data.push('\n');
        }
        Ok(())
    }
}

fn broken(what: &str) -> Error {
    Error::new(Kind::BrokenStream, format!("The stream of the service {what}."))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let (mut reader, mut events) = (ServerSent::default(), Vec::new());
        pieces.iter().for_each(|piece| reader.push(piece, &mut events).unwrap());
        events
    }

    #[test]
    fn only_data_is_read_and_line_ends_may_be_any() {
        let stream = b": ping\r\n\r\nevent: x\rdata: {\"a\":1}\r\rdata:one\ndata: two\n\nid: 7\n\ndata: [DONE]\n\n";
        assert_eq!(read(&[stream]), ["{\"a\":1}", "one\ntwo", "[DONE]"]);
    }

    #[test]
    fn an_event_that_never_ends_is_refused() {
        let mut reader = ServerSent::default();
        let error = reader.push(&vec![b'x'; LONGEST + 1], &mut Vec::new()).unwrap_err();
        assert_eq!(error.kind, Kind::BrokenStream);
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_events(at in proptest::collection::vec(0usize..60, 0..5)) {
            let stream = "data: é😀\r\n\r\n: c\n\ndata: a\rdata: b\r\n\r\ndata: [DONE]\n\n".as_bytes();
            let mut cuts: Vec<usize> = at.into_iter().map(|at| at.min(stream.len())).collect();
            cuts.extend([0, stream.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect();
            prop_assert_eq!(read(&pieces), read(&[stream]));
        }
    }
}
