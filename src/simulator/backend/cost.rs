//! Tokens that a question costs, counted in the order of the prompt: tools, system text, turns.

use super::{documents, images, tokens};
use crate::simulator::question::{Guarded, Part, Place, Question, Tool, Turn};

/// Tokens an image costs: its area over 750, as Anthropic documents.
const PIXELS_PER_TOKEN: u64 = 750;
/// Most tokens of an image, so that no number of headers that claim to be huge adds up beyond what can be counted.
const MOST_PER_IMAGE: u64 = u32::MAX as u64;
/// Tokens a turn costs on top of its content.
const TOKENS_PER_TURN: u64 = 3;
/// Bytes of a video or a sound that cost a token.
const MEDIA_BYTES_PER_TOKEN: usize = 100;

/// Tokens of the question, before anything is answered.
pub(in crate::simulator) fn input_tokens(question: &Question) -> u64 {
    before(question, Place::Turns(question.turns.len(), 0)).max(1)
}

/// Tokens of what stands before a place in the prompt.
pub(in crate::simulator) fn before(question: &Question, place: Place) -> u64 {
    let tools = |count: usize| question.tools.iter().take(count).map(tool).sum::<u64>();
    match place {
        Place::Tools(count) => tools(count),
        Place::System(bytes) => tools(usize::MAX) + tokens::count(question.system.get(..bytes).unwrap_or_default()),
        Place::Turns(whole, parts) => {
            let turns = question.turns.iter().take(whole).map(turn).sum::<u64>();
            let open = question.turns.get(whole).map(|turn| turn.parts.iter().take(parts).map(part).sum::<u64>());
            tools(usize::MAX) + tokens::count(&question.system) + turns + open.unwrap_or(0)
        }
    }
}

fn tool(tool: &Tool) -> u64 {
    tokens::count(&tool.name) + tokens::count(&tool.description) + tokens::count(&tool.schema.to_string())
}

fn turn(turn: &Turn) -> u64 {
    TOKENS_PER_TURN + turn.parts.iter().map(part).sum::<u64>()
}

fn part(part: &Part) -> u64 {
    match part {
        Part::Text(text) | Part::Guarded(Guarded { text, .. }) => tokens::count(text),
        Part::Image(image) => images::sniff(image.source.bytes())
            .map_or(0, |image| (u64::from(image.width) * u64::from(image.height)).div_ceil(PIXELS_PER_TOKEN))
            .min(MOST_PER_IMAGE),
        Part::Video(media) | Part::Audio(media) => media.source.bytes().len().div_ceil(MEDIA_BYTES_PER_TOKEN) as u64,
        Part::Document(document) => documents::cost(document),
        Part::SearchResult(found) => {
            let texts = found.chunks.iter().chain([&found.source, &found.title]);
            texts.map(|text| tokens::count(text)).sum()
        }
        Part::Reasoning(reasoning) => tokens::count(&reasoning.text),
        Part::Redacted(data) => data.len().div_ceil(4) as u64,
        Part::ToolUse(call) => tokens::count(&call.name) + tokens::count(&call.input.to_string()),
        Part::ToolResult(result) => result.parts.iter().map(self::part).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::ask;
    use super::*;
    use serde_json::json;

    #[test]
    fn the_prompt_is_counted_in_its_order() {
        let mut question = ask("one two");
        assert_eq!(input_tokens(&question), 2 + TOKENS_PER_TURN);
        question.system = "three".into();
        question.tools.push(Tool { name: "t".into(), description: "d".into(), schema: json!({}) });
        let places = [Place::Tools(0), Place::Tools(1), Place::System(5), Place::Turns(0, 1), Place::Turns(1, 0)];
        assert_eq!(places.map(|place| before(&question, place)), [0, 4, 5, 7, 10]);
        assert_eq!(input_tokens(&question), 10);
    }
}
