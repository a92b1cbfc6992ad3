//! What the JSON schemas and servers of the models refuse in native bodies, Claude's own rules aside.

use super::{Request, Rule, list, messages};
use crate::simulator::exception::Exception;
use crate::simulator::models::Family;
use crate::simulator::wording;

pub(super) const RULES: &[Rule] = &[guardrail, foreign_image_part, bounds, stop_sequences_count];

fn guardrail(request: &Request) -> Option<Exception> {
    let given = |name: &str| request.headers.get(name).is_some_and(|value| !value.is_empty());
    let (id, version) = (given("x-amzn-bedrock-guardrailidentifier"), given("x-amzn-bedrock-guardrailversion"));
    (id != version).then(|| wording::GUARDRAIL_PAIR.refuse(&[]))
}

/// Anthropic's image part in a body of another family.
fn foreign_image_part(request: &Request) -> Option<Exception> {
    let foreign = !matches!(request.model.series.family, Family::Claude | Family::Nova | Family::ByBody)
        && messages(request).iter().flat_map(|message| list(&message["content"])).any(|block| block["type"] == "image");
    foreign.then(|| wording::FOREIGN_IMAGE.refuse(&[]))
}

/// Families → member → its least and greatest value.
const BOUNDS: &[(Family, &str, f64, f64)] = &[
    (Family::Titan, "/textGenerationConfig/temperature", 0.0, 1.0),
    (Family::Titan, "/textGenerationConfig/topP", 0.0, 1.0),
    (Family::Llama, "/temperature", 0.0, 1.0),
    (Family::Llama, "/top_p", 0.0, 1.0),
    (Family::Nova, "/inferenceConfig/temperature", 0.0, 1.0),
    (Family::Nova, "/inferenceConfig/topP", 0.0, 1.0),
    (Family::MistralPrompt, "/temperature", 0.0, 1.0),
    (Family::MistralPrompt, "/top_p", 0.0, 1.0),
    (Family::DeepSeekR1, "/temperature", 0.0, 1.0),
    (Family::DeepSeekR1, "/top_p", 0.0, 1.0),
    (Family::Jamba, "/temperature", 0.0, 2.0),
];

/// Families whose JSON schema bounds the output tokens → the member.
const TOKEN_LIMITS: &[(Family, &str)] = &[
    (Family::Titan, "/textGenerationConfig/maxTokenCount"),
    (Family::Llama, "/max_gen_len"),
    (Family::Nova, "/inferenceConfig/max_new_tokens"),
    (Family::Nova, "/inferenceConfig/maxTokens"),
    (Family::MistralPrompt, "/max_tokens"),
    (Family::DeepSeekR1, "/max_tokens"),
    (Family::CommandR, "/max_tokens"),
    (Family::Command, "/max_tokens"),
    (Family::Jamba, "/max_tokens"),
];

fn bounds(request: &Request) -> Option<Exception> {
    let family = request.model.series.family;
    let ranges = BOUNDS.iter().filter(|row| row.0 == family).map(|row| (row.1, row.2, row.3));
    let most = request.model.series.max_output.map_or(f64::MAX, |most| most as f64);
    let limits = TOKEN_LIMITS.iter().filter(|row| row.0 == family).map(|row| (row.1, 1.0, most));
    ranges.chain(limits).find_map(|(pointer, least, most)| {
        let value = request.body.at(pointer);
        let item = match value.as_f64()? {
            number if number < least => wording::BOUND.fill(&[&pointer, value, &"greater", &least]),
            number if number > most => wording::BOUND.fill(&[&pointer, value, &"less", &most]),
            _ => return None,
        };
        Some(wording::MALFORMED.refuse(&[&item]))
    })
}

/// Most stop sequences: family → the member in the native body → limit. Converse passes them on.
const STOP_LIMITS: &[(Family, &str, usize)] = &[
    (Family::Nova, "/inferenceConfig/stopSequences", 4),
    (Family::MistralPrompt, "/stop", 10),
    (Family::DeepSeekR1, "/stop", 10),
    (Family::Claude, "/stop_sequences", 8191),
];

pub(super) fn stop_sequences_count(request: &Request) -> Option<Exception> {
    let (_, pointer, most) = STOP_LIMITS.iter().find(|row| row.0 == request.model.series.family)?;
    let given = request.body.at(if request.converse { "/inferenceConfig/stopSequences" } else { pointer });
    let found = given.as_array()?.len();
    let item = || wording::ITEM_COUNT.fill(&[pointer, most, &found]);
    (found > *most).then(|| wording::MALFORMED.refuse(&[&item()]))
}
