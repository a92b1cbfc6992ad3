//! `POST /moderations`: each input judged by a guardrail, a few at a time.

use bytes::Bytes;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::openai::Call as Asked;
use super::told::{Tally, Told, header};
use super::{Client, pictures};
use crate::config::Route;
use crate::conversation::moderation::{Assessment, Guardrail, Part};
use crate::dialect::moderations as dialect;
use crate::error::{Error, Result};
use crate::family::moderation as family;
use crate::media::Limits;
use crate::transport::{RawCall, in_time};

/// Calls at once.
const AT_ONCE: usize = 8;

/// Headers that name a guardrail, as for Converse's answers (API reference, "InvokeModel").
const IDENTIFIER: &str = "x-amzn-bedrock-guardrailidentifier";
const VERSION: &str = "x-amzn-bedrock-guardrailversion";

/// Answers a request with the JSON of OpenAI's `ModerationCreateResponse`. The first call that fails ends all others.
pub(super) async fn moderations(client: &Client, call: Asked, told: &mut Told) -> Result<(String, Tally)> {
    let Asked { headers, payload, .. } = call;
    let named = header(&headers, IDENTIFIER).map(|id| dialect::guardrail(id, header(&headers, VERSION)));
    let body = payload.parse().await?;
    let call = dialect::parse(body, client.manner().strict_params, &mut told.losses)?;
    let (model, mut inputs) = (call.model, call.inputs);
    let guardrail = call.guardrail.or(named).ok_or_else(|| {
        let message = "names no guardrail: give the id or ARN of one, with `:version` behind it unless it is the draft, \
                       here or in the header X-Amzn-Bedrock-GuardrailIdentifier.";
        Error::invalid("model", message)
    })?;
    let images = inputs.iter_mut().flatten().filter_map(|part| match part {
        Part::Image(image) => Some(image),
        Part::Text(_) => None,
    });
    pictures::make_all_ready(images, &Limits::default(), client.fetcher(), &mut told.losses).await?;
    told.region = client.connection().account().region.clone();

    let calls: Vec<_> = inputs.iter().map(|parts| judged(client, &guardrail, parts)).collect();
    let judged = stream::iter(calls).buffered(AT_ONCE).try_collect::<Vec<Judged>>();
    let judged = in_time(client.patience(), judged).await?;
    told.request_id = judged.first().and_then(|first| first.request_id.clone());
    let id = format!("modr-{}", told.request_id.as_deref().unwrap_or("0"));
    let model = model.unwrap_or_else(|| format!("{}:{}", guardrail.id, guardrail.version));
    let assessments: Vec<Assessment> = judged.into_iter().map(|judged| judged.assessment).collect();
    Ok((dialect::render(&id, &model, &inputs, &assessments), Tally::default()))
}

struct Judged {
    assessment: Assessment,
    request_id: Option<String>,
}

/// One call of ApplyGuardrail.
async fn judged(client: &Client, guardrail: &Guardrail, parts: &[Part]) -> Result<Judged> {
    let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let path = format!("/guardrail/{}/version/{}/apply", encoded(&guardrail.id), encoded(&guardrail.version));
    let call = RawCall {
        route: Route::RuntimeOpenAi,
        region: None,
        method: "POST",
        path: &path,
        headers: &[("content-type", "application/json")],
        body: Bytes::from(family::encode(parts)),
        patience: client.patience(),
    };
    let mut raw = client.connection().send_raw(call).await?;
    let request_id = raw.answer.request_id.clone();
    if let Some(refusal) = raw.refusal {
        return Err(refusal.answered(Some(raw.status), request_id));
    }
    let answer = raw.answer.whole().await.map_err(|error| error.answered(None, request_id.clone()))?;
    let assessment = family::decode(&answer).map_err(|error| error.answered(None, request_id.clone()))?;
    Ok(Judged { assessment, request_id })
}
