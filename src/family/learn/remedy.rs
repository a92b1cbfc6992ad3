//! The changes that make the service take a call that it refused.

use serde_json::json;

use crate::catalog::{Model, Target};
use crate::conversation::{Block, Content, Format, Loss, LossCode, Request, Tool, ToolChoice};
use crate::error::Result;
use crate::family::fit::{self, Plan};

/// One change to a request that has been fitted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// Without top_p.
    TopP,
    /// Without temperature, top_p and top_k.
    Sampling,
    /// The answer is cut on our side.
    StopSequences,
    /// Through this inference profile.
    Profile(String),
    /// With at most so many tokens.
    MaxTokens(u32),
    /// Asked whole, given out as a stream.
    AskWhole,
    /// The instructions in the first user message.
    SystemInMessage,
    /// The model decides whether it calls a tool.
    ForcedTool,
    /// Tool inputs are not held to their schema.
    Strict,
    /// The answer's schema is seen to on our side.
    StructuredOutput,
    /// Thinking without a budget.
    AdaptiveThinking,
    /// Without the thoughts in the history.
    Thoughts,
    /// Without thinking.
    Thinking,
    /// Without our flags and the caller's.
    Betas,
    /// Without cache points.
    CachePoints,
}

impl Remedy {
    /// Whether it holds for every call of the model, so that it is worth remembering. The others are about what one
    /// conversation holds.
    pub fn is_of_model(&self) -> bool {
        !matches!(self, Remedy::Thoughts | Remedy::Thinking)
    }

    /// The id to call instead of the target's.
    pub fn wire_id(&self) -> Option<&str> {
        match self {
            Remedy::Profile(id) => Some(id),
            _ => None,
        }
    }

    /// Changes a fitted request. Where it has nothing of what is to be changed, it stays as it is.
    pub fn apply(&self, request: &mut Request, plan: &mut Plan, target: &Target, losses: &mut Vec<Loss>) -> Result<()> {
        let model = target.model;
        let before = losses.len();
        match self {
            Remedy::TopP => leave_out(&mut request.parameters.top_p, "top_p", model, losses),
            Remedy::Sampling => sampling(request, model, losses),
            Remedy::StopSequences => {
                if !request.parameters.stop.is_empty() {
                    plan.cut_at.append(&mut request.parameters.stop);
                    told(losses, LossCode::Emulated, "stop", model, "has no stop sequences; the answer is cut here");
                }
            }
            Remedy::Profile(id) => {
                let message = format!("{} is served through inference profiles only; {id} was called.", model.id);
                losses.push(Loss::of(LossCode::Fallback, "model", message));
            }
            Remedy::MaxTokens(most) => {
                if request.parameters.max_tokens.is_some_and(|asked| asked > *most) {
                    request.parameters.max_tokens = Some(*most);
                    let why = format!("gives at most {most} tokens; that many were asked for");
                    told(losses, LossCode::ValueAdjusted, "max_tokens", model, &why);
                }
            }
            Remedy::AskWhole => {
                if request.stream && !request.tools.is_empty() && !plan.replay_whole {
                    plan.replay_whole = true;
                    told(losses, LossCode::Fallback, "stream", model, "calls no tools in a stream; it was asked whole");
                }
            }
            Remedy::SystemInMessage => fit::instructions_into_message(request, model, losses),
            Remedy::ForcedTool => {
                if !matches!(request.tool_choice, ToolChoice::Auto | ToolChoice::None) {
                    request.tool_choice = ToolChoice::Auto;
                    told(losses, LossCode::ValueAdjusted, "tool_choice", model, "cannot be made to call a tool");
                }
            }
            Remedy::Strict => {
                for tool in &mut request.tools {
                    let Tool::Function(function) = tool else { continue };
                    if std::mem::take(&mut function.strict) && losses.len() == before {
                        told(
                            losses,
                            LossCode::UnsupportedField,
                            "tools",
                            model,
                            "does not hold tool inputs to a schema",
                        );
                    }
                }
            }
            Remedy::StructuredOutput => structured_output(request, plan, model, losses)?,
            Remedy::AdaptiveThinking => {
                let fields = &mut request.extras.additional_fields;
                if fields.get("thinking").is_some_and(|thinking| thinking["type"] == "enabled") {
                    fields.insert("thinking".to_owned(), json!({"type": "adaptive"}));
                    told(losses, LossCode::ValueAdjusted, "reasoning", model, "takes no budget for thinking");
                }
            }
            Remedy::Thoughts => {
                without(request, losses, "thoughts", |block| matches!(block, Block::Reasoning(_) | Block::Redacted(_)))
            }
            Remedy::Thinking => {
                if request.extras.additional_fields.remove("thinking").is_some() {
                    told(losses, LossCode::UnsupportedField, "reasoning_effort", model, "does not think in this turn");
                }
            }
            Remedy::Betas => {
                if request.extras.additional_fields.remove("anthropic_beta").is_some() {
                    told(losses, LossCode::UnsupportedField, "anthropic_beta", model, "does not know one of the flags");
                }
            }
            Remedy::CachePoints => {
                request.tools.retain(|tool| !matches!(tool, Tool::CachePoint(_)));
                without(request, losses, "cache points", |block| matches!(block, Block::CachePoint(_)));
            }
        }
        Ok(())
    }
}

fn told(losses: &mut Vec<Loss>, code: LossCode, param: &str, model: &Model, why: &str) {
    losses.push(Loss::of(code, param, format!("{} {why}.", model.id)));
}

fn leave_out(field: &mut Option<f64>, param: &str, model: &Model, losses: &mut Vec<Loss>) {
    if field.take().is_some() {
        told(losses, LossCode::UnsupportedField, param, model, &format!("refused {param}; it was left out"));
    }
}

fn sampling(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    leave_out(&mut request.parameters.temperature, "temperature", model, losses);
    leave_out(&mut request.parameters.top_p, "top_p", model, losses);
    if request.extras.additional_fields.remove("top_k").is_some() {
        told(losses, LossCode::UnsupportedField, "top_k", model, "refused top_k; it was left out");
    }
}

fn structured_output(request: &mut Request, plan: &mut Plan, model: &Model, losses: &mut Vec<Loss>) -> Result<()> {
    let config = request.extras.output_config.as_mut().and_then(|config| config.as_object_mut());
    let Some(config) = config else { return Ok(()) };
    if config.shift_remove("textFormat").is_none() {
        return Ok(());
    }
    if config.is_empty() {
        request.extras.output_config = None;
    }
    let format = std::mem::take(&mut request.format);
    if let Format::JsonSchema(wanted) = &format {
        fit::answer_by_schema(request, model, wanted, plan, losses)?;
    }
    request.format = format;
    Ok(())
}

/// Takes blocks out of the messages and instructions; turns that hold nothing else keep their place.
fn without(request: &mut Request, losses: &mut Vec<Loss>, what: &str, gone: impl Fn(&Block) -> bool) {
    let mut count = 0;
    let contents = request.system.iter_mut().chain(request.messages.iter_mut().map(|message| &mut message.content));
    for content in contents {
        let Content::Blocks(blocks) = content else { continue };
        let before = blocks.len();
        blocks.retain(|block| !gone(block));
        count += before - blocks.len();
        if blocks.is_empty() {
            blocks.push(Block::Text(".".to_owned()));
        }
    }
    if count > 0 {
        let message = format!("The service refused {what}; {count} were left out.");
        losses.push(Loss::of(LossCode::ContentOmitted, "messages", message));
    }
}
