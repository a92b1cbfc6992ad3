//! How chat requests are read and answers made: options of a client that are no field of OpenAI's API.

use serde_json::{Map, Value};

use crate::dialect::chat::render::ReasoningFormat;
use crate::error::{Error, Result};

/// Resolved options.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// `strictParams`: whether what could only be ignored with a warning is refused. Default: no.
    pub(in crate::client) strict_params: bool,
    /// `reasoningFormat`: where the model's reasoning stands. Default: in `reasoning_content`.
    pub(super) reasoning: ReasoningFormat,
    /// `bedrockMetadata`: whether answers have the member `bedrock`. Default: no.
    pub(super) bedrock: bool,
    /// `crossRegionInference`: whether a model is called through an inference profile where its id alone will not do; such
    /// a profile may answer in another region of its geography. Default: yes.
    pub(in crate::client) cross_region: bool,
    /// `promptCaching`: whether requests that do not speak of it have all kept that can be. Default: no.
    pub(super) prompt_caching: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Manner {
            strict_params: false,
            reasoning: ReasoningFormat::default(),
            bedrock: false,
            cross_region: true,
            prompt_caching: false,
        }
    }
}

/// The words of `reasoningFormat` and of the header `x-reasoning-format`.
const REASONING_FORMATS: &[(&str, ReasoningFormat)] = &[
    ("reasoning_content", ReasoningFormat::ReasoningContent),
    ("reasoning", ReasoningFormat::Reasoning),
    ("think", ReasoningFormat::Think),
    ("hidden", ReasoningFormat::Hidden),
];

impl Manner {
    /// This manner with what `given` sets of it; `root` is how errors call the object `given`.
    pub(in crate::client) fn resolve(self, given: &Map<String, Value>, root: &str) -> Result<Manner> {
        let flag = |name: &str, present: bool| match given.get(name) {
            None | Some(Value::Null) => Ok(present),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => Err(Error::wrong_type(format!("{root}.{name}"), "true or false", other)),
        };
        let reasoning = match given.get("reasoningFormat") {
            None | Some(Value::Null) => self.reasoning,
            Some(Value::String(word)) => reasoning_format(word, &format!("{root}.reasoningFormat"))?,
            Some(other) => return Err(Error::wrong_type(format!("{root}.reasoningFormat"), "a string", other)),
        };
        Ok(Manner {
            strict_params: flag("strictParams", self.strict_params)?,
            reasoning,
            bedrock: flag("bedrockMetadata", self.bedrock)?,
            cross_region: flag("crossRegionInference", self.cross_region)?,
            prompt_caching: flag("promptCaching", self.prompt_caching)?,
        })
    }
}

/// The format that `word` names.
pub(super) fn reasoning_format(word: &str, param: &str) -> Result<ReasoningFormat> {
    let known = REASONING_FORMATS.iter().find(|(known, _)| *known == word);
    known.map(|(_, format)| *format).ok_or_else(|| {
        let words: Vec<&str> = REASONING_FORMATS.iter().map(|(word, _)| *word).collect();
        Error::invalid(param, format!("must be one of {}.", words.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn resolved(given: Value) -> Result<Manner> {
        Manner::default().resolve(given.as_object().unwrap(), "options")
    }

    #[test]
    fn words_are_read_and_others_refused_with_their_path() {
        let manner = resolved(json!({"strictParams": true, "reasoningFormat": "think"})).unwrap();
        assert!(manner.strict_params && !manner.bedrock && manner.reasoning == ReasoningFormat::Think);
        let param = |given| resolved(given).unwrap_err().param;
        assert_eq!(param(json!({"reasoningFormat": "loud"})).as_deref(), Some("options.reasoningFormat"));
        assert_eq!(param(json!({"strictParams": 1})).as_deref(), Some("options.strictParams"));
    }
}
