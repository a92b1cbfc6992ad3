//! The one integration test binary of the crate.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failing test panics"
)]

mod ai_sdk_requests;
mod cases;
mod catalog;
mod chat_requests;
mod converse_requests;
mod fit;
mod gateway_routing;
mod http;
mod http_fetch;
mod layers;
mod openai_chat;
mod openai_client;
mod openai_embeddings;
mod openai_images;
mod openai_models;
mod openai_operations;
mod openai_recordings;
mod openai_rerank;
mod openai_resolution;
mod recordings;
mod routes;
mod simulator;
mod simulator_answers;
mod simulator_cassettes;
mod simulator_control;
mod simulator_frames;
mod simulator_guardrails;
mod simulator_llm;
mod simulator_operations;
mod simulator_page;
mod simulator_protocols;
mod simulator_recordings;
mod simulator_rules;
