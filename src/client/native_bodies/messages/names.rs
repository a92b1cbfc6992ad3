//! Names of tools that Bedrock prescribes for its versions of them, in the place of those that the caller knows.

use serde_json::Value;

/// Pairs of a caller's name and Bedrock's.
#[derive(Clone, Debug, Default)]
pub(in crate::client::native_bodies) struct Names(Vec<(String, &'static str)>);

impl Names {
    /// Notes that the caller's `own` tool is called `prescribed`.
    pub(super) fn add(&mut self, own: &str, prescribed: &'static str) {
        if own != prescribed {
            self.0.push((own.to_owned(), prescribed));
        }
    }

    /// Whether there is nothing to do.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts Bedrock's name into a block of a message, or a choice of a tool, that has the caller's.
    pub(super) fn prescribe(&self, named: &mut Value) {
        self.rename(named, |(own, prescribed)| (own, prescribed));
    }

    /// Puts the caller's name back.
    pub(super) fn restore(&self, named: &mut Value) {
        self.rename(named, |(own, prescribed)| (prescribed, own));
    }

    fn rename<'a>(&'a self, named: &mut Value, order: impl Fn(&'a (String, &'static str)) -> (&'a str, &'a str)) {
        let is_of_tool = matches!(named["type"].as_str(), Some("tool_use" | "tool"));
        let found = self.0.iter().map(order).find(|(from, _)| named["name"] == *from);
        if let Some((_, to)) = found.filter(|_| is_of_tool) {
            named["name"] = to.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_tools_that_were_renamed_are() {
        let mut names = Names::default();
        names.add("bash", "bash");
        assert!(names.is_empty());
        names.add("edit", "str_replace_based_edit_tool");
        for (given, expected) in [
            (
                json!({"type": "tool_use", "name": "edit"}),
                json!({"type": "tool_use", "name": "str_replace_based_edit_tool"}),
            ),
            (json!({"type": "tool", "name": "other"}), json!({"type": "tool", "name": "other"})),
            (json!({"type": "text", "name": "edit"}), json!({"type": "text", "name": "edit"})),
        ] {
            let mut named = given.clone();
            names.prescribe(&mut named);
            assert_eq!(named, expected);
            names.restore(&mut named);
            assert_eq!(named, given);
        }
    }
}
