//! What Converse says about tools: which models have them, how they are described, and that every use has its result.

use std::collections::HashSet;

use serde_json::Value;

use super::{Block, Request, Rule, list, messages};
use crate::simulator::exception::Exception;
use crate::simulator::models::Tools;
use crate::simulator::wording;

pub(super) const RULES: &[Rule] =
    &[blocks_without_config, support, choice, schemas, objects, empty_error_results, results_match_uses];

fn blocks_without_config(request: &Request) -> Option<Exception> {
    let uses = request.blocks.iter().any(|block| matches!(block.kind, "toolUse" | "toolResult"));
    (uses && !request.body.has("toolConfig") && !request.model.is_prompt()).then(|| wording::NO_TOOL_CONFIG.refuse(&[]))
}

fn support(request: &Request) -> Option<Exception> {
    if !request.body.has("toolConfig") {
        return None;
    }
    match request.model.series.tools {
        Tools::Never => Some(wording::NO_TOOLS.refuse(&[])),
        Tools::NotStreamed if request.streamed => Some(wording::NO_STREAMED_TOOLS.refuse(&[])),
        Tools::NotStreamed | Tools::Always => None,
    }
}

fn choice(request: &Request) -> Option<Exception> {
    let choice = &request.body.get("toolConfig")["toolChoice"];
    let forced = ["any", "tool"].into_iter().find(|name| choice[name].is_object())?;
    (!request.model.series.forced_tools).then(|| wording::TOOL_CHOICE.refuse(&[&forced, &forced]))
}

fn schemas(request: &Request) -> Option<Exception> {
    list(&request.body.get("toolConfig")["tools"]).iter().enumerate().find_map(|(at, tool)| {
        let schema = tool["toolSpec"]["inputSchema"].get("json")?;
        let Some(schema) = schema.as_object() else {
            return Some(wording::NOT_AN_OBJECT.refuse(&[&format!("toolConfig.tools.{at}.toolSpec.inputSchema.json")]));
        };
        let typed = schema.get("type").is_some_and(|kind| kind != "object");
        typed.then(|| wording::SCHEMA_TYPE.refuse(&[&at]))
    })
}

/// The input of a use and the JSON of a result are objects.
fn objects(request: &Request) -> Option<Exception> {
    request.blocks.iter().find_map(|block| {
        let Block { message, at, kind, value, .. } = block;
        let refused = match *kind {
            "toolUse" => value.get("input").filter(|input| !input.is_object()).map(|_| "input".to_owned()),
            "toolResult" => {
                let wrong = |item: &Value| item.get("json").is_some_and(|json| !json.is_object());
                list(&value["content"]).iter().position(wrong).map(|inner| format!("content.{inner}.json"))
            }
            _ => None,
        }?;
        Some(wording::NOT_AN_OBJECT.refuse(&[&format!("messages.{message}.content.{at}.{kind}.{refused}")]))
    })
}

fn empty_error_results(request: &Request) -> Option<Exception> {
    let empty = |block: &&Block| {
        block.kind == "toolResult" && block.value["status"] == "error" && list(&block.value["content"]).is_empty()
    };
    let block = request.blocks.iter().find(empty)?;
    Some(wording::EMPTY_ERROR_RESULT.refuse(&[&block.message, &block.at]))
}

/// Every use is answered in the message after it. The model's own tools are answered in its own message.
fn results_match_uses(request: &Request) -> Option<Exception> {
    // The first message has none before it, and uses in the last one have no results.
    (0..=messages(request).len()).find_map(|at| {
        let before = at.checked_sub(1).map(|before| request.blocks_of(before)).unwrap_or_default();
        let uses: Vec<&str> = ids(before, "toolUse", true).collect();
        let results: Vec<&str> = ids(request.blocks_of(at), "toolResult", false).collect();
        if results.len() > uses.len() {
            return Some(wording::TOO_MANY_RESULTS.refuse(&[&at]));
        }
        let results: HashSet<&str> = results.into_iter().collect();
        let missing: Vec<&str> = uses.into_iter().filter(|id| !results.contains(id)).collect();
        (!missing.is_empty()).then(|| wording::MISSING_RESULTS.refuse(&[&at, &missing.join(", ")]))
    })
}

fn ids<'a>(blocks: &'a [Block<'_>], kind: &'static str, by_assistant: bool) -> impl Iterator<Item = &'a str> {
    let blocks = blocks.iter().filter(move |block| block.kind == kind && block.by_assistant == by_assistant);
    let blocks = blocks.filter(|block| block.value["type"] != "server_tool_use");
    blocks.filter_map(|block| block.value["toolUseId"].as_str())
}
