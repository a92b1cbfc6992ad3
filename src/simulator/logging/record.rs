//! An invocation as a record of the log.

use serde_json::{Map, Value, json};

use super::{Invocation, streams};
use crate::simulator::route::Operation;
use crate::simulator::timestamp;

/// Longest body that stands in the record itself (user guide).
const LONGEST: usize = 100 * 1024;

/// Objects beside the record: their keys and contents.
pub(super) type Data = Vec<(String, Vec<u8>)>;

/// Tokens of an invocation, where they are known.
#[derive(Default)]
struct Tokens {
    input: Value,
    output: Value,
    cache_read: Value,
    cache_write: Value,
}

/// The record, and the bodies that are too long for it.
pub(super) fn record(invocation: &Invocation, folder: &str) -> (Value, Data) {
    let mut data = Vec::new();
    let asked: Value = serde_json::from_slice(&invocation.asked).unwrap_or_default();
    let (answer, error) = answer(invocation);
    let tokens = tokens(invocation, &answer);
    let mut input = part(invocation, "input", asked.clone(), folder, &mut data);
    add(&mut input, "inputTokenCount", tokens.input);
    add(&mut input, "cacheReadInputTokenCount", tokens.cache_read);
    add(&mut input, "cacheWriteInputTokenCount", tokens.cache_write);
    let mut record = json!({
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": format!("{}Z", timestamp::milliseconds(invocation.at).get(..19).unwrap_or_default()),
        "accountId": invocation.account,
        "identity": {"arn": format!("arn:aws:iam::{}:user/bedrock", invocation.account)},
        "region": invocation.region,
        "requestId": invocation.request_id,
        "operation": invocation.operation.name(),
        "modelId": invocation.model,
    });
    if let Some(code) = error.or_else(|| invocation.answer.error.clone()) {
        record["errorCode"] = code.into();
    }
    record["input"] = input.into();
    if !answer.is_null() {
        let mut output = part(invocation, "output", answer, folder, &mut data);
        add(&mut output, "outputTokenCount", tokens.output);
        record["output"] = output.into();
    }
    if invocation.is_profile {
        record["inferenceRegion"] = invocation.region.as_str().into();
    }
    let metadata = asked.get("requestMetadata").filter(|_| invocation.operation.is_converse());
    if let Some(metadata) = metadata.or(invocation.metadata.as_ref()) {
        record["requestMetadata"] = metadata.clone();
    }
    (record, data)
}

/// `input` or `output`, with its body, or the place where that lies.
fn part(invocation: &Invocation, side: &str, body: Value, folder: &str, data: &mut Data) -> Map<String, Value> {
    let mut part = Map::from_iter([(format!("{side}ContentType"), "application/json".into())]);
    if !invocation.with_bodies {
        return part;
    }
    let text = body.to_string();
    if text.len() <= LONGEST {
        part.insert(format!("{side}BodyJson"), body);
        return part;
    }
    let key = format!("{folder}/data/{}_{side}.json.gz", invocation.request_id);
    part.insert(format!("{side}BodyS3Path"), format!("s3://{}/{key}", invocation.bucket).into());
    data.push((key, text.into_bytes()));
    part
}

/// The body of the answer, and the exception that ended a stream; `null` where there was no answer.
fn answer(invocation: &Invocation) -> (Value, Option<String>) {
    let answered = &invocation.answer;
    if answered.error.is_some() {
        return (Value::Null, None);
    }
    match invocation.operation {
        Operation::ConverseStream => streams::converse(&answered.written),
        Operation::InvokeModelWithResponseStream => streams::chunks(&answered.written),
        // A rule may have written the body as it was given.
        _ if answered.body.is_empty() => (serde_json::from_slice(&answered.written).unwrap_or_default(), None),
        _ => (serde_json::from_slice(&answered.body).unwrap_or_default(), None),
    }
}

fn tokens(invocation: &Invocation, answer: &Value) -> Tokens {
    let metrics = "amazon-bedrock-invocationMetrics";
    let (input, output) = invocation.answer.tokens;
    match (&answer["usage"], answer.as_array().and_then(|chunks| chunks.last())) {
        (usage, _) if invocation.operation.is_converse() => Tokens {
            input: usage["inputTokens"].clone(),
            output: usage["outputTokens"].clone(),
            cache_read: usage["cacheReadInputTokens"].clone(),
            cache_write: usage["cacheWriteInputTokens"].clone(),
        },
        (_, Some(last)) => Tokens {
            input: last[metrics]["inputTokenCount"].clone(),
            output: last[metrics]["outputTokenCount"].clone(),
            ..Tokens::default()
        },
        _ => Tokens { input: input.into(), output: output.into(), ..Tokens::default() },
    }
}

fn add(part: &mut Map<String, Value>, member: &str, value: Value) {
    if !value.is_null() {
        part.insert(member.to_owned(), value);
    }
}
