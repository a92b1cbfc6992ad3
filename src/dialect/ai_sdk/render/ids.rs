//! Ids of blocks, calls and sources: as the service has them, and no two the same.

use std::collections::HashMap;

/// Gives out ids.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// The id of what the service leaves without one.
    generated: String,
    /// With the number that may be free.
    used: HashMap<String, u32>,
}

impl Ids {
    /// Ids of an answer in which `generated` is free.
    pub(super) fn new(generated: String) -> Ids {
        Ids { generated, ..Ids::default() }
    }

    /// `wanted`, or where that is taken, the same with a number. Characters are those that Bedrock takes of a tool call.
    pub(super) fn unique(&mut self, wanted: String) -> String {
        let Some(mut number) = self.used.get(&wanted).copied() else {
            self.used.insert(wanted.clone(), 2);
            return wanted;
        };
        loop {
            let id = format!("{wanted}-{number}");
            number = number.saturating_add(1);
            if !self.used.contains_key(&id) {
                self.used.insert(wanted, number);
                self.used.insert(id.clone(), 2);
                return id;
            }
        }
    }

    /// An id that nobody has given.
    pub(super) fn make(&mut self) -> String {
        self.unique(self.generated.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_ids_are_the_same() {
        let mut ids = Ids::new("r".to_owned());
        let given: Vec<String> = ["0", "0", "0", "0-2"].into_iter().map(|id| ids.unique(id.to_owned())).collect();
        assert_eq!(given, ["0", "0-2", "0-3", "0-2-2"]);
        assert_eq!([ids.make(), ids.make(), ids.unique("r-2".to_owned())], ["r", "r-2", "r-2-2"]);
    }
}
