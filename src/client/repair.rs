//! Answers that have to fit a schema which the service does not see to: checked here, and asked for once more, with what
//! is wrong with them, when they do not.

use serde_json::Value;

use super::Client;
use super::question::Fitted;
use super::reading::Reading;
use crate::conversation::{Content, Event, Loss, LossCode, Message, Role, StopReason, Usage};
use crate::error::Result;
use crate::family::schema::{repair_message, validate};

/// The answer of `reading`, or a better one; an answer that broke off or called a tool is left as it is.
pub(super) async fn put_right(
    client: &Client,
    fitted: &Fitted<'_>,
    schema: &Value,
    mut reading: Reading,
    losses: &mut Vec<Loss>,
) -> Result<Reading> {
    let answer = reading.all().await?;
    let Some(complaint) = complaint(&answer, schema) else { return Ok(Reading::of(answer)) };
    let mut second = fitted.again();
    let turn = |role, text| Message { role, content: Content::Text(text), name: None };
    second.request.messages.push(turn(Role::Assistant, text(&answer)));
    second.request.messages.push(turn(Role::User, repair_message(&complaint)));
    let reply = second.send(&mut Vec::new()).await?;
    let mut better = Reading::new(reply, &second.plan, client.memory().clone()).all().await?;
    add_cost(&answer, &mut better);
    if let Some(complaint) = self::complaint(&better, schema) {
        let message = format!("The answer does not fit the schema, also when asked once more: {complaint}");
        losses.push(Loss::of(LossCode::Emulated, "response_format", message));
    }
    Ok(Reading::of(better))
}

/// What is wrong with an answer that is to be JSON.
fn complaint(answer: &[Event], schema: &Value) -> Option<String> {
    let done =
        answer.iter().any(|event| matches!(event, Event::Stop(StopReason::EndTurn | StopReason::StopSequence(_))));
    if !done {
        return None;
    }
    validate(schema, &text(answer)).err()
}

fn text(answer: &[Event]) -> String {
    let texts = answer.iter().filter_map(|event| match event {
        Event::Text { text, .. } => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// Both calls are paid for.
fn add_cost(first: &[Event], second: &mut [Event]) {
    let sum = |a: Option<u64>, b: Option<u64>| a.or(b).map(|_| a.unwrap_or(0).saturating_add(b.unwrap_or(0)));
    let cost = first.iter().rev().find_map(|event| match event {
        Event::Usage(usage) => Some(*usage),
        _ => None,
    });
    let last = second.iter_mut().rev().find_map(|event| match event {
        Event::Usage(usage) => Some(usage),
        _ => None,
    });
    if let (Some(cost), Some(usage)) = (cost, last) {
        *usage = Usage {
            input_tokens: sum(usage.input_tokens, cost.input_tokens),
            output_tokens: sum(usage.output_tokens, cost.output_tokens),
            total_tokens: sum(usage.total_tokens, cost.total_tokens),
            cache_read_input_tokens: sum(usage.cache_read_input_tokens, cost.cache_read_input_tokens),
            cache_write_input_tokens: sum(usage.cache_write_input_tokens, cost.cache_write_input_tokens),
        };
    }
}
