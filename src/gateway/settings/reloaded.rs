//! Settings that take the place of others while the gateway runs.

use serde_json::{Value, from_value, to_value};

use super::Settings;
use super::table;

/// `next`, but with what holds from start to stop as `present` has it; and a sentence for each setting that this leaves
/// unheeded.
pub(in crate::gateway) fn reloaded(present: &Settings, next: Settings) -> (Settings, Vec<String>) {
    let (Ok(Value::Object(old)), Ok(Value::Object(mut new))) = (to_value(present), to_value(&next)) else {
        return (next, Vec::new());
    };
    let mut warnings = Vec::new();
    for row in table::all().filter(|row| row.fixed) {
        let (Some(old), Some(new)) = (old.get(row.name), new.get_mut(row.name)) else { continue };
        if old != new {
            let name = row.name;
            warnings.push(format!("{name} cannot change while the gateway runs; it stays as it was until a restart."));
            new.clone_from(old);
        }
    }
    let settings = if warnings.is_empty() { next } else { from_value(Value::Object(new)).unwrap_or(next) };
    (settings, warnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_fixed_stays_and_is_told() {
        let present = Settings { port: 1, ..Settings::default() };
        let next = Settings { port: 2, workers: 3, max_in_flight: 4, ..Settings::default() };
        let (settings, warnings) = reloaded(&present, next);
        assert_eq!((settings.port, settings.workers, settings.max_in_flight), (1, 0, 4));
        assert_eq!(warnings.len(), 2);
        assert!(warnings[0].starts_with("port "), "{warnings:?}");
        assert!(reloaded(&present, present.clone()).1.is_empty());
    }
}
