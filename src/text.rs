//! One fact about streamed text that tags and stop sequences both need.

/// How many bytes at the end of `text` are the beginning of one of `needles`, and so cannot be given out yet.
///
/// The result is a character boundary of `text`, since a needle begins at one.
pub(crate) fn held_back(text: &str, needles: &[impl AsRef<str>]) -> usize {
    needles.iter().map(|needle| overlap(text.as_bytes(), needle.as_ref().as_bytes())).max().unwrap_or(0)
}

fn overlap(text: &[u8], needle: &[u8]) -> usize {
    let longest = text.len().min(needle.len().saturating_sub(1));
    (1..=longest).rev().find(|&length| needle.get(..length).is_some_and(|start| text.ends_with(start))).unwrap_or(0)
}
