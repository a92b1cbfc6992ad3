//! What a model cannot take, changed into what it can: each change is one rule and one [`Loss`] for the caller.
//!
//! A file for each group of rules, with the facts it rests on. What differs between models is in the catalog's rows.
//! After this a request can be encoded for the model without anything left to decide.

mod as_given;
mod betas;
mod caching;
#[cfg(test)]
mod conversations;
mod extras;
mod files;
mod format;
mod limits;
mod native_tools;
mod plan;
mod reasoning;
mod sampling;
#[cfg(test)]
mod tests;
mod tool_choice;
mod tool_ids;
mod tool_names;
mod tool_turns;
mod tools;
mod turns;

pub use plan::Plan;

use crate::catalog::{Model, Target};
use crate::conversation::{JsonSchema, Loss, Request};
use crate::error::Result;
use crate::family::Api;

/// Changes `request` into what `target` takes over `api`.
pub fn fit(request: &mut Request, target: &Target, api: Api, losses: &mut Vec<Loss>) -> Result<Plan> {
    if request.as_given { as_given::fit(request, target, api, losses) } else { mended(request, target, losses) }
}

/// Over Converse. The order matters: what a rule reads, the rules before it have settled.
fn mended(request: &mut Request, target: &Target, losses: &mut Vec<Loss>) -> Result<Plan> {
    let model = target.model;
    let mut plan = Plan::default();
    limits::end_of_life(model, losses);
    files::refuse(request, model)?;
    native_tools::refuse(request, model, losses);
    tool_choice::check(request)?;
    tools::refuse(request, model)?;
    tool_names::translate(request, &mut plan, losses)?;
    reasoning::history(request, model, losses);
    turns::mend(request, model, losses)?;
    files::fit(request, model, losses)?;
    tools::of_history(request, losses);
    limits::max_tokens(request, model.id, model.most_output(), losses);
    sampling::clamp(&mut request.parameters, losses);
    let thinks = reasoning::fit(request, target, losses);
    sampling::fit(&mut request.parameters, model, losses);
    sampling::top_k(request, model, losses);
    format::fit(request, model, thinks, &mut plan, losses)?;
    tool_choice::fit(request, model, thinks, losses);
    native_tools::write(request);
    tools::schemas(request, model, losses)?;
    tools::ask_whole(request, model, &mut plan, losses);
    betas::stream_tools(request, model);
    caching::fit(request, model, losses);
    turns::instructions(request, model, losses);
    extras::fit(request, model, losses);
    plan.cut_at = limits::blank_stop_sequences(request, model, losses);
    plan.cut_at.append(&mut limits::stop_sequences(request, model, model.stop.converse, losses));
    Ok(plan)
}

/// The instructions before the first user turn, for a model that turns out to have no system prompt.
pub(in crate::family) fn instructions_into_message(request: &mut Request, model: &Model, losses: &mut Vec<Loss>) {
    let model = Model { system: false, ..model.clone() };
    turns::instructions(request, &model, losses);
}

/// A schema seen to on our side, for a model that turns out not to have structured output.
pub(in crate::family) fn answer_by_schema(
    request: &mut Request,
    model: &Model,
    wanted: &JsonSchema,
    plan: &mut Plan,
    losses: &mut Vec<Loss>,
) -> Result<()> {
    let fields = &mut request.extras.additional_fields;
    let thinks = fields.get("thinking").is_some_and(|thinking| thinking["type"] != "disabled");
    fields.remove("tool_choice");
    format::instead(request, model, wanted, thinks, plan, losses)?;
    tool_choice::fit(request, model, thinks, losses);
    tools::ask_whole(request, model, plan, losses);
    turns::instructions(request, model, losses);
    Ok(())
}
