//! Bedrock on localhost: runtime and management operations over real sockets, with AWS's frames, errors and signatures,
//! answered by rules, recordings, another model, or a small deterministic one of its own.
//!
//! It knows the wire only, from AWS's service model, the providers' documentation and recordings. It shares no code
//! with the client side of this crate, so that the two can contradict each other.
//!
//! ```text
//! socket → server → app → runtime   → receive, auth    whose request, which Account
//!                       → control             what is not inference: Request → body
//!                       → inference → shapes, rules
//!                                   → converse | native  body → Question
//!                                   → guardrails         what of it a guardrail blocks or masks, before and after
//!                                   → sources            Question → Answer, or its Events as they come
//!                                   → converse | native  Answer → body, or Events → chunks
//!                                   → stream, events, frames
//! ```

mod account;
mod admin;
mod admin_rules;
mod answer;
mod app;
mod auth;
mod backend;
mod breaks;
mod connection;
mod control;
mod converse;
mod direct;
mod events;
mod exception;
mod faults;
pub mod frames;
mod guardrails;
mod identity;
mod inference;
mod journal;
mod journal_view;
mod json;
mod llm;
mod logging;
mod malformed;
mod models;
mod native;
mod objects;
mod options;
mod page;
mod physics;
mod prompt_cache;
mod question;
mod quotas;
mod receive;
mod route;
mod rules;
mod running;
mod runtime;
mod search;
mod server;
mod server_sent;
mod shapes;
mod sources;
mod state;
mod stream;
mod timestamp;
mod tls;
mod upstream;
mod wording;

pub use crate::misfit::{Misfit, read};
pub use account::Account;
pub use app::app;
pub use faults::{Action, Fault};
pub use llm::{Backend, ConfigError};
pub use options::{Auth, BearerKey, Clock, Credentials, Options, Tls};
pub use physics::{Physics, Stall};
pub use quotas::Quota;
pub use running::{Running, Simulator};
pub use server::serve;
pub use sources::{
    Answers, Base64, Content, Expected, Failure, FrameKind, Heard, Image, Inquiry, Pattern, Raw, RawFrame, RawFrames,
    ReasoningBlock, Record, Replay, Responder, ResultWhen, Rule, Script, Scripted, TextBlock, Told, ToolUse,
    UsageGiven, When, Words,
};
pub use state::State;
