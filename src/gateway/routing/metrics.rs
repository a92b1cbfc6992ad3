//! How the targets do: in Prometheus' text format (Prometheus documentation, "Exposition formats"), and for people.

use serde_json::{Value, json};

use super::Routing;
use super::breaker::Position;
use super::health::ModelHealth;
use super::target::TargetHealth;

/// A gauge: its name, what it tells, and its value.
type Gauge = (&'static str, &'static str, fn(&TargetHealth) -> usize);

const GAUGES: &[Gauge] = &[
    ("gateway_target_inflight", "Requests that a target answers.", |target| target.under_way),
    ("gateway_target_left_alone", "Whether a target is left alone because it failed.", |target| {
        usize::from(target.position != Position::Closed)
    }),
    ("gateway_target_models_left_alone", "Models that a target is not asked for because they failed.", |target| {
        left_alone(target).count()
    }),
];

fn left_alone(target: &TargetHealth) -> impl Iterator<Item = &ModelHealth> {
    target.models.iter().filter(|model| model.position != Position::Closed)
}

fn mean(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = numbers.fold((0_u32, 0.0), |(count, sum), number| (count + 1, sum + number));
    (count > 0).then(|| sum / f64::from(count))
}

impl Routing {
    /// What is known of the targets, for the page.
    pub(in crate::gateway) fn shown(&self) -> Value {
        let one = |target: &TargetHealth| {
            let models: Vec<&str> = left_alone(target).map(|model| model.model.as_str()).collect();
            json!({
                "name": &*target.name,
                "region": target.region,
                "state": target.position.name(),
                "in_flight": target.under_way,
                "latency_ms": mean(target.models.iter().filter_map(|model| model.seconds)).map(|seconds| seconds * 1000.0),
                "models_left_alone": models.join(", "),
            })
        };
        self.report().iter().map(one).collect()
    }

    /// Gauges of each target. Names of targets need no escapes.
    pub(in crate::gateway) fn metrics(&self) -> String {
        let targets = self.report();
        let mut text = String::new();
        for (name, help, value) in GAUGES {
            text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n"));
            for target in &targets {
                text.push_str(&format!("{name}{{target=\"{}\"}} {}\n", target.name, value(target)));
            }
        }
        text
    }
}
