//! Server-sent events: the `data` of each, from any split of the bytes.

use std::collections::VecDeque;

use futures::StreamExt as _;
use futures::stream::{self, BoxStream};

use crate::simulator::upstream::{Failure, Pieces};

/// The data of each event; `[DONE]` ends them.
pub(super) type Events = BoxStream<'static, Result<String, Failure>>;

/// Reads a body as events.
pub(super) fn events(body: Pieces) -> Events {
    let state = Some((body, Parser::default()));
    stream::unfold(state, |state| async move {
        let (mut body, mut parser) = state?;
        loop {
            match parser.next() {
                Some(data) if data == "[DONE]" => return None,
                Some(data) => return Some((Ok(data), Some((body, parser)))),
                None => {}
            }
            match body.next().await {
                Some(Ok(bytes)) => parser.push(&bytes),
                Some(Err(failure)) => return Some((Err(failure), None)),
                None => return parser.finish().filter(|data| data != "[DONE]").map(|data| (Ok(data), None)),
            }
        }
    })
    .boxed()
}

/// Lines that are not complete, and events that are.
#[derive(Default)]
struct Parser {
    line: Vec<u8>,
    data: Option<String>,
    ready: VecDeque<String>,
    /// A line feed that comes next belongs to the line end before it.
    after_return: bool,
}

impl Parser {
    fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                b'\n' if std::mem::take(&mut self.after_return) => {}
                b'\n' | b'\r' => {
                    self.after_return = *byte == b'\r';
                    self.end_line();
                }
                byte => {
                    self.after_return = false;
                    self.line.push(*byte);
                }
            }
        }
    }

    fn end_line(&mut self) {
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
        if line.is_empty() {
            self.ready.extend(self.data.take());
        } else if let Some(value) = line.strip_prefix("data:") {
            let value = value.strip_prefix(' ').unwrap_or(value);
            match &mut self.data {
                None => self.data = Some(value.to_owned()),
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
            }
        }
    }

    fn next(&mut self) -> Option<String> {
        self.ready.pop_front()
    }

    /// An event that the end of the body completes: services are careless with the last empty line.
    fn finish(&mut self) -> Option<String> {
        self.end_line();
        self.data.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STREAM: &str =
        "\u{feff}: hello\r\n\r\nevent: x\ndata: {\"a\":1}\n\ndata:two\rdata: lines\r\rid: 7\n\ndata: é\n\ndata: last";

    fn read(cuts: &[usize]) -> Vec<String> {
        let mut parser = Parser::default();
        let mut rest = STREAM.as_bytes();
        let mut out = Vec::new();
        for cut in cuts {
            let (first, later) = rest.split_at((*cut).min(rest.len()));
            parser.push(first);
            rest = later;
        }
        parser.push(rest);
        out.extend(std::iter::from_fn(|| parser.next()));
        out.extend(parser.finish());
        out
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_events(cuts in proptest::collection::vec(0..9usize, 0..40)) {
            prop_assert_eq!(read(&cuts), ["{\"a\":1}", "two\nlines", "é", "last"]);
        }
    }
}
