//! The numbers as Prometheus' text format 0.0.4 (Prometheus documentation, "Exposition formats").

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::histogram::{DURATION, FIRST_TOKEN, Histogram, OVERHEAD, PER_TOKEN, Scale, Snapshot};
use super::series::{AllSeries, Labels, Series, TOKEN_TYPES};
use crate::gateway::settings::NANOS;

/// Series with the same values of some labels.
type Grouped<'a> = BTreeMap<Vec<Cow<'a, str>>, Vec<&'a Series>>;

/// A counter, with the labels that series are grouped by.
struct Counter {
    name: &'static str,
    help: &'static str,
    labels: &'static [&'static str],
    read: fn(&Series) -> u64,
}

/// A histogram of durations, likewise.
struct Timing {
    name: &'static str,
    help: &'static str,
    labels: &'static [&'static str],
    read: fn(&Series) -> &Histogram,
    scale: &'static Scale,
}

const COUNTERS: &[Counter] = &[
    Counter {
        name: "gateway_requests_total",
        help: "Requests that are over, by the status of their answer; 499 where the caller left before there was one.",
        labels: &["route", "model", "provider_region", "status", "key_id"],
        read: |series| {
            let mut duration = Snapshot::empty(DURATION);
            series.duration.add_to(&mut duration);
            duration.count()
        },
    },
    Counter {
        name: "gateway_retries_total",
        help: "Targets that were asked because another had failed.",
        labels: &["route", "model"],
        read: |series| series.retries.load(Ordering::Relaxed),
    },
    Counter {
        name: "gateway_cancelled_total",
        help: "Requests whose caller went away before the answer was whole.",
        labels: &["route", "model"],
        read: |series| series.cancelled.load(Ordering::Relaxed),
    },
    Counter {
        name: "gateway_stream_errors_total",
        help: "Streams that ended with an error event.",
        labels: &["route", "model"],
        read: |series| series.broken.load(Ordering::Relaxed),
    },
];

const TIMINGS: &[Timing] = &[
    Timing {
        name: "gateway_request_duration_seconds",
        help: "From the head of a request to the end of its answer.",
        labels: &["route", "model"],
        read: |series| &series.duration,
        scale: DURATION,
    },
    Timing {
        name: "gateway_overhead_seconds",
        help: "The gateway's own time until the first content: neither receiving the request nor waiting for Bedrock.",
        labels: &["route"],
        read: |series| &series.overhead,
        scale: OVERHEAD,
    },
    Timing {
        name: "gateway_time_to_first_token_seconds",
        help: "From the head of a request to the first content of its stream.",
        labels: &["route", "model"],
        read: |series| &series.first_token,
        scale: FIRST_TOKEN,
    },
    Timing {
        name: "gateway_time_per_output_token_seconds",
        help: "Between tokens of a stream, on average.",
        labels: &["route", "model"],
        read: |series| &series.per_token,
        scale: PER_TOKEN,
    },
];

const TOKEN_LABELS: &[&str] = &["model", "provider_region", "key_id"];

/// What is known besides the series.
#[derive(Clone, Debug, Default)]
pub(super) struct Rest {
    /// Requests that are going on.
    pub(super) in_flight: usize,
    /// What could not be told, by signal.
    pub(super) dropped: Vec<(&'static str, u64)>,
    /// When the gateway started, in seconds since 1970.
    pub(super) started: f64,
}

/// The text.
pub(super) fn text(all: &AllSeries, rest: &Rest) -> String {
    let series = all.all();
    let mut text = String::with_capacity(1024 + series.len() * 512);
    for Counter { name, help, labels, read } in COUNTERS {
        head(&mut text, name, "counter", help);
        for (values, group) in &grouped(&series, labels) {
            let sum: u64 = group.iter().map(|series| read(series)).sum();
            sample(&mut text, name, &named(labels, values), sum);
        }
    }
    for Timing { name, help, labels, read, scale } in TIMINGS {
        head(&mut text, name, "histogram", help);
        for (values, group) in &grouped(&series, labels) {
            let mut sum = Snapshot::empty(scale);
            group.iter().for_each(|series| read(series).add_to(&mut sum));
            histogram(&mut text, name, &named(labels, values), &sum);
        }
    }
    tokens(&mut text, &series);
    costs(&mut text, &series);
    counted(
        &mut text,
        "gateway_upstream_errors_total",
        "Failures of Bedrock, by AWS's name of the exception.",
        |text, name| {
            for (exception, count) in all.exceptions() {
                sample(text, name, &[("exception", &exception)], count);
            }
        },
    );
    counted(
        &mut text,
        "gateway_telemetry_dropped_total",
        "What could not be logged or exported, by signal.",
        |text, name| {
            for (signal, count) in &rest.dropped {
                sample(text, name, &[("signal", signal)], count);
            }
        },
    );
    head(&mut text, "gateway_inflight", "gauge", "Requests that are going on.");
    sample(&mut text, "gateway_inflight", &[], rest.in_flight);
    head(&mut text, "gateway_build_info", "gauge", "The version that runs.");
    sample(&mut text, "gateway_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    head(&mut text, "process_start_time_seconds", "gauge", "When the gateway started, in seconds since 1970.");
    sample(&mut text, "process_start_time_seconds", &[], rest.started);
    text
}

fn counted(text: &mut String, name: &str, help: &str, samples: impl FnOnce(&mut String, &str)) {
    head(text, name, "counter", help);
    samples(text, name);
}

fn tokens(text: &mut String, series: &[(Labels, Arc<Series>)]) {
    let name = "gateway_tokens_total";
    head(text, name, "counter", "Tokens as Bedrock counted them: what an answer is billed by.");
    for (values, group) in &grouped(series, TOKEN_LABELS) {
        for (place, kind) in TOKEN_TYPES.iter().enumerate() {
            let count = |series: &&Series| series.tokens.get(place).map_or(0, |count| count.load(Ordering::Relaxed));
            let sum: u64 = group.iter().map(count).sum();
            let mut labels = named(TOKEN_LABELS, values);
            labels.push(("type", kind));
            if sum > 0 {
                sample(text, name, &labels, sum);
            }
        }
    }
}

fn costs(text: &mut String, series: &[(Labels, Arc<Series>)]) {
    let name = "gateway_cost_dollars_total";
    head(text, name, "counter", "What tokens cost, by the prices of the settings.");
    for (values, group) in &grouped(series, TOKEN_LABELS) {
        let nanos: u64 = group.iter().map(|series| series.cost.load(Ordering::Relaxed)).sum();
        if nanos > 0 {
            sample(text, name, &named(TOKEN_LABELS, values), nanos as f64 / NANOS);
        }
    }
}

fn grouped<'a>(series: &'a [(Labels, Arc<Series>)], names: &[&str]) -> Grouped<'a> {
    let mut groups = Grouped::new();
    for (labels, series) in series {
        let values = names.iter().map(|name| value(labels, name)).collect();
        groups.entry(values).or_default().push(series);
    }
    groups
}

fn value<'a>(labels: &'a Labels, name: &str) -> Cow<'a, str> {
    match name {
        "route" => labels.route.into(),
        "model" => (&*labels.model).into(),
        "provider_region" => (&*labels.region).into(),
        "key_id" => (&*labels.key).into(),
        _ => labels.status.to_string().into(),
    }
}

fn named<'a>(names: &[&'static str], values: &'a [Cow<'_, str>]) -> Vec<(&'static str, &'a str)> {
    names.iter().copied().zip(values.iter().map(|value| &**value)).collect()
}

fn histogram(text: &mut String, name: &str, labels: &[(&str, &str)], of: &Snapshot) {
    let mut sum = 0;
    if of.count() == 0 {
        return;
    }
    let bounds = of.bounds.iter().map(f64::to_string).chain(["+Inf".to_owned()]);
    for (bound, count) in bounds.zip(&of.counts) {
        sum += count;
        let mut labels = labels.to_vec();
        labels.push(("le", &bound));
        sample(text, &format!("{name}_bucket"), &labels, sum);
    }
    sample(text, &format!("{name}_sum"), labels, of.sum);
    sample(text, &format!("{name}_count"), labels, sum);
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn sample(text: &mut String, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
    text.push_str(name);
    for (place, (label, value)) in labels.iter().enumerate() {
        text.push(if place == 0 { '{' } else { ',' });
        text.push_str(label);
        text.push_str("=\"");
        escape(text, value);
        text.push('"');
    }
    if !labels.is_empty() {
        text.push('}');
    }
    let _ = writeln!(text, " {value}");
}

fn escape(text: &mut String, value: &str) {
    for letter in value.chars() {
        match letter {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            letter => text.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::exchange::Exchange;
    use crate::gateway::observe::testing::{answered, refused};

    #[test]
    fn the_text_says_what_was_counted() {
        let all = AllSeries::default();
        all.count(&answered("nova"));
        all.count(&Exchange { cost: Some(250_000_000), ..answered("nova") });
        all.count(&refused("nova", 429, "rate_limit_exceeded", Some("ThrottlingException")));
        let text = text(&all, &Rest { in_flight: 3, dropped: vec![("spans", 7)], started: 1.5 });
        for line in [
            "# TYPE gateway_requests_total counter",
            r#"gateway_requests_total{route="chat.completions",model="nova",provider_region="us-east-1",status="200",key_id="team"} 2"#,
            r#"gateway_requests_total{route="chat.completions",model="nova",provider_region="",status="429",key_id=""} 1"#,
            r#"gateway_tokens_total{model="nova",provider_region="us-east-1",key_id="team",type="input"} 20"#,
            r#"gateway_tokens_total{model="nova",provider_region="us-east-1",key_id="team",type="cache_read"} 8"#,
            r#"gateway_request_duration_seconds_bucket{route="chat.completions",model="nova",le="+Inf"} 3"#,
            r#"gateway_request_duration_seconds_count{route="chat.completions",model="nova"} 3"#,
            r#"gateway_time_to_first_token_seconds_count{route="chat.completions",model="nova"} 2"#,
            r#"gateway_overhead_seconds_count{route="chat.completions"} 2"#,
            r#"gateway_cost_dollars_total{model="nova",provider_region="us-east-1",key_id="team"} 0.25"#,
            r#"gateway_upstream_errors_total{exception="ThrottlingException"} 1"#,
            r#"gateway_telemetry_dropped_total{signal="spans"} 7"#,
            "gateway_inflight 3",
            "process_start_time_seconds 1.5",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
    }

    #[test]
    fn values_cannot_break_a_line() {
        let mut text = String::new();
        sample(&mut text, "x", &[("model", "a\"b\\c\nd")], 1);
        assert_eq!(text, "x{model=\"a\\\"b\\\\c\\nd\"} 1\n");
    }
}
