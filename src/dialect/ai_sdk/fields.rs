//! Every option of a call of a language model, every option of the provider, and every part and mark of a prompt, and what
//! becomes of it: the one table.
//!
//! The options are those of `LanguageModelV4CallOptions` (`@ai-sdk/provider` 4.0.38); the provider's are those that
//! `@ai-sdk/amazon-bedrock` 5.0.101 reads, and Converse's own members.

use crate::dialect::fields::Fate::{Emulated, Mapped, Refused, Warned};
use crate::dialect::fields::Holds::{Any, Flag, List, Number, Object, Text};
use crate::dialect::fields::{Fate, Row, is_zero, never};

/// Where the options of the provider stand in the table. What is not there goes into the Converse body as it is.
const PROVIDERS: &str = "providerOptions.";

/// Sorted by name. Options of the provider stand under `amazonBedrock` and under `bedrock`; those of Anthropic's that are
/// marks of a part under `anthropic` too.
#[rustfmt::skip]
pub(super) const FIELDS: &[Row] = &[
    ("abortSignal", Any, Mapped, never,
        "cancels the call upstream; the promise or the stream fails with the signal's reason"),
    ("frequencyPenalty", Number, Warned, is_zero,
        "Converse has no such parameter"),
    ("headers", Object, Mapped, never,
        "headers of the HTTP request, beside those of the provider"),
    ("includeRawChunks", Flag, Mapped, never,
        "each event of the stream as a part of type `raw` as well"),
    ("maxOutputTokens", Number, Mapped, never,
        "`inferenceConfig.maxTokens`, at most what the model gives; a budget for thinking is added to it"),
    ("presencePenalty", Number, Warned, is_zero,
        "Converse has no such parameter"),
    ("prompt", List, Mapped, never,
        "`system` and `messages`, mended where Converse would refuse them"),
    ("prompt[].content[].custom", Object, Warned, never,
        "Bedrock has nothing like it"),
    ("prompt[].content[].file", Object, Mapped, never,
        "`image`, `document`, `video` or `audio`: bytes, http(s) URLs, `s3://` URIs, text; told by its media type, its name or its bytes. In an assistant message it is left out with a warning"),
    ("prompt[].content[].reasoning", Object, Mapped, never,
        "`reasoningContent`; without a signature Claude does not take it back, and there is a warning"),
    ("prompt[].content[].reasoning-file", Object, Warned, never,
        "Bedrock has nothing like it"),
    ("prompt[].content[].text", Object, Mapped, never,
        "`text`, or `guardContent`; blank text is left out"),
    ("prompt[].content[].tool-approval-response", Object, Mapped, never,
        "nothing: the result tells"),
    ("prompt[].content[].tool-call", Object, Mapped, never,
        "`toolUse`; input that is no object as `{\"rawInvalidInput\": …}` with a warning"),
    ("prompt[].content[].tool-result", Object, Mapped, never,
        "`toolResult`; `json` as JSON, text, images, documents and video as such, with `status: \"error\"` for `error-text`, `error-json` and `execution-denied`"),
    ("prompt[].providerOptions.cacheControl", Object, Mapped, never,
        "Anthropic's `{\"type\": \"ephemeral\", \"ttl\"}`: as `cachePoint`"),
    ("prompt[].providerOptions.cachePoint", Object, Mapped, never,
        "a cache point behind the message, part, tool or result: `{\"type\": \"default\", \"ttl\": \"5m\" or \"1h\"}`"),
    ("prompt[].providerOptions.citations", Any, Mapped, never,
        "of a document: the answer names the places it rests on"),
    ("prompt[].providerOptions.context", Text, Mapped, never,
        "of a document: what the model should know about it"),
    ("prompt[].providerOptions.guardContent", Flag, Mapped, never,
        "of a text or an image: the guardrail looks at what is so marked"),
    ("prompt[].providerOptions.guardContentQualifiers", List, Mapped, never,
        "of a text: `grounding_source`, `query`, `guard_content`"),
    ("prompt[].providerOptions.redactedContent", Text, Mapped, never,
        "of reasoning: what the model hid goes back to it"),
    ("prompt[].providerOptions.redactedData", Text, Mapped, never,
        "as `redactedContent`"),
    ("prompt[].providerOptions.signature", Text, Mapped, never,
        "of reasoning: goes back with it; Claude takes back nothing else"),
    ("prompt[].providerOptions.title", Text, Mapped, never,
        "of a document: its name"),
    ("providerOptions", Object, Mapped, never,
        "those under `amazonBedrock` and under `bedrock`, the first of which wins, key by key; a few of `anthropic`; others are other providers'"),
    ("providerOptions.additionalModelRequestFields", Object, Mapped, never,
        "Converse's member of this name, with what other options add to it"),
    ("providerOptions.additionalModelResponseFieldPaths", List, Mapped, never,
        "Converse's member of this name; else `/delta/stop_sequence` for Claude"),
    ("providerOptions.anthropicBeta", List, Mapped, never,
        "`additionalModelRequestFields.anthropic_beta`, with the flags that tools and reasoning need"),
    ("providerOptions.disableParallelToolUse", Flag, Mapped, never,
        "Anthropic's `tool_choice.disable_parallel_tool_use`; also under `anthropic`"),
    ("providerOptions.guardrailConfig", Object, Mapped, never,
        "Converse's member of this name"),
    ("providerOptions.inferenceConfig", Object, Mapped, never,
        "says what no option of the call says"),
    ("providerOptions.messages", Any, Refused, never,
        "it is made of `prompt`"),
    ("providerOptions.modelId", Any, Refused, never,
        "it is the model's own"),
    ("providerOptions.outputConfig", Object, Mapped, never,
        "Converse's member of this name, with the schema of `responseFormat` and an effort"),
    ("providerOptions.performanceConfig", Object, Mapped, never,
        "Converse's member of this name"),
    ("providerOptions.promptVariables", Object, Mapped, never,
        "Converse's member of this name"),
    ("providerOptions.reasoningConfig", Object, Mapped, never,
        "`type`, `budgetTokens`, `maxReasoningEffort` and `display`; wins over `reasoning`"),
    ("providerOptions.requestMetadata", Object, Mapped, never,
        "Converse's member of this name, in the characters that it takes"),
    ("providerOptions.serviceTier", Any, Mapped, never,
        "`serviceTier.type`: `default`, `flex`, `priority` or `reserved`"),
    ("providerOptions.structuredOutputMode", Text, Mapped, never,
        "`auto`: the best way that the model has; `outputFormat`: by the service, for Claude; `jsonTool`: by a tool; also under `anthropic`"),
    ("providerOptions.system", Any, Refused, never,
        "it is made of `prompt`"),
    ("providerOptions.toolConfig", Any, Refused, never,
        "it is made of `tools` and `toolChoice`"),
    ("reasoning", Text, Mapped, never,
        "what the model has: a budget, adaptive thinking with an effort, or a word; the nearest level where it lacks one"),
    ("responseFormat", Object, Mapped, never,
        "`json` with a schema: `outputConfig.textFormat` where the model has it, else a tool whose input is the answer, else words; without a schema: words"),
    ("seed", Number, Warned, never,
        "Converse has no such parameter"),
    ("stopSequences", List, Mapped, never,
        "`inferenceConfig.stopSequences`; what the model cannot take the answer is cut at here"),
    ("temperature", Number, Mapped, never,
        "`inferenceConfig.temperature`, moved into 0 to 1; left out where the model refuses it"),
    ("toolChoice", Any, Mapped, never,
        "`toolConfig.toolChoice`, or Anthropic's `tool_choice`; told in the instructions where the model has no such choice"),
    ("tools", List, Mapped, never,
        "functions as `toolConfig.tools`, tools of Anthropic as `additionalModelRequestFields.tools` for Claude"),
    ("tools[].description", Text, Mapped, never,
        "`toolSpec.description`"),
    ("tools[].inputExamples", List, Emulated, never,
        "told in the description, with a warning"),
    ("tools[].inputSchema", Object, Mapped, never,
        "`toolSpec.inputSchema.json`, in the form that the model takes"),
    ("tools[].name", Text, Mapped, never,
        "`toolSpec.name`, in the characters that Bedrock takes; calls come back under the program's name"),
    ("tools[].strict", Flag, Mapped, never,
        "`toolSpec.strict`; left out with a warning where the model has no such thing"),
    ("topK", Number, Mapped, never,
        "where the model takes it: `additionalModelRequestFields.top_k`, or `inferenceConfig.topK` for Nova"),
    ("topP", Number, Mapped, never,
        "`inferenceConfig.topP`; left out where the model refuses it"),
];

/// Why an option of the provider cannot be given.
pub(super) fn refusal(name: &str) -> Option<&'static str> {
    let refused = |row: &&Row| row.0.strip_prefix(PROVIDERS) == Some(name) && row.2 == Fate::Refused;
    FIELDS.iter().find(refused).map(|row| row.4)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::super::request::parse;
    use super::*;
    use crate::conversation::Loss;
    use crate::dialect::fields::{Holds, check_table};
    use crate::error::Result;

    /// What is seen to before a call is read.
    const ELSEWHERE: &[&str] = &["abortSignal", "headers", "includeRawChunks"];
    const MARKS: &str = "prompt[].providerOptions.";
    const PARTS: &str = "prompt[].content[].";
    const TOOLS: &str = "tools[].";

    fn rows(prefix: &'static str) -> impl Iterator<Item = (&'static str, Holds, Fate)> {
        FIELDS.iter().filter_map(move |row| Some((row.0.strip_prefix(prefix)?, row.1, row.2)))
    }

    /// The options of a call itself.
    fn options() -> impl Iterator<Item = (&'static str, Holds, Fate)> {
        rows("").filter(|(name, ..)| !name.contains('.'))
    }

    fn call(members: &Value) -> Result<Vec<Loss>> {
        let mut call = json!({"prompt": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]});
        call.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let mut losses = Vec::new();
        parse(call, &mut losses).map(|_| losses)
    }

    fn one(name: &str, value: Value) -> Value {
        Value::Object(Map::from_iter([(name.to_owned(), value)]))
    }

    /// What the field does not hold.
    fn wrong(holds: Holds) -> Value {
        if holds == Flag { json!("true") } else { json!(true) }
    }

    #[test]
    fn the_table_is_in_order_and_has_every_option() {
        check_table(FIELDS);
        let call_options = "abortSignal frequencyPenalty headers includeRawChunks maxOutputTokens presencePenalty prompt \
                            providerOptions reasoning responseFormat seed stopSequences temperature toolChoice tools topK \
                            topP";
        assert_eq!(options().map(|row| row.0).collect::<Vec<_>>().join(" "), call_options);
    }

    /// What nobody reads would not be noticed.
    #[test]
    fn each_option_that_is_carried_out_is_read() {
        for (name, ..) in options().filter(|row| row.2 == Mapped && !ELSEWHERE.contains(&row.0)) {
            let error = call(&one(name, json!(true))).expect_err(name);
            assert_eq!(error.param.as_deref(), Some(name));
        }
    }

    #[test]
    fn each_option_of_the_provider_is_read_or_refused_under_both_names() {
        for (name, holds, _) in rows(PROVIDERS) {
            for namespace in ["amazonBedrock", "bedrock"] {
                let options = one(namespace, one(name, wrong(holds)));
                let error = call(&json!({ "providerOptions": options })).expect_err(name);
                assert_eq!(error.param, Some(format!("providerOptions.{namespace}.{name}")));
            }
        }
    }

    #[test]
    fn each_mark_of_a_part_is_read() {
        for (name, holds, _) in rows(MARKS).filter(|row| row.0 != "citations") {
            let options = json!({"amazonBedrock": one(name, wrong(holds))});
            let part = json!({"type": "text", "text": "Hi", "providerOptions": options});
            let error = call(&json!({"prompt": [{"role": "user", "content": [part]}]})).expect_err(name);
            assert_eq!(error.param, Some(format!("prompt[0].content[0].providerOptions.amazonBedrock.{name}")));
        }
    }

    #[test]
    fn each_part_is_known_and_what_has_no_place_is_told() {
        for (kind, _, fate) in rows(PARTS) {
            let part = json!({
                "type": kind, "text": "x", "data": "AAAA", "mediaType": "image/png", "toolCallId": "1", "toolName": "t",
                "input": {}, "output": {"type": "text", "value": "x"},
            });
            let role = match kind {
                "file" => "user",
                "tool-approval-response" => "tool",
                _ => "assistant",
            };
            let losses = call(&json!({"prompt": [{"role": role, "content": [part]}]})).unwrap();
            assert_eq!(losses.is_empty(), fate == Mapped, "{kind}: {losses:?}");
        }
    }

    #[test]
    fn each_member_of_a_function_is_read() {
        for (name, holds, _) in rows(TOOLS).filter(|row| row.0 != "inputSchema") {
            let mut tool = json!({"type": "function", "name": "t", "inputSchema": {"type": "object"}});
            tool[name] = wrong(holds);
            let error = call(&json!({ "tools": [tool] })).expect_err(name);
            assert_eq!(error.param, Some(format!("tools[0].{name}")));
        }
    }

    #[test]
    fn what_is_absent_is_silent() {
        for (name, ..) in options().filter(|row| row.0 != "prompt") {
            assert!(call(&one(name, Value::Null)).unwrap().is_empty(), "{name}");
        }
        for (name, ..) in rows(PROVIDERS) {
            let given = json!({"providerOptions": {"amazonBedrock": one(name, Value::Null)}});
            assert!(call(&given).unwrap().is_empty(), "{name}");
        }
    }
}
