//! Habits of the families in Converse's answers. All are from recordings; where a family has none, nothing is added.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::simulator::answer::{Call, Cut};
use crate::simulator::models::{Family, Model};
use crate::simulator::native::Body;

/// How an answer of one model to one request is written.
#[derive(Debug)]
pub(super) struct Manner {
    /// Reasoning ends with a signature.
    pub(super) signed: bool,
    /// An empty text block of its own begins a stream.
    pub(super) empty_block_first: bool,
    /// An answer that says nothing has no block; elsewhere it has an empty text.
    pub(super) silent: bool,
    pub(super) inputs: Inputs,
    pub(super) types: Types,
    pub(super) counts: Counts,
    /// Tokens written to the cache are told by how long they are kept.
    pub(super) details: bool,
    ids: Ids,
}

/// How the input of a tool call comes in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inputs {
    Pieces,
    /// An empty piece comes first.
    EmptyFirst,
    /// All in one piece.
    Whole,
}

/// Whether a `toolUse` has a `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Types {
    Never,
    /// Not in streams.
    InWhole,
    Always,
}

/// Which cache counts stand in the usage of a whole answer that used no cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    None,
    Reads,
    All,
}

/// Where ids of tool calls come from.
#[derive(Debug)]
enum Ids {
    /// `tooluse_` and 128 random bits.
    Random(fastrand::Rng),
    /// `functions.name:0`, counted through the conversation.
    Counted(usize),
}

/// Claude models by the beginning of their ids, first match: what their tool calls and their usage show.
const CLAUDE: &[(&str, Types, Counts)] = &[
    ("anthropic.claude-v", Types::Never, Counts::None),
    ("anthropic.claude-instant", Types::Never, Counts::None),
    ("anthropic.claude-3-haiku", Types::Never, Counts::None),
    ("anthropic.claude-3-sonnet", Types::Never, Counts::None),
    ("anthropic.claude-3-opus", Types::Never, Counts::None),
    ("anthropic.claude-3-5-sonnet-20240620", Types::Never, Counts::None),
    ("anthropic.claude-3-5", Types::Never, Counts::All),
    ("anthropic.claude-sonnet-5", Types::InWhole, Counts::Reads),
    ("anthropic.", Types::InWhole, Counts::All),
];

impl Manner {
    /// `random` makes the ids of tool calls.
    pub(super) fn of(model: &Model, body: &Body, random: fastrand::Rng) -> Manner {
        let family = model.series.family;
        let claude = CLAUDE.iter().find(|(prefix, ..)| model.is(prefix));
        let types = match family {
            Family::Nova if has_server_tools(body) => Types::Always,
            _ => claude.map_or(Types::Never, |(_, types, _)| *types),
        };
        Manner {
            signed: family == Family::Claude,
            empty_block_first: model.is("openai."),
            silent: family == Family::Claude,
            inputs: match family {
                Family::Claude => Inputs::EmptyFirst,
                Family::Nova => Inputs::Whole,
                _ => Inputs::Pieces,
            },
            types,
            counts: claude.map_or(Counts::None, |(_, _, counts)| *counts),
            details: family == Family::Claude,
            ids: match model.is("moonshot.") {
                true => Ids::Counted(calls_so_far(body)),
                false => Ids::Random(random),
            },
        }
    }

    /// The id of a call: its own, or one as the family makes them.
    pub(super) fn id(&mut self, call: &Call) -> String {
        if let Some(id) = &call.id {
            return id.clone();
        }
        match &mut self.ids {
            Ids::Random(random) => {
                format!("tooluse_{}", BASE64_URL_SAFE_NO_PAD.encode(random.u128(..).to_be_bytes()))
            }
            Ids::Counted(next) => {
                let id = format!("functions.{}:{next}", call.name);
                *next += 1;
                id
            }
        }
    }
}

/// How a model's text is cut for a stream, `tokens` a piece.
pub(in crate::simulator) fn cut(model: &Model, tokens: usize) -> Cut {
    let family = model.series.family;
    let ends_empty = [Family::Nova, Family::Llama, Family::DeepSeekR1, Family::MistralPrompt, Family::MistralChat];
    Cut {
        tokens,
        empty_first: family == Family::Jamba,
        empty_last: ends_empty.contains(&family),
        bare_input: family == Family::Claude,
    }
}

fn has_server_tools(body: &Body) -> bool {
    body.at("/toolConfig/tools").as_array().into_iter().flatten().any(|tool| tool["systemTool"].is_object())
}

fn calls_so_far(body: &Body) -> usize {
    let messages = body.get("messages").as_array().into_iter().flatten();
    let blocks = messages.flat_map(|message| message["content"].as_array().into_iter().flatten());
    blocks.filter(|block| matches!(block["toolUse"], Value::Object(_))).count()
}
