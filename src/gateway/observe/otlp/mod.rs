//! OpenTelemetry's traces and metrics, sent to a collector as OTLP over HTTP in JSON.
//!
//! The official crates bring tonic and prost with them, more than twenty crates in all, for what is two kinds of JSON
//! here; and their metrics would count every request a second time.

mod collector;
mod json;
mod metrics;
mod semantics;
mod spans;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Request;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval_at, sleep, timeout};
use url::Url;

use super::recorder::Dropped;
use super::series::AllSeries;
use crate::config::{Environment, Network};
use crate::error::Result;
use crate::gateway::exchange::Exchange;
use crate::gateway::settings::Settings;
use crate::transport::post;
use collector::Collector;

/// Exchanges whose spans may wait: the specification's default for spans.
const MOST_WAITING: usize = 2048;
/// Exchanges whose spans go out at once.
const BATCH: usize = 256;
/// How long spans gather.
const PAUSE: Duration = Duration::from_secs(1);
/// The waits between tries.
const WAITS: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];
/// The longest that a collector can make it wait.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How long the end waits for what has not been sent yet.
const PATIENCE: Duration = Duration::from_secs(3);

/// The tasks that export. Dropped, they send what they have and end.
#[derive(Debug)]
pub(super) struct Exporter {
    spans: Spans,
    stop: watch::Sender<()>,
    tasks: Vec<JoinHandle<()>>,
}

/// Where spans go.
#[derive(Clone, Debug)]
pub(super) struct Spans {
    /// `None` where no traces are wanted.
    waiting: Option<mpsc::Sender<(String, u64)>>,
    dropped: Arc<Dropped>,
}

impl Spans {
    /// Takes the spans of an exchange that is over, if its caller has not decided against it.
    pub(super) fn note(&self, exchange: &Exchange) {
        let Some(waiting) = self.waiting.as_ref().filter(|_| exchange.trace.is_sampled) else { return };
        let (spans, count) = spans::of_exchange(exchange);
        if waiting.try_send((spans, count)).is_err() {
            self.dropped.spans.fetch_add(count, Ordering::Relaxed);
        }
    }
}

impl Exporter {
    /// Begins to export, where the settings or the environment want it.
    pub(super) fn start(
        settings: &Settings,
        environment: Environment<'_>,
        series: &Arc<AllSeries>,
        dropped: &Arc<Dropped>,
    ) -> Result<Option<Exporter>> {
        let Some(mut collector) = Collector::of(settings, environment)? else { return Ok(None) };
        let (traces, metrics) = (collector.traces.take(), collector.metrics.take());
        let network = Network::resolve(environment)?;
        let sender = Arc::new(Sender { network, collector });
        let (stop, stopped) = watch::channel(());
        let mut tasks = Vec::new();
        let waiting = traces.map(|url| {
            let (waiting, spans) = mpsc::channel(MOST_WAITING);
            tasks.push(tokio::spawn(export_spans(sender.clone(), url, spans, dropped.clone(), stopped.clone())));
            waiting
        });
        if let Some(url) = metrics {
            tasks.push(tokio::spawn(export_metrics(sender, url, series.clone(), stopped)));
        }
        Ok(Some(Exporter { spans: Spans { waiting, dropped: dropped.clone() }, stop, tasks }))
    }

    /// Where spans go.
    pub(super) fn spans(&self) -> Spans {
        self.spans.clone()
    }

    /// Sends what is left, and returns when that is done or cannot be in time.
    pub(super) async fn close(self) {
        let Exporter { stop, tasks, .. } = self;
        drop(stop);
        for task in tasks {
            let _ = timeout(PATIENCE, task).await;
        }
    }
}

async fn export_spans(
    sender: Arc<Sender>,
    url: Url,
    mut waiting: mpsc::Receiver<(String, u64)>,
    dropped: Arc<Dropped>,
    mut stopped: watch::Receiver<()>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let is_stopped = tokio::select! {
            biased;
            received = waiting.recv_many(&mut batch, BATCH) => match received {
                0 => return,
                _ => false,
            },
            _ = stopped.changed() => true,
        };
        if is_stopped {
            // What waits is given out still.
            waiting.close();
        } else if batch.len() < BATCH {
            tokio::select! {
                () = sleep(PAUSE) => {}
                _ = stopped.changed() => waiting.close(),
            }
            let room = BATCH - batch.len();
            for _ in 0..room {
                let Ok(spans) = waiting.try_recv() else { break };
                batch.push(spans);
            }
        }
        if batch.is_empty() {
            continue;
        }
        let (spans, counts): (Vec<String>, Vec<u64>) = batch.drain(..).unzip();
        let body = spans::request(&sender.collector.resource, &spans);
        if !sender.send(&url, body.into(), &mut stopped).await {
            dropped.spans.fetch_add(counts.iter().sum(), Ordering::Relaxed);
        }
    }
}

/// Numbers are sums since the start: one that is not delivered is part of the next.
async fn export_metrics(sender: Arc<Sender>, url: Url, series: Arc<AllSeries>, mut stopped: watch::Receiver<()>) {
    let started = SystemTime::now();
    let every = sender.collector.metrics_every.max(Duration::from_millis(10));
    let mut ticks = interval_at(tokio::time::Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let is_last = tokio::select! {
            _ = ticks.tick() => false,
            _ = stopped.changed() => true,
        };
        if let Some(body) = metrics::request(&sender.collector.resource, &series, started) {
            sender.send(&url, body.into(), &mut stopped).await;
        }
        if is_last {
            return;
        }
    }
}

/// How requests leave.
struct Sender {
    network: Network,
    collector: Collector,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Its headers are secrets.
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl Sender {
    /// Whether the collector has taken `body`. It is tried again where the specification says so ("OTLP/HTTP Response",
    /// "Retryable Response Codes"), but not once the gateway stops.
    async fn send(&self, url: &Url, body: Bytes, stopped: &mut watch::Receiver<()>) -> bool {
        for wait in WAITS.into_iter().map(Some).chain([None]) {
            let answer = post(&self.network, self.request(url, body.clone()), self.collector.timeout).await;
            let (is_retryable, asked) = match &answer {
                Ok(answer) if answer.status().is_success() => return true,
                Ok(answer) => (matches!(answer.status().as_u16(), 429 | 502..=504), retry_after(answer)),
                Err(_) => (true, None),
            };
            let Some(wait) = wait.filter(|_| is_retryable) else { return false };
            tokio::select! {
                () = sleep(asked.unwrap_or(wait).min(LONGEST_WAIT)) => {}
                _ = stopped.changed() => return false,
            }
        }
        false
    }

    fn request(&self, url: &Url, body: Bytes) -> Request<Bytes> {
        let mut request = Request::new(body);
        *request.method_mut() = http::Method::POST;
        if let Ok(uri) = url.as_str().parse() {
            *request.uri_mut() = uri;
        }
        let headers = request.headers_mut();
        for (name, value) in &self.collector.headers {
            if let (Ok(name), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                value.set_sensitive(true);
                headers.insert(name, value);
            }
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let agent = concat!("bedrock-wrapper/", env!("CARGO_PKG_VERSION"));
        headers.insert(USER_AGENT, HeaderValue::from_static(agent));
        request
    }
}

fn retry_after(answer: &http::Response<Bytes>) -> Option<Duration> {
    let seconds = answer.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}
