//! Writer Palmyra: OpenAI chat, but a stream ends with a chunk that is the string `[DONE]`.

use serde_json::Value;

use super::body::Body;
use super::openai::OpenAi;
use super::{Codec, Opening, Writer};
use crate::simulator::answer::{Answer, Event};
use crate::simulator::exception::Exception;
use crate::simulator::question::Question;

pub(super) struct Palmyra;

impl Codec for Palmyra {
    fn read(&self, body: &Body) -> Result<Question, Exception> {
        OpenAi.read(body)
    }

    fn whole(&self, opening: &Opening, answer: &Answer) -> Value {
        OpenAi.whole(opening, answer)
    }

    fn stream(&self, opening: &Opening) -> Result<Box<dyn Writer>, Exception> {
        let mut chat = OpenAi.stream(opening)?;
        Ok(Box::new(move |event| {
            let done = matches!(event, Event::Stop(..)).then(|| Value::from("[DONE]"));
            chat.step(event).into_iter().chain(done).collect()
        }))
    }
}
