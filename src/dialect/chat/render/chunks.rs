//! A streamed answer (`ChatCompletionChunk`): a chunk for each piece, in two forms.
//!
//! The order is OpenAI's: the role, the pieces, the finish reason, and with `include_usage` what it cost.

use super::Settings;
use super::choice::Choice;
use super::finish::Finish;
use super::json::{push_string, text_of};
use super::piece::Piece;
use super::usage::CompletionUsage;
use crate::conversation::Event;
use crate::error::Result;

/// What ends a stream of server-sent events that did not fail.
pub const DONE: &str = "data: [DONE]\n\n";

/// What begins an item that is a whole chunk and no bare text.
const WHOLE: char = '\0';

/// One chunk of a stream; [`Chunks`] writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    choice: usize,
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Body {
    /// More of the content and nothing else.
    Content(String),
    /// The JSON of the chunk.
    Whole(String),
}

/// A stream of one or more choices, whose events may come in any order.
#[derive(Debug)]
pub struct Chunks {
    envelope: Envelope,
    include_usage: bool,
    bedrock: bool,
    choices: Vec<Streamed>,
    /// The pieces of one event; kept for its memory.
    pieces: Vec<Piece>,
}

#[derive(Debug)]
struct Streamed {
    choice: Choice,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Begun,
    Finished,
}

impl Chunks {
    pub(super) fn new(settings: &Settings, n: usize) -> Self {
        let streamed = || Streamed { choice: Choice::new(settings), state: State::Waiting };
        Chunks {
            envelope: Envelope::new(settings),
            include_usage: settings.include_usage,
            bedrock: settings.bedrock,
            choices: std::iter::repeat_with(streamed).take(n).collect(),
            pieces: Vec::new(),
        }
    }

    /// Takes one event of a choice and adds the chunks it comes to. The first event of a choice gives its role.
    pub fn step(&mut self, choice: usize, event: Event, out: &mut Vec<Chunk>) {
        let Some(streamed) = self.choices.get_mut(choice) else { return };
        if streamed.state == State::Waiting {
            streamed.state = State::Begun;
            let delta = r#"{"role":"assistant","content":"","refusal":null}"#;
            out.push(Chunk { choice, body: Body::Whole(self.envelope.chunk(choice, |out| out.push_str(delta))) });
        }
        streamed.choice.step(event, &mut self.pieces);
        self.envelope.chunks(choice, &mut self.pieces, out);
    }

    /// No more events come for a choice: adds its finish reason, and after the last choice what all of it cost. After an
    /// error the stream ends without either.
    pub fn finish(&mut self, choice: usize, out: &mut Vec<Chunk>) -> Result<()> {
        let Some(streamed) = self.choices.get_mut(choice) else { return Ok(()) };
        if streamed.state == State::Finished {
            return Ok(());
        }
        let finish = streamed.choice.finish(&mut self.pieces);
        self.envelope.chunks(choice, &mut self.pieces, out);
        let told = self.bedrock.then(|| text_of(&streamed.choice.told));
        let json = self.envelope.last(choice, finish?, streamed.choice.service_tier.as_deref(), told.as_deref());
        out.push(Chunk { choice, body: Body::Whole(json) });
        streamed.state = State::Finished;
        if self.include_usage && self.choices.iter().all(|streamed| streamed.state == State::Finished) {
            let usage = CompletionUsage::of(self.choices.iter().map(|streamed| &streamed.choice.usage));
            let tier = self.choices.first().and_then(|streamed| streamed.choice.service_tier.as_deref());
            out.push(Chunk { choice: 0, body: Body::Whole(self.envelope.usage(&usage, tier)) });
        }
        Ok(())
    }

    /// The chunk as one text: bare where it only adds to the content of the only choice, else `\0` and its JSON. A bare
    /// text stands for the first chunk of the stream with `{"content": text}` as its delta.
    pub fn item(&self, chunk: Chunk) -> String {
        match chunk.body {
            Body::Content(text) if self.choices.len() == 1 && !text.starts_with(WHOLE) => text,
            Body::Content(text) => {
                let mut item = String::from(WHOLE);
                self.envelope.push_content(chunk.choice, &text, &mut item);
                item
            }
            Body::Whole(mut json) => {
                json.insert(0, WHOLE);
                json
            }
        }
    }

    /// Appends the chunk as a server-sent event.
    pub fn push_event(&self, chunk: &Chunk, out: &mut String) {
        out.push_str("data: ");
        match &chunk.body {
            Body::Content(text) => self.envelope.push_content(chunk.choice, text, out),
            Body::Whole(json) => out.push_str(json),
        }
        out.push_str("\n\n");
    }
}

/// What is the same in every chunk, written once.
#[derive(Debug)]
struct Envelope {
    /// From the beginning to the model.
    head: String,
    /// `usage` of every chunk but the one that has it.
    no_usage: &'static str,
}

impl Envelope {
    fn new(settings: &Settings) -> Self {
        let mut head = String::from("{\"id\":");
        push_string(&settings.id, &mut head);
        head.push_str(",\"object\":\"chat.completion.chunk\",\"created\":");
        head.push_str(&settings.created.to_string());
        head.push_str(",\"model\":");
        push_string(&settings.model, &mut head);
        Envelope { head, no_usage: if settings.include_usage { ",\"usage\":null" } else { "" } }
    }

    fn push_content(&self, choice: usize, text: &str, out: &mut String) {
        self.push_open(choice, None, out);
        out.push_str("{\"content\":");
        push_string(text, out);
        out.push('}');
        self.push_close(None, None, out);
    }

    /// A chunk with the delta that `delta` writes.
    fn chunk(&self, choice: usize, delta: impl FnOnce(&mut String)) -> String {
        let mut json = String::with_capacity(self.head.len() + 160);
        self.push_open(choice, None, &mut json);
        delta(&mut json);
        self.push_close(None, None, &mut json);
        json
    }

    fn chunks(&self, choice: usize, pieces: &mut Vec<Piece>, out: &mut Vec<Chunk>) {
        out.extend(pieces.drain(..).map(|piece| {
            let body = match piece {
                Piece::Content(text) => Body::Content(text),
                other => Body::Whole(self.chunk(choice, |out| other.push_delta(out))),
            };
            Chunk { choice, body }
        }));
    }

    /// The last chunk of a choice; what the service told of the call came with its end.
    fn last(&self, choice: usize, finish: Finish, tier: Option<&str>, told: Option<&str>) -> String {
        let mut json = String::with_capacity(self.head.len() + 160);
        self.push_open(choice, tier, &mut json);
        json.push_str("{}");
        self.push_close(Some(finish), told, &mut json);
        json
    }

    fn usage(&self, usage: &CompletionUsage, tier: Option<&str>) -> String {
        let mut json = self.head.clone();
        push_tier(tier, &mut json);
        json.push_str(",\"choices\":[],\"usage\":");
        json.push_str(&text_of(usage));
        json.push('}');
        json
    }

    fn push_open(&self, choice: usize, tier: Option<&str>, out: &mut String) {
        out.push_str(&self.head);
        push_tier(tier, out);
        match choice {
            0 => out.push_str(",\"choices\":[{\"index\":0,\"delta\":"),
            _ => out.push_str(&format!(",\"choices\":[{{\"index\":{choice},\"delta\":")),
        }
    }

    fn push_close(&self, finish: Option<Finish>, told: Option<&str>, out: &mut String) {
        out.push_str(",\"logprobs\":null,\"finish_reason\":");
        match finish {
            Some(finish) => push_string(finish.as_str(), out),
            None => out.push_str("null"),
        }
        out.push_str("}]");
        out.push_str(self.no_usage);
        if let Some(told) = told {
            out.push_str(",\"bedrock\":");
            out.push_str(told);
        }
        out.push('}');
    }
}

fn push_tier(tier: Option<&str>, out: &mut String) {
    if let Some(tier) = tier {
        out.push_str(",\"service_tier\":");
        push_string(tier, out);
    }
}
