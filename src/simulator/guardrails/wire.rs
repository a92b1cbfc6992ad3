//! What a guardrail adds to an answer's body: `trace` in Converse, `amazon-bedrock-guardrailAction` and
//! `amazon-bedrock-trace` in the models' own bodies, and the habits of families whose body it rewrites (recordings).

use serde_json::{Map, Value, json};

use super::assess::Outcome;
use super::guard::{Guard, Judgement};
use super::report::{Scope, assessment};
use crate::simulator::backend::tokens;
use crate::simulator::models::Family;

const ACTION: &str = "amazon-bedrock-guardrailAction";
const TRACE: &str = "amazon-bedrock-trace";
const METRICS: &str = "amazon-bedrock-invocationMetrics";

impl Guard {
    /// Converse's `trace`, where the request wants it. A whole answer has `modelOutput` even when it is empty.
    pub(super) fn trace(&self) -> Option<Value> {
        let scope = self.scope.filter(|_| self.operation.is_converse())?;
        let mut trace = json!({
            "actionReason": self.reason(),
            "inputAssessment": {&self.named.id: self.assessment(&self.input, scope, false)},
        });
        if let Some(output) = &self.output {
            trace["outputAssessments"] = json!({&self.named.id: [self.assessment(output, scope, false)]});
        }
        if !self.operation.is_stream() || !self.model_output.is_empty() {
            trace["modelOutput"] = self.model_output.clone().into();
        }
        Some(json!({"guardrail": trace}))
    }

    /// Completes the body of a whole InvokeModel answer.
    pub(in crate::simulator) fn dress(&self, body: &mut Value) {
        self.rewrite(body);
        let Some(members) = body.as_object_mut() else { return };
        if let Some(trace) = self.native_trace() {
            members.insert(TRACE.into(), trace);
        }
        members.insert(ACTION.into(), self.action().into());
    }

    /// Completes chunks of an InvokeModel stream. Families whose chunks all carry text tell the action in each of them,
    /// the others in the last one only, which also has the trace.
    pub(in crate::simulator) fn dress_chunks(&self, chunks: &mut [Value], has_last: bool) {
        let last = chunks.iter().rposition(Value::is_object).filter(|_| has_last);
        for (at, chunk) in chunks.iter_mut().enumerate() {
            self.dress_chunk(chunk, Some(at) == last);
        }
    }

    fn dress_chunk(&self, chunk: &mut Value, is_last: bool) {
        self.rewrite(chunk);
        let is_typed = matches!(self.family, Family::Claude | Family::Nova) && chunk.get("completion").is_none();
        let Some(members) = chunk.as_object_mut() else { return };
        if is_last || !is_typed {
            members.insert(ACTION.into(), self.action().into());
        }
        if let Some(trace) = self.native_trace().filter(|_| is_last) {
            members.insert(TRACE.into(), trace);
        }
    }

    fn native_trace(&self) -> Option<Value> {
        let scope = self.scope?;
        let mut trace = json!({});
        if !self.model_output.is_empty() {
            trace["modelOutput"] = self.model_output.clone().into();
        }
        trace["input"] = json!({&self.named.id: self.assessment(&self.input, scope, true)});
        if let Some(output) = &self.output {
            trace["outputs"] = json!([{&self.named.id: self.assessment(output, scope, true)}]);
        }
        trace["actionReason"] = self.reason().into();
        Some(json!({"guardrail": trace}))
    }

    fn assessment(&self, judgement: &Judgement, scope: Scope, reasoning: bool) -> Value {
        assessment(&judgement.verdict, &self.named, scope, judgement.latency, reasoning)
    }

    /// The outcome of input and output, a line each; one line where they are the same.
    fn reason(&self) -> String {
        let input = self.input.verdict.outcome;
        match &self.output {
            Some(output) if output.verdict.outcome != input => {
                format!("{}\n{}", input.reason(), output.verdict.outcome.reason())
            }
            _ => input.reason().to_owned(),
        }
    }

    fn action(&self) -> &'static str {
        if self.has_intervened() { "INTERVENED" } else { "NONE" }
    }

    /// The habits of families: what is left of a body that the guardrail has read and written again.
    fn rewrite(&self, body: &mut Value) {
        let blocked = self.has_blocked_input();
        if let Some(members) = body.as_object_mut().filter(|_| blocked) {
            members.shift_remove(METRICS);
        }
        match self.family {
            Family::Claude if blocked => claude_refusal(body, &self.name),
            Family::Llama if blocked => {
                if let Some(members) = body.as_object_mut() {
                    members.retain(|key, _| key == "generation");
                }
            }
            Family::Nova if self.output_outcome() != Outcome::None => nova_rewritten(body),
            Family::Titan => {
                if blocked {
                    titan_refusal(body, &self.blocked_input);
                }
                reread(body);
            }
            _ => {}
        }
    }
}

/// A message that no model made has an id of its own, counts nothing, and has its members in an order of their own.
fn claude_refusal(body: &mut Value, name: &str) {
    match body["type"].as_str() {
        Some("message") => made_up(body, name),
        Some("message_start") => made_up(&mut body["message"], name),
        Some("message_delta") => {
            body.as_object_mut().and_then(|members| members.shift_remove("usage"));
        }
        _ => {}
    }
}

fn made_up(message: &mut Value, name: &str) {
    let mut member = |key: &str| message.get_mut(key).map(Value::take).unwrap_or_default();
    *message = json!({
        "id": format!("bedrock-guardrails-{name}"),
        "type": member("type"),
        "role": member("role"),
        "content": member("content"),
        "model": member("model"),
        "stop_reason": member("stop_reason"),
        "stop_sequence": member("stop_sequence"),
        "usage": {"input_tokens": 0, "output_tokens": 0},
    });
}

/// A body of Nova's that was changed tells the tokens of the question only, and the role first.
fn nova_rewritten(body: &mut Value) {
    if let Some(usage) = body.get_mut("usage").and_then(Value::as_object_mut) {
        usage.retain(|key, _| key == "inputTokens");
    }
    if let Some(message) = body.pointer_mut("/output/message").and_then(Value::as_object_mut)
        && let Some(content) = message.shift_remove("content")
    {
        message.insert("content".into(), content);
    }
}

/// A chunk that no model made has no reason to end, and only the message in its text.
fn titan_refusal(chunk: &mut Value, message: &str) {
    let Some(members) = chunk.as_object_mut() else { return };
    if members.contains_key("outputText") {
        members.insert("outputText".into(), message.into());
        members.insert("totalOutputTextTokenCount".into(), tokens::count(message).into());
        members.shift_remove("completionReason");
    }
}

/// Titan's bodies come out with every number a fraction and without nulls.
fn reread(body: &mut Value) {
    match body {
        Value::Number(number) => {
            if let Some(number) = number.as_f64() {
                *body = number.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(reread),
        Value::Object(members) => {
            let kept = std::mem::take(members).into_iter().filter(|(_, value)| !value.is_null());
            *members = kept.collect::<Map<_, _>>();
            members.values_mut().for_each(reread);
        }
        _ => {}
    }
}
