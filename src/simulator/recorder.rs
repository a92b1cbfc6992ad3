//! The journal: the latest requests and two counters. Headers are not kept, so no credentials either.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

/// Requests kept; the oldest go first.
const CAPACITY: usize = 1000;
/// Longest string kept of a body; images and long texts are cut.
const LONGEST_TEXT: usize = 2000;
/// Largest body kept, as JSON bytes after cutting strings.
const LARGEST_BODY: usize = 64 * 1024;

/// The journal of one simulator.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    connections: AtomicU64,
    disconnected_early: AtomicU64,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    next: u64,
    ring: VecDeque<Entry>,
}

#[derive(Debug)]
struct Entry {
    id: u64,
    request: Request,
    status: Option<u16>,
    answered_by: Option<String>,
    disconnected_early: bool,
}

/// What is kept of a request.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) http_version: &'static str,
    pub(super) operation: Option<&'static str>,
    pub(super) model: Option<String>,
    pub(super) body: Value,
}

impl Recorder {
    pub(super) fn connected(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// Adds a request. The guard watches whether its client stays to the end.
    pub(super) fn record(self: &Arc<Self>, mut request: Request) -> Guard {
        shorten(&mut request.body);
        if request.body.to_string().len() > LARGEST_BODY {
            request.body = Value::Null;
        }
        let mut entries = self.lock();
        let id = entries.next;
        entries.next += 1;
        if entries.ring.len() == CAPACITY {
            entries.ring.pop_front();
        }
        entries.ring.push_back(Entry { id, request, status: None, answered_by: None, disconnected_early: false });
        Guard { recorder: Arc::clone(self), id, finished: false }
    }

    /// Forgets all requests and sets the counters to zero.
    pub(super) fn clear(&self) {
        self.lock().ring.clear();
        self.connections.store(0, Ordering::Relaxed);
        self.disconnected_early.store(0, Ordering::Relaxed);
    }

    pub(super) fn to_json(&self) -> Value {
        let requests: Vec<Value> = self.lock().ring.iter().map(Entry::to_json).collect();
        json!({
            "connections": self.connections.load(Ordering::Relaxed),
            "disconnected_early": self.disconnected_early.load(Ordering::Relaxed),
            "requests": requests,
        })
    }

    fn update(&self, id: u64, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.lock().ring.iter_mut().rev().find(|entry| entry.id == id) {
            change(entry);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn to_json(&self) -> Value {
        json!({
            "method": self.request.method,
            "path": self.request.path,
            "http_version": self.request.http_version,
            "operation": self.request.operation,
            "model": self.request.model,
            "body": self.request.body,
            "status": self.status,
            "answered_by": self.answered_by,
            "disconnected_early": self.disconnected_early,
        })
    }
}

/// Lives as long as the answer to a request is being made or sent. Dropped before it is [`Guard::finish`]ed, the client
/// went away.
#[derive(Debug)]
pub(super) struct Guard {
    recorder: Arc<Recorder>,
    id: u64,
    finished: bool,
}

impl Guard {
    pub(super) fn status(&self, status: u16) {
        self.recorder.update(self.id, |entry| entry.status = Some(status));
    }

    /// Which rule, script or other source answers it.
    pub(super) fn answered_by(&self, source: String) {
        self.recorder.update(self.id, |entry| entry.answered_by = Some(source));
    }

    /// All that was to be sent has been handed over.
    pub(super) fn finish(&mut self) {
        self.finished = true;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.finished {
            self.recorder.disconnected_early.fetch_add(1, Ordering::Relaxed);
            self.recorder.update(self.id, |entry| entry.disconnected_early = true);
        }
    }
}

/// Cuts every long string of a body.
fn shorten(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > LONGEST_TEXT => {
            let length = text.len();
            text.truncate(text.floor_char_boundary(LONGEST_TEXT));
            text.push_str(&format!("… ({length} bytes)"));
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(members) => members.values_mut().for_each(shorten),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: Value) -> Request {
        Request {
            method: "POST".into(),
            path: "/".into(),
            http_version: "HTTP/1.1",
            operation: None,
            model: None,
            body,
        }
    }

    #[test]
    fn tells_who_left_early() {
        let recorder = Arc::new(Recorder::default());
        recorder.record(request(Value::Null)).finish();
        drop(recorder.record(request(Value::Null)));
        let journal = recorder.to_json();
        assert_eq!(journal["disconnected_early"], 1);
        assert_eq!(journal["requests"][0]["disconnected_early"], false);
        assert_eq!(journal["requests"][1]["disconnected_early"], true);
        recorder.clear();
        assert_eq!(recorder.to_json(), json!({"connections": 0, "disconnected_early": 0, "requests": []}));
    }

    #[test]
    fn is_bounded_in_entries_and_bytes() {
        let recorder = Arc::new(Recorder::default());
        for _ in 0..CAPACITY + 5 {
            recorder.record(request(Value::Null)).finish();
        }
        recorder.record(request(json!({"text": "é".repeat(5000)}))).finish();
        recorder.record(request(json!(vec![1; 100_000]))).finish();
        let journal = recorder.to_json();
        let requests = journal["requests"].as_array().unwrap();
        assert_eq!(requests.len(), CAPACITY);
        assert!(requests[CAPACITY - 2]["body"]["text"].as_str().unwrap().ends_with("… (10000 bytes)"));
        assert_eq!(requests[CAPACITY - 1]["body"], Value::Null);
    }
}
