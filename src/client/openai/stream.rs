//! A streamed answer in the form the caller wants.

use super::Form;
use super::choices::{Choices, Step};
use super::through::Through;
use crate::client::told::Tally;
use crate::dialect::chat::error::ApiError;
use crate::dialect::chat::render::{Chunk, Chunks, DONE};
use crate::error::{Error, Result};

/// Chunks of chat completions, batch by batch.
pub struct Stream {
    source: Source,
    form: Form,
    /// What was read before the head went out.
    ready: Option<Vec<String>>,
    /// What ends the stream once the pieces before it have been given out.
    failure: Option<Error>,
    /// What did, and was told as an event.
    told: Option<Error>,
    over: bool,
    tally: Tally,
}

enum Source {
    Chat(Box<Chat>),
    Through(Box<Through>),
}

/// Answers of models, being rendered.
struct Chat {
    choices: Choices,
    chunks: Chunks,
}

impl Stream {
    /// Chunks made of `choices`, once the first of them has said something.
    pub(super) async fn chat(choices: Choices, chunks: Chunks, form: Form) -> Result<Stream> {
        Stream::begin(Source::Chat(Box::new(Chat { choices, chunks })), form).await
    }

    /// The chunks of another server, once the first has come.
    pub(super) async fn through(through: Through, form: Form) -> Result<Stream> {
        Stream::begin(Source::Through(Box::new(through)), form).await
    }

    async fn begin(source: Source, form: Form) -> Result<Stream> {
        let mut stream =
            Stream { source, form, ready: None, failure: None, told: None, over: false, tally: Tally::default() };
        stream.ready = stream.read().await?;
        Ok(stream)
    }

    /// The pieces that are ready, at least one; `None` at the end. A failure is an error or an event, as the form wants.
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Result<Option<Vec<String>>> {
        if let Some(ready) = self.ready.take() {
            return Ok(Some(ready));
        }
        match (self.read().await, self.form) {
            (Err(failure), Form::ServerSentEvents) => {
                let event = ApiError::of(&failure).event();
                self.told = Some(failure);
                Ok(Some(vec![event]))
            }
            (read, _) => read,
        }
    }

    /// What it has come to so far; complete once [`Stream::next`] has given `None`.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What broke it, where its form tells that as an event.
    pub fn failure(&self) -> Option<&Error> {
        self.told.as_ref()
    }

    async fn read(&mut self) -> Result<Option<Vec<String>>> {
        let mut pieces = Vec::new();
        while !self.over && pieces.is_empty() {
            let more = match &mut self.source {
                Source::Chat(chat) => chat.next(self.form, &mut pieces, &mut self.tally).await,
                Source::Through(through) => through.next(self.form, &mut pieces, &mut self.tally).await,
            };
            // Nothing comes after the end, nor after a failure.
            self.over = !matches!(more, Ok(true));
            match more {
                Ok(false) if self.form == Form::ServerSentEvents => pieces.push(DONE.to_owned()),
                Ok(_) => {}
                Err(failure) => self.failure = Some(failure),
            }
        }
        if pieces.is_empty() { self.failure.take().map_or(Ok(None), Err) } else { Ok(Some(pieces)) }
    }
}

impl Chat {
    /// Adds what the next events come to, which is not always something; says whether more may come. What was made
    /// before a failure counts.
    async fn next(&mut self, form: Form, pieces: &mut Vec<String>, tally: &mut Tally) -> Result<bool> {
        let Some(Step { choice, events }) = self.choices.next().await? else {
            return Ok(false);
        };
        let mut chunks = Vec::new();
        let made = match events {
            Some(events) => {
                for event in events {
                    tally.note(&event);
                    self.chunks.step(choice, event, &mut chunks);
                }
                Ok(true)
            }
            None => self.chunks.finish(choice, &mut chunks).map(|()| true),
        };
        pieces.extend(self.formed(chunks, form));
        made
    }

    fn formed(&self, chunks: Vec<Chunk>, form: Form) -> Vec<String> {
        match form {
            Form::Items => chunks.into_iter().map(|chunk| self.chunks.item(chunk)).collect(),
            Form::ServerSentEvents if chunks.is_empty() => Vec::new(),
            Form::ServerSentEvents => {
                let mut text = String::new();
                chunks.iter().for_each(|chunk| self.chunks.push_event(chunk, &mut text));
                vec![text]
            }
        }
    }
}
