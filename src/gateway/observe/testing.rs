//! Exchanges to observe in tests.

use std::time::Duration;

use crate::client::Told;
use crate::conversation::{StopReason, Usage};
use crate::gateway::exchange::{Exchange, Outcome};
use crate::gateway::refusal::Refusal;
use crate::gateway::route::Operation;

/// A streamed answer of `model`.
pub(super) fn answered(model: &str) -> Exchange {
    let mut exchange = Exchange {
        method: "POST".to_owned(),
        path: "/v1/chat/completions".to_owned(),
        operation: Some(Operation::ChatCompletions),
        key: Some("team".into()),
        model: model.to_owned(),
        target: Some("default".into()),
        told: Told {
            request_id: Some("bedrock-1".to_owned()),
            model_id: Some("us.amazon.nova-lite-v1:0".to_owned()),
            region: Some("us-east-1".to_owned()),
            ..Told::default()
        },
        attempts: 1,
        streamed: true,
        status: 200,
        outcome: Outcome::Answered,
        first_content: Some(Duration::from_millis(300)),
        duration: Duration::from_millis(1300),
        receiving: Duration::from_millis(1),
        asked: Some(Duration::from_millis(2)),
        upstream: Duration::from_millis(298),
        ..Exchange::begun("req_1".to_owned(), ([127, 0, 0, 1], 4000).into())
    };
    exchange.tally.usage = Usage {
        input_tokens: Some(10),
        output_tokens: Some(11),
        total_tokens: Some(25),
        cache_read_input_tokens: Some(4),
        cache_write_input_tokens: None,
    };
    exchange.tally.stop_reasons = vec![StopReason::EndTurn];
    exchange
}

/// A request for `model` that failed.
pub(super) fn refused(model: &str, status: u16, code: &'static str, exception: Option<&str>) -> Exchange {
    let refusal =
        Refusal { exception: exception.map(str::to_owned), ..Refusal::unavailable(status, code, "It did not work.") };
    let before = answered(model);
    Exchange {
        key: None,
        told: Told::default(),
        streamed: false,
        status,
        outcome: Outcome::Refused(Box::new(refusal)),
        first_content: None,
        tally: Default::default(),
        ..before
    }
}
