//! `requestMetadata`: what invocation logs keep with a request, in the form that Bedrock takes.
//!
//! Bedrock: at most 16 entries; keys of 1 to 256 and values of at most 256 characters, letters, digits, white space and
//! `:_@$#=/+,-.` (`RequestMetadata` of the Converse API). OpenAI: at most 16, keys up to 64, values up to 512.

use serde_json::{Map, Value};

use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::error::{ApiCode, Error, Result};

const MOST_ENTRIES: usize = 16;
const LONGEST: usize = 256;
const LONGEST_API_KEY: usize = 64;
const LONGEST_API_VALUE: usize = 512;

/// Checks `metadata` by OpenAI's rules.
pub(super) fn check(metadata: &Map<String, Value>, path: Path<'_>) -> Result<()> {
    if metadata.len() > MOST_ENTRIES {
        return Err(Error::invalid(path, format!("must hold at most {MOST_ENTRIES} entries.")));
    }
    for (key, value) in metadata {
        if key.chars().count() > LONGEST_API_KEY {
            let message = format!("must have keys of at most {LONGEST_API_KEY} characters.");
            return Err(Error::invalid(path, message).coded(ApiCode::StringAboveMaxLength));
        }
        let path = path.member(key);
        let Value::String(text) = value else { return Err(Error::wrong_type(path, "a string", value)) };
        if text.chars().count() > LONGEST_API_VALUE {
            let message = format!("must have at most {LONGEST_API_VALUE} characters.");
            return Err(Error::invalid(path, message).coded(ApiCode::StringAboveMaxLength));
        }
    }
    Ok(())
}

/// Adds what Bedrock takes of `value`; what is there already stays.
pub(super) fn add(
    to: &mut Map<String, Value>,
    key: &str,
    value: &str,
    path: Path<'_>,
    losses: &mut Losses<'_>,
) -> Result<()> {
    let fitted = (fit(key, "_"), fit(value, ""));
    if to.contains_key(&fitted.0) {
        return losses.left_out(path, "there is metadata of this name already");
    }
    if to.len() == MOST_ENTRIES {
        return losses.left_out(path, "Bedrock takes 16 entries of metadata");
    }
    if (key, value) != (fitted.0.as_str(), fitted.1.as_str()) {
        losses.adjusted(path, || {
            format!("Bedrock takes {LONGEST} letters, digits, spaces and :_@$#=/+,-. of it; others became _.")
        });
    }
    to.insert(fitted.0, Value::String(fitted.1));
    Ok(())
}

fn fit(text: &str, empty: &str) -> String {
    if text.is_empty() {
        return empty.to_owned();
    }
    let taken =
        |letter: char| letter.is_ascii_alphanumeric() || letter.is_ascii_whitespace() || ":_@$#=/+,-.".contains(letter);
    text.chars().take(LONGEST).map(|letter| if taken(letter) { letter } else { '_' }).collect()
}
