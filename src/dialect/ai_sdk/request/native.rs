//! Tools of type `provider`: those that Claude was trained for, in Anthropic's own words.
//!
//! Sources: `@ai-sdk/anthropic` 4.0.68 (`anthropic-prepare-tools.ts`) for ids, names and flags; "Anthropic Claude tool use"
//! (Bedrock user guide) and Anthropic's "Claude on Amazon Bedrock" for what Bedrock has of them.

use serde_json::{Map, Value, json};

use crate::conversation::NativeTool;
use crate::dialect::losses::Losses;
use crate::dialect::read::Object;
use crate::error::Result;

/// What begins the id of a tool of Anthropic.
const ANTHROPICS: &str = "anthropic.";

/// A tool: its type, which is its id, its name, and its flag. A set of tools has no name.
type Row = (&'static str, Option<&'static str>, Option<&'static str>);

#[rustfmt::skip]
const TOOLS: &[Row] = &[
    ("bash_20241022",              Some("bash"),                        Some("computer-use-2024-10-22")),
    ("bash_20250124",              Some("bash"),                        Some("computer-use-2025-01-24")),
    ("computer_20241022",          Some("computer"),                    Some("computer-use-2024-10-22")),
    ("computer_20250124",          Some("computer"),                    Some("computer-use-2025-01-24")),
    ("computer_20251124",          Some("computer"),                    Some("computer-use-2025-11-24")),
    ("computer_toolset_20260801",  None,                                None),
    ("memory_20250818",            Some("memory"),                      Some("context-management-2025-06-27")),
    ("text_editor_20241022",       Some("str_replace_editor"),          Some("computer-use-2024-10-22")),
    ("text_editor_20250124",       Some("str_replace_editor"),          Some("computer-use-2025-01-24")),
    ("text_editor_20250429",       Some("str_replace_based_edit_tool"), Some("computer-use-2025-01-24")),
    ("text_editor_20250728",       Some("str_replace_based_edit_tool"), None),
];

/// What begins the types of tools that Anthropic's own service runs, and Bedrock's does not.
const ELSEWHERE: &[&str] = &["advisor_", "code_execution_", "tool_search_", "web_fetch_", "web_search_"];

/// Reads `{"type": "provider", "id", "name", "args"}`; `None` for what Bedrock does not have.
pub(super) fn tool(tool: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Option<NativeTool>> {
    let id = tool.required_string("id", "give the id of the tool, such as anthropic.bash_20250124")?;
    let name = tool.required_string("name", "name the tool")?;
    let args = tool.map("args")?.unwrap_or_default();
    let kind = id.strip_prefix(ANTHROPICS).unwrap_or_default();
    let Some((kind, own_name, beta)) = TOOLS.iter().find(|row| row.0 == kind) else {
        let why = if ELSEWHERE.iter().any(|prefix| kind.starts_with(prefix)) {
            format!("{id} runs at Anthropic and is not to be had over Converse")
        } else {
            format!("{id} is no tool that Bedrock has")
        };
        losses.left_out(tool.at("id"), &why)?;
        return Ok(None);
    };
    let mut definition = Map::from_iter([("type".to_owned(), json!(kind))]);
    definition.extend(own_name.map(|own| ("name".to_owned(), json!(own))));
    definition.extend(args.into_iter().map(|(name, value)| (snake_case(&name), in_snake_case(value))));
    Ok(Some(NativeTool { param: tool.place(), name, definition: Value::Object(definition), beta: *beta }))
}

/// `displayWidthPx` as `display_width_px`.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The same for the names within.
fn in_snake_case(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (snake_case(&name), in_snake_case(value))).collect())
        }
        other => other,
    }
}
