//! The answer in Cohere's shape, with the members that Jina's has beside.

use serde::Serialize;
use serde_json::Value;

use crate::conversation::rerank::Ranked;

/// The answer, `id` being that of the service's. A document that was a text comes back as `{text}`.
pub fn render(id: Option<&str>, model: &str, ranked: &[Ranked], repeated: Option<&[Value]>) -> String {
    #[derive(Serialize)]
    struct Answer<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a str>,
        object: &'static str,
        model: &'a str,
        results: Vec<Item<'a>>,
    }
    #[derive(Serialize)]
    struct Item<'a> {
        index: usize,
        relevance_score: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        document: Option<Document<'a>>,
    }
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Document<'a> {
        Text { text: &'a str },
        Object(&'a Value),
    }
    let document = |index: usize| match repeated?.get(index)? {
        Value::String(text) => Some(Document::Text { text }),
        other => Some(Document::Object(other)),
    };
    let item = |one: &Ranked| Item { index: one.index, relevance_score: one.score, document: document(one.index) };
    let answer = Answer { id, object: "list", model, results: ranked.iter().map(item).collect() };
    // Strings, numbers and what was JSON before: serialization has nothing to fail on.
    serde_json::to_string(&answer).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn results_keep_their_order_and_repeat_documents_if_asked() {
        let ranked = [Ranked { index: 1, score: 0.75 }, Ranked { index: 0, score: 0.5 }];
        let given = [json!({"text": "b", "year": 1999}), json!("a")];
        let answer: Value = serde_json::from_str(&render(Some("id-1"), "m", &ranked, Some(&given))).unwrap();
        let expected = json!({"id": "id-1", "object": "list", "model": "m", "results": [
            {"index": 1, "relevance_score": 0.75, "document": {"text": "a"}},
            {"index": 0, "relevance_score": 0.5, "document": {"text": "b", "year": 1999}},
        ]});
        assert_eq!(answer, expected);
        let bare = render(None, "m", &ranked[..1], None);
        assert_eq!(bare, r#"{"object":"list","model":"m","results":[{"index":1,"relevance_score":0.75}]}"#);
    }
}
