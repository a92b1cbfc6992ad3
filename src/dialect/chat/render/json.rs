//! JSON written straight into a text: what most of a stream is made of needs no tree.

use serde::Serialize;

/// Appends `text` as a JSON string, escaped as `serde_json` does it.
pub(super) fn push_string(text: &str, out: &mut String) {
    out.reserve(text.len() + 2);
    out.push('"');
    let mut plain = 0;
    for (place, byte) in text.bytes().enumerate() {
        let Some(escape) = escape(byte) else { continue };
        // Only ASCII is escaped, so both places are between characters.
        out.push_str(text.get(plain..place).unwrap_or_default());
        match escape {
            Escape::Short(short) => out.push_str(short),
            Escape::Long => {
                let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
                out.push_str("\\u00");
                out.push(digit(byte >> 4));
                out.push(digit(byte & 15));
            }
        }
        plain = place + 1;
    }
    out.push_str(text.get(plain..).unwrap_or_default());
    out.push('"');
}

enum Escape {
    Short(&'static str),
    Long,
}

fn escape(byte: u8) -> Option<Escape> {
    Some(Escape::Short(match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        0x08 => "\\b",
        0x0c => "\\f",
        0..=0x1f => return Some(Escape::Long),
        _ => return None,
    }))
}

/// The JSON of `value`: texts, numbers and lists of them, which serialization does not refuse.
pub(super) fn text_of(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_escaped_as_serde_json_does_it(text in any::<String>()) {
            let mut out = String::new();
            push_string(&text, &mut out);
            prop_assert_eq!(out, serde_json::to_string(&text).unwrap());
        }
    }

    #[test]
    fn every_ascii_character_is_escaped_as_serde_json_does_it() {
        let text: String = (0u8..128).map(char::from).collect();
        let mut out = String::new();
        push_string(&text, &mut out);
        assert_eq!(out, serde_json::to_string(&text).unwrap());
    }
}
