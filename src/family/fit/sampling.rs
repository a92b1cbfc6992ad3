//! Temperature, top_p and top_k.
//!
//! Facts: the models' parameter pages; Claude 4.1 and later take temperature or top_p, Claude 4.7 and later neither.

use serde_json::{Map, Value};

use crate::catalog::{Family, Model, Sampling};
use crate::conversation::{Loss, LossCode, Parameters, Request};

/// Leaves out what `model` refuses.
pub(super) fn fit(parameters: &mut Parameters, model: &Model, losses: &mut Vec<Loss>) {
    match model.sampling {
        Sampling::Both => {}
        Sampling::Either if parameters.temperature.is_some() => {
            let message = format!("{} takes temperature or top_p, not both; top_p was left out.", model.id);
            drop(&mut parameters.top_p, "top_p", &message, losses);
        }
        Sampling::Either => {}
        Sampling::Temperature => {
            drop(&mut parameters.top_p, "top_p", &format!("{} takes no top_p; it was left out.", model.id), losses);
        }
        Sampling::Neither => {
            let message = format!("{} takes neither temperature nor top_p; it was left out.", model.id);
            drop(&mut parameters.temperature, "temperature", &message, losses);
            drop(&mut parameters.top_p, "top_p", &message, losses);
        }
    }
}

/// OpenAI lets the temperature go to 2, Converse to 1.
pub(super) fn clamp(parameters: &mut Parameters, losses: &mut Vec<Loss>) {
    if let Some(asked) = parameters.temperature.filter(|&asked| asked > 1.0) {
        let message = format!("Bedrock's models take a temperature up to 1; 1 was sent instead of {asked}.");
        losses.push(Loss::of(LossCode::ValueAdjusted, "temperature", message));
        parameters.temperature = Some(1.0);
    }
}

/// `top_k` has no member of its own in Converse: Claude and Mistral's older models take it among the additional fields,
/// Nova within its `inferenceConfig`.
pub(super) fn top_k(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    let asked = request.parameters.top_k.take();
    let fields = &mut request.extras.additional_fields;
    if model.sampling == Sampling::Neither {
        if fields.remove("top_k").is_some() || asked.is_some() {
            no_top_k(model, losses);
        }
        return;
    }
    if model.is_nova() {
        let Some(top_k) = fields.remove("top_k").or(asked.map(Value::from)) else { return };
        let config = fields.entry("inferenceConfig").or_insert_with(|| Value::Object(Map::new()));
        if let Some(config) = config.as_object_mut() {
            config.entry("topK").or_insert(top_k);
        }
        return;
    }
    let Some(asked) = asked else { return };
    if matches!(model.family, Some(Family::Claude | Family::MistralPrompt)) || model.derived {
        fields.entry("top_k").or_insert(Value::from(asked));
    } else {
        no_top_k(model, losses);
    }
}

fn no_top_k(model: &Model, losses: &mut Vec<Loss>) {
    let message = format!("{} takes no top_k; it was left out.", model.id);
    losses.push(Loss::of(LossCode::UnsupportedField, "top_k", message));
}

/// What thinking Claude does not take.
pub(super) fn drop_for_thinking(request: &mut Request, losses: &mut Vec<Loss>) {
    const WHY: &str = "Not to be had with thinking; it was left out.";
    drop(&mut request.parameters.temperature, "temperature", WHY, losses);
    drop(&mut request.parameters.top_p, "top_p", WHY, losses);
    let asked = request.parameters.top_k.take().is_some();
    if request.extras.additional_fields.remove("top_k").is_some() || asked {
        losses.push(Loss::of(LossCode::UnsupportedField, "top_k", WHY));
    }
}

pub(super) fn drop(field: &mut Option<f64>, param: &str, message: &str, losses: &mut Vec<Loss>) {
    if field.take().is_some() {
        losses.push(Loss::of(LossCode::UnsupportedField, param, message));
    }
}
