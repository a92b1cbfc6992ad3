//! Limits and sampling, the same in every dialect of OpenAI's chat API.

use super::losses::Losses;
use super::read::Object;
use crate::error::{Error, Result};

/// `max_completion_tokens` wins over `max_tokens`, its older name.
pub(super) fn max_tokens(fields: &mut Object<'_>) -> Result<Option<u32>> {
    let wanted = "a whole number of tokens";
    let older = fields.whole("max_tokens", wanted, 1)?;
    Ok(fields.whole("max_completion_tokens", wanted, 1)?.or(older))
}

/// OpenAI lets temperature go to 2, Bedrock's models to 1 (Converse: `0 to 1`).
pub(super) fn temperature(fields: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Option<f64>> {
    match fields.number("temperature")? {
        Some(number) if number > 1.0 && number <= 2.0 => {
            losses.adjusted(fields.at("temperature"), || format!("{number} is more than Bedrock takes; 1 was sent."));
            Ok(Some(1.0))
        }
        number => fraction(fields, "temperature", 2, number),
    }
}

/// 0 to 1.
pub(super) fn top_p(fields: &mut Object<'_>) -> Result<Option<f64>> {
    let number = fields.number("top_p")?;
    fraction(fields, "top_p", 1, number)
}

fn fraction(fields: &Object<'_>, name: &str, most: u8, number: Option<f64>) -> Result<Option<f64>> {
    match number {
        Some(number) if !(0.0..=1.0).contains(&number) => {
            Err(Error::invalid(fields.at(name), format!("must be between 0 and {most}.")))
        }
        number => Ok(number),
    }
}

/// `stop`, or `stop_sequences`, which wins unless it is empty: a string or several; an empty one asks for nothing.
pub(super) fn stop(fields: &mut Object<'_>) -> Result<Vec<String>> {
    let mut sequences = [fields.strings("stop")?, fields.strings("stop_sequences")?];
    sequences.iter_mut().for_each(|sequences| sequences.retain(|sequence| !sequence.is_empty()));
    let [stop, sequences] = sequences;
    Ok(if sequences.is_empty() { stop } else { sequences })
}
