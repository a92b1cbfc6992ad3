//! A streamed answer as stream parts.

use crate::client::reading::Reading;
use crate::dialect::ai_sdk::render::Parts;
use crate::error::{Error, Result};

/// Stream parts, batch by batch, in the form that [`Parts`] tells.
pub struct Stream {
    reading: Reading,
    parts: Parts,
    /// What was read before the head went out.
    ready: Option<Vec<String>>,
    /// What ends the stream once the items before it have been given out.
    failure: Option<Error>,
    over: bool,
}

impl Stream {
    /// The parts of what `reading` gives, once it has given something.
    pub(super) async fn begin(reading: Reading, parts: Parts) -> Result<Stream> {
        let mut stream = Stream { reading, parts, ready: None, failure: None, over: false };
        let mut items = Vec::new();
        while items.is_empty() && !stream.over {
            let read = stream.reading.next().await?;
            stream.take(Ok(read), &mut items);
        }
        stream.ready = Some(items);
        Ok(stream)
    }

    /// The items that are ready, at least one; `None` at the end. A failure comes after the items before it, the last of
    /// which is a `finish` part.
    pub async fn next(&mut self) -> Result<Option<Vec<String>>> {
        if let Some(ready) = self.ready.take() {
            return Ok(Some(ready));
        }
        let mut items = Vec::new();
        while items.is_empty() && !self.over {
            let read = self.reading.next().await;
            self.take(read, &mut items);
        }
        if items.is_empty() { self.failure.take().map_or(Ok(None), Err) } else { Ok(Some(items)) }
    }

    fn take(&mut self, read: Result<Option<Vec<crate::conversation::Event>>>, items: &mut Vec<String>) {
        match read {
            Ok(Some(events)) => {
                events.into_iter().for_each(|event| self.parts.step(event, items));
                return;
            }
            Ok(None) => self.parts.finish(items),
            Err(failure) => {
                self.parts.fail(self.reading.is_cut_off(), items);
                self.failure = Some(failure);
            }
        }
        self.over = true;
    }
}
