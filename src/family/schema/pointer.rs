//! `$ref` within a schema.

use serde_json::Value;

/// What `reference` (`#`, `#/$defs/Name`) points at in `root`; `None` for what is elsewhere or not there.
pub(super) fn resolve<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    if pointer.contains('%') {
        let decoded = percent_encoding::percent_decode_str(pointer).decode_utf8().ok()?;
        return root.pointer(&decoded);
    }
    root.pointer(pointer)
}
