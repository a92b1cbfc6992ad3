//! `Rerank` of bedrock-agent-runtime: the operation that takes every rerank model alike.
//!
//! Source: API reference, "Rerank" (service model of bedrock-agent-runtime 2023-07-26).

use serde::Deserialize;
use serde_json::{Value, json as object};

use super::json;
use super::rerank::ranked;
use crate::conversation::rerank::{Document, Ranked, Sources};
use crate::error::Result;

/// The path of the operation.
pub const PATH: &str = "/rerank";

/// The body, for the model with this ARN.
pub fn encode(sources: Sources, arn: &str) -> Vec<u8> {
    // More than there are is refused by some versions of the service.
    let all = u32::try_from(sources.documents.len()).unwrap_or(u32::MAX);
    let mut model = object!({ "modelArn": arn });
    if !sources.extra.is_empty() {
        model["additionalModelRequestFields"] = sources.extra.into();
    }
    let mut configuration = object!({ "modelConfiguration": model });
    if let Some(top_n) = sources.top_n {
        configuration["numberOfResults"] = top_n.min(all).into();
    }
    let mut body = object!({
        "queries": [{"type": "TEXT", "textQuery": {"text": sources.query}}],
        "rerankingConfiguration": {
            "type": "BEDROCK_RERANKING_MODEL",
            "bedrockRerankingConfiguration": configuration,
        },
        "sources": sources.documents.into_iter().map(source).collect::<Vec<_>>(),
    });
    if let Some(token) = sources.next_token {
        body["nextToken"] = token.into();
    }
    body.to_string().into_bytes()
}

fn source(document: Document) -> Value {
    let document = match document {
        Document::Text(text) => object!({"type": "TEXT", "textDocument": {"text": text}}),
        Document::Object(members) => object!({"type": "JSON", "jsonDocument": members}),
    };
    object!({"type": "INLINE", "inlineDocumentSource": document})
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    results: Vec<One>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct One {
    index: usize,
    relevance_score: Value,
}

/// The documents, the best first, and the token of those that are not in this answer; `count` is how many there were.
pub fn decode(answer: &[u8], count: usize) -> Result<(Vec<Ranked>, Option<String>)> {
    let answer: Answer = json(answer)?;
    let ranked = |one: One| ranked(one.index, &one.relevance_score, count);
    Ok((answer.results.into_iter().map(ranked).collect::<Result<_>>()?, answer.next_token))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:bedrock:us-east-1::foundation-model/amazon.rerank-v1:0";

    #[test]
    fn the_body_has_the_shape_of_the_api_reference() {
        let object = object!({"title": "b"}).as_object().unwrap().clone();
        let documents = vec![Document::Text("a".into()), Document::Object(object)];
        let sources = Sources { query: "q".into(), documents, top_n: Some(5), ..Sources::default() };
        let body = |sources: Sources| serde_json::from_slice::<Value>(&encode(sources, ARN)).unwrap();
        let mut expected = object!({
            "queries": [{"type": "TEXT", "textQuery": {"text": "q"}}],
            "rerankingConfiguration": {
                "type": "BEDROCK_RERANKING_MODEL",
                "bedrockRerankingConfiguration": {"modelConfiguration": {"modelArn": ARN}, "numberOfResults": 2},
            },
            "sources": [
                {"type": "INLINE", "inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": "a"}}},
                {"type": "INLINE", "inlineDocumentSource": {"type": "JSON", "jsonDocument": {"title": "b"}}},
            ],
        });
        assert_eq!(body(sources.clone()), expected);
        let extra = object!({"x": 1}).as_object().unwrap().clone();
        let more = Sources { top_n: None, next_token: Some("t".into()), extra, ..sources };
        expected["nextToken"] = "t".into();
        let model = object!({"modelArn": ARN, "additionalModelRequestFields": {"x": 1}});
        expected["rerankingConfiguration"]["bedrockRerankingConfiguration"] = object!({ "modelConfiguration": model });
        assert_eq!(body(more), expected);
    }

    #[test]
    fn an_order_of_documents_that_were_not_sent_is_no_order() {
        let answer = br#"{"results":[{"index":1,"relevanceScore":0.87}],"nextToken":"t"}"#;
        assert_eq!(decode(answer, 2).unwrap(), (vec![Ranked { index: 1, score: 0.87 }], Some("t".to_owned())));
        assert!(decode(answer, 1).is_err());
        assert!(decode(br#"{"results":[{"index":0,"relevanceScore":null}]}"#, 1).is_err());
    }
}
