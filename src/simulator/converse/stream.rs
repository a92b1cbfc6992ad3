//! An answer as the events of ConverseStream: compact JSON with alphabetical keys, the padding among them (recordings).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::fields::{Echo, write_usage};
use super::manner::{Counts, Inputs, Manner, Types};
use crate::simulator::answer::{Call, Event, Kind, Stop, Usage};
use crate::simulator::events::Padding;
use crate::simulator::frames::Frame;
use crate::simulator::json::Json;
use crate::simulator::models::Model;
use crate::simulator::native::{Body, signature};

/// Turns the steps of an answer into frames.
pub(in crate::simulator) struct Stream {
    manner: Manner,
    echo: Echo,
    trace: Option<Value>,
    index: u64,
    /// The open block has had a start or a delta.
    open: bool,
    /// What has been thought in the open block, where it is to be signed.
    thoughts: Option<String>,
    /// The input of the open call so far, where it is told in one piece.
    input: String,
}

/// Where frames go, and the padding they get.
pub(in crate::simulator) struct Sink<'a> {
    /// With their event types.
    pub(in crate::simulator) frames: &'a mut Vec<(&'static str, Frame)>,
    pub(in crate::simulator) padding: &'a mut Padding,
}

impl Sink<'_> {
    fn pad(&mut self, json: &mut Json) {
        self.padding.write(json);
    }

    /// Sends an event whose payload is written but for its closing bracket.
    fn send(&mut self, name: &'static str, mut json: Json) {
        json.raw("}");
        self.frames.push((name, Frame::event(name, json.into_bytes())));
    }
}

impl Stream {
    /// `random` makes ids.
    pub(in crate::simulator) fn new(model: &Model, body: &Body, random: fastrand::Rng) -> Stream {
        Stream {
            manner: Manner::of(model, body, random),
            echo: Echo::of(body),
            trace: None,
            index: 0,
            open: false,
            thoughts: None,
            input: String::new(),
        }
    }

    /// The frames for one step; `latency` in milliseconds so far.
    pub(in crate::simulator) fn step(&mut self, event: Event, latency: u64, out: &mut Sink) {
        match event {
            Event::Start => self.start(out),
            Event::Text(text) => self.delta(out, |json| json.member("text").string(&text)),
            Event::Citation(citation) => self.delta(out, |json| json.member("citation").sorted(&citation)),
            Event::Reasoning(text) => self.think(&text, out),
            Event::Signature(signature) => {
                self.thoughts = None;
                self.reasoning(out, "signature", &signature);
            }
            Event::Redacted(data) => {
                self.reasoning(out, "redactedContent", &BASE64_STANDARD.encode(data));
            }
            Event::ToolUse(call) => self.start_call(&call, out),
            Event::Input(piece) => self.input(&piece, out),
            Event::ToolResult(result) => self.tool_result(&result, out),
            Event::Image { format, bytes } => self.image(&format, &bytes, out),
            Event::End(kind) => self.end(kind, out),
            Event::Trace(trace) => self.trace = Some(trace),
            Event::Stop(stop, usage) => self.stop(&stop, usage, latency, out),
        }
    }

    fn start(&mut self, out: &mut Sink) {
        let mut json = Json::object();
        out.pad(&mut json);
        json.member("role").string("assistant");
        out.send("messageStart", json);
        if self.manner.empty_block_first {
            self.delta(out, |json| json.member("text").string(""));
            self.stop_block(out);
        }
    }

    fn think(&mut self, text: &str, out: &mut Sink) {
        if self.manner.signed {
            self.thoughts.get_or_insert_default().push_str(text);
        }
        self.reasoning(out, "text", text);
    }

    fn reasoning(&mut self, out: &mut Sink, key: &'static str, text: &str) {
        self.delta(out, |json| json.member("reasoningContent").raw("{").member(key).string(text).raw("}"));
    }

    fn start_call(&mut self, call: &Call, out: &mut Sink) {
        let id = self.manner.id(call);
        let kind = call.kind.as_deref().or((self.manner.types == Types::Always).then_some("tool_use"));
        self.start_block(out, |json| {
            json.member("toolUse").raw("{").member("name").string(&call.name).member("toolUseId").string(&id);
            if let Some(kind) = kind {
                json.member("type").string(kind);
            }
            json.raw("}")
        });
        self.input.clear();
    }

    fn input(&mut self, piece: &str, out: &mut Sink) {
        if self.manner.inputs == Inputs::EmptyFirst && self.input.is_empty() && !piece.is_empty() {
            self.input_delta("", out);
        }
        self.input.push_str(piece);
        if self.manner.inputs != Inputs::Whole && !self.input.is_empty() {
            self.input_delta(piece, out);
        }
    }

    fn end_call(&mut self, out: &mut Sink) {
        match (self.manner.inputs, self.input.is_empty()) {
            (Inputs::EmptyFirst, true) => self.input_delta("", out),
            (_, true) => self.input_delta("{}", out),
            (Inputs::Whole, false) => {
                let input = std::mem::take(&mut self.input);
                self.input_delta(&input, out);
            }
            (_, false) => {}
        }
    }

    fn input_delta(&mut self, piece: &str, out: &mut Sink) {
        self.delta(out, |json| json.member("toolUse").raw("{").member("input").string(piece).raw("}"));
    }

    fn tool_result(&mut self, result: &Value, out: &mut Sink) {
        let mut start = result.clone();
        let content = start.as_object_mut().and_then(|start| start.shift_remove("content"));
        self.start_block(out, |json| json.member("toolResult").sorted(&start));
        let content = content.unwrap_or_else(|| Vec::<Value>::new().into());
        self.delta(out, |json| json.member("toolResult").sorted(&content));
    }

    fn image(&mut self, format: &str, bytes: &[u8], out: &mut Sink) {
        self.start_block(out, |json| json.raw(r#""image":{"format":"#).string(format).raw("}"));
        let bytes = BASE64_STANDARD.encode(bytes);
        self.delta(out, |json| json.raw(r#""image":{"source":{"bytes":"#).string(&bytes).raw("}}"));
    }

    fn end(&mut self, kind: Kind, out: &mut Sink) {
        match kind {
            Kind::Text if !self.open && !self.manner.silent => {
                self.delta(out, |json| json.member("text").string(""));
            }
            Kind::Reasoning => {
                if let Some(thoughts) = self.thoughts.take() {
                    self.reasoning(out, "signature", &signature(&thoughts));
                }
            }
            Kind::ToolUse => self.end_call(out),
            Kind::Text | Kind::ToolResult | Kind::Image => {}
        }
        self.stop_block(out);
    }

    fn start_block(&mut self, out: &mut Sink, write: impl FnOnce(&mut Json) -> &mut Json) {
        self.open = true;
        let mut json = Json::object();
        json.member("contentBlockIndex").number(self.index);
        out.pad(&mut json);
        write(json.member("start").raw("{")).raw("}");
        out.send("contentBlockStart", json);
    }

    fn delta(&mut self, out: &mut Sink, write: impl FnOnce(&mut Json) -> &mut Json) {
        self.open = true;
        let mut json = Json::object();
        json.member("contentBlockIndex").number(self.index);
        write(json.member("delta").raw("{")).raw("}");
        out.pad(&mut json);
        out.send("contentBlockDelta", json);
    }

    fn stop_block(&mut self, out: &mut Sink) {
        if !std::mem::take(&mut self.open) {
            return;
        }
        let mut json = Json::object();
        json.member("contentBlockIndex").number(self.index);
        out.pad(&mut json);
        out.send("contentBlockStop", json);
        self.index += 1;
    }

    fn stop(&mut self, stop: &Stop, usage: Usage, latency: u64, out: &mut Sink) {
        self.stop_block(out);
        let mut json = Json::object();
        if let (true, Stop::Sequence(sequence)) = (self.echo.has_paths(), stop) {
            // Claude's `message_delta`, and where it stands in a whole body.
            let own = json!({"delta": {"stop_sequence": sequence}, "stop_sequence": sequence});
            self.echo.write_extra_fields(&own, &mut json);
        }
        out.pad(&mut json);
        json.member("stopReason").string(stop.reason());
        out.send("messageStop", json);

        let mut json = Json::object();
        json.member("metrics").raw(r#"{"latencyMs":"#).number(latency).raw("}");
        out.pad(&mut json);
        self.echo.write_settings(&mut json);
        if let Some(trace) = &self.trace {
            json.member("trace").sorted(trace);
        }
        write_usage(usage, &self.manner, Counts::None, &mut json);
        out.send("metadata", json);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::answer::{Answer, Block, Spoken};
    use crate::simulator::converse::cut;

    /// Payloads, without padding.
    fn told(id: &str, blocks: Vec<Block>) -> Vec<String> {
        let model = Model::find(id).unwrap();
        let mut stream = Stream::new(&model, &Body::default(), fastrand::Rng::with_seed(1));
        let (mut frames, mut padding) = (Vec::new(), Padding::new(None));
        let mut sink = Sink { frames: &mut frames, padding: &mut padding };
        let answer = Answer::new(blocks, Stop::EndTurn, Usage::new(1, 2));
        answer.events(cut(&model, 1)).for_each(|event| stream.step(event, 0, &mut sink));
        // The message's start, its stop and the metadata are the same everywhere.
        let inside = frames.get(1..frames.len() - 2).unwrap();
        inside.iter().map(|(_, frame)| String::from_utf8(frame.payload().to_vec()).unwrap()).collect()
    }

    fn inputs(id: &str, input: &str) -> Vec<String> {
        let call = Call { id: Some("i".into()), name: "n".into(), kind: None };
        let block = Block::ToolUse { call, input: Spoken::Whole(input.into()) };
        let deltas = told(id, vec![block]).into_iter().filter(|payload| payload.contains("delta"));
        let input = |payload: String| {
            serde_json::from_str::<Value>(&payload).unwrap()["delta"]["toolUse"]["input"].as_str().unwrap().to_owned()
        };
        deltas.map(input).collect()
    }

    #[test]
    fn inputs_come_as_the_family_sends_them() {
        const HAIKU: &str = "anthropic.claude-3-haiku-20240307-v1:0";
        assert_eq!(inputs(HAIKU, "{\"a\":1}"), ["", "{", "\"", "a", "\"", ":", "1", "}"]);
        assert_eq!(inputs(HAIKU, "{}"), [""]);
        assert_eq!(inputs("us.amazon.nova-lite-v1:0", "{\"a\":1}"), ["{\"a\":1}"]);
        assert_eq!(inputs("us.amazon.nova-lite-v1:0", ""), ["{}"]);
        assert_eq!(inputs("cohere.command-r-v1:0", "{}"), ["{", "}"]);
    }

    #[test]
    fn images_and_silence_are_told() {
        let image = Block::Image { format: "png".into(), bytes: b"hi".to_vec() };
        let expected = [
            r#"{"contentBlockIndex":0,"start":{"image":{"format":"png"}}}"#,
            r#"{"contentBlockIndex":0,"delta":{"image":{"source":{"bytes":"aGk="}}}}"#,
            r#"{"contentBlockIndex":0}"#,
        ];
        assert_eq!(told("us.amazon.nova-lite-v1:0", vec![image]), expected);
        let silence = || vec![Block::text("")];
        assert_eq!(told("anthropic.claude-3-haiku-20240307-v1:0", silence()), [""; 0]);
        let empty = r#"{"contentBlockIndex":0,"delta":{"text":""}}"#;
        assert_eq!(told("cohere.command-r-v1:0", silence()), [empty, r#"{"contentBlockIndex":0}"#]);
    }
}
