//! A streamed answer, piece by piece: bytes of AWS's into text of the API that was spoken.

use super::messages::MessagesEvents;
use super::passing::PassingEvents;
use crate::error::Result;
use crate::transport;

/// Bytes of text after which a piece is handed over though more may be ready.
const FULL_PIECE: usize = 64 * 1024;

/// Server-sent events as text. What breaks them is told as the last of them.
pub struct Pieces {
    answer: transport::Answer,
    events: Events,
    over: bool,
}

/// From bytes to events of one API.
pub(super) enum Events {
    Messages(MessagesEvents),
    Passing(PassingEvents),
}

impl Pieces {
    pub(super) fn new(answer: transport::Answer, events: Events) -> Pieces {
        Pieces { answer, events, over: false }
    }

    /// The events that are ready, at least one; `None` at the end.
    pub async fn next(&mut self) -> Option<String> {
        let mut text = String::new();
        while !self.over && text.is_empty() {
            self.read(&mut text).await;
        }
        (!text.is_empty()).then_some(text)
    }

    /// Reads what comes next, and what is ready behind it.
    async fn read(&mut self, text: &mut String) {
        let mut piece = self.answer.chunk().await;
        loop {
            let bytes = piece.as_ref().map(|bytes| bytes.as_deref()).map_err(Clone::clone);
            self.over = !self.events.take(bytes, text);
            if self.over || text.len() >= FULL_PIECE {
                return;
            }
            match self.answer.ready_chunk().await {
                Some(ready) => piece = ready,
                None => return,
            }
        }
    }
}

impl Events {
    /// Takes a piece of the body, its end (`None`) or what broke it, and adds what that comes to; says whether more may
    /// come. A failure comes after the events before it.
    fn take(&mut self, piece: Result<Option<&[u8]>>, text: &mut String) -> bool {
        let taken = piece.and_then(|piece| match (piece, &mut *self) {
            (Some(bytes), Events::Messages(events)) => events.push(bytes, text).map(|()| true),
            (Some(bytes), Events::Passing(events)) => events.push(bytes, text).map(|()| true),
            (None, Events::Messages(events)) => events.finish().map(|()| false),
            (None, Events::Passing(events)) => events.finish().map(|()| false),
        });
        match (taken, self) {
            (Ok(more), _) => more,
            (Err(error), Events::Messages(events)) => {
                events.fail(&error, text);
                false
            }
            (Err(error), Events::Passing(events)) => {
                events.fail(&error, text);
                false
            }
        }
    }
}
