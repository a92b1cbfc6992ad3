//! The records of a batch, answered one after the other, from and to the folder that stands for S3.
//!
//! Each `.jsonl` file below the input has lines of `{"recordId", "modelInput"}`. For each there is a file `….jsonl.out`
//! below `{output}/{job id}/`, with `modelOutput` or `error` added to its lines, and one `manifest.json.out` for all
//! (user guide, Batch inference).

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderValue, header};
use http_body_util::BodyExt as _;
use serde_json::{Map, Value, json};
use tokio::task::AbortHandle;

use super::Request;
use crate::simulator::account::Account;
use crate::simulator::exception::Exception;
use crate::simulator::inference::{Call, Outcome};
use crate::simulator::journal;
use crate::simulator::objects::{Objects, parse_uri};
use crate::simulator::route::Operation;
use crate::simulator::state::State;
use crate::simulator::wording;

/// A batch that is being answered.
pub(super) struct Work {
    /// What the job says when it is done.
    result: Arc<Mutex<Option<Value>>>,
    task: AbortHandle,
}

impl Work {
    /// What the job says when it is done; `None` before.
    pub(super) fn result(&self) -> Option<Value> {
        self.result.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers no more records.
    pub(super) fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Work {
    /// A job that was refused after all, or is deleted, has nobody to work for.
    fn drop(&mut self) {
        self.stop();
    }
}

/// Begins to answer the records of a request; `None` where no folder stands for S3.
pub(super) fn start(request: &Request<'_>, job: &str, converse: bool) -> Result<Option<Work>, Exception> {
    let Some(objects) = request.state.objects() else { return Ok(None) };
    let uri = |config: &str, place: &str| {
        let uri = request.get(config)[place]["s3Uri"].as_str().unwrap_or_default();
        parse_uri(uri).map(|(bucket, key)| (bucket.to_owned(), key.to_owned()))
    };
    let input = uri("inputDataConfig", "s3InputDataConfig");
    let output = uri("outputDataConfig", "s3OutputDataConfig");
    let (Some(input), Some(output)) = (input, output) else { return Err(wording::S3_LOCATION.refuse(&[])) };
    let batch = Batch {
        objects,
        state: request.state.clone(),
        account: Arc::clone(request.account),
        operation: if converse { Operation::Converse } else { Operation::InvokeModel },
        model: request.text("modelId").to_owned(),
        signed: HeaderValue::from_str(&format!(
            "AWS4-HMAC-SHA256 Credential=batch/19700101/{}/bedrock/aws4_request, SignedHeaders=host, Signature=0",
            request.region
        ))
        .ok(),
        input,
        output: (output.0, super::below(&output.1, job)),
    };
    let result = Arc::new(Mutex::new(None));
    let told = Arc::clone(&result);
    let task = tokio::spawn(async move {
        let members = match batch.run().await {
            Ok(counts) => counts.told(),
            Err(error) => json!({"message": error.to_string(), "status": "Failed"}),
        };
        *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(members);
    });
    Ok(Some(Work { result, task: task.abort_handle() }))
}

struct Batch {
    objects: Objects,
    state: State,
    account: Arc<Account>,
    operation: Operation,
    model: String,
    /// Names the region of the job.
    signed: Option<HeaderValue>,
    /// Bucket and key.
    input: (String, String),
    output: (String, String),
}

#[derive(Default)]
struct Counts {
    success: u64,
    error: u64,
    input_tokens: u64,
    output_tokens: u64,
}

impl Counts {
    fn told(&self) -> Value {
        let all = self.success + self.error;
        let mut told = json!({
            "errorRecordCount": self.error,
            "processedRecordCount": all,
            "successRecordCount": self.success,
            "totalRecordCount": all,
        });
        if self.error > 0 {
            told["status"] = if self.success > 0 { "PartiallyCompleted" } else { "Failed" }.into();
        }
        told
    }
}

impl Batch {
    async fn run(&self) -> std::io::Result<Counts> {
        let (bucket, key) = &self.input;
        let mut counts = Counts::default();
        for (name, content) in self.objects.list(bucket, key, ".jsonl")? {
            let mut out = String::new();
            for line in content.lines().filter(|line| !line.trim().is_empty()) {
                out.push_str(&self.record(line, &mut counts).await.to_string());
                out.push('\n');
            }
            self.put(&format!("{name}.out"), out.as_bytes())?;
        }
        let mut manifest = counts.told();
        manifest["inputTokenCount"] = counts.input_tokens.into();
        manifest["outputTokenCount"] = counts.output_tokens.into();
        if let Some(members) = manifest.as_object_mut() {
            members.remove("status");
        }
        self.put("manifest.json.out", manifest.to_string().as_bytes())?;
        Ok(counts)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let (bucket, folder) = &self.output;
        self.objects.put(bucket, &format!("{folder}/{name}"), bytes)
    }

    /// A record with its answer.
    async fn record(&self, line: &str, counts: &mut Counts) -> Value {
        let mut record = members(line);
        let input = record.get("modelInput").unwrap_or(&Value::Null).to_string();
        match self.answer(&input).await {
            Ok(answer) => {
                counts.success += 1;
                counts.input_tokens = counts.input_tokens.saturating_add(tokens(&answer, "input"));
                counts.output_tokens = counts.output_tokens.saturating_add(tokens(&answer, "output"));
                record.insert("modelOutput".into(), answer);
            }
            Err(exception) => {
                counts.error += 1;
                let error = json!({"errorCode": exception.status, "errorMessage": exception.message});
                record.insert("error".into(), error);
            }
        }
        record.into()
    }

    async fn answer(&self, body: &str) -> Result<Value, Exception> {
        let bytes = Bytes::copy_from_slice(body.as_bytes());
        let (mut head, ()) = http::Request::new(()).into_parts();
        head.headers.extend(self.signed.clone().map(|signed| (header::AUTHORIZATION, signed)));
        let started = self.state.now();
        let recorded = journal::Request {
            at: started,
            path: format!("(batch) {}", self.model),
            operation: Some(self.operation.name()),
            model: Some(self.model.clone()),
            ..journal::Request::default()
        };
        let guard = self.state.recorder().record(recorded, &bytes);
        guard.account(self.account.id());
        let call = Call {
            state: &self.state,
            account: &self.account,
            operation: self.operation,
            head: &head,
            started,
            connection: None,
            journal: &guard,
        };
        let answered = call.answer(&self.model, &bytes).await;
        guard.finish();
        if let Err(refusal) = &answered {
            guard.status(refusal.status);
            guard.body(&refusal.body().into());
        }
        match answered? {
            Outcome::Whole(response) | Outcome::Raw(response) => {
                guard.status(response.status().as_u16());
                let body = response.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
                Ok(serde_json::from_slice(&body).unwrap_or_default())
            }
            Outcome::Stream(..) => Ok(Value::Null),
        }
    }
}

/// The members of a record. A line that is no record is all that there is of its input.
fn members(line: &str) -> Map<String, Value> {
    match serde_json::from_str(line) {
        Ok(Value::Object(members)) => members,
        Ok(other) => Map::from_iter([("modelInput".to_owned(), other)]),
        Err(_) => Map::from_iter([("modelInput".to_owned(), line.into())]),
    }
}

/// Tokens of an answer, where its family tells them as `usage`.
fn tokens(answer: &Value, side: &str) -> u64 {
    let usage = &answer["usage"];
    let names = [format!("{side}Tokens"), format!("{side}_tokens")];
    names.iter().find_map(|name| usage[name].as_u64()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_any_kind_is_a_record() {
        let record = json!({"recordId": "1", "modelInput": {"a": 1}});
        assert_eq!(Value::from(members(&record.to_string())), record);
        for (line, input) in [("5", json!(5)), ("[1]", json!([1])), ("null", Value::Null), ("{oops", json!("{oops"))] {
            assert_eq!(Value::from(members(line)), json!({ "modelInput": input }), "{line}");
        }
    }

    #[tokio::test]
    async fn work_ends_with_its_job() {
        let running = Arc::new(());
        let held = Arc::clone(&running);
        let task = tokio::spawn(async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
        drop(Work { result: Arc::default(), task: task.abort_handle() });
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(Arc::strong_count(&running), 1);
    }
}
