//! Asking a service: which target first, what to do when it fails, and what a failure becomes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::TryStreamExt as _;
use http::{HeaderValue, Request, Response, header};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::config::{Backend, Endpoint, Target};
use super::request::flattened;
use crate::simulator::exception::Exception;
use crate::simulator::models::Model;
use crate::simulator::upstream::{Failure, Limits, Pieces, Upstream};

/// From a request to the head of its answer, unless the target says otherwise: local models load slowly.
const HEAD: Duration = Duration::from_secs(120);
/// Between two pieces of an answer.
const IDLE: Duration = Duration::from_secs(120);
/// For the list of models.
const LIST: Duration = Duration::from_secs(5);
/// Largest answer.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// How long a service that could not be reached is asked last.
const REST: Duration = Duration::from_secs(30);
/// How long the list of a service's models is believed.
const FRESH: Duration = Duration::from_secs(60);
/// Times that are kept of each service.
const MOST_WAITS: usize = 120;
/// Most of a service's words that an exception repeats.
const LONGEST_WORDS: usize = 1000;

/// Statuses after which the next target is asked.
const PASSING: &[u16] = &[408, 429];

/// The services of a simulator.
#[derive(Clone, Debug)]
pub(in crate::simulator) struct Service(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    backend: Backend,
    upstream: Upstream,
    turn: AtomicUsize,
    memory: Mutex<BTreeMap<String, Memory>>,
}

/// What is remembered of a service.
#[derive(Clone, Debug, Default)]
struct Memory {
    /// Could not be reached then.
    down: Option<Instant>,
    /// Its models, and when it told them.
    models: Option<(Instant, Vec<String>)>,
    /// Requests, and those without an answer.
    requests: u64,
    failures: u64,
    /// Times to the head of the latest answers.
    waits: VecDeque<Duration>,
}

/// Why a target has no answer.
enum Refused {
    /// The next target may have one.
    Passing(Exception),
    Final(Exception),
}

impl Memory {
    fn note(&mut self, is_down: bool, answers: bool, wait: Duration) {
        self.down = is_down.then(Instant::now);
        self.requests += 1;
        self.failures += u64::from(!answers);
        if answers {
            if self.waits.len() == MOST_WAITS {
                self.waits.pop_front();
            }
            self.waits.push_back(wait);
        }
    }

    /// The wait that this part of the answers did not exceed, in milliseconds.
    fn quantile(&self, part: f64) -> Option<f64> {
        let mut waits: Vec<Duration> = self.waits.iter().copied().collect();
        waits.sort_unstable();
        let at = (part * waits.len() as f64).ceil() as usize;
        waits.get(at.saturating_sub(1)).map(|wait| (wait.as_secs_f64() * 1e4).round() / 10.0)
    }
}

impl Service {
    /// What the services are and how they do, without their keys: for people.
    pub(in crate::simulator) async fn report(&self) -> Value {
        let backend = &self.0.backend;
        let mut services = Vec::new();
        for (name, endpoint) in &backend.services {
            let models = self.list(name).await;
            let memory = self.memory().get(name).cloned().unwrap_or_default();
            services.push(json!({
                "name": name,
                "url": endpoint.url,
                "isDefault": *name == backend.default,
                "reachable": models.is_some(),
                "models": models.unwrap_or_default(),
                "requests": memory.requests,
                "failures": memory.failures,
                "p50": memory.quantile(0.5),
                "p95": memory.quantile(0.95),
            }));
        }
        json!({ "services": services, "warnings": backend.warnings() })
    }

    pub(in crate::simulator) fn new(backend: Backend) -> Result<Service, Failure> {
        let upstream = Upstream::new()?;
        Ok(Service(Arc::new(Shared { backend, upstream, turn: AtomicUsize::new(0), memory: Mutex::default() })))
    }

    /// Posts to the targets of a model, one after the other, until one answers.
    pub(super) async fn post(
        &self,
        model: &Model,
        path: &str,
        body: impl Fn(&Target) -> Value,
    ) -> Result<(Target, Response<Pieces>), Exception> {
        let mut last = None;
        for mut target in self.targets(model).await {
            if target.backend.is_empty() {
                target.backend.clone_from(&self.0.backend.default);
            }
            match self.attempt(&target, path, body(&target)).await {
                Ok(answer) => return Ok((target, answer)),
                Err(Refused::Passing(exception)) => last = Some(exception),
                Err(Refused::Final(exception)) => return Err(exception),
            }
        }
        Err(last
            .unwrap_or_else(|| Exception::new("InternalServerException", "The backend has no target for the model.")))
    }

    /// In the order in which they are asked: those that could not be reached lately come last.
    async fn targets(&self, model: &Model) -> Vec<Target> {
        let backend = &self.0.backend;
        let Some(mapped) = backend.mapped(model) else {
            return vec![backend.unmapped(model, &self.models(&backend.default).await)];
        };
        let mut targets = mapped.targets.clone();
        if mapped.in_turn {
            let turn = self.0.turn.fetch_add(1, Ordering::Relaxed);
            let count = targets.len().max(1);
            targets.rotate_left(turn % count);
        }
        let memory = self.memory();
        let is_down = |target: &Target| {
            let name = if target.backend.is_empty() { &backend.default } else { &target.backend };
            memory.get(name).and_then(|memory| memory.down).is_some_and(|since| since.elapsed() < REST)
        };
        targets.sort_by_key(is_down);
        targets
    }

    async fn attempt(&self, target: &Target, path: &str, body: Value) -> Result<Response<Pieces>, Refused> {
        let head = target.timeout_ms.map_or(HEAD, Duration::from_millis);
        let answer = self.send(target, path, &body, head).await?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let (status, words) = refusal(answer).await;
        // Some services take texts only; Ollama's older versions and llama.cpp say so in these words.
        if status == 400 && words.contains("content") && words.contains("string") {
            let again = self.send(target, path, &flattened(body), head).await?;
            if again.status().is_success() {
                return Ok(again);
            }
        }
        let exception = exception(status, self.url(&target.backend), &words);
        Err(if status >= 500 || PASSING.contains(&status) {
            Refused::Passing(exception)
        } else {
            Refused::Final(exception)
        })
    }

    async fn send(
        &self,
        target: &Target,
        path: &str,
        body: &Value,
        head: Duration,
    ) -> Result<Response<Pieces>, Refused> {
        let name = &target.backend;
        let endpoint = self.0.backend.services.get(name);
        let request = endpoint.and_then(|endpoint| request("POST", endpoint, path, Bytes::from(body.to_string())));
        let request = request.ok_or_else(|| {
            let text = format!("The address of the backend {name} cannot be called.");
            Refused::Final(Exception::new("InternalServerException", text))
        })?;
        let limits = Limits { head, idle: IDLE, bytes: MOST_BYTES };
        let started = Instant::now();
        let answer = self.0.upstream.send(request, limits).await;
        let answers = answer.as_ref().is_ok_and(|answer| answer.status().as_u16() < 500);
        let mut memory = self.memory();
        memory.entry(name.clone()).or_default().note(answer.is_err(), answers, started.elapsed());
        drop(memory);
        answer.map_err(|failure| {
            let text = format!("The backend at {} does not answer: {failure}. Is it running?", self.url(name));
            let code = if matches!(failure, Failure::Silent(_)) {
                "ModelTimeoutException"
            } else {
                "ServiceUnavailableException"
            };
            Refused::Passing(Exception::new(code, text))
        })
    }

    /// Where a service is, for people: its name says little where it is the only one.
    fn url<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.backend.services.get(name).map_or(name, |endpoint| &endpoint.url)
    }

    /// The names of a service's models; none when it does not tell.
    async fn models(&self, name: &str) -> Vec<String> {
        let known = self.memory().get(name).and_then(|memory| memory.models.clone());
        if let Some((_, models)) = known.filter(|(at, _)| at.elapsed() < FRESH) {
            return models;
        }
        let models = self.list(name).await.unwrap_or_default();
        self.memory().entry(name.to_owned()).or_default().models = Some((Instant::now(), models.clone()));
        models
    }

    async fn list(&self, name: &str) -> Option<Vec<String>> {
        let request = request("GET", self.0.backend.services.get(name)?, "models", Bytes::new())?;
        let limits = Limits { head: LIST, idle: LIST, bytes: MOST_BYTES };
        let answer = self.0.upstream.send(request, limits).await.ok()?;
        let list = json(answer).await.ok()?;
        let models = list["data"].as_array()?.iter().filter_map(|model| model["id"].as_str());
        Some(models.map(str::to_owned).collect())
    }

    fn memory(&self) -> MutexGuard<'_, BTreeMap<String, Memory>> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn request(method: &str, endpoint: &Endpoint, path: &str, body: Bytes) -> Option<Request<Bytes>> {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{}/{path}", endpoint.url))
        .header(header::CONTENT_TYPE, "application/json")
        .body(body)
        .ok()?;
    if let Some(key) = &endpoint.api_key {
        let mut value = HeaderValue::try_from(format!("Bearer {key}")).ok()?;
        value.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, value);
    }
    Some(request)
}

/// The whole body of an answer as JSON.
pub(super) async fn json(answer: Response<Pieces>) -> Result<Value, Exception> {
    let bytes = whole(answer).await.map_err(|failure| cut(&failure.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|_| cut("its answer is not JSON"))
}

async fn whole(answer: Response<Pieces>) -> Result<Vec<u8>, Failure> {
    answer
        .into_body()
        .try_fold(Vec::new(), |mut all, piece| async move {
            all.extend_from_slice(&piece);
            Ok(all)
        })
        .await
}

/// An answer that broke off, or was none.
pub(super) fn cut(reason: &str) -> Exception {
    Exception::new("ModelStreamErrorException", format!("The backend broke off: {reason}."))
}

/// The status and the words of a refusal.
async fn refusal(answer: Response<Pieces>) -> (u16, String) {
    let status = answer.status().as_u16();
    let bytes = whole(answer).await.unwrap_or_default();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let words =
        body["error"]["message"].as_str().or_else(|| body["error"].as_str()).or_else(|| body["message"].as_str());
    let mut words = words.map_or_else(|| String::from_utf8_lossy(&bytes).into_owned(), str::to_owned);
    words.truncate(words.floor_char_boundary(LONGEST_WORDS));
    (status, words)
}

/// What a service's refusal is on Bedrock, as AWSim has it.
fn exception(status: u16, url: &str, words: &str) -> Exception {
    let code = match status {
        401 | 403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        408 | 504 => "ModelTimeoutException",
        429 => "ThrottlingException",
        503 => "ServiceUnavailableException",
        500.. => "InternalServerException",
        _ => "ValidationException",
    };
    Exception::new(code, format!("The backend at {url} answered {status}: {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_become_bedrocks() {
        for (status, code) in [
            (400, "ValidationException"),
            (401, "AccessDeniedException"),
            (404, "ResourceNotFoundException"),
            (413, "ValidationException"),
            (429, "ThrottlingException"),
            (500, "InternalServerException"),
            (503, "ServiceUnavailableException"),
            (504, "ModelTimeoutException"),
        ] {
            assert_eq!(exception(status, "http://localhost", "no").code, code, "{status}");
        }
        assert_eq!(
            exception(404, "http://localhost/v1", "model not found").message,
            "The backend at http://localhost/v1 answered 404: model not found"
        );
    }

    #[test]
    fn waits_are_told_in_quantiles() {
        let mut memory = Memory::default();
        assert_eq!(memory.quantile(0.5), None);
        for milliseconds in 1..=200 {
            memory.note(false, milliseconds % 2 == 0, Duration::from_millis(milliseconds));
        }
        assert_eq!((memory.requests, memory.failures, memory.waits.len()), (200, 100, 100));
        assert_eq!((memory.quantile(0.5), memory.quantile(0.95)), (Some(100.0), Some(190.0)));
    }

    #[test]
    fn keys_do_not_show() {
        let endpoint = Endpoint { url: "http://localhost:1/v1".into(), api_key: Some("s3cret".into()) };
        let request = request("POST", &endpoint, "models", Bytes::new()).unwrap();
        assert_eq!(request.uri(), "http://localhost:1/v1/models");
        assert!(!format!("{request:?}").contains("s3cret"));
    }
}
