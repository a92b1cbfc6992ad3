//! Programs written for OpenAI's API, on Amazon Bedrock.
//!
//! A caller's request goes from left to right through these layers, and the answer comes back from right to left:
//!
//! ```text
//!   dialect          conversation          family               transport
//!   what callers  →  the hub: plain   →    what Bedrock   →     sockets, credentials,
//!   speak         ←  data             ←    speaks         ←     retries
//! ```
//!
//! [`client`] puts them together, with [`catalog`] (which model is meant and what it takes), [`media`] (images) and
//! [`config`] (settings). `node` is the boundary to JavaScript, whose thin shells are in `js/`. [`simulator`] is a Bedrock
//! on localhost, beside all of this, and [`cli`] starts it from a shell.
//!
//! With n dialects and m families there are n + m translations to write, not n × m: each knows the hub only.
//!
//! # Modules
//!
//! ## [`conversation`]
//!
//! Requests, messages, events, usage, stop reasons, and [`Loss`](conversation::Loss): what could not be carried over.
//!
//! **Architecture Invariant:** plain data. It knows no caller's API, no wire, and no model.
//!
//! ## [`dialect`]
//!
//! A caller's request into a [`conversation::Request`], events into the caller's answer. [`dialect::text`] is
//! `bedrockWrapper`, [`dialect::chat`] OpenAI's Chat Completions, [`dialect::ai_sdk`] Vercel's AI SDK; [`dialect::embeddings`], [`dialect::images`],
//! [`dialect::rerank`] and `models` are what else is served of OpenAI's API.
//!
//! **Architecture Invariant:** a dialect uses no family, and a family no dialect.
//!
//! **Architecture Invariant:** nothing of a request is dropped in silence. It is carried over, or a loss, or an error.
//!
//! ## [`family`]
//!
//! A [`conversation::Request`] into one body, bytes into events: [`family::converse`] for every model,
//! [`family::invoke`] with a file for each native body. [`family::fit`] changes a request into what the model takes;
//! after it, encoding cannot fail. [`family::Undo`] changes the answer back; [`family::learn`] reads what a refusal
//! teaches.
//!
//! **Architecture Invariant:** streams are state machines, and any split of the same bytes gives the same events. Their
//! `finish` refuses a stream that was cut.
//!
//! ## [`catalog`]
//!
//! `models.json`, and the form of ids and ARNs.
//!
//! **Architecture Invariant:** its rows are hints, never gates. An id that it does not know goes to Converse, and the
//! service decides.
//!
//! ## [`media`]
//!
//! What an image is by its bytes, whether it fits, and how it is made to.
//!
//! **Architecture Invariant:** it knows no model; limits are passed in. Only [`media::fetch`] opens connections, and
//! every size, redirect and duration there is bounded.
//!
//! ## [`transport`]
//!
//! Our JSON through AWS's SDK: signing, credentials, endpoints and retries are the SDK's.
//!
//! **Architecture Invariant:** it is the only code that talks to AWS. It neither makes nor reads the JSON it carries,
//! except for the texts of errors.
//!
//! ## [`config`]
//!
//! **Architecture Invariant:** the only reader of the environment, apart from AWS's own default chain. Its rules take
//! the environment as an argument.
//!
//! ## [`client`]
//!
//! The engine: [`client::text`] is `bedrockWrapper`, [`client::openai`] OpenAI's REST API, [`client::ai_sdk`] what `ai`
//! calls, [`client::native_bodies`] bodies that pass as they are. **Architecture Invariant:** nothing is sent before the
//! first batch is asked for, and dropping an answer closes its connection.
//!
//! ## [`gateway`]
//!
//! An OpenAI-compatible server. **Architecture Invariant:** [`client::openai`] is its only way to Bedrock; it knows no
//! family and no simulator.
//!
//! ## `node`
//!
//! **Architecture Invariant:** the only module that names napi; the crate builds and is tested without it
//! (`--no-default-features`). A function there converts, calls once, and converts back.
//!
//! ## [`simulator`]
//!
//! **Architecture Invariant:** it uses none of `client`, `conversation`, `dialect` and `family`. It knows the wire only, so
//! that it can contradict the client; two mirrors that share a mistake show nothing.
//!
//! ## [`cli`]
//!
//! Arguments into a command, and the command carried out; Node or the program `bedrock-wrapper` prints.
//!
//! # Everywhere
//!
//! - `conversation`, `dialect`, `family`, `catalog` and `error` open no socket and read no clock, environment or random
//!   source.
//! - There is one error, [`error::Error`], and one table of what each kind of it means to a caller. Secrets are in no
//!   message, log or `Debug`.
//! - There is no `unsafe`, and outside of tests no panic on anything that a caller or a server can send.

pub mod catalog;
pub mod cli;
pub mod client;
pub mod config;
pub mod conversation;
pub mod dialect;
pub mod error;
pub mod family;
pub mod gateway;
mod listening;
pub mod media;
mod misfit;
mod nearest;
#[cfg(feature = "node")]
mod node;
pub mod simulator;
mod text;
pub mod transport;
