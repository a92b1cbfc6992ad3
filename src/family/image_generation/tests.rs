//! Bodies and answers in the form of AWS's documentation.

use serde_json::{Value, json};

use super::*;
use crate::catalog;
use crate::conversation::image_generation::Format;

const CANVAS: &str = "amazon.nova-canvas-v1:0";
const TITAN: &str = "amazon.titan-image-generator-v2:0";
const CORE: &str = "stability.stable-image-core-v1:1";

fn model(id: &str) -> &'static ImageGeneration {
    catalog::resolve(id).unwrap().model.image.as_ref().unwrap()
}

fn cat() -> Request {
    Request { prompt: "A cat".into(), count: 1, ..Request::default() }
}

/// The bodies of all calls, and the fields that were changed or left out.
fn bodies(id: &str, mut request: Request) -> Result<(Vec<Value>, Vec<String>)> {
    let (model, mut losses) = (model(id), Vec::new());
    fit(&mut request, model.body, id, &mut losses)?;
    let calls = calls(&request, model, &mut |below| below - 1);
    let body = |call| serde_json::from_slice(&encode(&request, call, model.body)).unwrap();
    Ok((calls.into_iter().map(body).collect(), losses.into_iter().filter_map(|loss| loss.param).collect()))
}

fn body(id: &str, request: Request) -> Value {
    bodies(id, request).unwrap().0.remove(0)
}

#[test]
fn each_model_gets_the_body_it_is_documented_to_take() {
    let amazon = json!({
        "taskType": "TEXT_IMAGE",
        "textToImageParams": {"text": "A cat"},
        "imageGenerationConfig": {"numberOfImages": 1, "seed": 858_993_459},
    });
    for (id, expected) in [(CANVAS, amazon.clone()), (TITAN, amazon), (CORE, json!({"prompt": "A cat"}))] {
        assert_eq!(body(id, cat()), expected, "{id}");
    }
}

#[test]
fn what_the_caller_chooses_stands_where_the_model_reads_it() {
    let choosy = |format| Request {
        negative_prompt: Some("dogs".into()),
        size: Some((1792, 1024)),
        quality: Some(Quality::Premium),
        style: Some("flat vector illustration".into()),
        guidance: Some(7.5),
        seed: Some(7),
        format,
        ..cat()
    };
    let (canvas, losses) = bodies(CANVAS, choosy(None)).unwrap();
    let expected = json!({
        "taskType": "TEXT_IMAGE",
        "textToImageParams": {"text": "A cat", "negativeText": "dogs", "style": "FLAT_VECTOR_ILLUSTRATION"},
        "imageGenerationConfig": {
            "numberOfImages": 1, "width": 1792, "height": 1024, "quality": "premium", "cfgScale": 7.5, "seed": 7,
        },
    });
    assert_eq!((canvas, losses), (vec![expected], vec![]));

    let (titan, losses) = bodies(TITAN, choosy(None)).unwrap();
    let config = &titan[0]["imageGenerationConfig"];
    assert_eq!((&config["width"], &config["height"]), (&json!(1408), &json!(768)));
    assert_eq!(losses, ["style", "size"]);

    let (core, losses) = bodies(CORE, choosy(Some(Format::Jpeg))).unwrap();
    let expected = json!({
        "prompt": "A cat", "negative_prompt": "dogs", "aspect_ratio": "16:9", "output_format": "jpeg", "seed": 7,
    });
    assert_eq!(
        (core, losses.as_slice()),
        (vec![expected], &["quality", "style", "cfg_scale", "size"].map(String::from)[..])
    );
}

#[test]
fn openais_sizes_have_a_like_everywhere() {
    for (size, aspect) in [
        ((256, 256), "1:1"),
        ((512, 512), "1:1"),
        ((1024, 1024), "1:1"),
        ((1536, 1024), "3:2"),
        ((1024, 1536), "2:3"),
        ((1792, 1024), "16:9"),
        ((1024, 1792), "9:16"),
    ] {
        let request = || Request { size: Some(size), ..cat() };
        assert_eq!(body(CORE, request())["aspect_ratio"], aspect, "{size:?}");
        assert!(bodies(CANVAS, request()).is_ok() && bodies(TITAN, request()).is_ok(), "{size:?}");
    }
    for id in [CANVAS, TITAN, CORE] {
        let error = bodies(id, Request { size: Some((3000, 500)), ..cat() }).unwrap_err();
        assert_eq!((error.param.as_deref(), error.api_code), (Some("size"), Some(ApiCode::UnsupportedValue)));
        assert!(error.message.starts_with(&format!("size: {id} makes nothing like 3000x500. ")), "{error}");
    }
}

#[test]
fn many_pictures_are_several_calls_with_seeds_of_their_own() {
    let split = |id: &str, count, seed| {
        let mut drawn = 0;
        let mut draw = |_| {
            drawn += 100;
            drawn
        };
        let request = Request { count, seed, ..cat() };
        let calls = calls(&request, model(id), &mut draw);
        calls.into_iter().map(|call| (call.count, call.seed)).collect::<Vec<_>>()
    };
    assert_eq!(split(CANVAS, 7, None), [(5, Some(100)), (2, Some(200))]);
    assert_eq!(split(CANVAS, 7, Some(1)), [(5, Some(1)), (2, Some(6))]);
    assert_eq!(split(CORE, 3, None), [(1, None); 3]);
    assert_eq!(split(CORE, 2, Some(u32::MAX)), [(1, Some(u32::MAX)); 2]);
}

#[test]
fn other_tasks_are_said_in_the_models_own_words() {
    let with = |extra: Value| Request { extra: extra.as_object().unwrap().clone(), ..cat() };
    let params = json!({"image": "QQ==", "maskPrompt": "sky"});
    let inpainting = body(CANVAS, with(json!({"taskType": "INPAINTING", "inPaintingParams": params})));
    assert_eq!(inpainting["inPaintingParams"], json!({"text": "A cat", "image": "QQ==", "maskPrompt": "sky"}));
    assert!(inpainting.get("textToImageParams").is_none() && inpainting["imageGenerationConfig"].is_object());
    let removal = json!({"taskType": "BACKGROUND_REMOVAL", "backgroundRemovalParams": {"image": "QQ=="}});
    assert_eq!(body(CANVAS, with(removal.clone())), removal);
    let config = json!({"imageGenerationConfig": {"numberOfImages": 2}});
    assert_eq!(body(CANVAS, with(config))["imageGenerationConfig"], json!({"numberOfImages": 2, "seed": 858_993_459}));
}

#[test]
fn a_format_that_the_model_does_not_write_is_refused() {
    let error = bodies(CANVAS, Request { format: Some(Format::Webp), ..cat() }).unwrap_err();
    assert_eq!(error.param.as_deref(), Some("output_format"));
    assert!(bodies(CANVAS, Request { format: Some(Format::Png), ..cat() }).is_ok());
}

#[test]
fn pictures_are_read_and_filtered_ones_are_errors() {
    for (id, answer) in [
        (CANVAS, json!({"images": ["QQ==", "Qg=="], "error": null})),
        (CORE, json!({"seeds": [1, 2], "finish_reasons": [null, null], "images": ["QQ==", "Qg=="]})),
    ] {
        assert_eq!(decode(answer.to_string().as_bytes(), model(id).body).unwrap(), ["QQ==", "Qg=="]);
    }
    let filtered = Some(ApiCode::ContentPolicyViolation);
    for (id, answer, kind, code) in [
        (
            CANVAS,
            json!({"images": ["QQ=="], "error": "Some of the generated images have been blocked by our content filters."}),
            Kind::Validation,
            filtered,
        ),
        (TITAN, json!({"images": null, "error": "blocked"}), Kind::Validation, filtered),
        (CORE, json!({"finish_reasons": ["Filter reason: prompt"]}), Kind::Validation, filtered),
        (CORE, json!({"finish_reasons": ["Inference error"], "images": []}), Kind::ModelError, None),
        (CORE, json!({"finish_reasons": [null], "images": []}), Kind::BrokenStream, None),
    ] {
        let error = decode(answer.to_string().as_bytes(), model(id).body).unwrap_err();
        assert_eq!((error.kind, error.api_code), (kind, code), "{error}");
    }
    let refused = Error::service("ValidationException", "This request has been blocked by our content filters.");
    assert_eq!(judged(refused).api_code, filtered);
}
