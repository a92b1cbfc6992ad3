//! A second reader of the wire, written from the recordings alone and in the plainest way, to hold our decoders against.

use bedrock_wrapper::conversation::Usage;
use serde_json::Value;

use super::told::{Told, ToolCall, input};

/// Words for the end of an answer, as the wire spells them and as Converse does.
const STOPS: &[(&str, &str)] = &[
    ("COMPLETE", "end_turn"),
    ("CONTENT_FILTERED", "content_filtered"),
    ("FINISH", "end_turn"),
    ("LENGTH", "max_tokens"),
    ("MAX_TOKENS", "max_tokens"),
    ("content_filtered", "content_filtered"),
    ("end_turn", "end_turn"),
    ("endoftext", "end_turn"),
    ("guardrail_intervened", "guardrail_intervened"),
    ("length", "max_tokens"),
    ("max_tokens", "max_tokens"),
    ("stop", "end_turn"),
    ("stop_sequence", "stop_sequence"),
    ("tool_calls", "tool_use"),
    ("tool_use", "tool_use"),
];

/// Reads every shape; a member that is not there adds nothing.
#[derive(Default)]
pub(super) struct Reader {
    told: Told,
    inputs: Vec<(u64, String)>,
    usage: Option<Usage>,
    service_usage: Option<Usage>,
}

impl Reader {
    /// For models that write their reasoning into the text: what stands between the tags is no text.
    pub(super) fn split_reasoning(&mut self) {
        while let Some((before, rest)) = self.told.text.split_once("<reasoning>") {
            let (reasoning, after) = rest.split_once("</reasoning>").unwrap_or((rest, ""));
            self.told.reasoning += reasoning;
            self.told.text = format!("{before}{after}");
        }
    }

    /// What all that was read tells.
    pub(super) fn told(mut self) -> Told {
        for (call, (_, json)) in self.told.tools.iter_mut().zip(&self.inputs) {
            call.input = input(json);
        }
        if let Some(usage) = self.usage.or(self.service_usage) {
            // Counts come in parts; the sum is as the service defines it where it does not say it.
            let cached = usage.cache_read_input_tokens.unwrap_or(0) + usage.cache_write_input_tokens.unwrap_or(0);
            let sum = usage.input_tokens.zip(usage.output_tokens).map(|(input, output)| input + output + cached);
            self.told.usage = Some(Usage { total_tokens: usage.total_tokens.or(sum), ..usage });
        }
        self.told
    }

    /// A whole Converse body, or Nova's native one.
    pub(super) fn converse_body(&mut self, body: &Value) {
        for (index, block) in (0..).zip(items(&body["output"]["message"]["content"])) {
            self.add_text(&block["text"]);
            items(&block["citationsContent"]["content"]).iter().for_each(|part| self.add_text(&part["text"]));
            let reasoning = &block["reasoningContent"];
            self.add_reasoning(&reasoning["reasoningText"]["text"]);
            self.told.signatures += text(&reasoning["reasoningText"]["signature"]);
            self.told.redacted += text(&reasoning["redactedContent"]);
            if let Some(call) = block.get("toolUse") {
                self.call(index, &call["toolUseId"], &call["name"], &call["input"].to_string());
            }
        }
        self.stop(&body["stopReason"], &body["additionalModelResponseFields"]["stop_sequence"]);
        self.converse_usage(&body["usage"]);
    }

    /// One event of ConverseStream, or one member of a chunk of Nova.
    pub(super) fn converse_event(&mut self, name: &str, event: &Value) {
        let index = event["contentBlockIndex"].as_u64().unwrap_or(0);
        match name {
            "contentBlockStart" if event["start"].get("toolUse").is_some() => {
                let call = &event["start"]["toolUse"];
                self.call(index, &call["toolUseId"], &call["name"], "");
            }
            "contentBlockDelta" => {
                let delta = &event["delta"];
                self.add_text(&delta["text"]);
                self.add_reasoning(&delta["reasoningContent"]["text"]);
                self.told.signatures += text(&delta["reasoningContent"]["signature"]);
                self.told.redacted += text(&delta["reasoningContent"]["redactedContent"]);
                self.more_input(index, text(&delta["toolUse"]["input"]));
            }
            "messageStop" => self.stop(&event["stopReason"], &event["additionalModelResponseFields"]["stop_sequence"]),
            "metadata" => self.converse_usage(&event["usage"]),
            _ => {}
        }
    }

    /// A native body, or one chunk of a native stream.
    pub(super) fn native(&mut self, body: &Value) {
        if let Some((name, event)) = body.as_object().and_then(|members| members.iter().next())
            && is_converse_event(name)
        {
            self.converse_event(name, event);
        }
        if body.get("output").is_some() {
            self.converse_body(body);
        }
        self.claude(body);
        self.prompt_styles(body);
        items(&body["choices"]).iter().for_each(|choice| self.choice(choice));
        if body["usage"].get("prompt_tokens").is_some() {
            self.count(&body["usage"], ["prompt_tokens", "completion_tokens", "total_tokens", "", ""]);
            let cached = body["usage"]["prompt_tokens_details"]["cached_tokens"].as_u64();
            self.usage.get_or_insert_default().cache_read_input_tokens = cached;
        }
        if self.told.stop.is_none() && body["amazon-bedrock-guardrailAction"] == "INTERVENED" {
            self.told.stop = Some("guardrail_intervened".to_owned());
        }
        let names =
            ["inputTokenCount", "outputTokenCount", "", "cacheReadInputTokenCount", "cacheWriteInputTokenCount"];
        if let Some(metrics) = body.get("amazon-bedrock-invocationMetrics") {
            self.service_usage = Some(counted(Usage::default(), metrics, names));
        }
    }

    fn claude(&mut self, body: &Value) {
        let index = body["index"].as_u64().unwrap_or(0);
        self.add_text(&body["completion"]);
        for (index, block) in (0..).zip(items(&body["content"])) {
            self.claude_block(index, block, &block["input"].to_string());
        }
        match text(&body["type"]) {
            "content_block_start" => self.claude_block(index, &body["content_block"], ""),
            "content_block_delta" => {
                let delta = &body["delta"];
                self.add_text(&delta["text"]);
                self.add_reasoning(&delta["thinking"]);
                self.told.signatures += text(&delta["signature"]);
                self.more_input(index, text(&delta["partial_json"]));
            }
            "message_delta" => self.stop(&body["delta"]["stop_reason"], &body["delta"]["stop_sequence"]),
            "message" => self.stop(&body["stop_reason"], &body["stop_sequence"]),
            "completion" => self.stop(&body["stop_reason"], &body["stop"]),
            _ if body.get("completion").is_some() => self.stop(&body["stop_reason"], &body["stop"]),
            _ => {}
        }
        let names = ["input_tokens", "output_tokens", "", "cache_read_input_tokens", "cache_creation_input_tokens"];
        for usage in [&body["message"]["usage"], &body["usage"]] {
            if usage.get("output_tokens").is_some() {
                self.count(usage, names);
            }
        }
    }

    fn claude_block(&mut self, index: u64, block: &Value, input: &str) {
        self.add_text(&block["text"]);
        self.add_reasoning(&block["thinking"]);
        self.told.signatures += text(&block["signature"]);
        if block["type"] == "redacted_thinking" {
            self.told.redacted += text(&block["data"]);
        }
        if block["type"] == "tool_use" {
            self.call(index, &block["id"], &block["name"], input);
        }
    }

    /// Llama, Titan, Cohere, Jurassic.
    fn prompt_styles(&mut self, body: &Value) {
        self.add_text(&body["generation"]);
        if body.get("generation").is_some() {
            self.stop(&body["stop_reason"], &Value::Null);
            self.count(body, ["prompt_token_count", "generation_token_count", "", "", ""]);
        }
        for result in items(&body["results"]) {
            self.add_text(&result["outputText"]);
            self.stop(&result["completionReason"], &Value::Null);
            self.count(result, ["", "tokenCount", "", "", ""]);
        }
        self.add_text(&body["outputText"]);
        self.stop(&body["completionReason"], &Value::Null);
        self.count(body, ["inputTextTokenCount", "totalOutputTextTokenCount", "", "", ""]);
        if body.get("chat_history").is_some() || body.get("is_finished").is_some() {
            self.add_text(&body["text"]);
            self.stop(&body["finish_reason"], &Value::Null);
        }
        for generation in items(&body["generations"]) {
            self.add_text(&generation["text"]);
            self.stop(&generation["finish_reason"], &Value::Null);
        }
        for completion in items(&body["completions"]) {
            self.add_text(&completion["data"]["text"]);
            self.stop(&completion["finishReason"]["reason"], &Value::Null);
        }
    }

    fn choice(&mut self, choice: &Value) {
        self.add_text(&choice["text"]);
        for message in [&choice["message"], &choice["delta"]] {
            self.add_text(&message["content"]);
            self.add_reasoning(&message["reasoning"]);
            for (position, call) in (0..).zip(items(&message["tool_calls"])) {
                let index = call["index"].as_u64().unwrap_or(position);
                let arguments = text(&call["function"]["arguments"]);
                match call["function"].get("name") {
                    Some(name) if !name.is_null() => self.call(index, &call["id"], name, arguments),
                    _ => self.more_input(index, arguments),
                }
            }
        }
        self.stop(&choice["finish_reason"], &Value::Null);
    }

    fn add_text(&mut self, piece: &Value) {
        self.told.text += text(piece);
    }

    fn add_reasoning(&mut self, piece: &Value) {
        self.told.reasoning += text(piece);
    }

    fn call(&mut self, index: u64, id: &Value, name: &Value, input: &str) {
        let (id, name) = (text(id).to_owned(), text(name).to_owned());
        self.told.tools.push(ToolCall { id, name, input: Value::Null });
        self.inputs.push((index, input.to_owned()));
    }

    fn more_input(&mut self, index: u64, piece: &str) {
        if let Some((_, input)) = self.inputs.iter_mut().rev().find(|(block, _)| *block == index) {
            input.push_str(piece);
        }
    }

    fn stop(&mut self, word: &Value, sequence: &Value) {
        let Some(word) = word.as_str() else { return };
        let known = STOPS.iter().find(|(wire, _)| *wire == word);
        let (_, converse) = known.unwrap_or_else(|| panic!("{word:?} must be in STOPS"));
        self.told.stop = Some((*converse).to_owned());
        self.told.stopped_at = sequence.as_str().filter(|_| *converse == "stop_sequence").map(str::to_owned);
    }

    fn converse_usage(&mut self, usage: &Value) {
        let names = ["inputTokens", "outputTokens", "totalTokens", "cacheReadInputTokens", "cacheWriteInputTokens"];
        let older = ["", "", "", "cacheReadInputTokenCount", "cacheWriteInputTokenCount"];
        if usage.is_object() {
            self.count(usage, older);
            self.count(usage, names);
        }
    }

    fn count(&mut self, body: &Value, names: [&str; 5]) {
        if names.iter().any(|name| body[*name].is_number()) {
            self.usage = Some(counted(self.usage.unwrap_or_default(), body, names));
        }
    }
}

/// `before`, replaced by what `body` counts: input, output, total, read from and written to the cache.
fn counted(before: Usage, body: &Value, names: [&str; 5]) -> Usage {
    let [input, output, total, read, write] = names.map(|name| whole(&body[name]));
    Usage {
        input_tokens: input.or(before.input_tokens),
        output_tokens: output.or(before.output_tokens),
        total_tokens: total.or(before.total_tokens),
        cache_read_input_tokens: read.or(before.cache_read_input_tokens),
        cache_write_input_tokens: write.or(before.cache_write_input_tokens),
    }
}

/// A count; guardrails write `3.0`.
fn whole(count: &Value) -> Option<u64> {
    count.as_f64().map(|count| count as u64)
}

fn is_converse_event(name: &str) -> bool {
    name.starts_with("contentBlock") || name.starts_with("message") && name != "message" || name == "metadata"
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
