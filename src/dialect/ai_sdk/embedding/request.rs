//! The options of a call as a request.

use serde_json::Value;

use super::fields::FIELDS;
use crate::catalog::EmbeddingBody::{self, CohereV3, CohereV4, Nova, TitanImage, TitanV1, TitanV2};
use crate::conversation::embedding::{Input, Purpose, Request, Truncate};
use crate::conversation::{Loss, LossCode};
use crate::dialect::ai_sdk::provider_options;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// Most values of a call. Several calls of the service are made of it, a bounded number at once.
pub const MOST_VALUES: usize = 2048;

/// The numbers of Nova's vectors where nobody says, as `@ai-sdk/amazon-bedrock` asks for them; the model makes 3072 by itself.
const NOVA_DIMENSIONS: u32 = 1024;

const TITAN: &[EmbeddingBody] = &[TitanV1, TitanV2, TitanImage];
const COHERE: &[EmbeddingBody] = &[CohereV3, CohereV4];

/// Whose option each is; it is left out where another model is called.
const OWNERS: &[(&str, &[EmbeddingBody])] = &[
    ("dimensions", TITAN),
    ("embeddingDimension", &[Nova]),
    ("embeddingPurpose", &[Nova]),
    ("inputType", COHERE),
    ("normalize", TITAN),
    ("outputDimension", COHERE),
    ("truncate", &[CohereV3, CohereV4, Nova]),
];

/// Words for what is left out of a text that is too long.
const TRUNCATIONS: &[(&str, Truncate)] =
    &[("NONE", Truncate::None), ("START", Truncate::Start), ("END", Truncate::End)];

/// Reads a call of the model `id`, whose body is `body`. Members of the specification that are not known here are tolerated.
pub fn parse(call: Value, body: EmbeddingBody, id: &str, losses: &mut Vec<Loss>) -> Result<Request> {
    let mut call = match call {
        Value::Object(members) => Object::request(members),
        other => return Err(Error::wrong_type("options", "an object", &other)),
    };
    let inputs = values(&mut call)?;
    let of_call = call.whole("dimensions", "a whole number", 1)?;
    let mut options = provider_options::take(&mut call)?;
    let extra = provider_options::others(&mut options, FIELDS);
    for (name, _) in OWNERS.iter().filter(|(_, owners)| !owners.contains(&body)) {
        if options.take(name).is_some() {
            let message = format!("Left out: it is an option of other models than {id}.");
            losses.push(Loss::of(LossCode::UnsupportedField, *name, message));
        }
    }
    let mut dimensions = of_call;
    for name in ["dimensions", "embeddingDimension", "outputDimension"] {
        dimensions = options.whole(name, "a whole number", 1)?.or(dimensions);
    }
    let word = options.string("embeddingPurpose")?.or(options.string("inputType")?);
    let truncate = truncate(&mut options)?;
    Ok(Request {
        inputs,
        field: "values",
        is_single: false,
        dimensions: dimensions.or((body == Nova).then_some(NOVA_DIMENSIONS)),
        purpose: word.map(Purpose::Other).or(COHERE.contains(&body).then_some(Purpose::Query)),
        truncate: truncate.or((body == Nova).then_some(Truncate::End)),
        normalize: options.flag("normalize")?,
        extra,
    })
}

fn values(call: &mut Object<'_>) -> Result<Vec<Input>> {
    let wanted = "an array of strings";
    let values = call.array("values", wanted)?.ok_or_else(|| Error::missing("values", "give an array of strings"))?;
    if values.len() > MOST_VALUES {
        return Err(Error::invalid("values", format!("must have at most {MOST_VALUES} items, not {}.", values.len())));
    }
    let input = |(index, value)| match value {
        Value::String(text) if text.is_empty() => {
            Err(Error::invalid(format!("values[{index}]"), "must not be an empty string."))
        }
        Value::String(text) => Ok(Input { text: Some(text), image: None }),
        other => Err(Error::wrong_type(format!("values[{index}]"), "a string", &other)),
    };
    values.into_iter().enumerate().map(input).collect()
}

fn truncate(options: &mut Object<'_>) -> Result<Option<Truncate>> {
    let Some(word) = options.string("truncate")? else { return Ok(None) };
    let known = TRUNCATIONS.iter().find(|(name, _)| *name == word).map(|(_, truncate)| *truncate);
    known.map(Some).ok_or_else(|| Error::invalid(options.at("truncate"), "must be \"NONE\", \"START\" or \"END\"."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(body: EmbeddingBody, options: Value) -> Result<(Request, Vec<String>)> {
        let call = json!({"values": ["a"], "providerOptions": {"bedrock": options}, "somethingNew": true});
        let mut losses = Vec::new();
        let request = parse(call, body, "the model", &mut losses)?;
        Ok((request, losses.into_iter().filter_map(|loss| loss.param).collect()))
    }

    #[test]
    fn every_option_has_an_owner() {
        assert!(FIELDS.iter().map(|(name, ..)| name).eq(OWNERS.iter().map(|(name, _)| name)));
    }

    #[test]
    fn what_nobody_says_is_as_the_present_provider_has_it() {
        let (cohere, _) = parsed(CohereV3, json!({})).unwrap();
        assert_eq!((cohere.purpose, cohere.truncate, cohere.dimensions), (Some(Purpose::Query), None, None));
        let (nova, _) = parsed(Nova, json!({})).unwrap();
        assert_eq!((nova.purpose, nova.truncate, nova.dimensions), (None, Some(Truncate::End), Some(1024)));
        let (titan, _) = parsed(TitanV2, json!({})).unwrap();
        assert_eq!((titan.purpose, titan.truncate, titan.dimensions, titan.normalize), (None, None, None, None));
    }

    #[test]
    fn each_model_has_its_own_options_and_the_others_are_warnings() {
        let all = json!({
            "dimensions": 256, "normalize": false, "embeddingDimension": 384, "embeddingPurpose": "CLUSTERING",
            "inputType": "search_document", "truncate": "START", "outputDimension": 512, "another": {"x": 1},
        });
        let (titan, losses) = parsed(TitanV2, all.clone()).unwrap();
        assert_eq!((titan.dimensions, titan.normalize, titan.purpose), (Some(256), Some(false), None));
        assert_eq!(losses, ["embeddingDimension", "embeddingPurpose", "inputType", "outputDimension", "truncate"]);
        assert_eq!(Value::Object(titan.extra), json!({"another": {"x": 1}}));
        let (cohere, losses) = parsed(CohereV4, all.clone()).unwrap();
        assert_eq!((cohere.dimensions, cohere.purpose), (Some(512), Some(Purpose::Other("search_document".into()))));
        assert_eq!((cohere.truncate, losses.len()), (Some(Truncate::Start), 4));
        let (nova, losses) = parsed(Nova, all).unwrap();
        assert_eq!((nova.dimensions, nova.purpose), (Some(384), Some(Purpose::Other("CLUSTERING".into()))));
        assert_eq!(losses, ["dimensions", "inputType", "normalize", "outputDimension"]);
    }

    #[test]
    fn the_option_of_the_call_gives_way_to_the_providers() {
        let call =
            |options: Value| json!({"values": ["a"], "dimensions": 256, "providerOptions": {"bedrock": options}});
        let of = |options: Value| parse(call(options), CohereV4, "the model", &mut Vec::new()).unwrap().dimensions;
        assert_eq!((of(json!({})), of(json!({"outputDimension": 512}))), (Some(256), Some(512)));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |call: Value| parse(call, TitanV2, "the model", &mut Vec::new()).unwrap_err().message;
        assert_eq!(wrong(json!([])), "options: must be an object, not an array.");
        assert_eq!(wrong(json!({})), "values: is missing; give an array of strings.");
        assert_eq!(wrong(json!({"values": ["a", 7]})), "values[1]: must be a string, not this number.");
        assert_eq!(wrong(json!({"values": [""]})), "values[0]: must not be an empty string.");
        assert_eq!(wrong(json!({"values": vec!["a"; 2049]})), "values: must have at most 2048 items, not 2049.");
        let truncate = parsed(Nova, json!({"truncate": "MIDDLE"})).unwrap_err();
        assert_eq!(truncate.message, "providerOptions.bedrock.truncate: must be \"NONE\", \"START\" or \"END\".");
    }
}
