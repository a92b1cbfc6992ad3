//! The gateway: OpenAI's API over HTTP, answered by Amazon Bedrock.
//!
//! ```text
//! socket → server → app      one request: id, route, key, body, limits
//!                 → routing  which target: client::openai answers
//!                 → answer   the head when the model has said something; a stream with pings
//!                 → exchange what is known of it when it is over → observe
//! ```
//!
//! **Architecture Invariant:** it knows no dialect and no family; [`crate::client::openai`] is its only way to Bedrock.
//! Every request ends in an answer of OpenAI's shape, and every stream in a finish reason or an error event.

mod answer;
mod app;
mod ask;
mod body;
mod compress;
mod connection;
mod cors;
mod exchange;
mod exposure;
mod keys;
mod limits;
mod observe;
mod openapi;
mod page;
mod receive;
mod refusal;
mod route;
mod routing;
mod running;
mod server;
pub mod settings;
mod socket;
mod state;
mod tls;

pub use keys::{KeyHash, new_key};
pub use running::{Gateway, Running};
pub use settings::Settings;
