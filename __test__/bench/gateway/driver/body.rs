//! HTTP/1.1 as far as the driver needs it: where a head ends, and what is in a body that comes in chunks.

pub(crate) const HEAD_END: &[u8] = b"\r\n\r\n";

pub(crate) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// `Content-Length` of a head; none where the body comes in chunks.
pub(crate) fn length_of(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let line = head
        .split(|byte| *byte == b'\n')
        .find(|line| line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)))?;
    std::str::from_utf8(&line[NAME.len()..]).unwrap().trim().parse().ok()
}

/// Takes a body in chunks apart, whatever pieces it comes in.
#[derive(Default)]
pub(crate) struct Chunked {
    state: State,
}

#[derive(Default, PartialEq)]
enum State {
    #[default]
    Begin,
    Size(usize),
    Data(usize),
    /// So many bytes of a line end are still to come.
    Gap(usize),
    LastGap(usize),
    Over,
}

impl Chunked {
    /// Hands the data in `bytes` to `data`; says whether the body is over.
    pub(crate) fn take(&mut self, mut bytes: &[u8], mut data: impl FnMut(&[u8])) -> bool {
        while let Some((&first, rest)) = bytes.split_first() {
            (self.state, bytes) = match self.state {
                State::Begin => (State::Size(0), bytes),
                State::Size(0) if first == b'\n' => (State::LastGap(2), rest),
                State::Size(size) if first == b'\n' => (State::Data(size), rest),
                State::Size(size) if first == b'\r' => (State::Size(size), rest),
                State::Size(size) => (State::Size(size * 16 + (first as char).to_digit(16).unwrap() as usize), rest),
                State::Data(left) => {
                    let (now, later) = bytes.split_at(left.min(bytes.len()));
                    data(now);
                    (if now.len() == left { State::Gap(2) } else { State::Data(left - now.len()) }, later)
                }
                State::Gap(1) => (State::Begin, rest),
                State::Gap(left) => (State::Gap(left - 1), rest),
                State::LastGap(1) => (State::Over, rest),
                State::LastGap(left) => (State::LastGap(left - 1), rest),
                State::Over => panic!("there is more after the end"),
            };
        }
        self.state == State::Over
    }
}
