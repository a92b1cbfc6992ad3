//! The numbers as OpenTelemetry's histograms: those of the conventions for generative AI, and the HTTP server's.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::json::{Any, Attribute, Decimal, Resource, SCOPE, Scope, nanoseconds};
use super::semantics::{PROVIDER, operation};
use crate::gateway::observe::histogram::{DURATION, FIRST_TOKEN, Histogram, PER_TOKEN, Scale, Snapshot, TOKENS};
use crate::gateway::observe::series::{AllSeries, Labels, Series};
use crate::gateway::observe::timestamp::since_1970;

/// `AGGREGATION_TEMPORALITY_CUMULATIVE`
const CUMULATIVE: u8 = 2;

/// A histogram of the conventions.
struct Instrument {
    name: &'static str,
    unit: &'static str,
    description: &'static str,
    scale: &'static Scale,
    /// What else tells its points apart, with the histograms that hold them.
    parts: &'static [Part],
    attributes: fn(&Labels) -> Option<Key>,
}

/// One more attribute, and the histogram of what has it.
type Part = (Option<(&'static str, &'static str)>, fn(&Series) -> &Histogram);

/// Attributes, as what points are told apart by.
type Key = Vec<(&'static str, Value)>;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Text(String),
    Number(u64),
}

const INSTRUMENTS: &[Instrument] = &[
    Instrument {
        name: "gen_ai.client.operation.duration",
        unit: "s",
        description: "GenAI operation duration.",
        scale: DURATION,
        parts: &[(None, |series| &series.duration)],
        attributes: of_model,
    },
    Instrument {
        name: "gen_ai.client.token.usage",
        unit: "{token}",
        description: "Number of input and output tokens used.",
        scale: TOKENS,
        parts: &[
            (Some(("gen_ai.token.type", "input")), |series| &series.input_tokens),
            (Some(("gen_ai.token.type", "output")), |series| &series.output_tokens),
        ],
        attributes: of_model,
    },
    Instrument {
        name: "gen_ai.server.time_to_first_token",
        unit: "s",
        description: "Time to generate first token for successful responses.",
        scale: FIRST_TOKEN,
        parts: &[(None, |series| &series.first_token)],
        attributes: of_model,
    },
    Instrument {
        name: "gen_ai.server.time_per_output_token",
        unit: "s",
        description: "Time per output token generated after the first token for successful responses.",
        scale: PER_TOKEN,
        parts: &[(None, |series| &series.per_token)],
        attributes: of_model,
    },
    Instrument {
        name: "http.server.request.duration",
        unit: "s",
        description: "Duration of HTTP server requests.",
        scale: DURATION,
        parts: &[(None, |series| &series.duration)],
        attributes: of_server,
    },
];

fn of_model(labels: &Labels) -> Option<Key> {
    let mut key = vec![
        ("gen_ai.operation.name", Value::Text(operation(labels.route)?.to_owned())),
        ("gen_ai.provider.name", Value::Text(PROVIDER.to_owned())),
        ("gen_ai.request.model", Value::Text(labels.model.to_string())),
    ];
    if !labels.region.is_empty() {
        key.push(("cloud.region", Value::Text(labels.region.to_string())));
    }
    if labels.status >= 400 {
        key.push(("error.type", Value::Text(labels.status.to_string())));
    }
    Some(key)
}

fn of_server(labels: &Labels) -> Option<Key> {
    let mut key = vec![
        ("http.response.status_code", Value::Number(labels.status.into())),
        ("url.scheme", Value::Text("http".to_owned())),
        ("gateway.route", Value::Text(labels.route.to_owned())),
    ];
    if labels.status >= 500 {
        key.push(("error.type", Value::Text(labels.status.to_string())));
    }
    Some(key)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    resource_metrics: [ResourceMetrics<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceMetrics<'a> {
    resource: &'a Resource,
    scope_metrics: [ScopeMetrics; 1],
}

#[derive(Serialize)]
struct ScopeMetrics {
    scope: Scope,
    metrics: Vec<Metric>,
}

#[derive(Serialize)]
struct Metric {
    name: &'static str,
    unit: &'static str,
    description: &'static str,
    histogram: Points,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Points {
    aggregation_temporality: u8,
    data_points: Vec<Point>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Point {
    attributes: Vec<Attribute<'static>>,
    start_time_unix_nano: Decimal,
    time_unix_nano: Decimal,
    count: Decimal,
    sum: f64,
    bucket_counts: Vec<Decimal>,
    explicit_bounds: &'static [f64],
}

/// The body of a request with all numbers since `started`; `None` where there are none yet.
pub(super) fn request(resource: &Resource, all: &AllSeries, started: SystemTime) -> Option<String> {
    let series = all.all();
    let (start, now) = (since_1970(started), since_1970(SystemTime::now()));
    let metrics = INSTRUMENTS.iter().filter_map(|instrument| {
        let mut points = BTreeMap::<Key, Snapshot>::new();
        for (labels, series) in &series {
            let Some(key) = (instrument.attributes)(labels) else { continue };
            for (part, read) in instrument.parts {
                let mut key = key.clone();
                key.extend(part.map(|(name, value)| (name, Value::Text(value.to_owned()))));
                let point = points.entry(key).or_insert_with(|| Snapshot::empty(instrument.scale));
                read(series).add_to(point);
            }
        }
        let points = points.into_iter().filter(|(_, point)| point.count() > 0);
        let data_points: Vec<Point> = points.map(|(key, point)| Point::of(key, &point, start, now)).collect();
        let Instrument { name, unit, description, .. } = *instrument;
        let histogram = Points { aggregation_temporality: CUMULATIVE, data_points };
        (!histogram.data_points.is_empty()).then_some(Metric { name, unit, description, histogram })
    });
    let metrics: Vec<Metric> = metrics.collect();
    if metrics.is_empty() {
        return None;
    }
    let scope_metrics = [ScopeMetrics { scope: SCOPE, metrics }];
    serde_json::to_string(&Request { resource_metrics: [ResourceMetrics { resource, scope_metrics }] }).ok()
}

impl Point {
    fn of(key: Key, snapshot: &Snapshot, start: Duration, now: Duration) -> Point {
        let attribute = |(name, value)| match value {
            Value::Text(text) => Attribute::new(name, Any::from(text)),
            Value::Number(number) => Attribute::new(name, Any::from(number)),
        };
        Point {
            attributes: key.into_iter().map(attribute).collect(),
            start_time_unix_nano: nanoseconds(start),
            time_unix_nano: nanoseconds(now),
            count: Decimal(snapshot.count()),
            sum: snapshot.sum,
            bucket_counts: snapshot.counts.iter().copied().map(Decimal).collect(),
            explicit_bounds: snapshot.bounds,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::gateway::observe::testing::{answered, refused};

    #[test]
    fn every_instrument_has_a_point_for_each_set_of_attributes() {
        let all = AllSeries::default();
        let resource = Resource { attributes: Vec::new() };
        assert_eq!(request(&resource, &all, SystemTime::now()), None);
        all.count(&answered("nova"));
        all.count(&answered("nova"));
        all.count(&refused("nova", 429, "rate_limit_exceeded", Some("ThrottlingException")));
        let found: Value = serde_json::from_str(&request(&resource, &all, SystemTime::now()).unwrap()).unwrap();
        let metrics = found["resourceMetrics"][0]["scopeMetrics"][0]["metrics"].as_array().unwrap();
        let names: Vec<&Value> = metrics.iter().map(|metric| &metric["name"]).collect();
        assert_eq!(names, INSTRUMENTS.iter().map(|instrument| instrument.name).collect::<Vec<_>>());
        let points = |place: usize| metrics[place]["histogram"]["dataPoints"].as_array().unwrap();
        assert_eq!((points(0).len(), points(1).len(), points(4).len()), (2, 2, 2));
        assert_eq!((&points(0)[0]["count"], &points(0)[0]["sum"]), (&json!("2"), &json!(2.6)));
        for point in metrics.iter().flat_map(|metric| metric["histogram"]["dataPoints"].as_array().unwrap()) {
            let length = |key: &str| point[key].as_array().unwrap().len();
            assert_eq!(length("bucketCounts"), length("explicitBounds") + 1);
        }
    }
}
