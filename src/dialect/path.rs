//! Where in a caller's request something stands, as OpenAI's errors write it: `messages[1].content[0].image_url.url`.

use std::fmt;

/// A place in a request. It is written out only when an error or a loss names it.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

impl<'a> Path<'a> {
    /// A field of the request.
    pub(super) const fn field(name: &'a str) -> Path<'a> {
        Path { parent: None, step: Step::Member(name) }
    }

    /// A member of the object here.
    pub(super) fn member(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Member(name) }
    }

    /// An item of the array here.
    pub(super) fn item(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), step: Step::Item(index) }
    }

    /// The place without its indices, the same for every item of an array: `messages[].name`.
    pub(super) fn kind(&self) -> String {
        let parent = self.parent.map(Path::kind);
        match (parent, self.step) {
            (Some(parent), Step::Member(name)) => parent + "." + name,
            (None, Step::Member(name)) => name.to_owned(),
            (parent, Step::Item(_)) => parent.unwrap_or_default() + "[]",
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match (self.step, self.parent) {
            (Step::Member(name), Some(_)) => write!(f, ".{name}"),
            (Step::Member(name), None) => f.write_str(name),
            (Step::Item(index), _) => write!(f, "[{index}]"),
        }
    }
}

impl From<Path<'_>> for String {
    fn from(path: Path<'_>) -> String {
        path.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_openai_writes_it() {
        let messages = Path::field("messages");
        let message = messages.item(2);
        let content = message.member("content");
        assert_eq!(content.item(0).to_string(), "messages[2].content[0]");
        assert_eq!(content.item(0).kind(), "messages[].content[]");
    }
}
