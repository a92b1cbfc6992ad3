//! The losses of one request as they are found. What is the same in many messages is told once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::path::Path;
use super::read::Object;
use crate::conversation::{Loss, LossCode};
use crate::error::{ApiCode, Error, Result};

/// A caller gets at most this many warnings about one request, and one that counts the others.
const MOST: usize = 100;

/// Takes losses and puts them into the caller's list.
pub(super) struct Losses<'a> {
    list: &'a mut Vec<Loss>,
    /// Whether leaving a field out is an error.
    strict: bool,
    seen: HashMap<(LossCode, String), Seen>,
    unlisted: usize,
}

struct Seen {
    /// Where in the list.
    index: usize,
    times: usize,
}

impl<'a> Losses<'a> {
    /// Losses for `list`; with `strict` nothing may be left out.
    pub(super) fn new(list: &'a mut Vec<Loss>, strict: bool) -> Losses<'a> {
        Losses { list, strict, seen: HashMap::new(), unlisted: 0 }
    }

    /// Whether leaving a field out is an error.
    pub(super) fn strict(&self) -> bool {
        self.strict
    }

    /// The field is left out because `why`.
    pub(super) fn left_out(&mut self, path: Path<'_>, why: &str) -> Result<()> {
        if self.strict {
            let message = format!("cannot be carried out: {why}. Leave it out, or do without strictParams.");
            return Err(Error::invalid(path, message).coded(ApiCode::UnsupportedParameter));
        }
        self.tell(LossCode::UnsupportedField, path, || format!("Left out: {why}."));
        Ok(())
    }

    /// Nobody reads the members that are left.
    pub(super) fn unread(&mut self, object: &Object<'_>) -> Result<()> {
        object.unread().try_for_each(|(name, _)| self.left_out(object.at(name), "Bedrock has no place for it"))
    }

    /// The value was moved into what is accepted.
    pub(super) fn adjusted(&mut self, path: Path<'_>, message: impl FnOnce() -> String) {
        self.tell(LossCode::ValueAdjusted, path, message);
    }

    /// A part of a message is left out.
    pub(super) fn omitted(&mut self, path: Path<'_>, message: impl FnOnce() -> String) {
        self.tell(LossCode::ContentOmitted, path, message);
    }

    /// The feature is done in another way.
    pub(super) fn emulated(&mut self, path: Path<'_>, message: &str) {
        self.tell(LossCode::Emulated, path, || message.to_owned());
    }

    fn tell(&mut self, code: LossCode, path: Path<'_>, message: impl FnOnce() -> String) {
        let listed = self.seen.len();
        match self.seen.entry((code, path.kind())) {
            Entry::Occupied(mut seen) => seen.get_mut().times += 1,
            Entry::Vacant(_) if listed >= MOST => self.unlisted += 1,
            Entry::Vacant(place) => {
                place.insert(Seen { index: self.list.len(), times: 1 });
                self.list.push(Loss::of(code, path, message()));
            }
        }
    }

    /// Says how often each loss came up.
    pub(super) fn finish(self) {
        for seen in self.seen.values().filter(|seen| seen.times > 1) {
            if let Some(loss) = self.list.get_mut(seen.index) {
                loss.message += &format!(" ({} times)", seen.times);
            }
        }
        if self.unlisted > 0 {
            let message = format!("{} more fields were left out or changed.", self.unlisted);
            self.list.push(Loss::general(LossCode::UnsupportedField, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_in_many_messages_is_told_once() {
        let mut list = Vec::new();
        let mut losses = Losses::new(&mut list, false);
        let messages = Path::field("messages");
        for index in 0..3 {
            losses.left_out(messages.item(index).member("mood"), "it is not known").unwrap();
        }
        losses.finish();
        let message = "Left out: it is not known. (3 times)";
        assert_eq!(list, [Loss::of(LossCode::UnsupportedField, "messages[0].mood", message)]);
    }

    #[test]
    fn there_are_never_more_than_a_caller_can_read() {
        let mut list = Vec::new();
        let mut losses = Losses::new(&mut list, false);
        for index in 0..10_000 {
            losses.left_out(Path::field(&index.to_string()), "it is not known").unwrap();
        }
        losses.finish();
        assert_eq!(list.len(), MOST + 1);
        assert_eq!(list[MOST].message, "9900 more fields were left out or changed.");
    }

    #[test]
    fn strict_makes_an_error_of_what_is_left_out() {
        let mut list = Vec::new();
        let error = Losses::new(&mut list, true).left_out(Path::field("seed"), "there is none").unwrap_err();
        assert_eq!((error.param.as_deref(), error.api_code), (Some("seed"), Some(ApiCode::UnsupportedParameter)));
    }
}
