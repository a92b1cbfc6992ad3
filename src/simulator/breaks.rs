//! What a fault does to the frames of a stream: one frame in, what is written in its place out, and what comes after.

use std::time::Duration;

use super::exception::Exception;
use super::faults::{Action, message_for};
use super::frames::Frame;
use super::server_sent;

/// What happens once the bytes are written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum After {
    /// The stream goes on.
    GoOn,
    /// It ends in good order.
    End,
    /// The connection is closed in mid-answer.
    Break,
    /// The connection is reset.
    Reset,
    /// Silence; `None`: until the client leaves.
    Stall(Option<Duration>),
}

/// What is written for a step of a stream.
pub(super) enum Piece {
    Frame(Frame),
    ServerSent(Vec<u8>),
}

impl Piece {
    fn encode(&self) -> Vec<u8> {
        match self {
            Piece::Frame(frame) => frame.encode(),
            Piece::ServerSent(event) => event.clone(),
        }
    }

    /// The error that ends a stream of such pieces.
    fn failure(&self, exception: Exception) -> Vec<u8> {
        match self {
            Piece::Frame(_) => exception.into_frame().encode(),
            Piece::ServerSent(_) => server_sent::failure(&exception),
        }
    }
}

/// The fault of one stream.
pub(super) struct Breaker {
    action: Option<Action>,
    /// Frames seen.
    seen: usize,
}

impl Breaker {
    pub(super) fn new(action: Option<Action>) -> Breaker {
        Breaker { action, seen: 0 }
    }

    /// Writes what is sent for `frame`, the event called `name`.
    pub(super) fn write(&mut self, name: &str, frame: &Piece, out: &mut Vec<u8>) -> After {
        let seen = self.seen;
        self.seen += 1;
        match &self.action {
            Some(Action::Omit { event }) if event == name => After::GoOn,
            Some(Action::Duplicate { event }) if event == name => {
                out.extend(frame.encode());
                out.extend(frame.encode());
                After::GoOn
            }
            Some(action) if action.frame() == Some(seen) => broken(action, frame, out),
            _ => {
                out.extend(frame.encode());
                After::GoOn
            }
        }
    }
}

fn broken(action: &Action, frame: &Piece, out: &mut Vec<u8>) -> After {
    let encoded = || frame.encode();
    let (bytes, after) = match action {
        Action::Exception { code, message, details, .. } => {
            let mut exception = Exception::new(code, message_for(code, message.as_deref()));
            exception.extra = details.clone().into_iter().collect();
            (frame.failure(exception), After::End)
        }
        Action::ErrorFrame { code, message, .. } => {
            let bytes = match frame {
                Piece::Frame(_) => Frame::error(code, message).encode(),
                Piece::ServerSent(_) => server_sent::failure(&Exception::new(code, message)),
            };
            (bytes, After::End)
        }
        Action::Truncate { .. } => {
            let mut bytes = encoded();
            bytes.truncate(bytes.len() / 2);
            (bytes, After::Break)
        }
        Action::End { .. } => (Vec::new(), After::End),
        // These are breaks of AWS's frames; server-sent events have nothing of the kind.
        Action::BadChecksum { .. }
        | Action::BadPrelude { .. }
        | Action::Oversize { .. }
        | Action::UnknownEvent { .. }
            if matches!(frame, Piece::ServerSent(_)) =>
        {
            (encoded(), After::GoOn)
        }
        Action::BadChecksum { .. } => (flipped(encoded(), |length| length - 1), After::GoOn),
        Action::BadPrelude { .. } => (flipped(encoded(), |_| 8), After::GoOn),
        Action::Oversize { .. } => (oversize(), After::End),
        Action::UnknownEvent { .. } => {
            let mut bytes = Frame::event("unknownToAllModels", r#"{"unknown":true}"#).encode();
            bytes.extend(encoded());
            (bytes, After::GoOn)
        }
        Action::Stall { milliseconds: Some(time), .. } => (encoded(), After::Stall(Some(Duration::from_millis(*time)))),
        Action::Stall { milliseconds: None, .. } => (Vec::new(), After::Stall(None)),
        Action::Reset { .. } => (Vec::new(), After::Reset),
        Action::Error { .. } | Action::SlowHeaders { .. } | Action::Omit { .. } | Action::Duplicate { .. } => {
            (encoded(), After::GoOn)
        }
    };
    out.extend(bytes);
    after
}

/// The frame with one byte turned over: `place` of its length.
fn flipped(mut frame: Vec<u8>, place: impl Fn(usize) -> usize) -> Vec<u8> {
    let at = place(frame.len());
    if let Some(byte) = frame.get_mut(at) {
        *byte ^= 0xff;
    }
    frame
}

/// The prelude of a frame of 4 GiB, its checksum right, and a little of its content.
fn oversize() -> Vec<u8> {
    let mut bytes = u32::MAX.to_be_bytes().to_vec();
    bytes.extend(0u32.to_be_bytes());
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    bytes.extend([b'x'; 64]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::frames::{FrameError, Reader};

    /// The names of the frames that come of three frames, the error after them, and what follows.
    fn told(action: Action) -> (Vec<String>, Option<FrameError>, After) {
        let mut breaker = Breaker::new(Some(action));
        let (mut out, mut after) = (Vec::new(), After::GoOn);
        for name in ["messageStart", "messageStop", "metadata"] {
            after = breaker.write(name, &Piece::Frame(Frame::event(name, "{}")), &mut out);
            if after != After::GoOn {
                break;
            }
        }
        let mut reader = Reader::default();
        reader.push(&out);
        let mut names = Vec::new();
        let error = loop {
            match reader.frame() {
                Ok(Some(frame)) => {
                    let name =
                        [":event-type", ":exception-type", ":error-code"].iter().find_map(|name| frame.header(name));
                    names.push(name.unwrap_or_default().to_owned());
                }
                Ok(None) => break reader.finish().err(),
                Err(error) => break Some(error),
            }
        };
        (names, error, after)
    }

    #[test]
    fn each_fault_does_what_it_says() {
        let exception = Action::Exception {
            code: "ThrottlingException".into(),
            message: None,
            details: Default::default(),
            frame: 1,
        };
        let event = || "messageStop".to_owned();
        let second = 1;
        let cases: Vec<(Action, Vec<&str>, Option<FrameError>, After)> = vec![
            (exception, vec!["messageStart", "throttlingException"], None, After::End),
            (Action::ErrorFrame { code: "X".into(), message: String::new(), frame: 0 }, vec!["X"], None, After::End),
            (Action::Truncate { frame: second }, vec!["messageStart"], Some(FrameError::Truncated), After::Break),
            (Action::End { frame: second }, vec!["messageStart"], None, After::End),
            (
                Action::BadChecksum { frame: second },
                vec!["messageStart"],
                Some(FrameError::MessageChecksum),
                After::GoOn,
            ),
            (Action::BadPrelude { frame: 0 }, vec![], Some(FrameError::PreludeChecksum), After::GoOn),
            (Action::Oversize { frame: 0 }, vec![], Some(FrameError::Length), After::End),
            (
                Action::UnknownEvent { frame: second },
                vec!["messageStart", "unknownToAllModels", "messageStop", "metadata"],
                None,
                After::GoOn,
            ),
            (Action::Omit { event: event() }, vec!["messageStart", "metadata"], None, After::GoOn),
            (
                Action::Duplicate { event: event() },
                vec!["messageStart", "messageStop", "messageStop", "metadata"],
                None,
                After::GoOn,
            ),
            (Action::Stall { frame: second, milliseconds: None }, vec!["messageStart"], None, After::Stall(None)),
            (Action::Reset { frame: second }, vec!["messageStart"], None, After::Reset),
        ];
        for (action, names, error, after) in cases {
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            assert_eq!(told(action.clone()), (names, error, after), "{action:?}");
        }
    }
}
