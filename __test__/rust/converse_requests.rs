//! Chat requests and the Converse bodies they are sent as: `__test__/fixtures/converse/requests/`, a case in each file.
//!
//! A case holds what is asked (`request`) and what comes of it: `body`, or `error`; what is left to do on our side
//! (`plan`), and the `warnings`. `UPDATE=1 cargo test` writes what comes of each into its file, for a reader to judge.

use bedrock_wrapper::catalog::{self, Target};
use bedrock_wrapper::conversation::{Block, FileKind, FileSource, ImageSource, Loss, Request};
use bedrock_wrapper::dialect::chat;
use bedrock_wrapper::error::{Error, Result};
use bedrock_wrapper::family::{self, Api, fit};
use bedrock_wrapper::media::{self, FileClass, Limits, Source};
use serde_json::{Map, Value, json};

use crate::cases::hold;

/// What the client does with what came with the request.
pub(crate) fn make_ready(request: &mut Request) {
    let inline = |reference: &str| match Source::parse(reference).unwrap() {
        Source::Inline(inline) => inline,
        Source::Remote(url) => panic!("{url} would be fetched"),
    };
    for part in request.messages.iter_mut().flat_map(|message| message.content.parts_mut()) {
        match part {
            Block::Image(image) => {
                let ImageSource::Reference(reference) = &image.source else { continue };
                image.source =
                    ImageSource::Ready(media::prepare_inline(inline(reference), &Limits::default()).unwrap());
            }
            Block::File(file) => {
                let FileSource::Reference(reference) = &file.source else { continue };
                let class = match file.kind {
                    FileKind::Document => FileClass::Document,
                    FileKind::Video => FileClass::Video,
                    FileKind::Audio => FileClass::Audio,
                };
                let ready = media::prepare_file_inline(inline(reference), class, file.format.as_deref()).unwrap();
                file.format = Some(ready.format.to_owned());
                file.source = FileSource::Ready(ready.base64);
            }
            _ => {}
        }
    }
}

fn sent(case: &Value, outcome: &mut Map<String, Value>) -> Result<()> {
    let mut losses = Vec::new();
    let done = (|| -> Result<()> {
        let call = chat::parse(case["request"].clone(), &|_| None, false, &mut losses)?;
        let mut request = call.request;
        make_ready(&mut request);
        fitted(&mut request, &catalog::resolve(&call.model)?, &mut losses, outcome)
    })();
    if !losses.is_empty() {
        outcome.insert("warnings".to_owned(), serde_json::to_value(losses).unwrap());
    }
    done
}

/// Fits a request to its model; its body and what is left to do are the outcome.
pub(crate) fn fitted(
    request: &mut Request,
    target: &Target,
    losses: &mut Vec<Loss>,
    outcome: &mut Map<String, Value>,
) -> Result<()> {
    let plan = fit::fit(request, target, Api::Converse, losses)?;
    let body = family::encode(Api::Converse, request, target.model);
    outcome.insert("body".to_owned(), serde_json::from_slice(&body).unwrap());
    let plan = told(&plan);
    if !plan.is_empty() {
        outcome.insert("plan".to_owned(), Value::Object(plan));
    }
    Ok(())
}

/// What is left to do, without what is not.
fn told(plan: &fit::Plan) -> Map<String, Value> {
    let all = json!({
        "cut_at": plan.cut_at,
        "tool_names": plan.tool_names,
        "json_tool": plan.json_tool,
        "json_instructed": plan.json_instructed,
        "schema": plan.schema,
        "replay_whole": plan.replay_whole,
    });
    let says_something = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    };
    let Value::Object(mut members) = all else { unreachable!() };
    members.retain(|_, value| says_something(value));
    members
}

pub(crate) fn refusal(error: &Error) -> Value {
    json!({"message": error.message, "param": error.param})
}

#[test]
fn each_request_is_sent_as_its_case_says() {
    hold("converse/requests", 40, &["about", "request"], |case, fresh| {
        if let Err(error) = sent(case, fresh) {
            fresh.insert("error".to_owned(), refusal(&error));
        }
    });
}
