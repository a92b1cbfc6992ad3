//! Bodies in, bodies out: shapes, sizes and refusals of every family.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::{ImageFormat, Rgba, RgbaImage};
use serde_json::{Value, json};

use super::{Made, canvas};
use crate::simulator::exception::Exception;
use crate::simulator::identity::Identity;
use crate::simulator::models::{Kind, Model, ids};
use crate::simulator::native::Body;

fn answer(id: &str, request: &Value) -> Result<Made, Exception> {
    let body = Body::parse(request.to_string().as_bytes()).unwrap();
    let identity = Identity::new(&mut fastrand::Rng::with_seed(1), 0);
    super::answer(&Model::find(id).unwrap(), &body, &identity, &super::of_text)
}

fn body(id: &str, request: Value) -> Value {
    answer(id, &request).map_or_else(|refusal| panic!("{id} {request}: {}", refusal.message), |made| made.body)
}

fn refusal(id: &str, request: Value) -> String {
    let refused = answer(id, &request).err().unwrap_or_else(|| panic!("{id} accepted {request}"));
    refused.message.replace("Malformed input request: ", "").replace(", please reformat your input and try again.", "")
}

fn small_picture(colour: [u8; 4]) -> String {
    canvas::write(RgbaImage::from_pixel(64, 64, Rgba(colour)), ImageFormat::Png).unwrap()
}

/// Width and height of a base64 picture.
fn size(picture: &Value) -> (u32, u32) {
    canvas::read(picture.as_str().unwrap(), "").unwrap().dimensions()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn length(value: &Value) -> usize {
    value.as_array().unwrap().len()
}

#[test]
fn embeddings_have_the_shape_and_dimensions_of_their_model() {
    let one = body("amazon.titan-embed-text-v1", json!({"inputText": "Hello World!"}));
    assert_eq!((keys(&one), length(&one["embedding"])), (vec!["embedding", "inputTextTokenCount"], 1536));

    let two = body(
        "amazon.titan-embed-text-v2:0",
        json!({"inputText": "x", "dimensions": 256, "embeddingTypes": ["float", "binary"]}),
    );
    assert_eq!(keys(&two), ["embedding", "embeddingsByType", "inputTextTokenCount"]);
    assert_eq!((length(&two["embedding"]), length(&two["embeddingsByType"]["binary"])), (256, 256));

    let request = json!({"inputText": "a cat", "inputImage": small_picture([1, 2, 3, 255])});
    let image = body("amazon.titan-embed-image-v1", request);
    assert_eq!(
        (keys(&image), length(&image["embedding"])),
        (vec!["embedding", "inputTextTokenCount", "message"], 1024)
    );

    let texts = json!({"texts": ["Hello World!", "Bye"], "input_type": "search_document"});
    let english = body("cohere.embed-english-v3", texts.clone());
    assert_eq!(keys(&english), ["embeddings", "id", "response_type", "texts"]);
    assert_eq!((length(&english["embeddings"][1]), &english["texts"][0]), (1024, &json!("hello world!")));

    let mut typed = texts;
    typed["embedding_types"] = json!(["float", "int8", "uint8", "binary", "ubinary"]);
    typed["output_dimension"] = 512.into();
    let four = body("us.cohere.embed-v4:0", typed);
    assert_eq!(keys(&four), ["id", "texts", "embeddings", "response_type"]);
    let of = |name: &str| length(&four["embeddings"][name][0]);
    assert_eq!(["float", "int8", "uint8", "binary", "ubinary"].map(of), [512, 512, 512, 64, 64]);
    assert_eq!(four["texts"][0], "Hello World!");

    let image =
        json!({"images": [format!("data:image/png;base64,{}", small_picture([9, 9, 9, 255]))], "input_type": "image"});
    let image = body("cohere.embed-multilingual-v3", image);
    assert_eq!(image["images"][0], json!({"width": 64, "height": 64, "format": "png", "bit_depth": 24}));

    let params = json!({"embeddingPurpose": "GENERIC_INDEX", "embeddingDimension": 256, "text": {"truncationMode": "END", "value": "Hi"}});
    let nova = body(
        "amazon.nova-2-multimodal-embeddings-v1:0",
        json!({"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": params}),
    );
    assert_eq!(keys(&nova["embeddings"][0]), ["embeddingType", "embedding"]);
    assert_eq!(length(&nova["embeddings"][0]["embedding"]), 256);

    let marengo = body("twelvelabs.marengo-embed-2-7-v1:0", json!({"inputType": "text", "inputText": "Hi"}));
    assert_eq!(length(&marengo["data"][0]["embedding"]), 1024);
    let newer =
        json!({"inputType": "text_image", "text_image": {"inputText": "Hi", "mediaSource": {"base64String": "AAAA"}}});
    assert_eq!(length(&body("twelvelabs.marengo-embed-3-0-v1:0", newer)["data"][0]["embedding"]), 512);
}

#[test]
fn a_text_and_its_query_are_near_in_every_model() {
    let of = |text: &str| {
        let made = body("amazon.titan-embed-text-v2:0", json!({ "inputText": text }));
        made["embedding"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect::<Vec<_>>()
    };
    let cosine = |left: &[f64], right: &[f64]| left.iter().zip(right).map(|(l, r)| l * r).sum::<f64>();
    let query = of("reset my password");
    let (near, far) = (of("How to reset a password"), of("Opening hours of the shop"));
    assert!(cosine(&query, &near) > cosine(&query, &far) + 0.3);
    assert!((cosine(&query, &query) - 1.0).abs() < 1e-6);
}

#[test]
fn images_have_the_size_asked_for() {
    let config = json!({"width": 320, "height": 336, "seed": 3, "numberOfImages": 2});
    let request =
        json!({"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "a red cat"}, "imageGenerationConfig": config});
    let made = body("amazon.nova-canvas-v1:0", request.clone());
    assert_eq!((keys(&made), length(&made["images"])), (vec!["images", "error"], 2));
    assert_eq!(size(&made["images"][0]), (320, 336));
    assert_ne!(made["images"][0], made["images"][1]);
    assert_eq!(made, body("amazon.nova-canvas-v1:0", request));

    let picture = small_picture([200, 0, 0, 255]);
    let tasks = [
        ("INPAINTING", "inPaintingParams", json!({"image": picture, "maskPrompt": "cat", "text": "dog"})),
        ("OUTPAINTING", "outPaintingParams", json!({"image": picture, "maskImage": picture, "text": "dog"})),
        ("BACKGROUND_REMOVAL", "backgroundRemovalParams", json!({ "image": picture })),
        ("VIRTUAL_TRY_ON", "virtualTryOnParams", json!({"sourceImage": picture, "referenceImage": picture})),
    ];
    for (task, params, given) in tasks {
        let mut request = json!({ "taskType": task });
        request[params] = given;
        assert_eq!(size(&body("amazon.nova-canvas-v1:0", request)["images"][0]), (64, 64), "{task}");
    }
    let tasks = [
        ("IMAGE_VARIATION", "imageVariationParams", json!({"images": [picture], "text": "dog"})),
        ("COLOR_GUIDED_GENERATION", "colorGuidedGenerationParams", json!({"colors": ["#ff9800"], "text": "dog"})),
    ];
    for (task, params, given) in tasks {
        let mut request = json!({"taskType": task, "imageGenerationConfig": {"width": 512, "height": 512}});
        request[params] = given;
        assert_eq!(size(&body("amazon.titan-image-generator-v2:0", request)["images"][0]), (512, 512), "{task}");
    }
}

#[test]
fn stability_answers_in_the_format_asked_for() {
    let request = json!({"prompt": "a panda", "aspect_ratio": "9:21", "output_format": "jpeg", "seed": 5});
    let made = body("stability.stable-image-core-v1:1", request);
    assert_eq!((&made["seeds"], &made["finish_reasons"]), (&json!([5]), &json!([null])));
    assert!(BASE64_STANDARD.decode(made["images"][0].as_str().unwrap()).unwrap().starts_with(&[0xff, 0xd8, 0xff]));
    assert_eq!(size(&made["images"][0]), (640, 1536));

    let request = json!({"text_prompts": [{"text": "a panda"}], "width": 1344, "height": 768, "seed": 9});
    let made = body("stability.stable-diffusion-xl-v1", request);
    assert_eq!((&made["result"], &made["artifacts"][0]["seed"]), (&json!("success"), &json!(9)));
    assert_eq!(size(&made["artifacts"][0]["base64"]), (1344, 768));
}

#[test]
fn every_editing_service_takes_a_picture() {
    let picture = small_picture([0, 100, 0, 255]);
    let mut seen = 0;
    for id in ids(Kind::Image).filter(|id| id.starts_with("stability.stable-") && !id.contains("diffusion")) {
        if ["core", "ultra"].iter().any(|part| id.contains(part)) {
            continue;
        }
        seen += 1;
        let request = json!({
            "image": picture, "init_image": picture, "style_image": picture, "prompt": "a hat", "left": 10,
            "select_prompt": "hat", "search_prompt": "hat",
        });
        let expected = match id.as_str() {
            id if id.contains("fast-upscale") => (256, 256),
            id if id.contains("upscale") => (128, 128),
            id if id.contains("outpaint") => (74, 64),
            _ => (64, 64),
        };
        assert_eq!(size(&body(&id, request)["images"][0]), expected, "{id}");
        assert!(refusal(&id, json!({})).contains("image] not found"), "{id}");
    }
    assert_eq!(seen, 13);
}

#[test]
fn rerank_takes_the_best() {
    let request = json!({"query": "capital of France", "documents": ["Trees are green", {"text": "Paris is the capital of France"}], "top_n": 1});
    let made = body("amazon.rerank-v1:0", request.clone());
    assert_eq!((length(&made["results"]), &made["results"][0]["index"]), (1, &json!(1)));
    assert_eq!(refusal("cohere.rerank-v3-5:0", request), "#: required key [api_version] not found");
}

#[test]
fn refusals_name_the_place() {
    let long = "x".repeat(50_001);
    let cases = [
        ("amazon.titan-embed-text-v1", json!({ "inputText": "" }), "expected minLength: 1, actual: 0"),
        ("amazon.titan-embed-text-v1", json!({ "inputText": long }), "expected maxLength: 50000, actual: 50001"),
        (
            "amazon.titan-embed-text-v1",
            json!({"inputText": "x", "dimensions": 256}),
            "#: extraneous key [dimensions] is not permitted",
        ),
        (
            "amazon.titan-embed-text-v2:0",
            json!({"inputText": "x", "dimensions": 300}),
            "#/dimensions: 300 is not a valid enum value",
        ),
        (
            "amazon.titan-embed-text-v2:0",
            json!({"inputText": "a ".repeat(9000)}),
            "400 Bad Request: Too many input tokens. Max input tokens: 8192, request input token count: 9001 ",
        ),
        (
            "cohere.embed-english-v3",
            json!({"texts": ["x"], "input_type": "y"}),
            "#/input_type: y is not a valid enum value",
        ),
        (
            "cohere.embed-english-v3",
            json!({"texts": vec!["x"; 97], "input_type": "search_query"}),
            "#/texts: expected maximum item count: 96, found: 97",
        ),
        (
            "cohere.embed-english-v3",
            json!({"texts": ["x"], "input_type": "search_query", "max_tokens": 256}),
            "#: extraneous key [max_tokens] is not permitted",
        ),
        ("amazon.nova-canvas-v1:0", json!({"taskType": "X"}), "#/taskType: X is not a valid enum value"),
        (
            "amazon.nova-canvas-v1:0",
            json!({"taskType": "TEXT_IMAGE", "textToImageParams": {}}),
            "#/textToImageParams: required key [text] not found",
        ),
        (
            "amazon.nova-canvas-v1:0",
            json!({"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "x"}, "imageGenerationConfig": {"width": 321}}),
            "The requested image size 321x1024 is not supported by this model.",
        ),
        (
            "amazon.titan-image-generator-v1",
            json!({"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "x".repeat(513)}}),
            "#/textToImageParams/text: expected maxLength: 512, actual: 513",
        ),
        ("stability.sd3-5-large-v1:0", json!({"prompt": "x", "seed": -1}), "#/seed: -1 is not greater or equal to 0"),
        ("stability.stable-fast-upscale-v1:0", json!({"image": "AAAA"}), "#/image: not a valid image"),
    ];
    for (id, request, expected) in cases {
        assert_eq!(refusal(id, request), expected, "{id}");
    }
}
