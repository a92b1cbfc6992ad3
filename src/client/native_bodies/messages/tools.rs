//! Tools of Anthropic's as Bedrock takes them.
//!
//! Source: `@ai-sdk/amazon-bedrock` 5.0.101, `anthropic/amazon-bedrock-anthropic-provider.ts`; "Anthropic Claude Messages
//! API, Tool use" in the user guide.

use serde_json::{Map, Value};

use super::names::Names;

/// Versions that Bedrock does not have → those that it has in their place.
const UPGRADES: &[(&str, &str)] = &[
    ("bash_20241022", "bash_20250124"),
    ("computer_20241022", "computer_20250124"),
    ("text_editor_20241022", "text_editor_20250728"),
];

/// Versions whose tool has a name of its own.
const NAMES: &[(&str, &str)] = &[("text_editor_20250728", "str_replace_based_edit_tool")];

/// Versions → the beta that they belong to.
const BETAS: &[(&str, &str)] = &[
    ("bash_20250124", "computer-use-2025-01-24"),
    ("computer_20250124", "computer-use-2025-01-24"),
    ("text_editor_20250124", "computer-use-2025-01-24"),
    ("text_editor_20250429", "computer-use-2025-01-24"),
    ("text_editor_20250728", "computer-use-2025-01-24"),
    ("tool_search_tool_bm25_20251119", "tool-search-tool-2025-10-19"),
    ("tool_search_tool_regex_20251119", "tool-search-tool-2025-10-19"),
];

/// What a tool asks for to have its input streamed as it is written; on Bedrock the beta does.
const EAGER: &str = "eager_input_streaming";
const EAGER_BETA: &str = "fine-grained-tool-streaming-2025-05-14";

/// Changes a tool into what Bedrock takes; adds the betas that it needs, and the name where that is another.
pub(super) fn convert(tool: &mut Map<String, Value>, betas: &mut Vec<String>, names: &mut Names) {
    if tool.shift_remove(EAGER) == Some(Value::Bool(true)) {
        add(betas, EAGER_BETA);
    }
    let Some(version) = tool.get("type").and_then(Value::as_str) else { return };
    let version = of(UPGRADES, version).unwrap_or(version).to_owned();
    if let Some(beta) = of(BETAS, &version) {
        add(betas, beta);
    }
    if let Some(name) = of(NAMES, &version) {
        names.add(tool.get("name").and_then(Value::as_str).unwrap_or(name), name);
        tool.insert("name".to_owned(), name.into());
    }
    tool.insert("type".to_owned(), version.into());
}

/// Adds a beta that is not there yet.
pub(super) fn add(betas: &mut Vec<String>, beta: &str) {
    if !betas.iter().any(|known| known == beta) {
        betas.push(beta.to_owned());
    }
}

fn of(table: &[(&str, &'static str)], key: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn converted(tool: Value) -> (Value, Vec<String>) {
        let (Value::Object(mut tool), mut betas) = (tool, Vec::new()) else { unreachable!() };
        convert(&mut tool, &mut betas, &mut Names::default());
        (Value::Object(tool), betas)
    }

    #[test]
    fn tables_are_sorted_and_what_is_upgraded_to_is_known() {
        for table in [UPGRADES, NAMES, BETAS] {
            assert!(table.is_sorted_by_key(|(version, _)| *version));
        }
        assert!(UPGRADES.iter().all(|(_, newer)| of(BETAS, newer).is_some() && of(UPGRADES, newer).is_none()));
    }

    #[test]
    fn old_versions_become_those_that_bedrock_has() {
        let computer = "computer-use-2025-01-24";
        for (tool, expected, beta) in [
            (
                json!({"type": "computer_20241022", "name": "computer", "display_width_px": 9}),
                json!({"type": "computer_20250124", "name": "computer", "display_width_px": 9}),
                computer,
            ),
            (
                json!({"type": "text_editor_20241022", "name": "str_replace_editor"}),
                json!({"type": "text_editor_20250728", "name": "str_replace_based_edit_tool"}),
                computer,
            ),
            (
                json!({"type": "tool_search_tool_regex_20251119", "name": "tool_search_tool_regex"}),
                json!({"type": "tool_search_tool_regex_20251119", "name": "tool_search_tool_regex"}),
                "tool-search-tool-2025-10-19",
            ),
            (
                json!({"name": "f", "input_schema": {}, "eager_input_streaming": true}),
                json!({"name": "f", "input_schema": {}}),
                EAGER_BETA,
            ),
        ] {
            assert_eq!(converted(tool), (expected, vec![beta.to_owned()]));
        }
    }

    #[test]
    fn other_tools_stay_as_they_are() {
        let tool = json!({"type": "memory_20250818", "name": "memory"});
        assert_eq!(converted(tool.clone()), (tool, Vec::new()));
        let lazy = json!({"name": "f", "input_schema": {}, "eager_input_streaming": false});
        assert_eq!(converted(lazy), (json!({"name": "f", "input_schema": {}}), Vec::new()));
    }
}
