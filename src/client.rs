//! A stand-in for the engine, so that the boundary can be built and tested before it.
//!
//! The model name says what to answer: `fake:count:N` counts to N at once, `fake:slow:MS` counts for ever with MS
//! between two numbers, `fake:fail:N` fails after N numbers, `fake:panic` panics, `fake:running` tells how many answers
//! are running, `fake:echo` answers with the call as JSON.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use crate::error::{Error, Kind};

static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// One call as given.
pub struct TextCall {
    /// `awsCreds`.
    pub credentials: Value,
    /// The request.
    pub request: Value,
    /// The options.
    pub options: Value,
}

/// What a call tells besides its text.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Token counts.
    pub usage: Option<Value>,
    /// Why the answer ended.
    pub stop_reason: Option<String>,
    /// The request's id.
    pub request_id: Option<String>,
    /// The id that was called.
    pub model_id: Option<String>,
    /// What could not be carried out as asked.
    pub warnings: Vec<Value>,
}

/// The running answer.
pub struct TextAnswer {
    call: TextCall,
    sent: usize,
    outcome: Outcome,
}

impl TextAnswer {
    /// Prepares a call.
    pub fn new(call: TextCall) -> Result<TextAnswer, Error> {
        RUNNING.fetch_add(1, Ordering::SeqCst);
        Ok(TextAnswer { call, sent: 0, outcome: Outcome::default() })
    }

    /// The next texts.
    pub async fn next_batch(&mut self) -> Result<Option<Vec<String>>, Error> {
        self.outcome.request_id = Some("11111111-2222-4333-8444-555555555555".into());
        let model = self.call.request.get("model").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut parts = model.split(':').skip(1);
        let (what, number) = (parts.next(), parts.next().and_then(|n| n.parse::<usize>().ok()).unwrap_or(0));
        match what {
            Some("count") if self.sent < number => Ok(Some(self.take((number - self.sent).min(64)))),
            Some("slow") => {
                tokio::time::sleep(Duration::from_millis(number as u64)).await;
                Ok(Some(self.take(1)))
            }
            Some("fail") if self.sent < number => Ok(Some(self.take(number))),
            Some("fail") => Err(Error::service("throttlingException", "Too many requests, please wait")
                .answered(Some(429), self.outcome.request_id.clone())),
            Some("panic") => panic!("asked for"),
            Some("running") if self.sent == 0 => {
                self.sent = 1;
                Ok(Some(vec![RUNNING.load(Ordering::SeqCst).to_string()]))
            }
            Some("echo") if self.sent == 0 => {
                self.sent = 1;
                let TextCall { credentials, request, options } = &self.call;
                Ok(Some(vec![json!({"credentials": credentials, "request": request, "options": options}).to_string()]))
            }
            Some("count" | "running" | "echo") => {
                self.outcome.stop_reason = Some("end_turn".into());
                self.outcome.usage =
                    Some(json!({"inputTokens": 3, "outputTokens": self.sent, "totalTokens": 3 + self.sent}));
                Ok(None)
            }
            _ => Err(Error::new(Kind::UnknownModel, "No such model").at("model")),
        }
    }

    fn take(&mut self, count: usize) -> Vec<String> {
        let texts = (self.sent..self.sent + count).map(|n| format!("{} ", n + 1)).collect();
        self.sent += count;
        texts
    }

    /// What is known so far.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }
}

impl Drop for TextAnswer {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The models.
pub fn supported_models() -> Vec<String> {
    vec![json!({"modelName": "Fake", "modelId": "fake"}).to_string()]
}
