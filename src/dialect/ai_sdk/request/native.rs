//! Tools of type `provider`: those that Claude was trained for, in Anthropic's own words.
//!
//! Sources: `@ai-sdk/anthropic` 4.0.68 (`anthropic-prepare-tools.ts`) for ids and names; `@ai-sdk/amazon-bedrock` 5.0.101
//! (`amazon-bedrock-anthropic-provider.ts`) for versions and flags on Bedrock; Anthropic's "Claude on Amazon Bedrock" for
//! what Bedrock has of them.

use serde_json::{Map, Value, json};

use crate::conversation::NativeTool;
use crate::dialect::losses::Losses;
use crate::dialect::read::Object;
use crate::error::Result;

/// What begins the id of a tool of Anthropic.
const ANTHROPICS: &str = "anthropic.";

/// The id of a tool, its type on Bedrock, its name there, and its flag. A set of tools has no name.
type Row = (&'static str, &'static str, Option<&'static str>, Option<&'static str>);

/// Where Bedrock has another version of a tool in place of one, that is its type.
#[rustfmt::skip]
const TOOLS: &[Row] = &[
    ("bash_20241022",             "bash_20250124",             Some("bash"),                        Some(COMPUTER_USE)),
    ("bash_20250124",             "bash_20250124",             Some("bash"),                        Some(COMPUTER_USE)),
    ("computer_20241022",         "computer_20250124",         Some("computer"),                    Some(COMPUTER_USE)),
    ("computer_20250124",         "computer_20250124",         Some("computer"),                    Some(COMPUTER_USE)),
    ("computer_20251124",         "computer_20251124",         Some("computer"),                    Some("computer-use-2025-11-24")),
    ("computer_toolset_20260801", "computer_toolset_20260801", None,                                None),
    ("memory_20250818",           "memory_20250818",           Some("memory"),                      Some("context-management-2025-06-27")),
    ("text_editor_20241022",      "text_editor_20250728",      Some("str_replace_based_edit_tool"), Some(COMPUTER_USE)),
    ("text_editor_20250124",      "text_editor_20250124",      Some("str_replace_editor"),          Some(COMPUTER_USE)),
    ("text_editor_20250429",      "text_editor_20250429",      Some("str_replace_based_edit_tool"), Some(COMPUTER_USE)),
    ("text_editor_20250728",      "text_editor_20250728",      Some("str_replace_based_edit_tool"), Some(COMPUTER_USE)),
];
const COMPUTER_USE: &str = "computer-use-2025-01-24";

/// What begins the types of tools that Anthropic's own service runs, and Bedrock's does not.
const ELSEWHERE: &[&str] = &["advisor_", "code_execution_", "tool_search_", "web_fetch_", "web_search_"];

/// Reads `{"type": "provider", "id", "name", "args"}`; `None` for what Bedrock does not have.
pub(super) fn tool(tool: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Option<NativeTool>> {
    let id = tool.required_string("id", "give the id of the tool, such as anthropic.bash_20250124")?;
    let name = tool.required_string("name", "name the tool")?;
    let args = tool.map("args")?.unwrap_or_default();
    let kind = id.strip_prefix(ANTHROPICS).unwrap_or_default();
    let Some((asked, kind, own_name, beta)) = TOOLS.iter().find(|row| row.0 == kind) else {
        let why = if ELSEWHERE.iter().any(|prefix| kind.starts_with(prefix)) {
            format!("{id} runs at Anthropic and is not to be had over Converse")
        } else {
            format!("{id} is no tool that Bedrock has")
        };
        losses.left_out(tool.at(&id), &why)?;
        return Ok(None);
    };
    if asked != kind {
        losses.adjusted(tool.at(&id), || format!("Bedrock has {kind} in its place."));
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::path::Path;

    fn read(given: Value) -> (Option<NativeTool>, usize) {
        let mut losses = Vec::new();
        let mut object = Object::read(given, Path::field("tool"), "an object").unwrap();
        let tool = tool(&mut object, &mut Losses::new(&mut losses, false)).unwrap();
        (tool, losses.len())
    }

    #[test]
    fn what_is_sent_for_one_tool_is_a_tool_itself() {
        for (id, kind, name, beta) in TOOLS {
            let sent = TOOLS.iter().find(|row| row.0 == *kind).unwrap();
            assert_eq!((sent.1, sent.2, sent.3), (*kind, *name, *beta), "{id}");
        }
        assert!(TOOLS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(TOOLS.iter().all(|row| !ELSEWHERE.iter().any(|prefix| row.0.starts_with(prefix))));
    }

    #[test]
    fn another_version_and_what_is_not_there_are_told() {
        let (editor, told) = read(json!({"id": "anthropic.text_editor_20241022", "name": "editor", "args": {}}));
        let editor = editor.unwrap();
        assert_eq!((editor.name.as_str(), told), ("editor", 1));
        let definition = json!({"type": "text_editor_20250728", "name": "str_replace_based_edit_tool"});
        assert_eq!(editor.definition, definition);
        for id in ["anthropic.web_search_20250305", "anthropic.bash_2099", "openai.bash_20250124"] {
            let (tool, told) = read(json!({"id": id, "name": "x"}));
            assert!(tool.is_none() && told == 1, "{id}");
        }
    }

    #[test]
    fn arguments_are_in_anthropics_spelling() {
        let args = json!({"displayWidthPx": 1, "configs": {"click": {"deferLoading": true}}});
        let (computer, _) = read(json!({"id": "anthropic.computer_20251124", "name": "computer", "args": args}));
        let definition = computer.unwrap().definition;
        assert_eq!(definition["display_width_px"], 1);
        assert_eq!(definition["configs"], json!({"click": {"defer_loading": true}}));
    }
}
