//! The body of `POST /chat/completions`, read field by field.

use serde_json::{Map, Value};

use super::fields::FIELDS;
use super::{caching, choice, extras, format, messages, reasoning, tools};
use crate::conversation::{Loss, Parameters, Request, SystemTool, Tool};
use crate::dialect::extra_body;
use crate::dialect::fields::{check_type, judge};
use crate::dialect::losses::Losses;
use crate::dialect::parameters;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{ApiCode, Error, Result};

/// The most answers to one request (`n` of OpenAI's API).
const MOST_ANSWERS: u32 = 128;
/// The most alternatives to `model`.
const MOST_FALLBACKS: usize = 10;
/// The most stop sequences Converse takes (`InferenceConfiguration`).
const MOST_STOPS: usize = 2_500;
/// What web search is called on Bedrock: a tool that Nova runs itself.
const WEB_SEARCH: &str = "nova_grounding";

/// A chat request as the caller meant it.
#[derive(Debug)]
pub struct ChatCall {
    /// A name, id or ARN.
    pub model: String,
    /// Models to ask instead, in order, when that one cannot answer (`fallbacks`, `models`).
    pub fallbacks: Vec<String>,
    /// What the model is asked.
    pub request: Request,
    /// Whether the answer comes as chunks.
    pub stream: bool,
    /// Whether a stream ends with what it cost.
    pub include_usage: bool,
    /// How many answers, 1 to 128.
    pub n: u32,
    /// Whether the request spoke of `functions`: the answer then has `function_call` instead of `tool_calls`.
    pub legacy_functions: bool,
    /// Names of the tools of type `custom`; their calls go back as such, with the text in `input`.
    pub custom_tools: Vec<String>,
    /// Whether the answer is to be without the model's reasoning.
    pub hide_reasoning: bool,
    /// `metadata`, for the answer to repeat.
    pub metadata: Option<Map<String, Value>>,
}

/// Looks a header of the request up by its name in lower case.
pub type Headers<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads a request. What is wrong is an error that names the field; what is left out is a loss, and with `strict` an
/// error too.
pub fn parse(body: Value, headers: Headers<'_>, strict: bool, losses: &mut Vec<Loss>) -> Result<ChatCall> {
    let mut fields = match body {
        Value::Object(fields) => Object::request(fields),
        other => return Err(Error::wrong_type("body", "an object with model and messages", &other)),
    };
    let mut losses = Losses::new(losses, strict);
    let strangers = extra_body::spread(&mut fields, FIELDS, &mut losses)?;
    let (model, fallbacks) = models(&mut fields)?;
    let stream = fields.flag("stream")?.unwrap_or(false);
    let include_usage = stream_options(&mut fields, &mut losses)?;
    let n = fields.whole("n", "a whole number of answers", 1)?.unwrap_or(1);
    if n > MOST_ANSWERS {
        return Err(Error::invalid("n", format!("must be at most {MOST_ANSWERS}.")));
    }
    modalities(&mut fields)?;
    let parameters = parameters(&mut fields, &mut losses)?;
    let reasoning = reasoning::parse(&mut fields, &mut losses)?;
    let policy = caching::parse(&mut fields, &mut losses)?;
    let mut tools = tools::parse(&mut fields, policy.ttl, &mut losses)?;
    web_search(&mut fields, &mut tools.list, &mut losses)?;
    let tool_choice = choice::parse(&mut fields, &mut tools, &mut losses)?;
    let parallel = fields.flag("parallel_tool_calls")?.filter(|_| !tools.list.is_empty());
    let format = format::parse(&mut fields, &mut losses)?;
    let told = extras::parse(&mut fields, strangers, headers, &mut losses)?;
    let conversation = messages::parse(fields.take("messages"), policy.ttl, &mut losses)?;
    let request = Request {
        parameters,
        stream,
        reasoning: reasoning.asked,
        thinking_display: reasoning.display,
        tools: tools.list,
        tool_choice,
        // A message has room for one `function_call`.
        parallel_tool_calls: if tools.legacy { Some(false) } else { parallel },
        format,
        caching: policy.caching,
        extras: told.extras,
        ..conversation
    };
    caching::check(&policy, &request, &mut losses)?;
    for (name, value) in fields.unread() {
        check_type(FIELDS, name, value)?;
        judge(FIELDS, name, value, &mut losses)?;
    }
    losses.finish();
    Ok(ChatCall {
        model,
        fallbacks,
        request,
        stream,
        include_usage,
        n,
        legacy_functions: tools.legacy,
        custom_tools: tools.custom,
        hide_reasoning: reasoning.hidden,
        metadata: told.metadata,
    })
}

/// `model` and what may stand in for it: `models` (OpenRouter; its first is the model where there is no `model`), then
/// `fallbacks` (LiteLLM; names, or objects with a `model`).
fn models(fields: &mut Object<'_>) -> Result<(String, Vec<String>)> {
    let mut others = fields.strings("models")?;
    let path = Path::field("fallbacks");
    for (index, item) in
        fields.array("fallbacks", "an array of model names")?.unwrap_or_default().into_iter().enumerate()
    {
        others.push(match item {
            Value::String(name) => name,
            other => {
                let mut fallback = Object::read(other, path.item(index), "a model name or an object with one")?;
                fallback.required_string("model", "name a model")?
            }
        });
    }
    let model = match fields.string("model")? {
        Some(model) => model,
        None if others.is_empty() => return Err(Error::missing("model", "name a model")),
        None => others.remove(0),
    };
    others.retain(|other| *other != model);
    if others.len() > MOST_FALLBACKS {
        return Err(Error::invalid(path, format!("must name at most {MOST_FALLBACKS} models.")));
    }
    Ok((model, others))
}

/// Whether a stream is to say what it cost. Without `stream` the answer always does.
fn stream_options(fields: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<bool> {
    let Some(given) = fields.take("stream_options") else { return Ok(false) };
    let mut options = Object::read(given, fields.at("stream_options"), "an object")?;
    let include_usage = options.flag("include_usage")?.unwrap_or(false);
    if options.flag("include_obfuscation")? == Some(true) {
        losses.left_out(options.at("include_obfuscation"), "chunks are not padded")?;
    }
    losses.unread(&options)?;
    Ok(include_usage)
}

/// Text is all that Converse gives.
fn modalities(fields: &mut Object<'_>) -> Result<()> {
    let path = Path::field("modalities");
    for (index, word) in fields.strings("modalities")?.iter().enumerate() {
        match word.as_str() {
            "text" => {}
            "audio" => {
                let message = "audio cannot be given: Converse answers with text. Leave it out.";
                return Err(Error::invalid(path.item(index), message).coded(ApiCode::UnsupportedValue));
            }
            _ => return Err(Error::invalid(path.item(index), "must be text.")),
        }
    }
    Ok(())
}

fn parameters(fields: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Parameters> {
    let stop = parameters::stop(fields)?;
    if stop.len() > MOST_STOPS {
        return Err(Error::invalid("stop", format!("must hold at most {MOST_STOPS} sequences.")));
    }
    Ok(Parameters {
        max_tokens: parameters::max_tokens(fields)?,
        temperature: parameters::temperature(fields, losses)?,
        top_p: parameters::top_p(fields)?,
        top_k: fields.whole("top_k", "a whole number of tokens", 0)?.filter(|&tokens| tokens > 0),
        stop,
    })
}

fn web_search(fields: &mut Object<'_>, tools: &mut Vec<Tool>, losses: &mut Losses<'_>) -> Result<()> {
    let Some(given) = fields.take("web_search_options") else { return Ok(()) };
    let mut options = Object::read(given, fields.at("web_search_options"), "an object")?;
    // OpenAI's default.
    options.drop_if("search_context_size", |size| size == "medium");
    losses.unread(&options)?;
    let param = options.place();
    tools.push(Tool::System(SystemTool { param, name: WEB_SEARCH.to_owned() }));
    Ok(())
}
