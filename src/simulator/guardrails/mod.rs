//! Guardrails that act: kept per account and region, judged by rules, applied to what goes to a model and comes back.
//!
//! AWS's guardrails ask models; these compare words and patterns, so that a test can foresee what they do. Paths,
//! shapes, and what an intervention looks like on the wire are AWS's (service model, recordings).
//!
//! ```text
//! policy   configuration → what to look for
//! assess   texts → findings, masks, counters      topics, content, words, pii, grounding: one detector each
//! report   findings → an assessment's JSON
//! store    guardrails and their versions          operations, apply, checks: the API on it
//! guard    one inference: judged → input, output  call: where it is hooked in; wire: what it adds to bodies;
//!                                                watched: asynchronous streams
//! ```

mod apply;
mod assess;
mod call;
mod checks;
mod content;
mod grounding;
mod guard;
mod judged;
mod lexicon;
mod operations;
mod pii;
mod pii_table;
mod policy;
mod report;
mod store;
mod topics;
mod wanted;
mod watched;
mod wire;
mod words;

pub(in crate::simulator) use apply::apply;
pub(in crate::simulator) use checks::check;
pub(in crate::simulator) use guard::{Guard, Shared, locked};
pub(in crate::simulator) use operations::{add_version, create, delete, get, list, update};
pub(in crate::simulator) use store::Guardrails;
pub(in crate::simulator) use watched::watch;
