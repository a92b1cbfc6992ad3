//! Embedding models: a body for each InvokeModel call, vectors out of its answer.
//!
//! [`fit`] checks a request against what the model takes and reports what it leaves out; [`batches`] says which inputs go
//! into one call; after both, [`encode`] cannot fail.

mod cohere;
mod marengo;
mod nova;
mod titan;

use std::ops::Range;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::catalog::{Embedding, EmbeddingBody, Images};
use crate::conversation::embedding::{Input, Request, Truncate};
use crate::conversation::{Image, Loss, LossCode};
use crate::error::{ApiCode, Error, Kind, Result};
use crate::media::Format;

/// What one call gave.
#[derive(Debug)]
pub struct Embedded {
    /// One vector for each input, in their order: JSON as it came, to be judged where it is written.
    pub vectors: Vec<Box<RawValue>>,
    /// Tokens of the inputs, where the body tells them; a header of the answer may.
    pub input_tokens: Option<u64>,
}

/// Checks a request against what `model` takes; what it has no choice of is left out with a warning.
pub fn fit(request: &mut Request, model: &Embedding, id: &str, losses: &mut Vec<Loss>) -> Result<()> {
    check_dimensions(request, model, id)?;
    for (index, input) in request.inputs.iter().enumerate() {
        check_input(input, model, id).map_err(|message| Error::invalid(request.param(index), message))?;
    }
    let choice = Choices::of(model.body);
    let mut leave_out = |param: &str| {
        let message = format!("Left out: {id} has no such choice.");
        losses.push(Loss::of(LossCode::UnsupportedField, param, message));
    };
    if !choice.purpose && request.purpose.take().is_some() {
        leave_out("input_type");
    }
    if !choice.truncate && request.truncate.take().is_some_and(|truncate| truncate != Truncate::None) {
        leave_out("truncate");
    }
    if !choice.normalize && request.normalize.take().is_some() {
        leave_out("normalize");
    }
    Ok(())
}

fn check_dimensions(request: &Request, model: &Embedding, id: &str) -> Result<()> {
    let Some(wanted) = request.dimensions else { return Ok(()) };
    if model.dimensions.is_empty() || model.dimensions.contains(&wanted) {
        return Ok(());
    }
    let known: Vec<String> = model.dimensions.iter().map(u32::to_string).collect();
    let message = match known.as_slice() {
        [only] => format!("{wanted} cannot be had: vectors of {id} have {only} numbers. Leave it out."),
        several => format!("{wanted} cannot be had: vectors of {id} have {} numbers.", several.join(", ")),
    };
    Err(Error::invalid("dimensions", message).coded(ApiCode::UnsupportedValue))
}

fn check_input(input: &Input, model: &Embedding, id: &str) -> Result<(), String> {
    match (&input.image, &input.text, model.images) {
        (None, ..) | (Some(_), _, Images::WithText) | (Some(_), None, Images::Alone) => Ok(()),
        (Some(_), _, Images::None) => Err(format!("{id} embeds text only; choose a multimodal embedding model.")),
        (Some(_), Some(_), Images::Alone) => {
            Err(format!("{id} makes no vector of a text and a picture together; give each an item of its own."))
        }
    }
}

/// What the body of a model lets the caller choose.
struct Choices {
    purpose: bool,
    truncate: bool,
    normalize: bool,
}

impl Choices {
    fn of(body: EmbeddingBody) -> Choices {
        use EmbeddingBody::{CohereV3, CohereV4, Nova, TitanV2};
        let told = matches!(body, CohereV3 | CohereV4 | Nova);
        Choices { purpose: told, truncate: told, normalize: body == TitanV2 }
    }
}

/// Which inputs go into each call: neighbours, as many as the model takes at once.
pub fn batches(request: &Request, model: &Embedding) -> Vec<Range<usize>> {
    let mut batches: Vec<Range<usize>> = Vec::new();
    for (index, input) in request.inputs.iter().enumerate() {
        match batches.last_mut() {
            Some(batch) if batch.len() < usize::from(model.batch) && goes_with(request, batch, input, model.body) => {
                batch.end = index + 1;
            }
            _ => batches.push(index..index + 1),
        }
    }
    batches
}

/// Cohere Embed 3 takes one picture a call, and no text beside it.
fn goes_with(request: &Request, batch: &Range<usize>, input: &Input, body: EmbeddingBody) -> bool {
    let has_image = |input: &Input| input.image.is_some();
    let before = batch.end.checked_sub(1).and_then(|last| request.inputs.get(last));
    body != EmbeddingBody::CohereV3 || !(has_image(input) || before.is_some_and(has_image))
}

/// The body of one call.
pub fn encode(request: &Request, batch: Range<usize>, body: EmbeddingBody) -> Vec<u8> {
    let inputs = request.inputs.get(batch).unwrap_or_default();
    let mut encoded = match body {
        EmbeddingBody::CohereV3 => cohere::encode_v3(request, inputs),
        EmbeddingBody::CohereV4 => cohere::encode_v4(request, inputs),
        // One input a call.
        _ => match inputs.first() {
            None => Value::Null,
            Some(input) => match body {
                EmbeddingBody::TitanV1 => titan::encode_v1(input),
                EmbeddingBody::TitanV2 => titan::encode_v2(request, input),
                EmbeddingBody::TitanImage => titan::encode_image(request, input),
                EmbeddingBody::Nova => nova::encode(request, input),
                EmbeddingBody::MarengoV2 => marengo::encode_v2(input),
                _ => marengo::encode_v3(input),
            },
        },
    };
    merge(&mut encoded, &request.extra);
    encoded.to_string().into_bytes()
}

/// What one call gave for `count` inputs.
pub fn decode(answer: &[u8], body: EmbeddingBody, count: usize) -> Result<Embedded> {
    use EmbeddingBody::{CohereV3, CohereV4, MarengoV2, MarengoV3, Nova, TitanImage, TitanV1, TitanV2};
    let embedded = match body {
        TitanV1 | TitanV2 | TitanImage => titan::decode(answer)?,
        CohereV3 | CohereV4 => cohere::decode(answer)?,
        Nova => nova::decode(answer)?,
        MarengoV2 | MarengoV3 => marengo::decode(answer)?,
    };
    if embedded.vectors.len() != count {
        let message = format!("The service answered {count} inputs with {} embeddings.", embedded.vectors.len());
        return Err(Error::new(Kind::BrokenStream, message));
    }
    Ok(embedded)
}

/// Puts the caller's own members into a body; objects are merged, anything else is replaced.
pub(super) fn merge(body: &mut Value, extra: &Map<String, Value>) {
    let Some(members) = body.as_object_mut() else { return };
    for (name, value) in extra {
        match (members.get_mut(name), value) {
            (Some(inner @ Value::Object(_)), Value::Object(more)) => merge(inner, more),
            _ => drop(members.insert(name.clone(), value.clone())),
        }
    }
}

/// Format and base64 of a picture; it has been made ready before.
fn picture(image: &Image) -> (Format, &str) {
    image.ready().unwrap_or((Format::Png, ""))
}

fn data_url(image: &Image) -> String {
    let (format, base64) = picture(image);
    format!("data:image/{format};base64,{base64}")
}

#[cfg(test)]
mod tests;
