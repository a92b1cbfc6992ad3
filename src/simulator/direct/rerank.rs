//! Cohere Rerank 3.5 (recording) and Amazon Rerank 1.0: documents in the order of what they share with the query.
//!
//! A document's score is the share of the query's words that it has, each word counting more the fewer documents have
//! it, and a little of how much of the document those words are. It lies between 0 and 1 and depends on nothing else.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::vector::words_of;
use super::{Made, Request, schema};
use crate::simulator::exception::Exception;
use crate::simulator::native::body::check_keys_present;

/// Most documents of a request (Cohere's documentation).
const MOST_DOCUMENTS: usize = 1000;
/// Weight of the share of the document beside that of the query.
const DENSITY: f64 = 0.2;

pub(super) fn rerank(request: &Request) -> Result<Made, Exception> {
    let body = request.body;
    let cohere = request.model.is("cohere.");
    check_keys_present(body, if cohere { &["query", "documents", "api_version"] } else { &["query", "documents"] })?;
    if cohere {
        schema::count(body, "/api_version", 2, u64::MAX, 2)?;
    }
    let query = schema::text(body, "/query")?;
    schema::length("/query", query, 1, usize::MAX)?;
    let documents = schema::items(body, "/documents")?;
    schema::item_count("/documents", documents.len(), 1, MOST_DOCUMENTS)?;
    let every = documents.len() as u64;
    let most = schema::count(body, "/top_n", 1, u64::MAX, every)?.min(every) as usize;
    let results = ranked(query, documents).into_iter().take(most);
    let results: Vec<Value> = results.map(|(index, score)| json!({"index": index, "relevance_score": score})).collect();
    Ok(Made { body: json!({ "results": results }), input_tokens: None })
}

/// Every document's place in the request and its score, the best first; equal ones in the order given.
pub(in crate::simulator) fn ranked(query: &str, documents: &[Value]) -> Vec<(usize, f64)> {
    let query: BTreeSet<String> = words_of(query).collect();
    let documents: Vec<Vec<String>> = documents.iter().map(|document| words_of(&text_of(document)).collect()).collect();
    let sets: Vec<BTreeSet<&str>> = documents.iter().map(|words| words.iter().map(String::as_str).collect()).collect();
    let rarity = |word: &str| {
        let having = sets.iter().filter(|set| set.contains(word)).count();
        (1.0 + sets.len() as f64 / (1.0 + having as f64)).ln()
    };
    let weights: Vec<(&str, f64)> = query.iter().map(|word| (word.as_str(), rarity(word))).collect();
    let all: f64 = weights.iter().map(|(_, weight)| weight).sum();
    let score = |at: usize, set: &BTreeSet<&str>| {
        let shared: f64 = weights.iter().filter(|(word, _)| set.contains(word)).map(|(_, weight)| weight).sum();
        let words = documents.get(at).map_or(&[][..], Vec::as_slice);
        let dense = words.iter().filter(|word| query.contains(*word)).count() as f64 / words.len().max(1) as f64;
        let share = if all > 0.0 { shared / all } else { 0.0 };
        let score = (share + DENSITY * dense) / (1.0 + DENSITY);
        (score * 1e7).round() / 1e7
    };
    let mut ranked: Vec<(usize, f64)> = sets.iter().enumerate().map(|(at, set)| (at, score(at, set))).collect();
    ranked.sort_by(|left, right| right.1.total_cmp(&left.1));
    ranked
}

/// A document is a text, or an object whose texts are read together.
fn text_of(document: &Value) -> String {
    match document {
        Value::String(text) => text.clone(),
        Value::Object(members) => members.values().filter_map(Value::as_str).map(|text| format!("{text} ")).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_with_the_querys_rare_words_comes_first() {
        let documents = [
            json!("Carson City is the capital city of the American state of Nevada."),
            json!({"title": "Washington", "text": "Washington, D.C. is the capital of the United States."}),
            json!("Trees are green."),
        ];
        let ranked = ranked("What is the capital of the United States?", &documents);
        assert_eq!(ranked.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1, 0, 2]);
        assert!(ranked.iter().all(|(_, score)| (0.0..=1.0).contains(score)) && ranked[0].1 > 1.2 * ranked[1].1);
    }
}
