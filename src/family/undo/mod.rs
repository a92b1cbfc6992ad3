//! The way back: what fitting changed in a request is undone in its answer.
//!
//! A state machine over events, whole answers and streams alike: names of tools are the caller's again, the input of the
//! tool that stands for a JSON answer is the answer's text, and JSON that was asked for in words comes without the words
//! around it.

mod json_text;
mod json_tool;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::fit::Plan;
use crate::conversation::{Event, StopReason};
use json_text::JsonText;
use json_tool::JsonTool;

/// Turns the events of the model into those of the caller.
#[derive(Debug)]
pub struct Undo {
    names: HashMap<String, String>,
    json: Json,
    /// Whether one of the caller's tools was called.
    called: bool,
}

#[derive(Debug)]
enum Json {
    No,
    Tool(JsonTool),
    Text(JsonText),
}

impl Undo {
    /// What is to be undone.
    pub fn new(plan: &Plan) -> Undo {
        let in_text = || plan.json_instructed.then(|| JsonText::new(plan.schema.as_ref())).flatten();
        let json = match &plan.json_tool {
            Some(name) => Json::Tool(JsonTool::new(name)),
            None => in_text().map_or(Json::No, Json::Text),
        };
        Undo { names: plan.tool_names.clone(), json, called: false }
    }

    /// Whether events may pass without it: nothing but the reason of an answer that called a tool could differ.
    pub fn is_idle(&self) -> bool {
        self.names.is_empty() && matches!(self.json, Json::No)
    }

    /// Takes one event and gives out what is certain.
    pub fn step(&mut self, event: Event, out: &mut Vec<Event>) {
        let Some(event) = self.without_json(event, out) else { return };
        let event = match event {
            Event::ToolUse { index, id, name } => {
                self.called = true;
                let name = self.names.get(&name).cloned().unwrap_or(name);
                Event::ToolUse { index, id, name }
            }
            Event::Stop(said) => {
                let reason = self.reason(said.clone());
                out.extend((reason != said).then_some(Event::StopAsWritten(said)));
                Event::Stop(reason)
            }
            other => other,
        };
        out.push(event);
    }

    /// No more comes, be it that the answer is whole or that it broke: what was held back is given out.
    pub fn finish(&mut self, out: &mut Vec<Event>) {
        match &mut self.json {
            Json::No => {}
            Json::Tool(tool) => tool.release(out),
            Json::Text(text) => text.release(out),
        }
    }

    fn without_json(&mut self, event: Event, out: &mut Vec<Event>) -> Option<Event> {
        match &mut self.json {
            Json::No => Some(event),
            Json::Tool(tool) => tool.step(event, out),
            Json::Text(text) => text.step(event, out),
        }
    }

    /// Some models end their turn although they called a tool; the call of the tool that stands for the answer is none.
    fn reason(&self, reason: StopReason) -> StopReason {
        let answered = matches!(&self.json, Json::Tool(tool) if tool.called());
        match reason {
            StopReason::EndTurn if self.called => StopReason::ToolUse,
            StopReason::ToolUse if answered && !self.called => StopReason::EndTurn,
            reason => reason,
        }
    }
}
