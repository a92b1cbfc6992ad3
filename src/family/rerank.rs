//! Rerank models: one body, an order of documents.
//!
//! Source: "Cohere Rerank 3.5" and "Amazon Rerank 1.0" of the user guide's rerank parameters; recording
//! `cohere/invoke-rerank-v3-rerank-01`.

use serde::Deserialize;
use serde_json::{Value, json as object};

use super::embedding::merge;
use super::json;
use crate::catalog::RerankBody;
use crate::conversation::rerank::{Ranked, Request};
use crate::conversation::{Loss, LossCode};
use crate::error::{Error, Kind, Result};

/// Leaves out what the model has no choice of, with a warning.
pub fn fit(request: &mut Request, body: RerankBody, id: &str, losses: &mut Vec<Loss>) {
    if body == RerankBody::Amazon && request.max_tokens.take().is_some() {
        let message = format!("Left out: {id} has no such choice.");
        losses.push(Loss::of(LossCode::UnsupportedField, "max_tokens_per_doc", message));
    }
}

/// The body.
pub fn encode(request: &Request, body: RerankBody) -> Vec<u8> {
    let mut encoded = object!({"query": request.query, "documents": request.documents});
    if let Some(top_n) = request.top_n {
        // More than there are is refused by some versions of the service.
        let all = u32::try_from(request.documents.len()).unwrap_or(u32::MAX);
        encoded["top_n"] = top_n.min(all).into();
    }
    if body == RerankBody::Cohere {
        encoded["api_version"] = 2.into();
        if let Some(max_tokens) = request.max_tokens {
            encoded["max_tokens_per_doc"] = max_tokens.into();
        }
    }
    merge(&mut encoded, &request.extra);
    encoded.to_string().into_bytes()
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    index: usize,
    relevance_score: Value,
}

/// The documents, the best first; `count` is how many there were.
pub fn decode(answer: &[u8], count: usize) -> Result<Vec<Ranked>> {
    let answer: Answer = json(answer)?;
    answer.results.into_iter().map(|one| ranked(one.index, &one.relevance_score, count)).collect()
}

/// A document's place in an answer; what was not sent has none.
pub(super) fn ranked(index: usize, score: &Value, count: usize) -> Result<Ranked> {
    match score.as_f64() {
        Some(score) if index < count => Ok(Ranked { index, score }),
        _ => {
            Err(Error::new(Kind::BrokenStream, "The service answered with a document that was not sent, or no score."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            query: "q".into(),
            documents: vec!["a".into(), "b".into()],
            top_n: Some(5),
            max_tokens: Some(100),
            ..Request::default()
        }
    }

    fn encoded(body: RerankBody) -> (Value, usize) {
        let (mut request, mut losses) = (request(), Vec::new());
        fit(&mut request, body, "the model", &mut losses);
        (serde_json::from_slice(&encode(&request, body)).unwrap(), losses.len())
    }

    #[test]
    fn each_model_gets_the_body_it_is_documented_to_take() {
        let amazon = object!({"query": "q", "documents": ["a", "b"], "top_n": 2});
        let mut cohere = amazon.clone();
        merge(&mut cohere, object!({"api_version": 2, "max_tokens_per_doc": 100}).as_object().unwrap());
        assert_eq!(encoded(RerankBody::Amazon), (amazon, 1));
        assert_eq!(encoded(RerankBody::Cohere), (cohere, 0));
    }

    #[test]
    fn an_order_of_documents_that_were_not_sent_is_no_order() {
        let answer = br#"{"results":[{"index":1,"relevance_score":0.87},{"index":0,"relevance_score":0}]}"#;
        let ranked = decode(answer, 2).unwrap();
        assert_eq!(ranked, [Ranked { index: 1, score: 0.87 }, Ranked { index: 0, score: 0.0 }]);
        assert!(decode(answer, 1).is_err());
        assert!(decode(br#"{"results":[{"index":0,"relevance_score":null}]}"#, 1).is_err());
    }
}
