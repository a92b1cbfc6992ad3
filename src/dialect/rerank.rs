//! Reranking, `POST /rerank`, in the shape that Cohere and Jina have given it; OpenAI has none.
//!
//! Source: Cohere's API reference v2 "Rerank", Jina's "Reranker API".

use serde::Serialize;
use serde_json::{Map, Value};

use super::field::Fate::{Mapped, Warned};
use super::field::{
    Row, Told, judge, never, object, take, take_extra, take_flag, take_required_text, take_whole, told,
};
use crate::conversation::Loss;
use crate::conversation::rerank::{Ranked, Request};
use crate::error::{Error, Result};

/// Most documents of a request (user guide, "Amazon Bedrock endpoints and quotas").
const MOST_DOCUMENTS: usize = 1000;

/// Sorted by name.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("additionalModelRequestFields", Mapped("put into the model's body as they are"), never),
    ("documents",          Mapped("1 to 1,000 texts, or objects: their `text`, or all their members as lines"), never),
    ("extra_body",         Mapped("its members count as fields of the request"), never),
    ("max_tokens_per_doc", Mapped("how much of each document is read (Cohere)"), never),
    ("model",              Mapped("an id, ARN or name of a rerank model"), never),
    ("query",              Mapped("what is looked for"), never),
    ("return_documents",   Mapped("whether results repeat their documents; `false` unless said"), never),
    ("top_n",              Mapped("how many of the best come back; all unless said"), never),
    ("user",               Warned("Bedrock's rerank models take no name of a user"), never),
];

/// What becomes of each field, sorted by name.
pub fn fields() -> impl Iterator<Item = Told> {
    told(TABLE)
}

/// A call as the caller meant it.
#[derive(Debug)]
pub struct Call {
    /// An id, ARN or name.
    pub model: String,
    /// The documents as they were given, where the answer is to repeat them.
    pub repeated: Option<Vec<Value>>,
    /// What is put in order.
    pub request: Request,
}

/// Reads a request. What is wrong is an error that names the field; what is left out is a loss.
pub fn parse(body: Value, losses: &mut Vec<Loss>) -> Result<Call> {
    let mut fields = object(body, "model, query and documents")?;
    let model = take_required_text(&mut fields, "model", "name a rerank model")?;
    let query = take_required_text(&mut fields, "query", "say what is looked for")?;
    let given = documents(&mut fields)?;
    let texts = given.iter().enumerate().map(|(index, document)| text(index, document)).collect::<Result<_>>()?;
    let repeated = take_flag(&mut fields, "return_documents")?.unwrap_or(false).then_some(given);
    let request = Request {
        query,
        documents: texts,
        top_n: take_whole(&mut fields, "top_n", 1, u32::MAX)?,
        max_tokens: take_whole(&mut fields, "max_tokens_per_doc", 1, u32::MAX)?,
        extra: take_extra(&mut fields)?,
    };
    judge(TABLE, &fields, losses)?;
    Ok(Call { model, repeated, request })
}

fn documents(fields: &mut Map<String, Value>) -> Result<Vec<Value>> {
    match take(fields, "documents") {
        None => Err(Error::missing("documents", "give an array of strings")),
        Some(Value::Array(documents)) if documents.is_empty() => {
            Err(Error::invalid("documents", "must not be an empty array."))
        }
        Some(Value::Array(documents)) if documents.len() > MOST_DOCUMENTS => {
            let message = format!("must have at most {MOST_DOCUMENTS} items, not {}.", documents.len());
            Err(Error::invalid("documents", message))
        }
        Some(Value::Array(documents)) => Ok(documents),
        Some(other) => Err(Error::wrong_type("documents", "an array of strings", &other)),
    }
}

/// A document as the one text that a model reads; an object without `text` as lines of its members, which Cohere advises
/// for data in fields.
fn text(index: usize, document: &Value) -> Result<String> {
    match document {
        Value::String(text) => Ok(text.clone()),
        Value::Object(members) if !members.is_empty() => match members.get("text") {
            Some(Value::String(text)) if members.len() == 1 => Ok(text.clone()),
            _ => Ok(members.iter().map(|(name, value)| line(name, value)).collect::<Vec<_>>().join("\n")),
        },
        other => Err(Error::wrong_type(format!("documents[{index}]"), "a string or an object with text", other)),
    }
}

fn line(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) => format!("{name}: {text}"),
        other => format!("{name}: {other}"),
    }
}

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
    use crate::dialect::field::is_sorted;
    use serde_json::json;

    fn parsed(body: Value) -> Result<(Call, Vec<Loss>)> {
        let mut losses = Vec::new();
        parse(body, &mut losses).map(|call| (call, losses))
    }

    #[test]
    fn the_table_is_sorted_and_each_field_stands_once() {
        assert!(is_sorted(TABLE));
    }

    #[test]
    fn documents_are_texts_whatever_their_shape() {
        let documents = json!(["a", {"text": "b"}, {"title": "T", "text": "c", "year": 1999}]);
        let body = json!({"model": "m", "query": "q", "documents": documents, "top_n": 2, "return_documents": true});
        let (call, losses) = parsed(body).unwrap();
        assert_eq!(call.request.documents, ["a", "b", "title: T\ntext: c\nyear: 1999"]);
        assert_eq!((call.request.top_n, losses.len()), (Some(2), 0));
        assert_eq!(call.repeated.map(Value::Array), Some(documents));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let body = |name: &str, value: Value| {
            let mut body = json!({"model": "m", "query": "q", "documents": ["a"]});
            body[name] = value;
            body
        };
        for (body, message) in [
            (body("model", json!(null)), "model: is missing; name a rerank model."),
            (body("query", json!("")), "query: must not be empty; say what is looked for."),
            (body("documents", json!(null)), "documents: is missing; give an array of strings."),
            (body("documents", json!([])), "documents: must not be an empty array."),
            (body("documents", json!("a")), "documents: must be an array of strings, not a string."),
            (
                body("documents", json!(["a", 7])),
                "documents[1]: must be a string or an object with text, not this number.",
            ),
            (body("documents", json!([{}])), "documents[0]: must be a string or an object with text, not an object."),
            (body("documents", json!(vec!["a"; 1001])), "documents: must have at most 1000 items, not 1001."),
            (body("top_n", json!(0)), "top_n: must be a whole number, 1 or more."),
        ] {
            assert_eq!(parsed(body).unwrap_err().message, message);
        }
    }

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
