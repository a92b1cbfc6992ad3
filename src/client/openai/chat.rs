//! `POST /chat/completions`.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::ask::ask;
use super::cached;
use super::choices::{Choices, Step};
use super::manner::reasoning_format;
use super::through::{self, way};
use super::{Answer, Call, Stream};
use crate::client::Client;
use crate::client::asking::Asked;
use crate::client::told::{Tally, Told, header};
use crate::conversation::Event;
use crate::dialect::chat::render::{ReasoningFormat, Render, Settings};
use crate::dialect::chat::{self, ChatCall};
use crate::error::Result;

/// Answers a chat request. A stream's head is held until the model has said something, so that what fails before is an
/// error with a status.
pub(super) async fn answer(client: &Client, call: Call) -> Result<Answer> {
    let Call { headers, payload, form, .. } = call;
    let mut body = payload.parse().await?;
    if let Some(model) = body.get("model").and_then(Value::as_str)
        && let Some((route, target)) = way(client, model).await
    {
        return through::answer(client, route, &target, body, form).await;
    }
    let caching = client.manner().prompt_caching && cached::ask_for(&mut body);
    let mut losses = Vec::new();
    let look_up = |name: &str| header(&headers, name).map(str::to_owned);
    let mut asked_for = chat::parse(body, &look_up, client.manner().strict_params, &mut losses)?;
    asked_for.request.caching.where_possible = caching;
    let reasoning = reasoning(client, &asked_for, header(&headers, "x-reasoning-format"))?;
    client.memory().restore(&mut asked_for.request);

    let Asked { target, request_id, readings, head: _ } = ask(client, &mut asked_for, &mut losses).await?;
    let reasoning = if target.model.answers_in_reasoning { ReasoningFormat::Content } else { reasoning };
    let (n, streamed) = (readings.len(), asked_for.stream);
    let settings = settings(client, asked_for, reasoning, request_id.as_deref());
    let answer_id = Some(settings.id.clone());
    let render = Render::new(settings);
    let told =
        Told { request_id, answer_id, losses, ..Told::of(&target, client.connection().account().region.as_deref()) };
    let choices = Choices::new(readings);

    if streamed {
        return Ok(Answer::streamed(Stream::chat(choices, render.chunks(n), form).await?, told));
    }
    let events = whole(choices, n).await?;
    let mut tally = Tally::default();
    events.iter().flatten().for_each(|event| tally.note(event));
    Ok(Answer::whole(render.completion(events)?, told, tally))
}

/// The events of each choice, in order.
async fn whole(mut choices: Choices, n: usize) -> Result<Vec<Vec<Event>>> {
    let mut whole = vec![Vec::new(); n];
    while let Some(Step { choice, events }) = choices.next().await? {
        if let (Some(place), Some(events)) = (whole.get_mut(choice), events) {
            place.extend(events);
        }
    }
    Ok(whole)
}

/// A request that excludes reasoning wins over its header, and that over the client's option.
fn reasoning(client: &Client, call: &ChatCall, header: Option<&str>) -> Result<ReasoningFormat> {
    match header {
        _ if call.hide_reasoning => Ok(ReasoningFormat::Hidden),
        Some(word) => reasoning_format(word, "x-reasoning-format"),
        None => Ok(client.manner().reasoning),
    }
}

fn settings(client: &Client, call: ChatCall, reasoning: ReasoningFormat, request_id: Option<&str>) -> Settings {
    Settings {
        id: format!("chatcmpl-{}", request_id.map_or_else(|| format!("{:032x}", fastrand::u128(..)), str::to_owned)),
        created: now(),
        model: call.model,
        include_usage: call.include_usage,
        legacy_functions: call.legacy_functions,
        custom_tools: call.custom_tools,
        reasoning,
        metadata: call.metadata,
        bedrock: client.manner().bedrock,
    }
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
