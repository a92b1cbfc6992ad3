//! Refuses a question that is longer than the model's context window.

use serde_json::Value;

use super::super::exception::Exception;
use super::super::models::{Family, Model};
use super::super::native::Body;
use super::super::wording;
use super::list;

/// The beta of Claude Sonnet 4 and 4.5 with a window of a million tokens.
const LONG_CONTEXT: &str = "context-1m";
const LONG_WINDOW: u64 = 1_000_000;

/// `tokens` are those of the question, as the simulator counts them.
pub(in crate::simulator) fn length(model: &Model, body: &Body, converse: bool, tokens: u64) -> Result<(), Exception> {
    let betas = match converse {
        true => &body.get("additionalModelRequestFields")["anthropic_beta"],
        false => body.get("anthropic_beta"),
    };
    let long = list(betas).iter().filter_map(Value::as_str).any(|beta| beta.starts_with(LONG_CONTEXT));
    let window = model.context_window().map(|window| if long { window.max(LONG_WINDOW) } else { window });
    let Some(window) = window.filter(|window| tokens > *window) else { return Ok(()) };
    if model.series.family != Family::Claude {
        return Err(wording::INPUT_TOO_LONG.refuse(&[]));
    }
    let text = wording::PROMPT_TOO_LONG.fill(&[&tokens, &window]);
    Err(if converse { wording::MODEL_RETURNED.refuse(&[&text]) } else { Exception::validation(text) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_question_fits_into_the_window() {
        let told = |id: &str, body: Value, converse: bool, tokens: u64| {
            let (model, body) = (Model::find(id).unwrap(), Body::parse(body.to_string().as_bytes()).unwrap());
            length(&model, &body, converse, tokens).map_or_else(|refusal| refusal.message, |()| "accepted".into())
        };
        let sonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
        let too_long = "prompt is too long: 200049 tokens > 200000 maximum";
        assert_eq!(told(sonnet, json!({}), false, 200_000), "accepted");
        assert_eq!(told(sonnet, json!({}), false, 200_049), too_long);
        assert_eq!(
            told(sonnet, json!({}), true, 200_049),
            format!("The model returned the following errors: {too_long}")
        );
        let beta = json!(["context-1m-2025-08-07"]);
        assert_eq!(told(sonnet, json!({"anthropic_beta": beta}), false, 900_000), "accepted");
        assert_eq!(
            told(sonnet, json!({"additionalModelRequestFields": {"anthropic_beta": beta}}), true, 900_000),
            "accepted"
        );
        assert_eq!(told("amazon.nova-micro-v1:0", json!({}), true, 128_001), "Input is too long for requested model.");
        assert_eq!(told("google.gemma-3-4b-it", json!({}), true, 5_000_000), "accepted");
    }
}
