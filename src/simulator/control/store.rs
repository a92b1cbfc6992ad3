//! What an account has in one region.

use std::collections::VecDeque;

use serde_json::Value;

use super::Request;

/// Answers kept for requests that come again; the oldest go first.
const MOST_ANSWERS: usize = 1000;

/// The resources of one account in one region.
#[derive(Default)]
pub(in crate::simulator) struct Store {
    answered: VecDeque<Answered>,
}

/// What a request with a `clientRequestToken` was answered.
struct Answered {
    operation: &'static str,
    token: String,
    answer: Value,
}

impl Store {
    /// The answer to an earlier request with the same token: "If this token matches a previous request, Amazon Bedrock
    /// ignores the request, but does not return an error" (API reference).
    pub(super) fn answered(&self, request: &Request<'_>) -> Option<Value> {
        let (operation, token) = (request.operation(), request.text("clientRequestToken"));
        let same = |earlier: &&Answered| earlier.operation == operation && earlier.token == token;
        self.answered.iter().find(same).map(|earlier| earlier.answer.clone())
    }

    /// Keeps the answer of a request that has a token.
    pub(super) fn remember(&mut self, request: &Request<'_>, answer: &Value) {
        let token = request.text("clientRequestToken");
        if token.is_empty() {
            return;
        }
        if self.answered.len() == MOST_ANSWERS {
            self.answered.pop_front();
        }
        let answered = Answered { operation: request.operation(), token: token.to_owned(), answer: answer.clone() };
        self.answered.push_back(answered);
    }
}
