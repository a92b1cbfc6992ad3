//! A tokenizer's stand-in: pieces of text that look like tokens, the same count everywhere.

/// Longest piece, in characters; real tokenizers rarely exceed it.
const LONGEST: usize = 12;

/// Splits text into pieces: a word with the white space before it, or a single other character. Never inside a
/// character; the pieces joined are the text.
pub(in crate::simulator) fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, tail) = rest.split_at_checked(piece_length(rest))?;
        rest = tail;
        (!piece.is_empty()).then_some(piece)
    })
}

fn piece_length(text: &str) -> usize {
    let blank = text.len() - text.trim_start_matches(char::is_whitespace).len();
    let Some(first) = text[blank..].chars().next() else { return text.len() };
    if !first.is_alphanumeric() || is_wide(first) {
        return blank + first.len_utf8();
    }
    let word = text[blank..].chars().take(LONGEST).take_while(|c| c.is_alphanumeric() && !is_wide(*c));
    blank + word.map(char::len_utf8).sum::<usize>()
}

/// Scripts without spaces: a character a token.
fn is_wide(c: char) -> bool {
    c as u32 >= 0x2e80
}

/// Tokens in `text`.
pub(in crate::simulator) fn count(text: &str) -> u64 {
    split(text).count() as u64
}

/// The longest start of `text` that has at most `limit` tokens.
pub(super) fn truncate(text: &str, limit: u64) -> &str {
    let length = split(text).take(usize::try_from(limit).unwrap_or(usize::MAX)).map(str::len).sum();
    &text[..length]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn splits_like_a_tokenizer() {
        let pieces: Vec<_> = split("Hello, wörld! 1+1\n\n日本 internationalization ").collect();
        assert_eq!(
            pieces,
            ["Hello", ",", " wörld", "!", " 1", "+", "1", "\n\n日", "本", " internationa", "lization", " "]
        );
        assert_eq!(truncate("one two three", 2), "one two");
        assert_eq!(truncate("one", 9), "one");
    }

    proptest! {
        #[test]
        fn pieces_joined_are_the_text(text in any::<String>()) {
            prop_assert_eq!(split(&text).collect::<String>(), text);
        }
    }
}
