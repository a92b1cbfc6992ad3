//! Every text with which the simulator refuses a request, in one table: what it says, whether that wording of the
//! service is confirmed, and by what.
//!
//! A wording is confirmed when a recording of the service or a report that quotes its answer shows it; the others are
//! in the words of AWS's documentation or of its other services. `docs/simulator-validation.md` lists them, checked by
//! a test.

use super::exception::Exception;

/// A text with `{}` where a value goes.
pub(super) struct Wording {
    text: &'static str,
    #[cfg(test)]
    confirmed: bool,
    #[cfg(test)]
    source: &'static str,
}

impl Wording {
    /// The text with its values filled in, in their order.
    pub(super) fn fill(&self, values: &[&dyn std::fmt::Display]) -> String {
        debug_assert_eq!(self.text.matches("{}").count(), values.len(), "{}", self.text);
        let mut pieces = self.text.split("{}");
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        for (value, piece) in values.iter().zip(pieces) {
            filled.push_str(&value.to_string());
            filled.push_str(piece);
        }
        filled
    }

    /// A text without values.
    pub(super) fn text(&self) -> String {
        self.fill(&[])
    }

    /// The text as a `ValidationException`.
    pub(super) fn refuse(&self, values: &[&dyn std::fmt::Display]) -> Exception {
        Exception::validation(self.fill(values))
    }
}

/// `NAME: confirmed by "source" "text";` or `NAME: unconfirmed "source" "text";`
macro_rules! wordings {
    ($($name:ident: $state:ident $source:literal $text:literal;)*) => {
        $(pub(super) const $name: Wording = Wording {
            text: $text,
            #[cfg(test)]
            confirmed: wordings!(@$state),
            #[cfg(test)]
            source: $source,
        };)*
        #[cfg(test)]
        const ALL: &[(&str, Wording)] = &[$((stringify!($name), $name)),*];
    };
    (@confirmed) => { true };
    (@unconfirmed) => { false };
}

wordings! {
    // Stage one: shapes.
    ONE_VIOLATION: confirmed "recorded with Converse" "1 validation error detected: {}";
    VIOLATIONS: confirmed "quoted in reports on Converse" "{} validation errors detected: {}";
    NULL_MEMBER: confirmed "recorded with Converse" "Value null at '{}' failed to satisfy constraint: Member must not be null";
    VALUE: confirmed "recorded with Converse" "Value '{}' at '{}' failed to satisfy constraint: {}";
    HIDDEN_VALUE: confirmed "NousResearch/hermes-agent#55429" "Value at '{}' failed to satisfy constraint: {}";
    VALUE_AT_MOST: confirmed "recorded with Converse" "Member must have value less than or equal to {}";
    VALUE_AT_LEAST: confirmed "quoted in reports on Converse" "Member must have value greater than or equal to {}";
    LENGTH_AT_MOST: confirmed "continuedev/continue#2296" "Member must have length less than or equal to {}";
    LENGTH_AT_LEAST: confirmed "quoted in reports on Converse" "Member must have length greater than or equal to {}";
    PATTERN: confirmed "quoted in reports on Converse" "Member must satisfy regular expression pattern: {}";
    ENUM: confirmed "continuedev/continue#1938" "Member must satisfy enum value set: [{}]";
    NOT_NULL: confirmed "recorded with Converse" "Member must not be null";
    LIST_MEMBERS: unconfirmed "AWS Lambda's answer for cors.allowMethods" "Member must satisfy constraint: [{}]";
    MAP_KEYS: unconfirmed "the form of MAP_VALUES" "Map keys must satisfy constraint: [{}]";
    MAP_VALUES: unconfirmed "AWS Lambda's answer for routingConfig.additionalVersionWeights" "Map value must satisfy constraint: [{}]";
    UNION: unconfirmed "the form of the others" "Member must have exactly one member set";
    CONVERT: unconfirmed "Amazon SES's answers" "{} can not be converted to {}";
    START_OF_STRUCTURE: unconfirmed "Amazon SES's answers" "Start of structure or map found where not expected.";
    START_OF_LIST: unconfirmed "Amazon SES's answers" "Start of list found where not expected";
    EXPECTED_LIST: unconfirmed "Amazon SES's answers" "Expected list or null";
    EXPECTED_MAP: unconfirmed "the form of EXPECTED_LIST" "Expected map or null";
    EXPECTED_STRUCTURE: unconfirmed "Amazon DynamoDB's answers" "Unexpected value type in payload";
    BASE64: unconfirmed "none known" "Invalid Base64 encoding";
    TIMESTAMP: unconfirmed "none known" "Invalid timestamp";
    // Operations and models.
    NOT_A_CHAT_MODEL: confirmed "BerriAI/litellm#7007" "This action doesn't support the model that you provided. Try again with a supported text or chat model.";
    NOT_STREAMED: confirmed "quoted in reports on InvokeModelWithResponseStream" "The model is unsupported for streaming.";
    NOT_SYNCHRONOUS: unconfirmed "the form of NO_TOKEN_COUNT" "The provided model doesn't support synchronous invocation.";
    TOO_MANY_TOKENS: confirmed "quoted in reports on Titan Text Embeddings" "400 Bad Request: Too many input tokens. Max input tokens: {}, request input token count: {} ";
    ONE_INPUT: unconfirmed "none known" "Malformed input request: #/singleEmbeddingParams: expected exactly one of text, image, audio, video, found: {}, please reformat your input and try again.";
    NO_PICTURE: unconfirmed "none known" "Malformed input request: #{}: not a valid image, please reformat your input and try again.";
    PICTURE_SIZE: unconfirmed "none known" "The requested image size {}x{} is not supported by this model.";
    // Management.
    NEXT_TOKEN: unconfirmed "none known" "The provided nextToken is not valid.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wording_has_a_source_and_is_said_once() {
        let mut texts: Vec<_> = ALL.iter().map(|(_, wording)| wording.text).collect();
        texts.sort_unstable();
        let count = texts.len();
        texts.dedup();
        assert_eq!(texts.len(), count, "two wordings are the same");
        assert!(ALL.iter().all(|(_, wording)| !wording.source.is_empty()));
        assert!(ALL.iter().any(|(_, wording)| wording.confirmed) && ALL.iter().any(|(_, wording)| !wording.confirmed));
    }

    #[test]
    fn values_are_filled_in_in_their_order() {
        assert_eq!(VALUE.fill(&[&1, &"a{}", &"c"]), "Value '1' at 'a{}' failed to satisfy constraint: c");
    }
}
