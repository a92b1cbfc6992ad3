//! Bodies and answers in the form of AWS's documentation.

use serde_json::{Map, Value, json};

use super::*;
use crate::catalog;
use crate::conversation::ImageSource;
use crate::conversation::image_generation::Format;
use crate::media::{self, Limits, Source};

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
    let body = |call| serde_json::from_slice(&encode(&request, call, model.body, id)).unwrap();
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
        let pictures = decode(answer.to_string().as_bytes(), model(id).body).unwrap();
        assert_eq!(pictures.iter().map(|picture| picture.base64.as_str()).collect::<Vec<_>>(), ["QQ==", "Qg=="]);
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
        (
            CANVAS,
            json!({"status": "Request Moderated", "details": {"Moderation Reasons": ["Derivative Works Filter"]}}),
            Kind::Validation,
            filtered,
        ),
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

fn picture(base64: &str) -> Image {
    let Source::Inline(inline) = Source::parse(base64).unwrap() else { panic!("{base64}") };
    let ready = media::prepare_inline(inline, &Limits::default()).unwrap();
    Image { param: "files[0]".into(), source: ImageSource::Ready(ready), guarded: false }
}

/// A GIF of one pixel: the smallest picture there is.
const PIXEL: &str = "R0lGODlhAQABAAAAACwAAAAAAQABAAA=";

fn of_pictures(count: usize) -> Request {
    Request { images: vec![picture(PIXEL); count], ..cat() }
}

fn params(params: Value) -> Map<String, Value> {
    params.as_object().unwrap().clone()
}

#[test]
fn what_is_given_says_the_task() {
    let mask = || Some(picture(PIXEL));
    for (request, task) in [
        (cat(), "TEXT_IMAGE"),
        (of_pictures(1), "IMAGE_VARIATION"),
        (Request { mask: mask(), ..of_pictures(1) }, "INPAINTING"),
        (Request { task_params: params(json!({"maskPrompt": "sky"})), ..of_pictures(1) }, "INPAINTING"),
        (Request { task: Some("OUTPAINTING".into()), mask: mask(), ..of_pictures(1) }, "OUTPAINTING"),
    ] {
        for id in [CANVAS, TITAN] {
            assert_eq!(body(id, request.clone())["taskType"], task);
        }
    }
}

#[test]
fn each_task_gets_the_body_it_is_documented_to_take() {
    let config = json!({"numberOfImages": 1, "seed": 0});
    let tasked = |task: &str, request: Request| {
        body(
            CANVAS,
            Request { task: Some(task.into()), seed: Some(0), negative_prompt: Some("dogs".into()), ..request },
        )
    };
    let words = |more: Value| {
        let mut words = params(json!({"text": "A cat", "negativeText": "dogs"}));
        words.extend(params(more));
        words
    };
    let own = |own: Value| Request { task_params: params(own), ..of_pictures(1) };
    let mask = json!({"image": PIXEL, "maskImage": PIXEL});
    for (task, request, member, expected) in [
        (
            "TEXT_IMAGE",
            own(json!({"controlMode": "SEGMENTATION", "controlStrength": 0.3})),
            "textToImageParams",
            words(json!({"conditionImage": PIXEL, "controlMode": "SEGMENTATION", "controlStrength": 0.3})),
        ),
        (
            "IMAGE_VARIATION",
            Request { task_params: params(json!({"similarityStrength": 0.5})), ..of_pictures(2) },
            "imageVariationParams",
            words(json!({"images": [PIXEL, PIXEL], "similarityStrength": 0.5})),
        ),
        (
            "INPAINTING",
            Request { mask: Some(picture(PIXEL)), ..of_pictures(1) },
            "inPaintingParams",
            words(mask.clone()),
        ),
        (
            "OUTPAINTING",
            own(json!({"maskPrompt": "sky", "outPaintingMode": "PRECISE"})),
            "outPaintingParams",
            words(json!({"image": PIXEL, "maskPrompt": "sky", "outPaintingMode": "PRECISE"})),
        ),
        (
            "COLOR_GUIDED_GENERATION",
            Request {
                extra: params(json!({"colorGuidedGenerationParams": {"colors": ["#ff9800"]}})),
                ..of_pictures(1)
            },
            "colorGuidedGenerationParams",
            words(json!({"referenceImage": PIXEL, "colors": ["#ff9800"]})),
        ),
    ] {
        let made = tasked(task, request);
        let expected = json!({"taskType": task, member: expected, "imageGenerationConfig": config});
        assert_eq!(made, expected);
    }
    let removal = tasked("BACKGROUND_REMOVAL", of_pictures(1));
    assert_eq!(removal, json!({"taskType": "BACKGROUND_REMOVAL", "backgroundRemovalParams": {"image": PIXEL}}));
}

#[test]
fn what_a_task_has_no_place_for_is_told() {
    let losses = |id: &str, request: Request| bodies(id, request).unwrap().1;
    let task = |name: &str, request: Request| Request { task: Some(name.into()), ..request };
    let choosy = Request {
        count: 2,
        seed: Some(0),
        size: Some((512, 512)),
        aspect: Some((1, 1)),
        style: Some("MAXIMALISM".into()),
        task_params: params(json!({"similarityStrength": 0.5})),
        mask: Some(picture(PIXEL)),
        ..of_pictures(2)
    };
    let removal = losses(CANVAS, task("BACKGROUND_REMOVAL", choosy.clone()));
    assert_eq!(removal, ["prompt", "files", "mask", "similarityStrength", "style", "aspectRatio", "size", "seed", "n"]);
    let core = losses(CORE, task("INPAINTING", choosy));
    assert_eq!(core, ["style", "taskType", "similarityStrength", "size", "aspectRatio", "files", "mask"]);
    let twice =
        Request { task_params: params(json!({"maskPrompt": "sky"})), mask: Some(picture(PIXEL)), ..of_pictures(1) };
    assert_eq!(losses(CANVAS, twice), ["maskPrompt"]);
}

#[test]
fn what_a_task_cannot_do_without_is_asked_for() {
    let refused = |id: &str, request: Request| bodies(id, request).unwrap_err().message;
    let silent = |request: Request| Request { prompt: String::new(), ..request };
    for id in [CANVAS, TITAN, CORE] {
        assert_eq!(refused(id, silent(cat())), "prompt: is missing; say what is to be seen.");
    }
    let task = |name: &str, request: Request| Request { task: Some(name.into()), ..request };
    assert_eq!(refused(CANVAS, task("OUTPAINTING", cat())), "files: OUTPAINTING works on 1 of them, not 0.");
    assert!(refused(CANVAS, task("DREAM", of_pictures(1))).starts_with("taskType: must be one of TEXT_IMAGE, "));
    assert!(bodies(CANVAS, silent(of_pictures(1))).is_ok(), "a variation needs no words");
    assert!(bodies("stability.stable-image-remove-background-v1:0", silent(of_pictures(1))).is_ok());
}

#[test]
fn a_ratio_is_a_size_where_the_model_takes_sizes_only() {
    let made = |id: &str, aspect| {
        let (mut bodies, losses) = bodies(id, Request { aspect: Some(aspect), ..cat() }).unwrap();
        let body = bodies.remove(0);
        let config = &body["imageGenerationConfig"];
        (config["width"].as_u64(), config["height"].as_u64(), body["aspect_ratio"].as_str().map(str::to_owned), losses)
    };
    let told = vec!["aspectRatio".to_owned()];
    assert_eq!(made(CANVAS, (1, 1)), (Some(1024), Some(1024), None, told.clone()));
    assert_eq!(made(CANVAS, (16, 9)), (Some(1360), Some(768), None, told.clone()));
    assert_eq!(made(TITAN, (16, 9)), (Some(1408), Some(768), None, told.clone()));
    assert_eq!(made(CORE, (16, 9)), (None, None, Some("16:9".into()), vec![]));
    assert_eq!(made(CORE, (32, 18)), (None, None, Some("16:9".into()), vec![]));
    assert_eq!(made(CORE, (7, 4)), (None, None, Some("16:9".into()), told));
    let error = bodies(CANVAS, Request { aspect: Some((9, 1)), ..cat() }).unwrap_err();
    assert!(error.message.starts_with("aspectRatio: amazon.nova-canvas-v1:0 makes nothing like 9:1. "), "{error}");
}

#[test]
fn stability_takes_pictures_as_each_of_its_models_does() {
    let of = |id: &str| body(id, Request { prompt: "a".into(), ..of_pictures(1) });
    let expected = json!({"prompt": "a", "image": PIXEL, "mode": "image-to-image", "strength": 0.75});
    assert_eq!(of("stability.sd3-5-large-v1:0"), expected);
    assert_eq!(of("stability.stable-image-ultra-v1:1"), json!({"prompt": "a", "image": PIXEL, "strength": 0.75}));
    let inpaint = Request { mask: Some(picture(PIXEL)), ..of_pictures(1) };
    let expected = json!({"prompt": "A cat", "image": PIXEL, "mask": PIXEL});
    assert_eq!(body("stability.stable-image-inpaint-v1:0", inpaint), expected);
    let transfer = body("stability.stable-style-transfer-v1:0", of_pictures(2));
    assert_eq!(transfer, json!({"prompt": "A cat", "init_image": PIXEL, "style_image": PIXEL}));
    let stronger = Request { extra: params(json!({"strength": 0.2})), ..of_pictures(1) };
    assert_eq!(body("stability.sd3-5-large-v1:0", stronger)["strength"], 0.2);
}
