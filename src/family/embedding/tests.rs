//! Bodies and answers in the form of recordings and of AWS's documentation.

use serde_json::json;

use super::*;
use crate::catalog;
use crate::conversation::ImageSource;
use crate::conversation::embedding::Purpose;
use crate::media::{self, Limits, Source};

const V2: &str = "amazon.titan-embed-text-v2:0";
const COHERE: &str = "cohere.embed-english-v3";
const COHERE_V4: &str = "us.cohere.embed-v4:0";
const NOVA: &str = "amazon.nova-2-multimodal-embeddings-v1:0";

/// A picture of one pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn embedding(model: &str) -> &'static Embedding {
    catalog::resolve(model).unwrap().model.embedding.as_ref().unwrap()
}

fn text(text: &str) -> Input {
    Input { text: Some(text.into()), image: None }
}

fn image(text: Option<&str>) -> Input {
    let Source::Inline(inline) = Source::parse(PIXEL).unwrap() else { panic!("base64 is inline") };
    let ready = media::prepare_inline(inline, &Limits::default()).unwrap();
    let image = Image { param: "input".into(), source: ImageSource::Ready(ready), guarded: false };
    Input { text: text.map(str::to_owned), image: Some(image) }
}

fn request(inputs: Vec<Input>) -> Request {
    Request { inputs, field: "input", ..Request::default() }
}

/// The bodies of all calls of a request.
fn bodies(model: &str, mut request: Request) -> Vec<Value> {
    let facts = embedding(model);
    fit(&mut request, facts, model, &mut Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    let encoded = batches(&request, facts).into_iter().map(|batch| encode(&request, batch, facts.body));
    encoded.map(|body| serde_json::from_slice(&body).unwrap()).collect()
}

#[test]
fn each_model_gets_the_body_it_is_documented_to_take() {
    let url = format!("data:image/png;base64,{PIXEL}");
    let nova = |more: Value| {
        let mut params = json!({"embeddingPurpose": "GENERIC_INDEX"});
        merge(&mut params, more.as_object().unwrap());
        json!({"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": params})
    };
    for (model, input, body) in [
        ("amazon.titan-embed-text-v1", text("Hi"), json!({"inputText": "Hi"})),
        (V2, text("Hi"), json!({"inputText": "Hi"})),
        ("amazon.titan-embed-image-v1", image(Some("Hi")), json!({"inputText": "Hi", "inputImage": PIXEL})),
        ("amazon.titan-embed-image-v1", image(None), json!({"inputImage": PIXEL})),
        (COHERE, text("Hi"), json!({"input_type": "search_document", "texts": ["Hi"]})),
        (COHERE, image(None), json!({"input_type": "image", "images": [url]})),
        (COHERE_V4, text("Hi"), json!({"input_type": "search_document", "texts": ["Hi"]})),
        (COHERE_V4, image(None), json!({"input_type": "search_document", "images": [url]})),
        (
            COHERE_V4,
            image(Some("Hi")),
            json!({"input_type": "search_document", "inputs": [{"content": [
                {"type": "text", "text": "Hi"},
                {"type": "image_url", "image_url": {"url": url}},
            ]}]}),
        ),
        (NOVA, text("Hi"), nova(json!({"text": {"truncationMode": "NONE", "value": "Hi"}}))),
        (NOVA, image(None), nova(json!({"image": {"format": "png", "source": {"bytes": PIXEL}}}))),
        ("us.twelvelabs.marengo-embed-2-7-v1:0", text("Hi"), json!({"inputType": "text", "inputText": "Hi"})),
        (
            "us.twelvelabs.marengo-embed-2-7-v1:0",
            image(None),
            json!({"inputType": "image", "mediaSource": {"base64String": PIXEL}}),
        ),
        ("twelvelabs.marengo-embed-3-0-v1:0", text("Hi"), json!({"inputType": "text", "text": {"inputText": "Hi"}})),
        (
            "twelvelabs.marengo-embed-3-0-v1:0",
            image(Some("Hi")),
            json!({"inputType": "text_image", "text_image": {"inputText": "Hi", "mediaSource": {"base64String": PIXEL}}}),
        ),
    ] {
        assert_eq!(bodies(model, request(vec![input])), [body], "{model}");
    }
}

#[test]
fn what_the_caller_chooses_stands_where_the_model_reads_it() {
    let chosen = |dimensions| Request {
        dimensions,
        purpose: Some(Purpose::Query),
        truncate: Some(Truncate::Start),
        normalize: Some(false),
        ..request(vec![text("Hi")])
    };
    for (model, dimensions, body) in [
        (V2, Some(512), json!({"inputText": "Hi", "dimensions": 512, "normalize": false})),
        ("amazon.titan-embed-text-v1", Some(1536), json!({"inputText": "Hi"})),
        (COHERE, Some(1024), json!({"input_type": "search_query", "texts": ["Hi"], "truncate": "START"})),
        (
            COHERE_V4,
            Some(256),
            json!({"input_type": "search_query", "texts": ["Hi"], "output_dimension": 256, "truncate": "LEFT"}),
        ),
        (
            NOVA,
            Some(384),
            json!({"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": {
                "embeddingPurpose": "GENERIC_RETRIEVAL",
                "embeddingDimension": 384,
                "text": {"truncationMode": "START", "value": "Hi"},
            }}),
        ),
    ] {
        assert_eq!(bodies(model, chosen(dimensions)), [body], "{model}");
    }
    let own = Request { purpose: Some(Purpose::Other("video_retrieval".into())), ..request(vec![text("Hi")]) };
    assert_eq!(bodies(NOVA, own)[0]["singleEmbeddingParams"]["embeddingPurpose"], "VIDEO_RETRIEVAL");
}

#[test]
fn the_callers_own_members_are_merged_into_the_body() {
    let extra = json!({"singleEmbeddingParams": {"text": {"truncationMode": "END"}}, "schemaVersion": "1"});
    let request = Request { extra: extra.as_object().unwrap().clone(), ..request(vec![text("Hi")]) };
    let body = &bodies(NOVA, request)[0];
    assert_eq!(body["singleEmbeddingParams"]["text"], json!({"truncationMode": "END", "value": "Hi"}));
    assert_eq!(body["schemaVersion"], "1");
}

#[test]
fn a_call_has_as_many_neighbours_as_the_model_takes() {
    let texts = |count: usize| (0..count).map(|at| text(&at.to_string())).collect::<Vec<_>>();
    let split = |model, inputs| batches(&request(inputs), embedding(model));
    assert_eq!(split(COHERE, texts(200)), [0..96, 96..192, 192..200]);
    assert_eq!(split(V2, texts(3)), [0..1, 1..2, 2..3]);
    let mixed = || vec![text("a"), text("b"), image(None), image(None), text("c")];
    assert_eq!(split(COHERE, mixed()), [0..2, 2..3, 3..4, 4..5]);
    assert_eq!(split(COHERE_V4, mixed()), [Range { start: 0, end: 5 }]);
    // A model newer than the catalog has the manners of its relative.
    assert_eq!(split("cohere.embed-v9:0", texts(97)), [0..96, 96..97]);
}

#[test]
fn what_a_model_cannot_do_is_refused_or_told() {
    let check = |model: &str, request: Request| {
        let mut losses = Vec::new();
        fit(&mut request.clone(), embedding(model), model, &mut losses).map(|()| losses)
    };
    let cut = |dimensions| Request { dimensions: Some(dimensions), ..request(vec![text("Hi")]) };
    for (model, request, message) in [
        (
            V2,
            cut(100),
            "dimensions: 100 cannot be had: vectors of amazon.titan-embed-text-v2:0 have 1024, 512, 256 numbers.",
        ),
        (
            COHERE,
            cut(512),
            "dimensions: 512 cannot be had: vectors of cohere.embed-english-v3 have 1024 numbers. Leave it out.",
        ),
        (
            V2,
            request(vec![text("Hi"), image(None)]),
            "input[1]: amazon.titan-embed-text-v2:0 embeds text only; choose a multimodal embedding model.",
        ),
        (
            COHERE,
            Request { is_single: true, ..request(vec![image(Some("Hi"))]) },
            "input: cohere.embed-english-v3 makes no vector of a text and a picture together; give each an item of its own.",
        ),
    ] {
        assert_eq!(check(model, request).unwrap_err().message, message);
    }
    let choosy = Request {
        purpose: Some(Purpose::Query),
        truncate: Some(Truncate::End),
        normalize: Some(true),
        ..request(vec![text("Hi")])
    };
    let params = |model: &str| -> Vec<String> {
        check(model, choosy.clone()).unwrap().into_iter().filter_map(|loss| loss.param).collect()
    };
    assert_eq!(params("amazon.titan-embed-text-v1"), ["input_type", "truncate", "normalize"]);
    assert_eq!(params(V2), ["input_type", "truncate"]);
    assert_eq!(params(COHERE), ["normalize"]);
    let newer = check("cohere.embed-v9:0", cut(2048));
    assert!(newer.unwrap().is_empty(), "what is not known is not refused");
}

#[test]
fn vectors_and_tokens_are_read_from_every_answer() {
    for (model, answer, tokens) in [
        (V2, json!({"embedding": [1.5], "embeddingsByType": {"float": [1.5]}, "inputTextTokenCount": 2}), Some(2)),
        (
            "amazon.titan-embed-image-v1",
            json!({"embedding": [1.5], "inputTextTokenCount": 0, "message": null}),
            Some(0),
        ),
        (
            COHERE,
            json!({"embeddings": [[1.5]], "id": "x", "response_type": "embeddings_floats", "texts": ["hi"]}),
            None,
        ),
        (COHERE_V4, json!({"embeddings": {"float": [[1.5]]}, "response_type": "embeddings_by_type"}), None),
        (NOVA, json!({"embeddings": [{"embeddingType": "TEXT", "embedding": [1.5]}], "inputTokenCount": 4}), Some(4)),
        ("twelvelabs.marengo-embed-3-0-v1:0", json!({"data": [{"embedding": [1.5]}]}), None),
    ] {
        let embedded = decode(answer.to_string().as_bytes(), embedding(model).body, 1).unwrap();
        assert_eq!(embedded.vectors.iter().map(|vector| vector.get()).collect::<Vec<_>>(), ["[1.5]"], "{model}");
        assert_eq!(embedded.input_tokens, tokens, "{model}");
    }
}

#[test]
fn an_answer_with_too_few_vectors_is_an_error() {
    for (model, answer, message) in [
        (COHERE, json!({"embeddings": [[1]]}), "The service answered 2 inputs with 1 embeddings."),
        (COHERE_V4, json!({"embeddings": {"int8": [[1], [2]]}}), "The service answered 2 inputs with 0 embeddings."),
        ("amazon.titan-embed-image-v1", json!({"message": "The image is too dark."}), "The image is too dark."),
    ] {
        let error = decode(answer.to_string().as_bytes(), embedding(model).body, 2).unwrap_err();
        assert_eq!(error.message, message);
    }
    assert!(decode(b"<html>", EmbeddingBody::Nova, 1).is_err());
}
