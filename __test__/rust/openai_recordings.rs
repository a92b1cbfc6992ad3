//! Embeddings and rankings of the real service: a request in OpenAI's form becomes the body that was recorded, and the
//! answer the vectors that were.

use bedrock_wrapper::catalog;
use bedrock_wrapper::dialect;
use bedrock_wrapper::family;
use serde_json::{Map, Value, json};

use crate::recordings::corpus::{self, Recording};

/// Members of recorded bodies and the fields of a request that they come from; texts are read apart.
const FIELDS: &[(&str, &str)] = &[
    ("/dimensions", "dimensions"),
    ("/normalize", "normalize"),
    ("/input_type", "input_type"),
    ("/output_dimension", "dimensions"),
    ("/truncate", "truncate"),
    ("/singleEmbeddingParams/embeddingDimension", "dimensions"),
    ("/singleEmbeddingParams/embeddingPurpose", "input_type"),
    ("/singleEmbeddingParams/text/truncationMode", "truncate"),
    ("/query", "query"),
    ("/documents", "documents"),
    ("/top_n", "top_n"),
];

/// Where recorded bodies have what is embedded.
const TEXTS: &[&str] = &["/inputText", "/texts", "/singleEmbeddingParams/text/value"];
/// Where recorded answers have vectors: one, or a list of them.
const VECTORS: &[(&str, bool)] =
    &[("/embedding", false), ("/embeddings/0/embedding", false), ("/embeddings/float", true), ("/embeddings", true)];

#[test]
fn all_shared_recordings_are_made_and_read() {
    let recordings = corpus::shared();
    if !recordings.is_empty() {
        assert!(check(&recordings) > 8);
    }
}

/// How many recordings could be checked.
fn check(recordings: &[Recording]) -> usize {
    recordings.iter().filter(|recording| is_answer(recording)).filter(|recording| checked(recording).is_some()).count()
}

fn is_answer(recording: &Recording) -> bool {
    recording.text("operation") == "InvokeModel" && recording.value["response"]["status"] == 200
}

/// `None`: of another kind of model, of an input that is no text, or not kept as it was.
fn checked(recording: &Recording) -> Option<()> {
    let model = catalog::resolve(recording.text("model_id")).ok()?.model;
    let body = &recording.value["request"]["body"];
    let mut request: Map<String, Value> = FIELDS
        .iter()
        .filter_map(|(pointer, field)| Some(((*field).to_owned(), body.pointer(pointer)?.clone())))
        .collect();
    request.insert("model".into(), recording.text("model_id").into());
    if let Some(types) = body.get("embedding_types") {
        request.insert("additionalModelRequestFields".into(), json!({"embedding_types": types}));
    }
    let answer = recording.body();
    let read: Value = serde_json::from_slice(&answer).unwrap();
    let name = &recording.name;

    if let Some(kind) = model.rerank.filter(|_| body.is_object()) {
        let call = dialect::rerank::parse(request.into(), true, &mut Vec::new()).unwrap();
        assert_eq!(parsed(&family::rerank::encode(&call.request, kind)), *body, "{name}");
        let ranked = family::rerank::decode(&answer, call.request.documents.len()).unwrap();
        let ranked: Vec<Value> =
            ranked.iter().map(|one| json!({"index": one.index, "relevance_score": one.score})).collect();
        assert_eq!(Value::from(ranked), read["results"], "{name}");
        return Some(());
    }

    let facts = model.embedding.as_ref()?;
    let input = TEXTS.iter().find_map(|pointer| body.pointer(pointer))?;
    request.insert("input".into(), input.clone());
    // A recorder may have kept what its own program made of the answer.
    let (pointer, is_list) =
        VECTORS.iter().find(|(pointer, _)| read.pointer(pointer).is_some_and(|found| found.is_array()))?;
    let mut call = dialect::embeddings::parse(request.into(), true, &mut Vec::new()).unwrap();
    family::embedding::fit(&mut call.request, facts, name, &mut Vec::new()).unwrap();
    let [batch] = family::embedding::batches(&call.request, facts).try_into().unwrap();
    let count = batch.len();
    assert_eq!(parsed(&family::embedding::encode(&call.request, batch, facts.body)), *body, "{name}");

    let embedded = family::embedding::decode(&answer, facts.body, count).unwrap();
    let vectors: Vec<Value> = embedded.vectors.iter().map(|vector| parsed(vector.get().as_bytes())).collect();
    let recorded = read.pointer(pointer).unwrap();
    assert_eq!(Value::from(vectors), if *is_list { recorded.clone() } else { json!([recorded]) }, "{name}");
    assert_eq!(embedded.input_tokens, read["inputTextTokenCount"].as_u64(), "{name}");
    Some(())
}

fn parsed(json: &[u8]) -> Value {
    serde_json::from_slice(json).unwrap()
}
