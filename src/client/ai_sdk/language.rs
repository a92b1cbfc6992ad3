//! `doGenerate` and `doStream`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Answer, Call, Stream};
use crate::catalog::{self, Target};
use crate::client::Client;
use crate::client::asking::{self, Asked, Asking};
use crate::client::reading::Reading;
use crate::client::reply::Head;
use crate::client::told::header;
use crate::conversation::{Loss, Reasoning, Request};
use crate::dialect::ai_sdk::render::{Parts, Settings, result};
use crate::dialect::ai_sdk::request::parse;
use crate::dialect::ai_sdk::warnings;
use crate::error::{Error, Kind, Result};
use crate::transport::Particulars;

/// A whole answer.
pub(super) async fn generate(client: &Client, call: Call) -> Result<Answer> {
    let (mut begun, settings) = begin(client, call, false).await?;
    let events = begun.reading.all().await?;
    let result = result(events, &settings)?;
    if let (Some(head), Value::Object(result)) = (begun.answer.head.as_object_mut(), result) {
        head.extend(result);
    }
    Ok(begun.answer)
}

/// A stream, once the model has said something: what fails before can be tried again.
pub(super) async fn stream(client: &Client, call: Call) -> Result<Answer> {
    let (begun, settings) = begin(client, call, true).await?;
    let stream = Stream::begin(begun.reading, Parts::new(settings)).await?;
    Ok(Answer { stream: Some(Box::new(stream)), ..begun.answer })
}

struct Begun {
    answer: Answer,
    reading: Reading,
}

async fn begin(client: &Client, call: Call, stream: bool) -> Result<(Begun, Settings)> {
    let Call { model_id, settings, headers, specification, generated_id, includes_raw_chunks, payload, .. } = call;
    let mut losses: Vec<Loss> = Vec::new();
    let mut request = parse(payload.parse().await?, &mut losses)?;
    request.stream = stream;
    client.memory().restore(&mut request);
    let target = Some(target(&model_id, &settings, &request));
    let settings = Settings::of(&request, specification, generated_id);
    let particulars = Particulars { headers: Arc::from(headers), keeps_head: true };
    let with_frames = includes_raw_chunks && stream;
    let asking = Asking { particulars, with_frames, target, ..Asking::new(&model_id, request, 1) };
    let Asked { target: _, request_id, head, mut readings } = asking::ask(client, asking, &mut losses).await?;
    let reading = readings.pop().ok_or_else(|| Error::new(Kind::Internal, "No answer was asked for."))?;
    let Head { url, headers, sent } = head;
    let date = header(&headers, "date").map(str::to_owned);
    let headers: Value = headers.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
    let mut head = json!({
        "warnings": warnings(&losses),
        "request": {"url": url},
        "response": {"id": request_id, "modelId": model_id, "headers": headers},
    });
    // An HTTP date, which JavaScript reads.
    date.into_iter().for_each(|date| head["response"]["timestamp"] = Value::String(date));
    Ok((Begun { answer: Answer { head, sent, stream: None }, reading }, settings))
}

/// What an id stands for. What the catalog does not know goes to Converse as it is. An id that says nothing can be said to be
/// that of a Claude: by the settings of the model, or, of an inference profile of the account, by a budget for thinking,
/// which no other model takes.
fn target(model_id: &str, settings: &Value, request: &Request) -> Target {
    let target = catalog::meant(model_id).unwrap_or_else(|_| Target::opaque(model_id));
    let has_budget = matches!(request.reasoning, Some(Reasoning::Budget(_)));
    let is_claude =
        settings["modelFamily"] == "anthropic" || has_budget && model_id.contains(":application-inference-profile/");
    if is_claude { target.as_claude() } else { target }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILE: &str = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc";

    #[test]
    fn an_id_that_says_nothing_is_claudes_where_the_caller_says_so() {
        let asked = |reasoning| Request { reasoning, ..Request::default() };
        let budget = asked(Some(Reasoning::Budget(1024)));
        for (id, settings, request, is_claude) in [
            (PROFILE, json!({}), &asked(None), false),
            (PROFILE, json!({"modelFamily": "anthropic"}), &asked(None), true),
            (PROFILE, json!({}), &budget, true),
            ("amazon.nova-pro-v1:0", json!({"modelFamily": "anthropic"}), &budget, false),
            ("whatever it is", json!({}), &budget, false),
        ] {
            let target = target(id, &settings, request);
            assert_eq!((target.wire_id.as_str(), target.model.is_claude()), (id, is_claude), "{settings}");
        }
    }
}
