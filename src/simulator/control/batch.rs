//! The records of a batch, answered one after the other, from and to the folder that stands for S3.
//!
//! Each `.jsonl` file below the input has lines of `{"recordId", "modelInput"}`. For each there is a file `….jsonl.out`
//! below `{output}/{job id}/`, with `modelOutput` or `error` added to its lines, and one `manifest.json.out` for all
//! (user guide, Batch inference).

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderValue, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
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
        let mut record: Value = serde_json::from_str(line).unwrap_or_else(|_| json!({ "modelInput": line }));
        match self.answer(&record["modelInput"].to_string()).await {
            Ok(answer) => {
                counts.success += 1;
                counts.input_tokens += tokens(&answer, "input");
                counts.output_tokens += tokens(&answer, "output");
                record["modelOutput"] = answer;
            }
            Err(exception) => {
                counts.error += 1;
                record["error"] = json!({"errorCode": exception.status, "errorMessage": exception.message});
            }
        }
        record
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

/// Tokens of an answer, where its family tells them as `usage`.
fn tokens(answer: &Value, side: &str) -> u64 {
    let usage = &answer["usage"];
    let names = [format!("{side}Tokens"), format!("{side}_tokens")];
    names.iter().find_map(|name| usage[name].as_u64()).unwrap_or_default()
}
