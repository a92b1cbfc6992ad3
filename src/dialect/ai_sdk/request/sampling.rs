//! Limits and sampling.

use super::options::Options;
use crate::conversation::Parameters;
use crate::dialect::losses::Losses;
use crate::dialect::read::Object;
use crate::error::Result;

/// Reads `maxOutputTokens`, `temperature`, `topP`, `topK` and `stopSequences`.
pub(super) fn parse(call: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Parameters> {
    let mut stop = call.strings("stopSequences")?;
    stop.retain(|sequence| !sequence.is_empty());
    Ok(Parameters {
        max_tokens: call.whole("maxOutputTokens", "a whole number of tokens", 1)?,
        temperature: temperature(call, losses)?,
        top_p: call.number("topP")?,
        // None of them is all of them.
        top_k: call.whole("topK", "a whole number of tokens", 0)?.filter(|&tokens| tokens > 0),
        stop,
    })
}

/// Whether there is too much is the model's to say.
fn temperature(call: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Option<f64>> {
    let given = call.number("temperature")?;
    if let Some(number) = given.filter(|&number| number < 0.0) {
        losses.adjusted(call.at("temperature"), || format!("{number} is less than Bedrock takes; 0 was sent."));
        return Ok(Some(0.0));
    }
    Ok(given)
}

/// `inferenceConfig` among the provider's options is Converse's own: it says what no option of the call says.
pub(super) fn inference_config(
    options: &mut Options<'_>,
    parameters: &mut Parameters,
    losses: &mut Losses<'_>,
) -> Result<()> {
    let name = "inferenceConfig";
    let holder = options.holding(name);
    let Some(given) = holder.take(name) else { return Ok(()) };
    let mut config = Object::read(given, holder.at(name), "an object")?;
    let own = Parameters {
        max_tokens: config.whole("maxTokens", "a whole number of tokens", 1)?,
        temperature: temperature(&mut config, losses)?,
        top_p: config.number("topP")?,
        top_k: config.whole("topK", "a whole number of tokens", 0)?.filter(|&tokens| tokens > 0),
        stop: config.strings("stopSequences")?,
    };
    losses.unread(&config)?;
    parameters.max_tokens = parameters.max_tokens.or(own.max_tokens);
    parameters.temperature = parameters.temperature.or(own.temperature);
    parameters.top_p = parameters.top_p.or(own.top_p);
    parameters.top_k = parameters.top_k.or(own.top_k);
    if parameters.stop.is_empty() {
        parameters.stop = own.stop;
    }
    Ok(())
}
