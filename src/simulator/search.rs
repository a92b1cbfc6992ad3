//! Several short ASCII words looked for in a text at once, which every request is put through.

/// Where the first of `words` stands, and which it is; of two at the same place the one that is listed first.
pub(super) fn earliest<'w>(text: &str, words: &[&'w str]) -> Option<(usize, &'w str)> {
    let bit = |byte: u8| 1u128.checked_shl(byte.into()).unwrap_or(0);
    let begins = words.iter().filter_map(|word| word.bytes().next()).fold(0, |bits, byte| bits | bit(byte));
    text.bytes().enumerate().filter(|(_, byte)| begins & bit(*byte) != 0).find_map(|(at, first)| {
        // Most words differ in their first byte, which costs no call to see.
        let mut alike = words.iter().filter(|word| word.bytes().next() == Some(first));
        let rest = text.get(at..)?;
        alike.find(|word| rest.starts_with(**word)).map(|word| (at, *word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(text in "[ab é]{0,20}", words in proptest::collection::vec("[ab ]{1,4}", 0..5)) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let plain = words.iter().filter_map(|word| Some((text.find(word)?, *word))).min_by_key(|(at, _)| *at);
            prop_assert_eq!(earliest(&text, &words), plain);
        }
    }
}
