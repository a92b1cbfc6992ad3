//! `toolConfig`.

use serde::Serialize;
use serde_json::Value;

use super::content::{WireCachePoint, cache_point};
use crate::conversation::{Function, Request, Tool, ToolChoice};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToolConfig<'a> {
    tools: Vec<WireTool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<WireChoice<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
enum WireTool<'a> {
    ToolSpec(ToolSpec<'a>),
    SystemTool { name: &'a str },
    CachePoint(WireCachePoint),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolSpec<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    input_schema: InputSchema<'a>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    strict: bool,
}

#[derive(Serialize)]
struct InputSchema<'a> {
    json: &'a Value,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum WireChoice<'a> {
    Any {},
    Tool { name: &'a str },
}

/// `None` where there are no tools: Converse refuses an empty list.
pub(super) fn tool_config(request: &Request) -> Option<ToolConfig<'_>> {
    if request.tools.is_empty() {
        return None;
    }
    let tool_choice = match &request.tool_choice {
        // `auto` is what Converse takes a missing choice for.
        ToolChoice::Auto | ToolChoice::None => None,
        ToolChoice::Required => Some(WireChoice::Any {}),
        ToolChoice::Named(name) => Some(WireChoice::Tool { name }),
    };
    Some(ToolConfig { tools: request.tools.iter().filter_map(tool).collect(), tool_choice })
}

/// Converse has no member for tools that a model was trained for.
fn tool(tool: &Tool) -> Option<WireTool<'_>> {
    match tool {
        Tool::Function(function) => Some(WireTool::ToolSpec(spec(function))),
        Tool::System(system) => Some(WireTool::SystemTool { name: &system.name }),
        Tool::CachePoint(point) => Some(WireTool::CachePoint(cache_point(*point))),
        Tool::Native(_) => None,
    }
}

fn spec(function: &Function) -> ToolSpec<'_> {
    ToolSpec {
        name: &function.name,
        description: function.description.as_deref().filter(|text| !text.is_empty()),
        input_schema: InputSchema { json: &function.schema },
        strict: function.strict,
    }
}
