//! The boundary to Node: the only folder that names napi.
//!
//! JavaScript never waits on a native promise. It polls: [`stream::NativeStream::poll`] drains everything that is ready
//! in one synchronous call, and one weak thread-safe function per environment ([`hub::Hub`]) tells which streams are
//! worth polling again. A chunk of a fast stream costs a fraction of a microsecond this way; a promise per chunk costs
//! some twelve.
//!
//! Rules, each learnt from a crash:
//! - No `async fn` with `&self`: Node frees the object on `worker.terminate()` while the future still points at it.
//! - `catch_unwind` on every synchronous export: a panic that reaches C aborts the caller's process.
//! - Errors cross as data ([`error::ErrorData`]); `js/errors.js` makes the one class of them, where the caller's stack is.
//! - A dropped stream cancels: garbage collection closes what nobody reads any more.
//!
//! What is *not* here: any decision. A function converts, calls once, and converts back.

// `pub` here means: exported to JavaScript.
#![allow(unreachable_pub)]

mod ai_sdk;
mod answer;
mod body;
mod callbacks;
mod channel;
mod cli;
mod client;
mod error;
mod fetch;
mod gateway;
mod host;
mod hub;
mod models;
mod native_bodies;
mod openai;
mod runtime;
mod simulator;
mod stream;

/// A call makes and drops some hundred small objects in the SDK; the system's allocator takes a fifth longer over them.
///
/// Version 2 with its thread-local state found dynamically: an addon is loaded at run time and its threads include Node's
/// workers, which end one by one. Version 3 crashes there (`__test__/process.spec.mjs`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
