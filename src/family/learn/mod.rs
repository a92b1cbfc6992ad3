//! What a refusal teaches: texts of the service that name one thing it did not take, and the change that makes it take
//! the call.
//!
//! The catalog's rows age and new models come; a refusal of these kinds costs one more call, once. The texts are those
//! of recordings and reports.

mod remedy;
#[cfg(test)]
mod tests;

pub use remedy::Remedy;

use serde_json::Value;

use crate::catalog::Target;
use crate::conversation::{Block, Content, Format, Request, Tool, ToolChoice};
use crate::error::{Error, Kind};

/// What the refused request was, as it was sent.
struct Refused<'a> {
    /// The service's text in lower case, without the marks around names.
    text: String,
    request: &'a Request,
    target: &'a Target,
    region: Option<&'a str>,
}

/// What must all be in the text, and the remedy, where the request has what the text complains of.
type Row = (&'static [&'static str], fn(&Refused) -> Option<Remedy>);

/// The model cannot be called by its id, only through an inference profile.
const ON_DEMAND: &str = "on-demand throughput isn";

/// The first row that fits decides.
const ROWS: &[Row] = &[
    (&["temperature and top_p cannot both"], |refused| top_p(refused).then_some(Remedy::TopP)),
    (&["support the topp field"], |refused| top_p(refused).then_some(Remedy::TopP)),
    (&["temperature is deprecated"], sampling),
    (&["top_p is deprecated"], sampling),
    (&["top_k is deprecated"], sampling),
    (&["temperature", "not supported"], sampling),
    (&["support the temperature field"], sampling),
    (&["support the stopsequences field"], |refused| {
        (!refused.request.parameters.stop.is_empty()).then_some(Remedy::StopSequences)
    }),
    (&[ON_DEMAND], |refused| refused.target.profile_in(refused.region).map(Remedy::Profile)),
    (&["maximum tokens you requested exceeds the model limit of"], max_tokens),
    (&["which is the maximum allowed number of output tokens"], max_tokens),
    (&["tool use in streaming mode"], |refused| refused.request.stream.then_some(Remedy::AskWhole)),
    (&["support system messages"], |refused| (!refused.request.system.is_empty()).then_some(Remedy::SystemInMessage)),
    (&["support the toolconfig.toolchoice"], |refused| {
        (refused.request.tool_choice != ToolChoice::Auto).then_some(Remedy::ForcedTool)
    }),
    (&["toolspec.strict"], strict),
    (&["strict", "not supported"], strict),
    (&["outputconfig"], structured),
    (&["output_config"], structured),
    (&["textformat"], structured),
    (&["thinking.type.enabled is not supported"], |refused| {
        (field(refused, "thinking")["type"] == "enabled").then_some(Remedy::AdaptiveThinking)
    }),
    (&["invalid signature in thinking block"], |refused| thoughts(refused).then_some(Remedy::Thoughts)),
    (&["expected thinking or redacted_thinking"], |refused| {
        field(refused, "thinking").is_object().then_some(Remedy::Thinking)
    }),
    (&["invalid beta flag"], |refused| field(refused, "anthropic_beta").is_array().then_some(Remedy::Betas)),
    (&["did not allow prompt caching"], |refused| cache_points(refused).then_some(Remedy::CachePoints)),
];

/// What to change in `request` so that the service takes it; `None` where the refusal teaches nothing, or nothing that
/// could be changed. `region` is where the call went.
pub fn remedy(error: &Error, request: &Request, target: &Target, region: Option<&str>) -> Option<Remedy> {
    if !matches!(error.kind, Kind::Validation | Kind::AccessDenied) {
        return None;
    }
    let text = plain(&error.message);
    let refused = Refused { text, request, target, region };
    let fits = |row: &&Row| row.0.iter().all(|part| refused.text.contains(part));
    ROWS.iter().filter(fits).find_map(|row| row.1(&refused))
}

/// The inference profile to call `target` through instead, where that is what the refusal wants; for requests that are no
/// conversation.
pub fn profile(error: &Error, target: &Target, region: Option<&str>) -> Option<Remedy> {
    let wanted = error.kind == Kind::Validation && plain(&error.message).contains(ON_DEMAND);
    if wanted { target.profile_in(region).map(Remedy::Profile) } else { None }
}

/// The text in lower case, without the marks around names.
fn plain(message: &str) -> String {
    message.to_lowercase().replace(['`', '"', '\''], "").replace("doesnt", "doesn't")
}

fn top_p(refused: &Refused) -> bool {
    refused.request.parameters.top_p.is_some()
}

fn sampling(refused: &Refused) -> Option<Remedy> {
    let parameters = &refused.request.parameters;
    let given = parameters.temperature.is_some() || parameters.top_p.is_some() || !field(refused, "top_k").is_null();
    given.then_some(Remedy::Sampling)
}

/// The limit that the text names: the number after "limit of" or ">".
fn max_tokens(refused: &Refused) -> Option<Remedy> {
    let (_, after) = refused.text.split_once("limit of").or_else(|| refused.text.split_once('>'))?;
    let digits: String =
        after.trim_start().chars().filter(|letter| *letter != ',').take_while(char::is_ascii_digit).collect();
    let limit: u32 = digits.parse().ok().filter(|limit| *limit > 0)?;
    let asked = refused.request.parameters.max_tokens?;
    (asked > limit).then_some(Remedy::MaxTokens(limit))
}

fn strict(refused: &Refused) -> Option<Remedy> {
    let strict = |tool: &Tool| matches!(tool, Tool::Function(function) if function.strict);
    refused.request.tools.iter().any(strict).then_some(Remedy::Strict)
}

fn structured(refused: &Refused) -> Option<Remedy> {
    let config = refused.request.extras.output_config.as_ref()?;
    let asked = config.get("textFormat").is_some() && matches!(refused.request.format, Format::JsonSchema(_));
    asked.then_some(Remedy::StructuredOutput)
}

fn thoughts(refused: &Refused) -> bool {
    blocks(refused.request).any(|block| matches!(block, Block::Reasoning(_) | Block::Redacted(_)))
}

fn cache_points(refused: &Refused) -> bool {
    let request = refused.request;
    let in_tools = request.tools.iter().any(|tool| matches!(tool, Tool::CachePoint(_)));
    in_tools || blocks(request).any(|block| matches!(block, Block::CachePoint(_)))
}

fn blocks(request: &Request) -> impl Iterator<Item = &Block> {
    let contents = request.system.iter().chain(request.messages.iter().map(|message| &message.content));
    contents.flat_map(|content| match content {
        Content::Text(_) => &[],
        Content::Blocks(blocks) => blocks.as_slice(),
    })
}

fn field<'a>(refused: &'a Refused, name: &str) -> &'a Value {
    refused.request.extras.additional_fields.get(name).unwrap_or(&Value::Null)
}
